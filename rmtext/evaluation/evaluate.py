"""Evaluation: the codes of a model or a file against gold codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rmtext.coding import SENTIMENTS, Coding
from rmtext.errors import RmtextError
from rmtext.evaluation import counts
from rmtext.evaluation.bootstrap import Score, draw, ratio
from rmtext.evaluation.calibration import Reliability, Review, review, sentiment_reliability, theme_reliability
from rmtext.evaluation.coders import Coder, basis
from rmtext.evaluation.coefficients import diagonal, kappa
from rmtext.evaluation.figures import (
    Figures,
    each_figures,
    macro_figures,
    micro_figures,
    sentiment_figures,
    suggestion_figures,
    with_n,
)
from rmtext.evaluation.matching import match
from rmtext.evaluation.mistakes import Mistake, worst

MISTAKES = 10  # of each kind that are listed
SHOWN = 10  # ids that are named of the answers without a partner


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on what.

    ``tuned`` is the word of ``basis``. ``gold_rows`` of ``rows`` in the gold file count. ``without_gold`` and
    ``without_codes`` are ids on one side only; ``left_out`` themes that only one codebook has; ``checked`` predicted
    codings that people had checked. ``persons`` of ``person_column`` were resampled. ``cross_fitted`` are the
    figures in model.json for development answers with thresholds from the other half, where the model is its own.
    """

    name: str
    kind: str
    gold: str
    gold_kind: str
    split: str | None
    tuned: str
    answers: int
    persons: int
    person_column: str
    rows: int
    gold_rows: int
    without_gold: tuple[str, ...]
    without_codes: tuple[str, ...]
    left_out: tuple[str, ...]
    checked: int
    cross_fitted: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """All of it; of ids without a partner the number and the first few."""
        return {
            "coded_by": self.name, "kind": self.kind, "gold": self.gold, "gold_kind": self.gold_kind,
            "split": self.split, "tuned_on_gold": self.tuned, "answers": self.answers, "persons": self.persons,
            "person_column": self.person_column, "gold_file_answers": self.rows, "gold_answers": self.gold_rows,
            "without_gold": {"n": len(self.without_gold), "ids": list(self.without_gold[:SHOWN])},
            "without_codes": {"n": len(self.without_codes), "ids": list(self.without_codes[:SHOWN])},
            "themes_left_out": list(self.left_out), "checked_codings": self.checked,
            "cross_fitted": self.cross_fitted,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Codes against gold, all figures with 95 % bootstrap intervals.

    ``confusion``: gold in rows, predicted in columns, both in the order of ``SENTIMENTS``. ``polarity`` is the share
    right among ``found`` correctly found themes; ``evidence`` the character F1 of their places.
    """

    measured: Measured
    themes: tuple[Figures, ...]
    micro: Figures
    macro: Figures
    sentiments: tuple[Figures, ...]
    confusion: tuple[tuple[int, ...], ...]
    accuracy: Score
    sentiment_macro_f1: Score
    sentiment_kappa: Score
    polarity: Score
    found: int
    evidence: Score
    suggestion: Figures
    theme_reliability: Reliability | None
    sentiment_reliability: Reliability | None
    review: Review
    mistakes: tuple[Mistake, ...]

    def to_json(self) -> dict[str, Any]:
        """The whole evaluation as one JSON object; what is not defined is null."""
        table = {
            gold: dict(zip(SENTIMENTS, row, strict=True)) for gold, row in zip(SENTIMENTS, self.confusion, strict=True)
        }
        calibrations = {"themes": self.theme_reliability, "sentiment": self.sentiment_reliability}
        return {
            "measured_on": self.measured.to_json(),
            "themes": {
                "each": [figures.to_json() for figures in self.themes],
                "micro": self.micro.to_json(), "macro": self.macro.to_json(),
            },
            "sentiment": {
                "accuracy": self.accuracy.to_json(), "macro_f1": self.sentiment_macro_f1.to_json(),
                "kappa": self.sentiment_kappa.to_json(), "classes": [f.to_json() for f in self.sentiments],
                "confusion": table,
            },
            "polarity": {"accuracy": self.polarity.to_json(), "found_themes": self.found},
            "evidence": {"character_f1": self.evidence.to_json()},
            "suggestion": self.suggestion.to_json(),
            "calibration": {name: r.to_json() if r else None for name, r in calibrations.items()},
            "review": self.review.to_json(),
            "worst": [mistake.to_json() for mistake in self.mistakes],
        }  # fmt: skip


def evaluate(
    predicted: Coder,
    gold: Coder,
    *,
    person: str | None = None,
    mistakes: int = MISTAKES,
) -> Evaluation:
    """Measures the codes of ``predicted`` by those of ``gold``, on the answers that both have.

    ``person`` names the column with the persons, all of whose answers are resampled together; by default the
    writers of a corpus, else the ids. ``mistakes`` of each kind are listed. Raises RmtextError where nothing can
    be compared.
    """
    if predicted.path is not None and gold.path is not None and predicted.path.resolve() == gold.path.resolve():
        raise RmtextError(f"{predicted.name} is the gold itself. Name a model, or what 'rmtext classify' wrote.")
    matched = match([predicted, gold], person)
    pairs = [(item.codings[1], item.codings[0]) for item in matched.items]
    sides = [(true, coding) for true, coding in pairs if true is not None and coding is not None]
    tuned = basis(predicted, gold)
    measured = Measured(
        name=predicted.name, kind=predicted.kind, gold=gold.name, gold_kind=gold.kind, split=gold.split, tuned=tuned,
        answers=len(sides), persons=matched.person_count, person_column=matched.person_column,
        rows=gold.rows, gold_rows=len(gold.codings), without_gold=matched.alone[0], without_codes=matched.alone[1],
        left_out=matched.left_out, checked=sum(coding.checked for _, coding in sides),
        cross_fitted=predicted.cross_fitted if tuned == "thresholds" else {},
    )  # fmt: skip
    labels = {theme.id: theme.label for theme in matched.themes}
    return _evaluation(measured, sides, labels, matched.persons, mistakes)


def _evaluation(
    measured: Measured, pairs: list[tuple[Coding, Coding]], labels: dict[str, str], persons: np.ndarray, mistakes: int
) -> Evaluation:
    blocks = {"each": counts.theme_table(pairs, tuple(labels)), **counts.other_blocks(pairs)}
    drawn = draw(with_n(blocks), persons)
    return Evaluation(
        measured=measured,
        themes=each_figures(drawn, labels),
        micro=micro_figures(drawn),
        macro=macro_figures(drawn),
        sentiments=sentiment_figures(drawn),
        confusion=tuple(tuple(int(n) for n in row) for row in drawn.total["sentiment"]),
        accuracy=drawn.score(lambda sums: ratio(diagonal(sums["sentiment"]), sums["n"])),
        sentiment_macro_f1=drawn.score(counts.MAIN["sentiment_macro_f1"]),
        sentiment_kappa=drawn.score(lambda sums: kappa(sums["sentiment"])),
        polarity=drawn.score(counts.MAIN["polarity_accuracy"]),
        found=int(drawn.total["polarity"][1]),
        evidence=drawn.score(counts.MAIN["evidence_f1"]),
        suggestion=suggestion_figures(drawn),
        theme_reliability=theme_reliability(pairs),
        sentiment_reliability=sentiment_reliability(pairs),
        review=review(pairs),
        mistakes=worst(pairs, mistakes),
    )
