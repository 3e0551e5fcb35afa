"""Counts: gold codes beside predicted ones, answer by answer, and the main figures from their sums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rmtext.coding import SENTIMENTS, Coding, Evidence, ThemeCode
from rmtext.corpus import GoldAnswer
from rmtext.evaluation.bootstrap import SEED, Measure, Score, draw, mean_defined, ratio

Pair = tuple[GoldAnswer | Coding, Coding]
HITS, PREDICTED, GOLD = range(3)


def f1(hits: float, predicted: float, gold: float) -> float:
    """F1 from counts; 1 where there was nothing to find and nothing was found."""
    return 2 * hits / (predicted + gold) if predicted + gold else 1.0


def gold_coding(gold: GoldAnswer | Coding) -> Coding:
    """Gold as a coding: of a corpus's answer each segment with a theme is evidence for it.

    Its columns are ``writer`` and ``split``, its coder is "korpus".
    """
    if isinstance(gold, Coding):
        return gold
    themes = tuple(
        ThemeCode(theme, polarity, 1.0, tuple(
            Evidence(s.start, s.end, s.themes[theme]) for s in gold.segments if theme in s.themes
        )) for theme, polarity in gold.themes.items()
    )  # fmt: skip
    return Coding(
        gold.id, gold.text, gold.question, gold.sentiment, 0.0, 1.0, themes, gold.suggestion,
        columns={"writer": gold.writer, "split": gold.split}, coder="korpus", checked=True,
    )  # fmt: skip


def theme_table(pairs: Sequence[Pair], theme_ids: Sequence[str]) -> np.ndarray:
    """Per answer and theme (hit, predicted, gold), 0 or 1: int array (answers, themes, 3)."""
    place = {theme: number for number, theme in enumerate(theme_ids)}
    table = np.zeros((len(pairs), len(theme_ids), 3), dtype=np.int8)
    for row, (gold, coding) in zip(table, pairs, strict=True):
        row[[place[theme.theme] for theme in coding.themes if theme.theme in place], PREDICTED] = 1
        row[[place[theme] for theme in _themes(gold) if theme in place], GOLD] = 1
        row[:, HITS] = row[:, PREDICTED] & row[:, GOLD]
    return table


def theme_counts(pairs: Sequence[Pair]) -> np.ndarray:
    """Per answer (hits, predicted, gold) of its set of themes: int array (answers, 3)."""
    rows = []
    for gold, coding in pairs:
        found, true = {t.theme for t in coding.themes}, set(_themes(gold))
        rows.append((len(found & true), len(found), len(true)))
    return np.array(rows)


def polarity_counts(pairs: Sequence[Pair]) -> np.ndarray:
    """Per answer (right, found): how many correctly found themes carry the right polarity, int array (answers, 2)."""
    rows = []
    for gold, coding in pairs:
        true = _themes(gold)
        both = [(t.polarity, true[t.theme]) for t in coding.themes if t.theme in true]
        rows.append((sum(a == b for a, b in both), len(both)))
    return np.array(rows)


def span_counts(pairs: Sequence[Pair]) -> np.ndarray:
    """Per answer (hits, predicted, gold) characters of evidence for correctly found themes, int array (answers, 3).

    Themes for which gold names no words are left out, and answers whose text differs in blanks: places in one
    are not those in the other.
    """
    rows = []
    for answer, coding in pairs:
        gold = gold_coding(answer)
        row = np.zeros(3, dtype=int)
        places = {theme.theme: _characters(theme) for theme in gold.themes if theme.evidence}
        for theme in coding.themes if gold.text == coding.text else ():
            if theme.theme in places:
                true, found = places[theme.theme], _characters(theme)
                row += (len(true & found), len(found), len(true))
        rows.append(row)
    return np.array(rows)


def suggestion_counts(pairs: Sequence[Pair]) -> np.ndarray:
    """Per answer (hit, predicted, gold): whether it asks for something, int array (answers, 3)."""
    return np.array([(g.suggestion and c.suggestion, c.suggestion, g.suggestion) for g, c in pairs], dtype=int)


def sentiment_cells(pairs: Sequence[Pair]) -> np.ndarray:
    """Per answer a 1 at gold sentiment (row) and predicted sentiment (column), int array (answers, 4, 4)."""
    table = np.zeros((len(pairs), len(SENTIMENTS), len(SENTIMENTS)), dtype=np.int8)
    for cells, (gold, coding) in zip(table, pairs, strict=True):
        cells[SENTIMENTS.index(gold.sentiment), SENTIMENTS.index(coding.sentiment)] = 1
    return table


def confusion(pairs: Sequence[Pair]) -> np.ndarray:
    """Answers by gold sentiment (rows) and predicted sentiment (columns), int array (4, 4)."""
    table: np.ndarray = sentiment_cells(pairs).sum(axis=0, dtype=int)
    return table


def macro_f1(table: np.ndarray) -> float:
    """Mean F1 over the classes that occur in a confusion matrix, as gold or as predicted."""
    return float(macro_f1_of(table))


def macro_f1_of(tables: np.ndarray) -> np.ndarray:
    """``macro_f1`` of each of many confusion matrices, array (…, classes, classes)."""
    return mean_defined(f1_of(class_counts(tables)))


def class_counts(tables: np.ndarray) -> np.ndarray:
    """(hits, predicted, gold) of each class of confusion matrices (…, classes, classes): (…, classes, 3)."""
    hits = np.diagonal(tables, axis1=-2, axis2=-1)
    return np.stack([hits, tables.sum(axis=-2), tables.sum(axis=-1)], axis=-1)


def precision_of(counts: np.ndarray) -> np.ndarray:
    """Share of what was found that is right, from (…, 3) hits, predicted, gold; NaN where nothing was found."""
    return ratio(counts[..., HITS], counts[..., PREDICTED])


def recall_of(counts: np.ndarray) -> np.ndarray:
    """Share of what was to be found that was found; NaN where there was nothing."""
    return ratio(counts[..., HITS], counts[..., GOLD])


def f1_of(counts: np.ndarray) -> np.ndarray:
    """F1 from (…, 3) hits, predicted, gold; NaN where nothing was to be found and nothing was."""
    return ratio(2 * counts[..., HITS], counts[..., PREDICTED] + counts[..., GOLD])


MAIN: dict[str, Measure] = {
    "theme_micro_f1": lambda sums: f1_of(sums["themes"]),
    "sentiment_macro_f1": lambda sums: macro_f1_of(sums["sentiment"]),
    "polarity_accuracy": lambda sums: ratio(sums["polarity"][..., 0], sums["polarity"][..., 1]),
    "evidence_f1": lambda sums: f1_of(sums["spans"]),
    "suggestion_f1": lambda sums: f1_of(sums["suggestion"]),
}


def scores(pairs: Sequence[Pair], seed: int = SEED, persons: np.ndarray | None = None) -> dict[str, Score]:
    """The main figures of gold answers beside their codings, each with its bootstrap interval.

    Themes and spans: micro-F1; sentiment: macro-F1; polarity: share right among correctly found themes;
    suggestion: F1 of the class "asks for something". ``persons`` as for ``draw``. Raises ValueError without answers.
    """
    if not pairs:
        raise ValueError("nothing to score")
    drawn = draw({"themes": theme_counts(pairs), **other_blocks(pairs)}, persons, seed)
    return {name: drawn.score(measure) for name, measure in MAIN.items()}


def other_blocks(pairs: Sequence[Pair]) -> dict[str, np.ndarray]:
    """What ``MAIN`` sums over the answers besides the themes."""
    return {
        "sentiment": sentiment_cells(pairs), "polarity": polarity_counts(pairs), "spans": span_counts(pairs),
        "suggestion": suggestion_counts(pairs),
    }  # fmt: skip


def _themes(gold: GoldAnswer | Coding) -> dict[str, str]:
    return {theme.theme: theme.polarity for theme in gold.themes} if isinstance(gold, Coding) else gold.themes


def _characters(theme: ThemeCode) -> set[int]:
    return {i for place in theme.evidence for i in range(place.start, place.end)}
