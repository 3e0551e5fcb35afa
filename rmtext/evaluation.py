"""Evaluation: gold codes against predicted ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rmtext.coding import SENTIMENTS, Coding
from rmtext.corpus import GoldAnswer

RESAMPLES = 1000
Pair = tuple[GoldAnswer, Coding]


@dataclass(frozen=True, slots=True)
class Score:
    """A measured figure with its 95 % bootstrap interval (percentiles over answers) and the number of answers."""

    value: float
    low: float
    high: float
    n: int

    def to_json(self) -> dict[str, float | int]:
        """Rounded to four places."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4), "n": self.n}


def f1(hits: float, predicted: float, gold: float) -> float:
    """F1 from counts; 1 where there was nothing to find and nothing was found."""
    return 2 * hits / (predicted + gold) if predicted + gold else 1.0


def theme_counts(pairs: Sequence[Pair]) -> np.ndarray:
    """Per answer (hits, predicted, gold) of its set of themes: int array (answers, 3)."""
    rows = []
    for gold, coding in pairs:
        found, true = {t.theme for t in coding.themes}, set(gold.themes)
        rows.append((len(found & true), len(found), len(true)))
    return np.array(rows)


def polarity_counts(pairs: Sequence[Pair]) -> np.ndarray:
    """Per answer (right, found): how many correctly found themes carry the right polarity, int array (answers, 2)."""
    rows = []
    for gold, coding in pairs:
        both = [(t.polarity, gold.themes[t.theme]) for t in coding.themes if t.theme in gold.themes]
        rows.append((sum(a == b for a, b in both), len(both)))
    return np.array(rows)


def span_counts(pairs: Sequence[Pair]) -> np.ndarray:
    """Per answer (hits, predicted, gold) characters of evidence for correctly found themes, int array (answers, 3)."""
    rows = []
    for gold, coding in pairs:
        row = np.zeros(3, dtype=int)
        for theme in coding.themes:
            if theme.theme not in gold.themes:
                continue
            true = {i for s in gold.segments if theme.theme in s.themes for i in range(s.start, s.end)}
            found = {i for e in theme.evidence for i in range(e.start, e.end)}
            row += (len(true & found), len(found), len(true))
        rows.append(row)
    return np.array(rows)


def confusion(pairs: Sequence[Pair]) -> np.ndarray:
    """Answers by gold sentiment (rows) and predicted sentiment (columns), int array (4, 4)."""
    table = np.zeros((len(SENTIMENTS), len(SENTIMENTS)), dtype=int)
    for gold, coding in pairs:
        table[SENTIMENTS.index(gold.sentiment), SENTIMENTS.index(coding.sentiment)] += 1
    return table


def macro_f1(table: np.ndarray) -> float:
    """Mean F1 over the classes that occur in a confusion matrix, as gold or as predicted."""
    hits, predicted, gold = table.diagonal(), table.sum(axis=0), table.sum(axis=1)
    return float(np.mean([f1(h, p, g) for h, p, g in zip(hits, predicted, gold, strict=True) if p + g]))


def scores(pairs: Sequence[Pair], seed: int = 1) -> dict[str, Score]:
    """The main figures of gold answers beside their codings, each with its bootstrap interval.

    Themes and spans: micro-F1; sentiment: macro-F1; polarity: share right among correctly found themes;
    suggestion: F1 of the class "asks for something". Raises ValueError without answers.
    """
    if not pairs:
        raise ValueError("nothing to score")
    themes, polarity, spans = theme_counts(pairs), polarity_counts(pairs), span_counts(pairs)
    asks = np.array([(g.suggestion and c.suggestion, c.suggestion, g.suggestion) for g, c in pairs], dtype=int)
    cells = np.array([(SENTIMENTS.index(g.sentiment), SENTIMENTS.index(c.sentiment)) for g, c in pairs])

    def sentiment(rows: np.ndarray) -> float:
        table = np.zeros((len(SENTIMENTS), len(SENTIMENTS)), dtype=int)
        np.add.at(table, (cells[rows, 0], cells[rows, 1]), 1)
        return macro_f1(table)

    measures: dict[str, Callable[[np.ndarray], float]] = {
        "theme_micro_f1": lambda rows: f1(*themes[rows].sum(axis=0)),
        "sentiment_macro_f1": sentiment,
        "polarity_accuracy": lambda rows: float(polarity[rows, 0].sum() / max(1, polarity[rows, 1].sum())),
        "evidence_f1": lambda rows: f1(*spans[rows].sum(axis=0)),
        "suggestion_f1": lambda rows: f1(*asks[rows].sum(axis=0)),
    }
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(pairs), size=(RESAMPLES, len(pairs)))
    result = {}
    for name, measure in measures.items():
        low, high = np.percentile([measure(rows) for rows in draws], (2.5, 97.5))
        result[name] = Score(measure(np.arange(len(pairs))), float(low), float(high), len(pairs))
    return result
