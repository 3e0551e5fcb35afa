"""Calibration: whether confidences mean what they say, and what ``needs_review`` catches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rmtext.coding import Coding
from rmtext.evaluation.bootstrap import rounded
from rmtext.statistics import wilson_interval

BINS = 10
LEAST_CERTAIN = 0.2  # a fifth of the answers is what a person can look through


@dataclass(frozen=True, slots=True)
class Bin:
    """Codes of similar confidence: ``low`` to ``high``, their mean, and how many of the ``n`` are right.

    ``right_low`` and ``right_high`` bound the share of right ones (Wilson, 95 %).
    """

    low: float
    high: float
    confidence: float
    right: int
    n: int
    right_low: float
    right_high: float

    @property
    def share(self) -> float:
        """Share of the codes that are right."""
        return self.right / self.n


@dataclass(frozen=True, slots=True)
class Reliability:
    """Confidences beside how often they are right: the expected calibration error, and the bins of its diagram."""

    error: float
    bins: tuple[Bin, ...]

    def to_json(self) -> dict[str, Any]:
        """Error and bins, rounded."""
        bins = [
            {
                "low": rounded(b.low), "high": rounded(b.high), "confidence": rounded(b.confidence),
                "right": b.right, "n": b.n, "share": rounded(b.share),
                "interval": [rounded(b.right_low), rounded(b.right_high)],
            }
            for b in self.bins
        ]  # fmt: skip
        return {"expected_calibration_error": rounded(self.error), "bins": bins}


@dataclass(frozen=True, slots=True)
class Review:
    """Wrong codes, and which of them a person would see.

    Wrong is a theme too many or too few, or another sentiment. ``marked`` answers carry ``needs_review``; of the
    ``wrong_answers`` they hold ``caught_answers``, of the ``wrong_codes`` ``caught_codes``. ``by_certainty`` is the
    share of wrong answers among the fifth whose least confidence is lowest, None where nothing is wrong.
    """

    answers: int
    marked: int
    wrong_answers: int
    caught_answers: int
    wrong_codes: int
    caught_codes: int
    by_certainty: float | None

    def to_json(self) -> dict[str, Any]:
        """All counts, and the share among the least certain fifth."""
        return {
            "answers": self.answers, "marked": self.marked, "wrong_answers": self.wrong_answers,
            "caught_answers": self.caught_answers, "wrong_codes": self.wrong_codes, "caught_codes": self.caught_codes,
            "least_certain_share": LEAST_CERTAIN,
            "caught_by_least_certain": None if self.by_certainty is None else rounded(self.by_certainty),
        }  # fmt: skip


def reliability(confidences: Sequence[float], right: Sequence[bool]) -> Reliability | None:
    """Ten bins of equally many codes, and the expected calibration error over them (Naeini et al. 2015).

    Equal confidences share a bin, so that the result does not depend on the order. None without confidences, or
    where all are 1: then the file holds none.
    """
    values, hits = np.asarray(confidences, dtype=float), np.asarray(right, dtype=bool)
    if not len(values) or values.min() == 1:
        return None
    edges = np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1])
    places = np.searchsorted(edges, values, side="right")
    bins = tuple(_bin(values[places == place], hits[places == place]) for place in np.unique(places))
    error = sum(b.n * abs(b.share - b.confidence) for b in bins) / len(values)
    return Reliability(float(error), bins)


def _bin(values: np.ndarray, right: np.ndarray) -> Bin:
    hits, n = int(right.sum()), len(values)
    return Bin(float(values.min()), float(values.max()), float(values.mean()), hits, n, *wilson_interval(hits, n))


def theme_reliability(pairs: Sequence[tuple[Coding, Coding]]) -> Reliability | None:
    """Of the themes that were coded: is the confidence the share that gold has too? Pairs of gold and predicted."""
    found = [
        (theme.confidence, theme.theme in {t.theme for t in gold.themes})
        for gold, coding in pairs
        for theme in coding.themes
    ]
    return reliability([confidence for confidence, _ in found], [right for _, right in found])


def sentiment_reliability(pairs: Sequence[tuple[Coding, Coding]]) -> Reliability | None:
    """Of the sentiments: non-answers are left out, a rule decides them and not a probability."""
    said = [(gold, coding) for gold, coding in pairs if coding.counts]
    return reliability([c.sentiment_confidence for _, c in said], [g.sentiment == c.sentiment for g, c in said])


def review(pairs: Sequence[tuple[Coding, Coding]]) -> Review:
    """What ``needs_review`` catches, and what the least certain fifth would. Pairs of gold and predicted."""
    wrong = np.array([_wrong(gold, coding) for gold, coding in pairs])
    marked = np.array([coding.needs_review for _, coding in pairs])
    return Review(
        len(pairs), int(marked.sum()), int((wrong > 0).sum()), int((wrong[marked] > 0).sum()),
        int(wrong.sum()), int(wrong[marked].sum()), _caught(wrong > 0, [certainty(coding) for _, coding in pairs]),
    )  # fmt: skip


def certainty(coding: Coding) -> float:
    """The lowest confidence of a coding, as far as it says: of its sentiment and of the themes it has."""
    return min([coding.sentiment_confidence, *(theme.confidence for theme in coding.themes)])


def _wrong(gold: Coding, coding: Coding) -> int:
    themes = {theme.theme for theme in gold.themes} ^ {theme.theme for theme in coding.themes}
    return len(themes) + (gold.sentiment != coding.sentiment)


def _caught(wrong: np.ndarray, certainties: Sequence[float]) -> float | None:
    """Share of the wrong answers among the least certain fifth; equally certain ones count by their mean."""
    if not wrong.any():
        return None
    values = np.asarray(certainties)
    room = LEAST_CERTAIN * len(values)
    last = np.sort(values)[int(np.ceil(room)) - 1]
    below, tied = values < last, values == last
    part = (room - below.sum()) / tied.sum()
    return float((wrong[below].sum() + part * wrong[tied].sum()) / wrong.sum())
