"""Codings back from the files that ``write_codings`` or a person with a spreadsheet wrote."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from rmtext.answers import NO_GROUP, answers_of, names
from rmtext.codebook import Codebook
from rmtext.coding import NON_ANSWERS, POLARITIES, SENTIMENTS, Coding, ThemeCode
from rmtext.columns import find_column, match_column, nearest
from rmtext.errors import RmtextError
from rmtext.sources import Row, Source, as_text, listed, open_source
from rmtext.tables.cells import checked_by, flag, number, places, trimmed, word
from rmtext.tables.columns import MODEL_CODER, QUESTION
from rmtext.tables.header import Block, coded_blocks, rightmost, text_column

_JSON_LINES = (".jsonl", ".ndjson")
_KEYS = {"text", "sentiment", "sentiment_score", "themes", "non_answer"}  # by which a line is known as a coding
_LONGEST_LINE = 64 * 1024 * 1024  # characters of the first line that are looked at to tell what a file holds
_SAMPLE_ROWS = 500  # among which the column with the answers is looked for
_SCORES = {"positiv": 1.0, "negativ": -1.0}  # of a sentiment that a person wrote without a score
_SHOWN = 40  # characters of a cell that an error quotes
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Asked:
    """The columns that the caller named."""

    texts: tuple[str, ...]
    id: str | None
    question: str | None
    groups: tuple[str, ...]
    weight: str | None


def is_codings(path: Path | str) -> bool:
    """Whether ``path`` holds codings: a look at the first line or the header, False where it cannot be read."""
    path = Path(path)
    if path.suffix.lower() in _JSON_LINES:
        with suppress(OSError, ValueError, RecursionError), path.open(encoding="utf-8-sig") as lines:
            first = json.loads(lines.readline(_LONGEST_LINE))
            return isinstance(first, dict) and first.keys() >= _KEYS
        return False
    try:
        return _suits(open_source(path, suits=_suits))
    except RmtextError:
        return False


def read_codings(
    path: Path | str,
    codebook: Codebook | None = None,
    *,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    question: str | None = None,
    group: str | Sequence[str] = (),
    weight: str | None = None,
    sheet: str | None = None,
) -> Iterator[Coding]:
    """The codings of a file in any format that ``write_codings`` writes, also after people worked on it.

    JSONL holds all of a coding. From a table come themes with polarity, confidence and evidence, sentiment
    and the other coded columns; segments, the sentiment's confidence (1 here) and the polarity of single
    places are not in it. The offsets of evidence are found by searching its words in the answer, so words
    that occur twice may be found at the other place. Confidences are rounded to 3 decimals,
    and themes come in their order.

    ``text`` names the column(s) with the answers. Where several were coded, their names precede the coded
    ones; otherwise it is the column in which the evidence occurs, then one with a usual name, then the one
    with the longest text. ``id`` is the column with the ids, else a column "id", else the row's number from 1.
    ``question`` is a column, or the question itself; else the column "frage", else the name of the text column
    as for answers (``open_answers``), which also says what ``group`` and ``weight`` are. With ``codebook``,
    themes that it does not have are an error.

    What people correct by hand: 1, 0, "x", "ja" or "nein" for a theme, whose polarity is then "neutral" and
    whose confidence is 1 unless given; a mark or a name in ``geprueft`` makes the coding ``checked``, by
    "person" or that name. Raises RmtextError with row and column for any other content.
    """
    path = Path(path)
    asked = _Asked(names(text), id, question, names(group), weight)
    codings = _json_lines(path, asked) if path.suffix.lower() in _JSON_LINES else _table(path, asked, sheet)
    known = None if codebook is None else frozenset(codebook.ids)
    for coding in codings:
        for theme in coding.themes:
            if known is not None and theme.theme not in known:
                raise RmtextError(
                    f"{path.name}, row {coding.row}: the codebook has no theme '{theme.theme}'. "
                    "Use the codebook that the answers were coded by."
                )
        yield coding


def _json_lines(path: Path, asked: _Asked) -> Iterator[Coding]:
    columns: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number_, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                coding = _coding_of_line(line, f"{path.name}, line {number_}")
                columns.add(coding.column)
                if not asked.texts or coding.column in asked.texts:
                    yield _described(coding, asked, path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise RmtextError(f"{path} cannot be read as JSONL in UTF-8: {error}.") from error
    for name in asked.texts:
        if name not in columns:
            raise RmtextError(f"{path.name} has no answers to '{name}'. It has answers to: {listed(sorted(columns))}.")


def _coding_of_line(line: str, where: str) -> Coding:
    try:
        return Coding.from_json(json.loads(line))
    except (ValueError, RecursionError) as error:
        raise RmtextError(f"{where}: this is no JSON ({error}). Mend or remove that line.") from error
    except RmtextError as error:
        raise RmtextError(f"{where}: {error}") from error


def _described(coding: Coding, asked: _Asked, name: str) -> Coding:
    """The coding with id, question, groups and weight from the columns that the caller named."""
    described = coding.groups | coding.columns

    def cell(column: str) -> Any:
        found = match_column(column, list(described))
        if found is None:
            near = nearest(column, list(described))
            hint = f" Did you mean '{near}'?" if near is not None else ""
            raise RmtextError(f"{name} has no column '{column}'. Its columns: {listed(described)}.{hint}")
        return described[found]

    changes: dict[str, Any] = {}
    if asked.id is not None:
        changes["id"] = as_text(cell(asked.id)) or f"zeile_{coding.row}"
    if asked.question is not None:
        changes["question"] = as_text(described.get(asked.question, asked.question)).strip() or None
    if asked.groups:
        changes["groups"] = {column: as_text(cell(column)).strip() or NO_GROUP for column in asked.groups}
    if asked.weight is not None:
        try:
            changes["weight"] = number(cell(asked.weight), 0, math.inf)
        except ValueError as error:
            raise RmtextError(f"{name}, row {coding.row}, column '{asked.weight}': {error}.") from error
    return replace(coding, **changes) if changes else coding


def _table(path: Path, asked: _Asked, sheet: str | None) -> Iterator[Coding]:
    source = open_source(path, sheet=sheet, suits=_suits)
    blocks = coded_blocks(source.header)
    if not blocks:
        raise RmtextError(f"{path.name} holds no codings: it has no columns 'sentiment' and 'thema_…'.")
    sample = list(islice(source.rows(), _SAMPLE_ROWS))
    if not sample:
        return
    texts = _text_columns(source, blocks, asked.texts, sample)
    # With several text columns each header is a question.
    own_question = None if asked.question or blocks[0].prefix else rightmost(QUESTION, source.header)
    answers = answers_of(
        source, (), text=tuple(texts), id=asked.id or rightmost("id", source.header),
        question=asked.question or own_question, group=asked.groups, weight=asked.weight,
    )  # fmt: skip
    coded = {own_question}.union(*(block.columns for block in blocks))
    for answer in answers:
        cells = _Cells(answer.columns, f"{source.name}, row {answer.row}")
        yield replace(
            _coding(cells, texts[answer.column], answer.text),
            id=answer.id, question=answer.question, groups=answer.groups, weight=answer.weight,
            columns={name: value for name, value in answer.columns.items() if name not in coded},
            row=answer.row, column=answer.column,
        )  # fmt: skip


def _suits(source: Source) -> bool:
    return bool(coded_blocks(source.header))


def _text_columns(
    source: Source, blocks: tuple[Block, ...], asked: tuple[str, ...], sample: list[Row]
) -> dict[str, Block]:
    """The columns with the answers, and where the codes of each stand."""
    named = [find_column(name, source, "--text") for name in asked]
    if blocks[0].prefix:
        texts = {block.prefix: block for block in blocks}
        for name in named:
            if name not in texts:
                raise RmtextError(f"{source.name}: column '{name}' was not coded. These were: {listed(texts)}.")
        return {name: texts[name] for name in named} or texts
    if len(named) > 1:
        raise RmtextError(f"{source.name} holds the codes of one column of answers. Name only that one with --text.")
    not_text = blocks[0].columns | {rightmost(QUESTION, source.header)}
    name = named[0] if named else text_column(source, blocks[0], sample, not_text)
    return {name: blocks[0]}


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a row by column; what cannot be understood is refused with row and column."""

    row: dict[str, Any]
    where: str

    def read(self, understand: Callable[..., _T], column: str | None, *arguments: Any) -> _T | None:
        """What ``understand`` makes of the cell; None where there is no such column."""
        if column is None:
            return None
        try:
            return understand(self.row[column], *arguments)
        except ValueError as error:
            shown = as_text(self.row[column])[:_SHOWN]
            raise RmtextError(f"{self.where}, column '{column}': '{shown}' is no code; {error}.") from error


def _coding(cells: _Cells, block: Block, text: str) -> Coding:
    """The coding of one answer without what describes the answer."""
    verdict = block.verdict.get
    themes = [theme for facets in block.themes.items() if (theme := _theme(cells, *facets, text))]
    themes.sort(key=lambda theme: -theme.confidence)  # as the model orders them; a table has the codebook's order
    sentiment = cells.read(word, verdict("sentiment"), SENTIMENTS)
    non_answer = cells.read(word, verdict("non_answer"), NON_ANSWERS)
    if sentiment is None and not text and not themes:  # a row that was added by hand, or never coded
        sentiment, non_answer = "neutral", "leer"
    if sentiment is None:
        raise RmtextError(
            f"{cells.where}, column '{verdict('sentiment')}' is empty. Write one of: {', '.join(SENTIMENTS)}."
        )
    checker = cells.read(checked_by, verdict("geprueft"))
    score = cells.read(number, verdict("sentiment_score"), -1.0, 1.0)
    # Who corrects the sentiment rarely corrects the score beside it.
    if score is None or (checker is not None and score * _SCORES.get(sentiment, score) < 0):
        score = _SCORES.get(sentiment, 0.0)
    return Coding(
        id="", text=text, question=None, sentiment=sentiment, sentiment_score=score, sentiment_confidence=1.0,
        themes=tuple(themes), suggestion=bool(cells.read(flag, verdict("vorschlag"))),
        non_answer=None if themes else non_answer, needs_review=bool(cells.read(flag, verdict("needs_review"))),
        review_reason=cells.read(trimmed, verdict("review_reason")) or None,
        coder=checker or MODEL_CODER, checked=checker is not None,
    )  # fmt: skip


def _theme(cells: _Cells, theme_id: str, facets: dict[str, str], text: str) -> ThemeCode | None:
    if not cells.read(flag, facets.get("thema")):
        return None
    polarity: str | None = cells.read(word, facets.get("polaritaet"), POLARITIES)
    confidence: float | None = cells.read(number, facets.get("konfidenz"), 0.0, 1.0)
    evidence = places(cells.read(as_text, facets.get("beleg")) or "", text)
    return ThemeCode(theme_id, polarity or "neutral", 1.0 if confidence is None else confidence, evidence)
