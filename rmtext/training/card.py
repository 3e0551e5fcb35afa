"""The model card and the licence texts that travel with a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rmtext.codebook import Codebook

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
WATTS = 15.0  # of a busy core of a server or desktop, with its share of memory and fans; an estimate


def write_card(directory: Path, experiments: str = "") -> None:
    """Writes MODEL_CARD.md from the model's model.json (Mitchell et al. 2019), with ``experiments`` in Markdown."""
    card: dict[str, Any] = json.loads((directory / "model.json").read_text(encoding="utf-8"))
    training, codebook = card["training"], Codebook.read(directory / "codebook.yaml")
    energy = training["seconds"] / 3600 * training["threads"] * WATTS
    text = f"""# Model card: {card["name"]} {card["version"]}

**What it does.** Codes German free-text survey answers by the codebook "{codebook.name}" {codebook.version}
({len(codebook.ids)} themes): sentiment, themes with polarity and evidence, suggestions. It reads the question
beside the answer where one is known.

**How it was made.** multilingual-e5-small (12 layers, 384 wide, MIT), vocabulary cut to German, all layers
fine-tuned with linear heads on {training["answers"]:,} answers and phrases of the project's corpus
({training["epochs"]} epochs, seed {training["seed"]}), then quantised to int8 (dynamic, per channel, seven bits).
Every answer runs through the network alone, so that its codes do not depend on other answers. The corpus file had
the SHA-256 `{training["corpus_sha256"]}`.

**What it cost.** {training["seconds"] / 60:.0f} minutes on {training["threads"]} processor cores, about
{energy:.0f} Wh if a busy core takes {WATTS:.0f} W (estimated, not measured).

**What it was measured on.** {training["development_answers"]} development answers by writers whose answers it was
not trained on. Thresholds for each half of these writers were chosen on the other half. Intervals: bootstrap over
answers, 95 %. The last column is the same network before it was quantised.

| measure | value | 95 % interval | float32 |
|---|---|---|---|
{_figures(card)}

## Confidence

{_confidence(card["confidence"])}

{_review(card["review"])}

{experiments.strip() + chr(10) if experiments else ""}
## Limits

**What these figures do not say.** All answers, for training and for measuring, were *composed* for this project.
Real answers are harder: noun lists without a verb, bitter praise, run-together sentences. Code a sample of your
own answers by hand before you publish a figure.

**Where it errs.** Irony, metaphors and anecdotes; neighbouring themes (time and organisation, role and shyness,
appreciation and support); answers in other languages, which are marked for review.

**Personal data.** None was used. The model runs offline and keeps nothing.

**Licence.** MIT, see LICENSE here and in the encoder's directory.
"""
    (directory / "MODEL_CARD.md").write_text(text, encoding="utf-8")


def _figures(card: dict[str, Any]) -> str:
    rows = []
    for key, label in _ROWS.items():
        figure, exact = card["scores"][key], card["scores_float32"][key]
        rows.append(
            f"| {label} | {figure['value']:.3f} | {figure['low']:.3f}–{figure['high']:.3f} | {exact['value']:.3f} |"
        )
    return "\n".join(rows)


def _confidence(confidence: dict[str, Any]) -> str:
    lines = []
    for key, name in (("themes", "coded themes"), ("sentiment", "sentiment")):
        if key not in confidence:
            continue
        error, bins = confidence[key]["expected_calibration_error"], confidence[key]["bins"]
        lines.append(f"Expected calibration error of {name}: {error:.3f} (ten bins of equally many codes).\n")
        lines.append("| confidence | " + " | ".join(f"{b['confidence']:.2f}" for b in bins) + " |")
        lines.append("|---|" + "---|" * len(bins))
        lines.append("| right | " + " | ".join(f"{b['share']:.2f}" for b in bins) + " |\n")
    return "\n".join(lines).strip()


def _review(review: dict[str, Any]) -> str:
    if not review["wrong_codes"]:
        return f"`needs_review` marks {review['marked'] / review['answers']:.0%} of the answers; none was wrong."
    return (
        f"`needs_review` marks {review['marked'] / review['answers']:.0%} of the answers. In them lie"
        f" {review['caught_codes'] / review['wrong_codes']:.0%} of the wrong codes (a theme too many or too few,"
        f" another sentiment); {review['wrong_answers'] / review['answers']:.0%} of the answers have one."
    )
