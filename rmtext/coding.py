"""Coding: what is said about one answer, and how it is written to and read from JSON."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from operator import index
from typing import Any

from rmtext.errors import RmtextError

SENTIMENTS = ("positiv", "negativ", "neutral", "gemischt")
POLARITIES = SENTIMENTS
NON_ANSWERS = ("leer", "keine_angabe", "verweis", "zeichen")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that show a theme: ``text[start:end]``, with the polarity of this place."""

    start: int
    end: int
    polarity: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeCode:
    """One theme of an answer. ``confidence`` is the calibrated probability that the theme applies."""

    theme: str
    polarity: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentCode:
    """One unit of meaning: ``text[start:end]``, its sentiment and whether it asks for something."""

    start: int
    end: int
    sentiment: str
    confidence: float
    suggestion: bool = False


@dataclass(frozen=True, slots=True)
class Coding:
    """The result of coding one answer.

    ``sentiment_score`` lies in [-1, 1], from criticism to praise. ``non_answer`` says why an answer says
    nothing, else None. ``review_reason`` says why a person should look, else None. ``groups``, ``columns``,
    ``weight``, ``row`` and ``column`` are the answer's own (see ``Answer``).
    """

    id: str
    text: str
    question: str | None
    sentiment: str
    sentiment_score: float
    sentiment_confidence: float
    themes: tuple[ThemeCode, ...] = ()
    suggestion: bool = False
    non_answer: str | None = None
    needs_review: bool = False
    review_reason: str | None = None
    segments: tuple[SegmentCode, ...] = ()
    groups: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    weight: float | None = None
    row: int = 0
    column: str = "text"
    coder: str = "modell"
    checked: bool = False
    model: dict[str, str] = field(default_factory=dict)
    codebook: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether the answer belongs to the base of shares: it is no non-answer."""
        return self.non_answer is None

    def to_json(self) -> dict[str, Any]:
        """The coding as the JSON object of the interchange format; ``from_json`` reads it back."""
        row: dict[str, Any] = {
            "id": self.id,
            "question": self.question,
            "text": self.text,
            "sentiment": self.sentiment,
            "sentiment_score": self.sentiment_score,
            "sentiment_confidence": self.sentiment_confidence,
            "themes": [_theme_json(theme) for theme in self.themes],
            "suggestion": self.suggestion,
            "non_answer": self.non_answer,
            "needs_review": self.needs_review,
            "review_reason": self.review_reason,
            "segments": [_segment_json(segment) for segment in self.segments],
            "groups": self.groups,
            "columns": self.columns,
            "row": self.row,
            "column": self.column,
            "coder": self.coder,
            "geprueft": self.checked,
            "model": self.model,
            "codebook": self.codebook,
        }
        if self.weight is not None:
            row["weight"] = self.weight
        return row

    @classmethod
    def from_json(cls, row: Any) -> Coding:
        """Reads what ``to_json`` wrote. Raises RmtextError where the object is no coding."""
        try:
            coding = _coding(row)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise RmtextError(f"This line is no coding ({type(error).__name__}: {error}).") from error
        _check(coding)
        return coding


def _theme_json(theme: ThemeCode) -> dict[str, Any]:
    evidence = []
    for place in theme.evidence:
        item: dict[str, Any] = {"start": place.start, "end": place.end}
        if place.polarity is not None:
            item["polarity"] = place.polarity
        evidence.append(item)
    return {
        "theme": theme.theme, "polarity": theme.polarity, "confidence": theme.confidence, "evidence": evidence,
    }  # fmt: skip


def _segment_json(segment: SegmentCode) -> dict[str, Any]:
    return {
        "start": segment.start, "end": segment.end, "sentiment": segment.sentiment,
        "confidence": segment.confidence, "suggestion": segment.suggestion,
    }  # fmt: skip


def _coding(row: dict[str, Any]) -> Coding:
    themes = tuple(
        ThemeCode(
            str(t["theme"]),
            str(t["polarity"]),
            float(t["confidence"]),
            tuple(Evidence(index(e["start"]), index(e["end"]), e.get("polarity")) for e in t.get("evidence", ())),
        )
        for t in row["themes"]
    )
    segments = tuple(
        SegmentCode(
            index(s["start"]), index(s["end"]), str(s["sentiment"]), float(s["confidence"]), bool(s.get("suggestion"))
        )
        for s in row.get("segments", ())
    )
    weight = row.get("weight")
    if not isinstance(row["text"], str) or row["id"] is None:
        raise TypeError("'text' must be a text, and 'id' must not be null")
    return Coding(
        id=str(row["id"]),
        text=row["text"],
        question=None if row.get("question") is None else str(row["question"]),
        sentiment=str(row["sentiment"]),
        sentiment_score=float(row["sentiment_score"]),
        sentiment_confidence=float(row["sentiment_confidence"]),
        themes=themes,
        suggestion=bool(row["suggestion"]),
        non_answer=row.get("non_answer"),
        needs_review=bool(row["needs_review"]),
        review_reason=row.get("review_reason"),
        segments=segments,
        groups={str(k): str(v) for k, v in (row.get("groups") or {}).items()},
        columns=dict(row.get("columns") or {}),
        weight=None if weight is None else float(weight),
        row=int(row.get("row", 0)),
        column=str(row.get("column", "text")),
        coder=str(row.get("coder", "modell")),
        checked=bool(row.get("geprueft", False)),
        model=dict(row.get("model") or {}),
        codebook=dict(row.get("codebook") or {}),
    )


def _check(coding: Coding) -> None:
    """Raises RmtextError for words, places and numbers that no coding holds (NaN is no number)."""
    polarities = [t.polarity for t in coding.themes]
    polarities += [e.polarity for t in coding.themes for e in t.evidence if e.polarity is not None]
    words = [("sentiment", s, SENTIMENTS) for s in (coding.sentiment, *(s.sentiment for s in coding.segments))]
    words += [("polarity", polarity, POLARITIES) for polarity in polarities]
    words += [("non_answer", coding.non_answer, NON_ANSWERS)] if coding.non_answer is not None else []
    for what, word, known in words:
        if word not in known:
            raise RmtextError(f"Answer {coding.id}: unknown {what} '{word}'. Known: {', '.join(known)}.")
    if not isinstance(coding.review_reason, str | None):
        raise RmtextError(f"Answer {coding.id}: 'review_reason' must be a word or null.")
    places = [(e.start, e.end) for t in coding.themes for e in t.evidence]
    places += [(s.start, s.end) for s in coding.segments]
    for start, end in places:
        if not 0 <= start < end <= len(coding.text):
            raise RmtextError(f"Answer {coding.id}: the place {start}–{end} lies outside its text.")
    confidences = [coding.sentiment_confidence, *(t.confidence for t in coding.themes)]
    confidences += [s.confidence for s in coding.segments]
    if not all(0 <= confidence <= 1 for confidence in confidences) or not -1 <= coding.sentiment_score <= 1:
        raise RmtextError(f"Answer {coding.id}: confidences lie in 0 to 1, sentiment_score in -1 to 1.")
    if coding.weight is not None and not 0 <= coding.weight < math.inf:
        raise RmtextError(f"Answer {coding.id}: its weight must be a number, 0 or more.")
