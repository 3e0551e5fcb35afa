"""Corpora: answers with gold codes, read from a corpus directory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from operator import index
from pathlib import Path
from typing import Any

from rmtext.codebook import Codebook
from rmtext.coding import SENTIMENTS
from rmtext.errors import RmtextError

SPLITS = ("train", "dev")
SEGMENT_SENTIMENTS = ("positiv", "negativ", "neutral")


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
    if "gemischt" in polarities or {"positiv", "negativ"} <= polarities:
        return "gemischt"
    return next((polarity for polarity in ("negativ", "positiv") if polarity in polarities), "neutral")


def read_corpus(directory: Path, split: str | None = None) -> Iterator[GoldAnswer]:
    """Answers of ``directory/answers.jsonl`` in file order, of one split or of all.

    Raises RmtextError for a missing file, a line that is no answer, segments that overlap or lie outside the
    text, themes that the corpus's own codebook does not have, ids used twice, and a writer in both splits.
    """
    known = frozenset(Codebook.read(directory / "codebook.yaml").ids)
    path = directory / "answers.jsonl"
    if not path.is_file():
        raise RmtextError(f"{directory} has no answers.jsonl: it is no corpus directory.")
    splits: dict[str, str] = {}
    ids: set[str] = set()
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                answer = _gold_answer(json.loads(line.decode("utf-8-sig")))
                _check(answer, known)
                if answer.id in ids:
                    raise ValueError(f"the id {answer.id!r} is used more than once")
                if splits.setdefault(answer.writer, answer.split) != answer.split:
                    raise ValueError(f"writer {answer.writer!r} is in both splits")
            except KeyError as error:
                raise RmtextError(f"{path}, line {number}: the field {error} is missing. Mend that line.") from error
            except (TypeError, ValueError, RecursionError) as error:
                raise RmtextError(f"{path}, line {number}: {error!s}. Mend that line.") from error
            ids.add(answer.id)
            if split is None or answer.split == split:
                yield answer


def _gold_answer(row: Any) -> GoldAnswer:
    if not isinstance(row, dict):
        raise TypeError("a line must hold one JSON object")
    segments = tuple(
        GoldSegment(index(s["start"]), index(s["end"]), s["sentiment"], bool(s["suggestion"]), dict(s["themes"]))
        for s in row["segments"]
    )
    return GoldAnswer(row["id"], row["text"], row["question"], row["sentiment"], segments, row["writer"], row["split"])


def _check(answer: GoldAnswer, themes: frozenset[str]) -> None:
    """Raises TypeError or ValueError with what is wrong."""
    if not all(isinstance(value, str) for value in (answer.id, answer.text, answer.writer, answer.split)):
        raise TypeError("id, text, writer and split must be texts")
    if not isinstance(answer.question, str | None):
        raise TypeError("the question must be a text or null")
    if answer.split not in SPLITS:
        raise ValueError(f"unknown split {answer.split!r}")
    if answer.sentiment not in SENTIMENTS:
        raise ValueError(f"unknown sentiment {answer.sentiment!r}")
    if not answer.segments:
        raise ValueError("an answer needs at least one segment")
    last = 0
    for segment in answer.segments:
        if not last <= segment.start < segment.end <= len(answer.text):
            raise ValueError(f"segment {segment.start}–{segment.end} overlaps another or lies outside the text")
        last = segment.end
        # Both praise and criticism: then it is two segments.
        if segment.sentiment not in SEGMENT_SENTIMENTS:
            raise ValueError(f"unknown sentiment {segment.sentiment!r} of a segment")
        for theme, polarity in segment.themes.items():
            if theme not in themes:
                raise ValueError(f"theme {theme!r} is not in the codebook")
            if polarity not in SEGMENT_SENTIMENTS:
                raise ValueError(f"unknown polarity {polarity!r}")
