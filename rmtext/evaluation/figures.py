"""Figures: precision, recall, F1 and κ of each code, from sums over answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rmtext.coding import SENTIMENTS
from rmtext.evaluation.bootstrap import Drawn, Measure, Score, Sums, draw, mean_defined
from rmtext.evaluation.coefficients import kappa
from rmtext.evaluation.counts import (
    GOLD,
    HITS,
    PREDICTED,
    Pair,
    class_counts,
    f1_of,
    precision_of,
    recall_of,
    theme_table,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """How well one code is found: ``gold`` and ``predicted`` answers have it, ``hits`` both.

    For means over codes (macro) the counts are those of all codes together.
    """

    id: str
    label: str
    gold: int
    predicted: int
    hits: int
    precision: Score
    recall: Score
    f1: Score
    kappa: Score

    def to_json(self) -> dict[str, Any]:
        """Counts and scores."""
        scores = {name: getattr(self, name).to_json() for name in ("precision", "recall", "f1", "kappa")}
        counted = {"support": self.gold, "predicted": self.predicted, "hits": self.hits}
        return {"id": self.id, "label": self.label, **counted, **scores}


def theme_figures(pairs: Sequence[Pair], labels: Mapping[str, str]) -> tuple[Figures, ...]:
    """Figures of each theme; ``labels`` maps the ids of all themes to their labels, in order."""
    return each_figures(draw(with_n({"each": theme_table(pairs, tuple(labels))})), labels)


def with_n(blocks: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The blocks of ``draw`` with one more: 1 for each answer, whose sum is the number of answers."""
    return {**blocks, "n": np.ones(len(next(iter(blocks.values()))))}


def each_figures(drawn: Drawn, labels: Mapping[str, str]) -> tuple[Figures, ...]:
    """Figures of each theme, from sums with "each" (themes, 3) and "n"."""

    def one(place: int) -> Measure:
        return lambda sums: sums["each"][..., place, :]

    return tuple(_figures(drawn, id, label, one(place)) for place, (id, label) in enumerate(labels.items()))


def micro_figures(drawn: Drawn) -> Figures:
    """All decisions about all themes as if they were one theme's."""
    return _figures(
        drawn, "micro", "Alle zusammen (micro)", lambda sums: sums["each"].sum(axis=-2),
        lambda sums: sums["n"] * sums["each"].shape[-2],
    )  # fmt: skip


def macro_figures(drawn: Drawn) -> Figures:
    """Means over the themes for which a figure is defined; every theme counts alike."""
    return _figures(
        drawn, "macro", "Mittel (macro)", lambda sums: sums["each"],
        lambda sums: sums["n"][..., np.newaxis], mean_defined,
    )  # fmt: skip


def sentiment_figures(drawn: Drawn) -> tuple[Figures, ...]:
    """Figures of each sentiment, from sums with "sentiment" (4, 4) and "n"."""

    def one(place: int) -> Measure:
        return lambda sums: class_counts(sums["sentiment"])[..., place, :]

    return tuple(_figures(drawn, name, name, one(place)) for place, name in enumerate(SENTIMENTS))


def suggestion_figures(drawn: Drawn) -> Figures:
    """Figures of the code "asks for something", from sums with "suggestion" (3,) and "n"."""
    return _figures(drawn, "suggestion", "Wunsch oder Vorschlag", lambda sums: sums["suggestion"])


def kappa_of_counts(counts: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Cohen's κ of a yes-or-no code from (…, 3) hits, predicted and gold among n answers."""
    hits, predicted, gold = (counts[..., place] for place in (HITS, PREDICTED, GOLD))
    yes = np.stack([hits, gold - hits], axis=-1)
    no = np.stack([predicted - hits, n - predicted - gold + hits], axis=-1)
    return kappa(np.stack([yes, no], axis=-2))


def _count(sums: Sums) -> np.ndarray:
    return sums["n"]


def _alone(values: np.ndarray) -> np.ndarray:
    return values


def _figures(
    drawn: Drawn, id: str, label: str, counts: Measure, n: Measure = _count,
    mean: Callable[[np.ndarray], np.ndarray] = _alone,
) -> Figures:  # fmt: skip
    """Figures from (…, 3) counts among n answers; ``mean`` makes one figure of several codes'."""
    total = counts(drawn.total).reshape(-1, 3).sum(axis=0)
    return Figures(
        id=id, label=label, gold=int(total[GOLD]), predicted=int(total[PREDICTED]), hits=int(total[HITS]),
        precision=drawn.score(lambda sums: mean(precision_of(counts(sums)))),
        recall=drawn.score(lambda sums: mean(recall_of(counts(sums)))),
        f1=drawn.score(lambda sums: mean(f1_of(counts(sums)))),
        kappa=drawn.score(lambda sums: mean(kappa_of_counts(counts(sums), n(sums)))),
    )  # fmt: skip
