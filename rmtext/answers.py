"""Answers: what comes in."""

from __future__ import annotations

import hashlib
import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rmtext.columns import (
    QUESTION_NAMES,
    Profile,
    find_column,
    match_column,
    nearest,
    normalised,
    obvious_text,
    profiles,
    question_text,
    reads_like_question,
    text_candidates,
)
from rmtext.errors import RmtextError
from rmtext.sources import Source, as_text, listed, open_source

NO_GROUP = "(ohne Angabe)"
LONG_HEADER = 8  # words from which a header that is no question looks like an answer that lost its header


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of one person to one question.

    ``id`` identifies the person; ``text`` is never altered; ``question`` is the question's text, None where
    none is known. ``row`` counts the input's rows from 1 and ``column`` names the text column: answers with
    the same ``row`` are one person's answers to several questions. ``columns`` are all columns of that row
    except the text columns, in the input's order and with the input's values; ``groups`` the ones asked for
    as groups, as text. ``weight`` is the survey weight, None without one.
    """

    id: str
    text: str
    question: str | None = None
    groups: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    weight: float | None = None
    row: int = 0
    column: str = "text"


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a file has, and what each was taken for: enough to give the file back unharmed.

    ``header`` names all columns in order, ``texts`` the text columns; ``question`` names a column, None where
    the question comes from the header, from the caller, or not at all.
    """

    header: tuple[str, ...]
    texts: tuple[str, ...]
    id: str | None = None
    question: str | None = None
    groups: tuple[str, ...] = ()
    weight: str | None = None


@dataclass
class AnswerFile:
    """The answers of a file: iterating streams them, any number of times, one for each row and text column.

    ``questions`` holds the question of each text column, None where it has none or a column names it row by
    row. ``total`` is the number of rows; ``notes`` are sentences that tell the user what was assumed.
    """

    source: Source
    layout: Layout
    questions: dict[str, str | None]
    total: int | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the user, those about the contents included once the rows were read."""
        return tuple(self.source.notes)

    def __iter__(self) -> Iterator[Answer]:
        """Raises RmtextError for a row that cannot be read, with its number."""
        layout, source = self.layout, self.source
        place = {name: position for position, name in enumerate(layout.header)}
        texts = [(name, place[name]) for name in layout.texts]
        kept = [(name, position) for name, position in place.items() if name not in layout.texts]
        for number, row in enumerate(source.rows(), 1):
            person = _person(row[place[layout.id]], number) if layout.id is not None else str(number)
            groups = {name: _group(row[place[name]], source.value_labels.get(name)) for name in layout.groups}
            weight = None if layout.weight is None else _weight(row[place[layout.weight]], number, self)
            asked = None if layout.question is None else as_text(row[place[layout.question]]).strip() or None
            for column, position in texts:
                yield Answer(
                    id=person,
                    text=as_text(row[position]),
                    question=self.questions[column] if layout.question is None else asked,
                    groups=dict(groups),
                    columns={name: row[position] for name, position in kept},
                    weight=weight,
                    row=number,
                    column=column,
                )


def read_answers(
    path: Path | str,
    *,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    question: str | None = None,
    group: str | Sequence[str] = (),
    weight: str | None = None,
    format: str | None = None,
    sheet: str | None = None,
) -> Iterator[Answer]:
    """The answers of a CSV, Excel, OpenDocument, SPSS, JSONL or Parquet file, streamed in order.

    ``text`` names the text column, or several, each of which is a question of its own; by default the one
    obvious column. ``id`` names the column that identifies people (default: the row number from 1),
    ``question`` the column that holds the question, or is the question itself; ``group`` names columns to
    compare by, ``weight`` the survey weight. ``format`` overrides the file's ending, ``sheet`` names a sheet
    of a workbook. Raises RmtextError, before the first answer, for a file that cannot be read.
    """
    return iter(
        open_answers(
            path, text=names(text), id=id, question=question, group=group, weight=weight, format=format, sheet=sheet
        )
    )


def open_answers(
    path: Path | str,
    *,
    text: str | Sequence[str] = (),
    id: str | None = None,
    question: str | None = None,
    group: str | Sequence[str] = (),
    weight: str | None = None,
    format: str | None = None,
    sheet: str | None = None,
) -> AnswerFile:
    """The answers of a file with its layout, its number of rows and notes; the arguments of ``read_answers``.

    Where only reading shows whether the file holds together (CSV, ids, weights), it is read once before:
    coding takes a thousand times longer, and should not end in the last row.
    """
    texts = names(text)
    source = open_table(path, text=texts, format=format, sheet=sheet)
    return answers_of(source, profiles(source), text=texts, id=id, question=question, group=group, weight=weight)


def open_table(path: Path | str, *, text: Sequence[str], format: str | None, sheet: str | None) -> Source:
    """The table in a file; of a workbook the sheet that has the columns in ``text``, or one that may be the text."""

    def suits(source: Source) -> bool:
        if text:
            return all(match_column(name, source.header) is not None for name in text)
        return source.total != 0 and bool(text_candidates(profiles(source)))

    return open_source(path, format=format, sheet=sheet, suits=suits)


def answers_of(
    source: Source,
    columns: Sequence[Profile],
    *,
    text: Sequence[str],
    id: str | None,
    question: str | None,
    group: str | Sequence[str],
    weight: str | None,
) -> AnswerFile:
    """The answers in a table whose columns have these profiles; see ``open_answers``."""
    taken = _texts(source, columns, text)
    layout = Layout(
        header=source.header,
        texts=taken,
        id=None if id is None else find_column(id, source, "--id"),
        question=question if question is not None and question in source.header else None,
        groups=tuple(dict.fromkeys(find_column(name, source, "--group") for name in names(group))),
        weight=None if weight is None else find_column(weight, source, "--weight"),
    )
    answers = AnswerFile(source, layout, _questions(source, layout, question))
    _survey(answers)
    return answers


def names(columns: str | Sequence[str] | None) -> tuple[str, ...]:
    """Column names given as one name, several, or none."""
    return (columns,) if isinstance(columns, str) else tuple(columns or ())


def _texts(source: Source, columns: Sequence[Profile], wanted: Sequence[str]) -> tuple[str, ...]:
    candidates = text_candidates(columns)
    if wanted:
        taken = tuple(dict.fromkeys(find_column(name, source, "--text", candidates) for name in wanted))
    else:
        taken = (obvious_text(source, columns),)
        source.note(f"Column '{taken[0]}' taken as text.")
        others = [column.name for column in columns if column.kind == "text" and column.name not in taken]
        others = [name for name in others if normalised(name) not in QUESTION_NAMES]
        if others:
            source.note(f"Not coded, though they hold text too: {listed(others)}. Name them with --text to code them.")
        if len(taken[0].split()) >= LONG_HEADER and not reads_like_question(taken[0]):
            source.note(f"The first row is taken as the header, not as an answer: '{taken[0]}'.")
    for name in taken:
        if name in source.nested:
            raise RmtextError(f"{source.name}: column '{name}' holds lists or objects, not text. Name another --text.")
    return taken


def _questions(source: Source, layout: Layout, question: str | None) -> dict[str, str | None]:
    """The question of each text column: the one given, else its header where it reads like one.

    With several text columns every header is a question.
    """
    if layout.question is not None:
        return dict.fromkeys(layout.texts)
    if question is not None and question.strip():
        near = nearest(question, source.header) if " " not in question.strip() else None
        if near is not None:
            source.note(
                f"'{question}' is no column and is taken as the question itself. Did you mean --question {near}?"
            )
        return dict.fromkeys(layout.texts, question.strip())
    questions: dict[str, str | None] = {}
    for name in layout.texts:
        header = source.labels.get(name, name)
        asked = len(layout.texts) > 1 or reads_like_question(header)
        questions[name] = question_text(header) if asked else None
        if asked and len(layout.texts) == 1:
            source.note(f"Taken as the question: '{questions[name]}'.")
    unused = [name for name in source.header if normalised(name) in QUESTION_NAMES and name not in layout.texts]
    if unused and not any(questions.values()):
        source.note(f"Column '{unused[0]}' may hold the question: --question {unused[0]} tells the model.")
    return questions


def _survey(answers: AnswerFile) -> None:
    """Reads the rows once, where that can fail or tell something; sets ``total``, adds notes on ids.

    8 bytes a row are kept to find ids that occur twice.
    """
    layout, source = answers.layout, answers.source
    place = {name: position for position, name in enumerate(layout.header)}
    answers.total = source.total
    if source.total is not None and layout.id is None and layout.weight is None:
        return
    hashes, total, nameless = array("Q"), 0, 0
    for total, row in enumerate(source.rows(), 1):
        if layout.weight is not None:
            _weight(row[place[layout.weight]], total, answers)
        if layout.id is not None:
            cell = as_text(row[place[layout.id]])
            nameless += not cell.strip()
            hashes.append(text_hash(_person(cell, total)))
    answers.total = total
    if nameless:
        source.note(
            f"Rows without an id in '{layout.id}': {nameless:,}; they are called by their number, as in zeile_7."
        )
    if repeated := count_repeated(hashes):
        source.note(f"Rows that repeat an id of '{layout.id}': {repeated:,}; all are kept.")


def text_hash(text: str) -> int:
    """64 bits that are equal for equal texts, and practically never else (n²/2⁶⁵: 3e-8 for a million texts)."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest(), "little")


def count_repeated(hashes: array[int]) -> int:
    """How many of the hashes occurred before."""
    import numpy as np

    return len(hashes) - len(np.unique(np.frombuffer(hashes, dtype=np.uint64))) if hashes else 0


def _person(cell: Any, row: int) -> str:
    # Not the bare number: that may be another person's id.
    text = as_text(cell)
    return text if text.strip() else f"zeile_{row}"


def _group(cell: Any, labels: dict[Any, str] | None) -> str:
    label = labels.get(cell) if labels else None
    return (label or as_text(cell)).strip() or NO_GROUP


def _weight(cell: Any, row: int, answers: AnswerFile) -> float:
    """The weight in a cell; "1,25" is 1.25. Raises RmtextError with the row where it is no weight."""
    text = as_text(cell).strip()
    try:
        weight = math.nan if isinstance(cell, bool) else float(text.replace(",", ".") if "." not in text else text)
    except ValueError:
        weight = math.nan
    if math.isfinite(weight) and weight >= 0:
        return weight
    what = f"'{text[:40]}'" if text else "empty"
    raise RmtextError(
        f"{answers.source.name}, row {row}: the weight in '{answers.layout.weight}' is {what}; it must be a number, 0 "
        "or more. Give every row one, or leave out --weight."
    )
