"""Corpora: answers with gold codes, read from a corpus directory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rmtext.codebook import Codebook
from rmtext.coding import POLARITIES, SENTIMENTS
from rmtext.errors import RmtextError

SPLITS = ("train", "dev")


@dataclass(frozen=True, slots=True)
class GoldSegment:
    """A unit of meaning as a person cut and coded it; ``themes`` maps theme id to polarity."""

    start: int
    end: int
    sentiment: str
    suggestion: bool
    themes: dict[str, str]


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """An answer with the codes that people gave it. ``writer`` names who composed it: splits follow it."""

    id: str
    text: str
    question: str | None
    sentiment: str
    segments: tuple[GoldSegment, ...]
    writer: str
    split: str

    @property
    def themes(self) -> dict[str, str]:
        """Theme id → polarity of the whole answer; ``gemischt`` where praise meets criticism."""
        found: dict[str, set[str]] = {}
        for segment in self.segments:
            for theme, polarity in segment.themes.items():
                found.setdefault(theme, set()).add(polarity)
        return {theme: _merge(polarities) for theme, polarities in found.items()}

    @property
    def suggestion(self) -> bool:
        """Whether any part of the answer asks for something."""
        return any(segment.suggestion for segment in self.segments)


def _merge(polarities: set[str]) -> str:
    if {"positiv", "negativ"} <= polarities:
        return "gemischt"
    for polarity in ("negativ", "positiv", "gemischt"):
        if polarity in polarities:
            return polarity
    return "neutral"


def read_corpus(directory: Path, split: str | None = None) -> Iterator[GoldAnswer]:
    """Answers of ``directory/answers.jsonl`` in file order, of one split or of all.

    Raises RmtextError for a missing file, a line that is no JSON object, offsets outside the text, and
    themes that the corpus's own codebook does not have.
    """
    codebook = Codebook.read(directory / "codebook.yaml")
    path = directory / "answers.jsonl"
    if not path.is_file():
        raise RmtextError(f"{directory} has no answers.jsonl: it is no corpus directory.")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                answer = _gold_answer(json.loads(line))
                _check(answer, codebook)
            except (KeyError, TypeError, ValueError) as error:
                raise RmtextError(f"{path}, line {number}: {error!s}. Mend that line.") from error
            if split is None or answer.split == split:
                yield answer


def _gold_answer(row: dict[str, Any]) -> GoldAnswer:
    segments = tuple(
        GoldSegment(s["start"], s["end"], s["sentiment"], bool(s["suggestion"]), dict(s["themes"]))
        for s in row["segments"]
    )
    return GoldAnswer(row["id"], row["text"], row["question"], row["sentiment"], segments, row["writer"], row["split"])


def _check(answer: GoldAnswer, codebook: Codebook) -> None:
    if answer.sentiment not in SENTIMENTS:
        raise ValueError(f"unknown sentiment {answer.sentiment!r}")
    if answer.split not in SPLITS:
        raise ValueError(f"unknown split {answer.split!r}")
    known = set(codebook.ids)
    for segment in answer.segments:
        if not 0 <= segment.start < segment.end <= len(answer.text):
            raise ValueError(f"segment {segment.start}–{segment.end} lies outside the text")
        for theme, polarity in segment.themes.items():
            if theme not in known:
                raise ValueError(f"theme {theme!r} is not in the codebook")
            if polarity not in POLARITIES:
                raise ValueError(f"unknown polarity {polarity!r}")
