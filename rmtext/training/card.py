"""The model card and the licence texts that travel with a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rmtext.codebook import Codebook
from rmtext.evaluation import Score

_MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of
the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
IN THE SOFTWARE.
"""

ENCODER_LICENSE = f"""MIT License

Fine-tuned from multilingual-e5-small, Copyright (c) 2024 Microsoft Corporation
(Wang et al. 2024, "Multilingual E5 Text Embeddings: A Technical Report"), with the vocabulary cut to German;
changes Copyright (c) 2026 the rmtext developers.

{_MIT}"""

MODEL_LICENSE = f"""MIT License

Copyright (c) 2026 the rmtext developers. Trained on answers that were composed for this project.

{_MIT}"""

_ROWS = {
    "theme_micro_f1": "themes per answer, micro-F1",
    "sentiment_macro_f1": "sentiment of the answer, 4 classes, macro-F1",
    "polarity_accuracy": "polarity of correctly found themes, accuracy",
    "evidence_f1": "evidence of correctly found themes, character F1",
    "suggestion_f1": "the answer asks for something, F1",
}


def write_card(
    path: Path, name: str, version: str, codebook: Codebook, figures: dict[str, Score],
    training: dict[str, Any], dev: int, flagged: float,
) -> None:  # fmt: skip
    """Writes the model card from what the training run measured (Mitchell et al. 2019)."""
    table = "\n".join(
        f"| {label} | {figures[key].value:.3f} | {figures[key].low:.3f}–{figures[key].high:.3f} |"
        for key, label in _ROWS.items()
    )
    path.write_text(
        f"""# Model card: {name} {version}

**What it does.** Codes German free-text survey answers by the codebook "{codebook.name}" {codebook.version}
({len(codebook.ids)} themes): sentiment, themes with polarity and evidence, suggestions. It reads the question
beside the answer where one is known.

**How it was made.** multilingual-e5-small (12 layers, 384 wide, MIT), vocabulary cut to German, all layers
fine-tuned with linear heads on {training["answers"]:,} answers and phrases of the project's corpus
({training["epochs"]} epochs, seed {training["seed"]}), then quantised to int8 (dynamic, per channel, seven bits).
Every answer runs through the network alone, so that its codes do not depend on other answers.

**What it was measured on.** {dev} development answers by writers whose answers it was not trained on. Thresholds
for each half of these writers were chosen on the other half. Intervals: bootstrap over answers, 95 %.

| measure | value | 95 % interval |
|---|---|---|
{table}

`needs_review` marks {flagged:.0%} of these answers.

**What these figures do not say.** All answers, for training and for measuring, were *composed* for this project.
Real answers are harder: noun lists without a verb, bitter praise, run-together sentences. Code a sample of your
own answers by hand before you publish a figure.

**Where it errs.** Irony, metaphors and anecdotes; neighbouring themes (time and organisation, role and shyness,
appreciation and support); answers in other languages, which are marked for review.

**Personal data.** None was used. The model runs offline and keeps nothing.

**Licence.** MIT, see LICENSE here and in the encoder's directory.
""",
        encoding="utf-8",
    )
