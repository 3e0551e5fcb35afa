"""CSV and its relatives: any delimiter, any encoding, quoted cells with line breaks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from rmtext.errors import RmtextError
from rmtext.sources.encodings import SAMPLE_BYTES, detect_encoding, looks_binary, open_lines
from rmtext.sources.source import Row, Source, name_columns

DELIMITERS = (";", ",", "\t", "|")
# Share of rows that must fit a header like "Was war gut, was nicht?", which may be the one of a file without
# delimiters: every third answer below it has one comma, too. "id,antwort" needs no such proof.
MIN_FITTING = 0.6
MAX_CELL = 16 * 1024 * 1024  # characters; the csv module stops at 131,072, and answers may be longer
_NONE = "\x1f"  # separates the cells of a file with one column: a character that text does not contain
_END = "\0end of file\0"  # a line of our own after the last: if it ends up in a cell, a quotation mark is open


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are separated, whether quotation marks enclose them, and how many lines stand above the header."""

    delimiter: str
    quoting: int = csv.QUOTE_MINIMAL
    skip: int = 0


def open_delimited(path: Path, name: str, format: str = "csv") -> Source:
    """The source of a delimited text file. Raises RmtextError for binary content and broken quotation."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    encoding = detect_encoding(sample)
    if looks_binary(sample, encoding):
        raise RmtextError(f"{name} is no text file: it holds binary data. Was it saved under the wrong ending?")
    text = sample.decode(encoding, errors="replace").removeprefix("\ufeff")
    dialect = sniff(text, complete=len(sample) < SAMPLE_BYTES)

    with _rows(path, dialect, encoding, name, lambda _: None) as rows:
        first = [cells for _, cells in islice(rows, 100)]
    if not first:
        raise RmtextError(f"{name} holds no rows, only blank lines. Nothing to read.")
    cells, row_names = _complete_header(first)
    header, labels, notes = name_columns(cells, name)

    def rows_of_answers() -> Iterator[Row]:
        with _rows(path, dialect, encoding, name, source.note) as rows:
            next(rows, None)
            yield from _fitted(rows, len(header), source)

    source = Source(
        name,
        format,
        header,
        rows_of_answers,
        encoding=encoding,
        delimiter=None if dialect.delimiter == _NONE else dialect.delimiter,
        labels=labels,
        notes=notes,
    )
    if row_names:
        source.note(
            f"{name}: the header has one name less than the rows have cells; the first column is '{header[0]}'."
        )
    return source


def sniff(text: str, *, complete: bool) -> Dialect:
    """The dialect of a file that begins with ``text``; ``complete``: it also ends there.

    The delimiter is the one by which most rows have as many cells as the header, or some less at their end;
    where none splits the header, the file has one column. Excel's first line ``sep=;`` settles it.
    """
    first = io.StringIO(text).readline().rstrip("\r\n")
    if len(first) == 5 and first.lower().startswith("sep="):
        return Dialect(first[4], skip=1)
    best, delimiter = (-1.0, 0), _NONE
    for candidate in DELIMITERS:
        rows = _sample_rows(text, candidate, csv.QUOTE_MINIMAL, complete)
        width = len(rows[0]) if rows else 1
        if width == 1:
            continue
        below = [len(row) for row in rows[1:]] or [width]
        fitting = sum(1 < length <= width for length in below) / len(below)
        if fitting < MIN_FITTING and any(cell.startswith(" ") for cell in rows[0][1:]):
            continue
        score = (fitting + below.count(width) / len(below), width)
        if score > best:
            best, delimiter = score, candidate
    return Dialect(delimiter, _quoting(text, delimiter, complete))


def _sample_rows(text: str, delimiter: str, quoting: Any, complete: bool) -> list[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting) if row]
    return rows if complete or len(rows) < 2 else rows[:-1]


def _quoting(text: str, delimiter: str, complete: bool) -> int:
    """QUOTE_NONE where cells begin with a quotation mark that is part of what was written, as in «"Gut" war …»."""
    rows = _sample_rows(text, delimiter, csv.QUOTE_NONE, complete)
    quoted = [cell for row in rows for cell in row if cell.startswith('"')]
    enclosed = sum(len(cell) > 1 and cell.endswith('"') for cell in quoted)
    # A quoted line break also leaves a cell that begins with a mark and does not end with one, but then the
    # rows that it was torn into do not fit the header.
    torn = any(len(row) != len(rows[0]) for row in rows) or any(cell.count('"') % 2 for cell in quoted)
    return csv.QUOTE_NONE if quoted and not enclosed and not torn else csv.QUOTE_MINIMAL


@contextmanager
def _rows(
    path: Path, dialect: Dialect, encoding: str, name: str, note: Any
) -> Iterator[Iterator[tuple[int, list[str]]]]:
    with open_lines(path, encoding, name, note) as lines:
        if encoding.startswith("utf-16-"):
            lines = _without_mark(lines)
        yield _parsed(islice(lines, dialect.skip, None), dialect, name)


def _without_mark(lines: Iterator[str]) -> Iterator[str]:
    for first in lines:
        yield first.removeprefix("\ufeff")
        break
    yield from lines


def _parsed(lines: Iterator[str], dialect: Dialect, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line each begins in, from the header on.

    Raises RmtextError where a quotation mark is never closed: the rest of the file would be one cell.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    reader = csv.reader(chain(lines, [_END]), delimiter=dialect.delimiter, quoting=dialect.quoting)  # type: ignore[arg-type]
    line, blank, begun = 1 + dialect.skip, 0, False
    try:
        for cells in reader:
            if cells == [_END]:
                return
            if cells and cells[-1].endswith(_END):
                raise _open_quote(name, line)
            if cells:
                # In a file with one column a blank line is an empty answer, unless it is the last.
                if dialect.delimiter == _NONE:
                    yield from ((line - lost, [""]) for lost in range(blank, 0, -1))
                yield line, cells
                blank, begun = 0, True
            elif begun:
                blank += 1
            line = reader.line_num + dialect.skip + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise _open_quote(name, line) from error
        raise RmtextError(f"{name}, line {line}: this is no readable CSV ({error}).") from error


def _open_quote(name: str, line: int) -> RmtextError:
    return RmtextError(
        f"{name}, line {line}: a quotation mark opens here and is never closed, so that the rest of the file would be "
        'one answer. Close it, or write "" for a quotation mark inside a cell.'
    )


def _complete_header(rows: list[list[str]]) -> tuple[list[str], bool]:
    """The header cells, completed where all rows are longer; whether the missing name is the first (as R writes it)."""
    header, *others = rows
    widths = {len(_trimmed(row, len(header))) for row in others}
    # One row may be too long by mistake; two of one length are the file's habit.
    missing = max(widths) - len(header) if len(widths) == 1 and len(others) > 1 else 0
    if missing == 1 and all(row[0] == str(number) for number, row in enumerate(others, 1)):
        return ["", *header], True
    return header + [""] * missing, False


def _trimmed(row: list[str], width: int) -> list[str]:
    while len(row) > width and not row[-1]:
        row = row[:-1]
    return row


def _fitted(rows: Iterator[tuple[int, list[str]]], width: int, source: Source) -> Iterator[Row]:
    for line, cells in rows:
        if len(cells) > width:
            cells = _trimmed(cells, width)
        if len(cells) > width:
            raise RmtextError(
                f"{source.name}, line {line}: this row has {len(cells)} cells, the header {width}. "
                f"Put text that contains {_spoken(source.delimiter)} into quotation marks."
            )
        row: Row = [cell or None for cell in cells]
        if len(row) < width:
            source.note(
                f"{source.name}: some rows have fewer cells than the header (first: line {line}); the rest is empty."
            )
            row += [None] * (width - len(row))
        yield row


def _spoken(delimiter: str | None) -> str:
    return {"\t": "a tab", None: "line breaks"}.get(delimiter, f"'{delimiter}'")
