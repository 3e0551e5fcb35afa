"""Mistakes: the wrong codes that the model was surest of, and the words that misled it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rmtext.coding import Coding, Evidence, ThemeCode
from rmtext.evaluation.bootstrap import rounded
from rmtext.evaluation.calibration import certainty

KINDS = ("extra", "missed", "polarity", "sentiment")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A code that gold has not, or a code of gold that is missing.

    ``kind``: "extra" (a theme that gold has not), "missed" (a theme of gold), "polarity" (of a theme that both
    have), "sentiment". ``confidence`` is the model's; for a missed theme, which has none, the lowest confidence of
    the whole answer. ``places`` in ``text`` are the words that misled: the predicted evidence, for a missed theme
    that of gold.
    """

    kind: str
    id: str
    question: str | None
    text: str
    theme: str | None
    gold: str | None
    predicted: str | None
    confidence: float
    places: tuple[tuple[int, int], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words at the places."""
        return tuple(self.text[start:end] for start, end in self.places)

    def to_json(self) -> dict[str, Any]:
        """All of it; places with their words."""
        return {
            "kind": self.kind, "id": self.id, "question": self.question, "text": self.text, "theme": self.theme,
            "gold": self.gold, "predicted": self.predicted, "confidence": rounded(self.confidence),
            "evidence": [{"start": start, "end": end, "words": self.text[start:end]} for start, end in self.places],
        }  # fmt: skip


def worst(pairs: Sequence[tuple[Coding, Coding]], most: int) -> tuple[Mistake, ...]:
    """Of each kind the ``most`` mistakes with the highest confidence. Pairs of gold and predicted."""
    found = sorted((m for pair in pairs for m in _mistakes(*pair)), key=lambda mistake: -mistake.confidence)
    return tuple(mistake for kind in KINDS for mistake in [m for m in found if m.kind == kind][:most])


def _mistakes(gold: Coding, coding: Coding) -> Iterator[Mistake]:
    true, found = {t.theme: t for t in gold.themes}, {t.theme: t for t in coding.themes}

    def mistake(
        kind: str, theme: str | None, said: str | None, instead: str | None, sure: float, where: Sequence[Evidence]
    ) -> Mistake:
        text = gold.text if kind == "missed" else coding.text
        places = tuple((place.start, place.end) for place in where)
        return Mistake(kind, coding.id, coding.question, text, theme, said, instead, sure, places)

    for name, code in found.items():
        if name not in true:
            yield mistake("extra", name, None, code.polarity, code.confidence, code.evidence)
        elif true[name].polarity != code.polarity:
            yield mistake("polarity", name, true[name].polarity, code.polarity, code.confidence, code.evidence)
    for name, code in true.items():
        if name not in found:
            yield mistake("missed", name, code.polarity, None, certainty(coding), code.evidence)
    if gold.sentiment != coding.sentiment:
        confidence, where = coding.sentiment_confidence, _tone(coding)
        yield mistake("sentiment", None, gold.sentiment, coding.sentiment, confidence, where)


def _tone(coding: Coding) -> list[Evidence]:
    """The words that carry the predicted sentiment: its segments, else the evidence of themes of that polarity."""
    segments = [Evidence(s.start, s.end) for s in coding.segments if s.sentiment == coding.sentiment]
    return segments or [place for theme in coding.themes if _same_tone(theme, coding) for place in theme.evidence]


def _same_tone(theme: ThemeCode, coding: Coding) -> bool:
    return theme.polarity == coding.sentiment
