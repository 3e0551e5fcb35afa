"""Decision: a segment's and an answer's probabilities → sentiment, themes, evidence, suggestion."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rmtext.coding import Evidence, SegmentCode, ThemeCode
from rmtext.encoder import Encoded
from rmtext.heads import ANSWER_SENTIMENTS, SEGMENT_SENTIMENTS, Array, Heads, logit, sigmoid, smooth_maximum, softmax
from rmtext.model import Calibration

Span = tuple[int, int]
POSITIVE, NEGATIVE, NEUTRAL = range(3)
SEGMENT_SUGGESTION = 0.5
# Weight of the whole answer beside its best segment. The whole answer knows nothing of where rules cut; chosen on
# the development answers, where 0.5 to 0.9 differ by little.
WHOLE = 0.7
MIXED_FROM = 0.95  # a segment's own probability of the theme from which its opposite polarity counts


@dataclass(frozen=True, slots=True)
class Scores:
    """Raw probabilities of one answer with S segments and T themes, float32.

    ``themes`` (S, T) and ``answer_themes`` (T,): a theme applies; ``polarity`` (S, T, 3) of each theme there;
    ``sentiment`` (S, 3); ``suggestion`` (S,); ``answer_sentiment``: scores before the softmax (4,);
    ``answer_suggestion``: probability. ``windows``: how many windows the encoder needed.
    """

    spans: tuple[Span, ...]
    themes: Array
    answer_themes: Array
    polarity: Array
    sentiment: Array
    suggestion: Array
    answer_sentiment: Array
    answer_suggestion: float
    windows: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of one text.

    ``certainty`` in (0, 1]: probability that no theme and no sentiment is wrong, taken as exp(-expected wrong codes).
    """

    sentiment: str
    sentiment_score: float
    sentiment_confidence: float
    themes: tuple[ThemeCode, ...]
    suggestion: bool
    segments: tuple[SegmentCode, ...]
    certainty: float


def score(heads: Heads, encoded: Iterable[Encoded], spans: Sequence[Sequence[Span]]) -> Iterator[Scores]:
    """Probabilities of each answer from its token vectors and its segments' offsets, in order."""
    for answer, cuts in zip(encoded, spans, strict=True):
        whole = answer.vectors if len(answer.ends) else heads.center[np.newaxis]
        # A segment without a token of its own (a lone mark) is read like the answer around it.
        tokens = [found if len(found := answer.between(start, end)) else whole for start, end in cuts]
        segment = np.stack([vectors.mean(axis=0) for vectors in tokens])
        last = whole.mean(axis=0, keepdims=True)
        yield Scores(
            spans=tuple((start, end) for start, end in cuts),
            themes=sigmoid(heads.logits("themes", segment)),
            answer_themes=sigmoid(smooth_maximum(heads.logits("answer_themes", whole))),
            polarity=np.stack([_polarity(heads, vectors) for vectors in tokens]),
            sentiment=softmax(heads.logits("sentiment", segment)),
            suggestion=sigmoid(heads.logits("suggestion", segment))[:, 0],
            answer_sentiment=heads.logits("answer_sentiment", last)[0],
            answer_suggestion=float(sigmoid(heads.logits("answer_suggestion", last))[0, 0]),
            windows=answer.windows,
        )


def _polarity(heads: Heads, tokens: Array) -> Array:
    """Polarity of each theme in one segment (T, 3): read where the segment speaks of that theme.

    Tokens count by their own probability of the theme, so that "gute Erklärungen, zu wenig Zeit" can praise the
    one and criticise the other although no rule cut it.
    """
    weights = sigmoid(heads.logits("themes", tokens)) + 1e-6  # where no token speaks of it, all count alike
    places = (weights / weights.sum(axis=0)).T @ tokens
    return softmax(heads.logits("polarity", places))


def theme_probability(scores: Scores) -> Array:
    """Uncalibrated probability of each theme (T,): weighted mean, on the logit scale, of whole and best segment."""
    mixed = WHOLE * logit(scores.answer_themes) + (1 - WHOLE) * logit(scores.themes.max(axis=0))
    return sigmoid(mixed)


def calibrated(probabilities: Array, calibration: Calibration) -> Array:
    """Platt scaling (Platt 1999) of theme probabilities, any shape."""
    return sigmoid(calibration.theme_slope * logit(probabilities) + calibration.theme_offset)


def suggestion_score(scores: Scores) -> float:
    """Probability that the answer asks for something: mean of the whole and of its best segment."""
    return (scores.answer_suggestion + float(scores.suggestion.max())) / 2


def decide(scores: Scores, theme_ids: Sequence[str], calibration: Calibration) -> Judgement:
    """Turns one answer's probabilities into codes."""
    sentiment = softmax(scores.answer_sentiment / calibration.temperature)
    themes, wrong_themes = _themes(scores, theme_ids, calibration)
    suggestion = suggestion_score(scores) >= calibration.suggestion_threshold
    return Judgement(
        sentiment=ANSWER_SENTIMENTS[int(sentiment.argmax())],
        sentiment_score=round(_sentiment_score(sentiment, scores), 4),
        sentiment_confidence=round(float(sentiment.max()), 4),
        themes=themes,
        suggestion=suggestion,
        segments=_segments(scores, suggestion),
        certainty=math.exp(-wrong_themes - (1 - float(sentiment.max()))),
    )


def _sentiment_score(sentiment: Array, scores: Scores) -> float:
    """Praise minus criticism in [-1, 1]; a mixed answer leans as its segments do, by their length."""
    lengths = np.array([end - start for start, end in scores.spans], dtype=np.float32)
    balance = float((scores.sentiment[:, POSITIVE] - scores.sentiment[:, NEGATIVE]) @ lengths / lengths.sum())
    mixed = ANSWER_SENTIMENTS.index("gemischt")
    total = float(sentiment[POSITIVE] - sentiment[NEGATIVE]) + float(sentiment[mixed]) * balance
    return max(-1.0, min(1.0, total))


def _themes(scores: Scores, theme_ids: Sequence[str], calibration: Calibration) -> tuple[tuple[ThemeCode, ...], float]:
    """The themes that apply, and how many of all decisions about themes are expected to be wrong."""
    probabilities = calibrated(theme_probability(scores), calibration)
    thresholds = np.array([calibration.thresholds[theme] for theme in theme_ids], dtype=np.float32)
    wrong = float(np.where(probabilities >= thresholds, 1 - probabilities, probabilities).sum())
    codes = []
    for t in np.flatnonzero(probabilities >= thresholds):
        polarity, evidence = _evidence(scores, int(t), calibration.evidence_threshold)
        codes.append(ThemeCode(theme_ids[int(t)], polarity, round(float(probabilities[t]), 4), evidence))
    codes.sort(key=lambda code: -code.confidence)
    return tuple(codes), wrong


def _evidence(scores: Scores, theme: int, threshold: float) -> tuple[str, tuple[Evidence, ...]]:
    """The theme's polarity and its places: the best segment, and every other that speaks of the theme itself.

    The best segment's polarity is the theme's. Against it stands only a segment that is itself sure of the
    theme: then the theme is mixed. A doubtful contradiction is no evidence.
    """
    column = scores.themes[:, theme]
    signs = [SEGMENT_SENTIMENTS[int(row.argmax())] for row in scores.polarity[:, theme]]
    best = int(column.argmax())
    opposite = {"positiv": "negativ", "negativ": "positiv"}.get(signs[best])
    mixed = any(sign == opposite and p >= MIXED_FROM for sign, p in zip(signs, column, strict=True))
    chosen = [
        i for i, sign in enumerate(signs) if i == best or column[i] >= (MIXED_FROM if sign == opposite else threshold)
    ]
    places = tuple(Evidence(*scores.spans[i], polarity=signs[i]) for i in chosen)
    return ("gemischt" if mixed else signs[best]), places


def _segments(scores: Scores, suggestion: bool) -> tuple[SegmentCode, ...]:
    best = int(scores.suggestion.argmax())
    codes = []
    for i, (start, end) in enumerate(scores.spans):
        sentiment = int(scores.sentiment[i].argmax())
        # Answer and segments never contradict each other about a suggestion.
        asks = suggestion and (i == best or float(scores.suggestion[i]) >= SEGMENT_SUGGESTION)
        confidence = round(float(scores.sentiment[i, sentiment]), 4)
        codes.append(SegmentCode(start, end, SEGMENT_SENTIMENTS[sentiment], confidence, asks))
    return tuple(codes)
