"""Calibration: thresholds and probabilities from development answers, and figures that do not flatter.

A figure measured on the answers that chose the thresholds is too good. The development writers are therefore
split in two: each half is scored with the numbers that the other half chose. What ships is chosen on all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmtext.answers import Answer
from rmtext.coding import Coding
from rmtext.corpus import GoldAnswer
from rmtext.decision import Scores, calibrated, decide, suggestion_score, theme_probability
from rmtext.errors import RmtextError
from rmtext.evaluation import f1
from rmtext.heads import ANSWER_SENTIMENTS, logit, softmax
from rmtext.model import Calibration
from rmtext.non_answers import non_answer

REVIEW_SHARE = 0.20  # a fifth of the answers is what a person can look through
SHRINKAGE = 40  # coded answers that the common threshold counts for beside a theme's own
GRID = np.round(np.arange(0.10, 0.91, 0.02), 2)


@dataclass(frozen=True, slots=True)
class Scored:
    """A development answer with the model's raw probabilities."""

    gold: GoldAnswer
    scores: Scores


def calibrate(scored: Sequence[Scored], theme_ids: Sequence[str]) -> Calibration:
    """Chooses all numbers of a ``Calibration`` on development answers (non-answers by rule are left out).

    Raises RmtextError where no answer has a theme, or each has all.
    """
    from sklearn.linear_model import LogisticRegression

    scored = [s for s in scored if not non_answer(s.gold.text, s.gold.question)]
    if len({theme in s.gold.themes for s in scored for theme in theme_ids}) < 2:
        raise RmtextError(
            "The development answers do not show when a theme applies. Add coded answers to the split dev."
        )
    raw = np.stack([theme_probability(s.scores) for s in scored])
    gold = np.array([[theme in s.gold.themes for theme in theme_ids] for s in scored])
    platt = LogisticRegression(C=1e6).fit(logit(raw).reshape(-1, 1), gold.reshape(-1))
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    draft = Calibration(slope, offset, {}, 0.5, _temperature(scored), _suggestion_threshold(scored), 0.0)
    probabilities = calibrated(raw.astype(np.float32), draft)
    thresholds = _thresholds(probabilities, gold, theme_ids)
    evidence = _evidence_threshold(scored, theme_ids)
    numbers = Calibration(slope, offset, thresholds, evidence, draft.temperature, draft.suggestion_threshold, 0.0)
    certainty = [decide(s.scores, theme_ids, numbers).certainty for s in scored]
    below = float(np.quantile(certainty, REVIEW_SHARE))
    return Calibration(
        slope, offset, thresholds, evidence, draft.temperature, draft.suggestion_threshold, round(below, 4)
    )


def _thresholds(probabilities: np.ndarray, gold: np.ndarray, theme_ids: Sequence[str]) -> dict[str, float]:
    """Each theme's F1-best threshold, drawn towards the common one the more, the fewer answers it has."""

    def best(p: np.ndarray, y: np.ndarray) -> float:
        values = [f1(int((y & (p >= t)).sum()), int((p >= t).sum()), int(y.sum())) for t in GRID]
        top = [t for t, value in zip(GRID, values, strict=True) if value >= max(values) - 1e-9]
        return float(np.mean(top))

    common = best(probabilities, gold)
    result = {}
    for i, theme in enumerate(theme_ids):
        support = int(gold[:, i].sum())
        own = best(probabilities[:, i], gold[:, i]) if support else common
        result[theme] = round((support * own + SHRINKAGE * common) / (support + SHRINKAGE), 4)
    return result


def _temperature(scored: Sequence[Scored]) -> float:
    """The temperature with the least cross-entropy (Guo et al. 2017)."""
    logits = np.stack([s.scores.answer_sentiment for s in scored])
    gold = np.array([ANSWER_SENTIMENTS.index(s.gold.sentiment) for s in scored])
    candidates = np.round(np.arange(0.5, 5.01, 0.05), 2)
    rows = np.arange(len(gold))
    losses = [-np.log(softmax(logits / t)[rows, gold] + 1e-9).mean() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def _suggestion_threshold(scored: Sequence[Scored]) -> float:
    values = np.array([suggestion_score(s.scores) for s in scored])
    gold = np.array([s.gold.suggestion for s in scored])
    results = [f1(int((gold & (values >= t)).sum()), int((values >= t).sum()), int(gold.sum())) for t in GRID]
    return float(GRID[int(np.argmax(results))])


def _evidence_threshold(scored: Sequence[Scored], theme_ids: Sequence[str]) -> float:
    """The threshold with the best character F1 of evidence, on the themes that gold has."""
    best = (0.0, 0.5)
    for threshold in GRID:
        hits = found = true = 0
        for s in scored:
            lengths = np.array([end - start for start, end in s.scores.spans])
            for theme in s.gold.themes:
                column = s.scores.themes[:, theme_ids.index(theme)]
                chosen = (column >= threshold) | (np.arange(len(column)) == column.argmax())
                gold_spans = [(g.start, g.end) for g in s.gold.segments if theme in g.themes]
                shared = np.array(
                    [sum(max(0, min(end, e) - max(start, b)) for b, e in gold_spans) for start, end in s.scores.spans]
                )
                hits += int(shared[chosen].sum())
                found += int(lengths[chosen].sum())
                true += sum(e - b for b, e in gold_spans)
        best = max(best, (f1(hits, found, true), float(threshold)))
    return best[1]


def code_scored(scored: Sequence[Scored], theme_ids: Sequence[str], calibration: Calibration) -> list[Coding]:
    """Codings of development answers, as the analyzer would give them; non-answers by the rule."""
    codings = []
    for s in scored:
        answer = Answer(s.gold.id, s.gold.text, s.gold.question)
        reason = non_answer(answer.text, answer.question)
        if reason:
            codings.append(Coding(answer.id, answer.text, answer.question, "neutral", 0.0, 1.0, non_answer=reason))
            continue
        judgement = decide(s.scores, theme_ids, calibration)
        codings.append(
            Coding(
                answer.id, answer.text, answer.question, judgement.sentiment, judgement.sentiment_score,
                judgement.sentiment_confidence, judgement.themes, judgement.suggestion, None,
                judgement.certainty < calibration.review_below, None, judgement.segments,
            )
        )  # fmt: skip
    return codings


def cross_fitted(scored: Sequence[Scored], theme_ids: Sequence[str]) -> list[tuple[GoldAnswer, Coding]]:
    """Gold beside codings, each half of the writers coded with numbers chosen on the other half.

    Raises RmtextError where there is but one writer.
    """
    writers = sorted({s.gold.writer for s in scored})
    if len(writers) < 2:
        raise RmtextError("The development answers must come from at least two writers: each half measures the other.")
    pairs = []
    for half in (writers[::2], writers[1::2]):
        inside = [s for s in scored if s.gold.writer in half]
        outside = [s for s in scored if s.gold.writer not in half]
        codings = code_scored(inside, theme_ids, calibrate(outside, theme_ids))
        pairs += list(zip([s.gold for s in inside], codings, strict=True))
    return pairs
