"""What every format is read as: a header, and rows that can be streamed any number of times."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rmtext.errors import RmtextError

CHUNK_ROWS = 20_000  # rows fetched at once from formats that are read in slices
CHUNK_CELLS = 500_000  # and never more cells than this, so that wide files need no more memory than long ones
MAX_COLUMNS = 100_000  # a header beyond this is a file that was turned on its side, or no table

Row = list[Any]


@dataclass
class Source:
    """A table of answers on disk: ``rows()`` streams it, each row a list as long as ``header``.

    Empty cells are None. ``total`` is the number of rows, None where only reading tells. ``labels`` holds
    what the file says about a column beside its name (an SPSS variable label, a header that had to be made
    unique), ``value_labels`` the labels of coded values, ``nested`` the columns of lists or objects, whose
    cells are JSON text. ``notes`` are sentences for the user; reading may add to them.
    """

    name: str
    format: str
    header: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    total: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[Any, str]] = field(default_factory=dict)
    nested: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        """Adds a sentence once, however often the file is read."""
        if sentence not in self.notes:
            self.notes.append(sentence)


def chunk_rows(columns: int) -> int:
    """How many rows of so many columns to fetch at once."""
    return max(1, min(CHUNK_ROWS, CHUNK_CELLS // max(1, columns)))


def name_columns(cells: Sequence[Any], name: str) -> tuple[tuple[str, ...], dict[str, str], list[str]]:
    """A unique name for each header cell, the original ones where they had to change, and notes.

    An empty cell becomes ``spalte_3`` (counted from 1), the second column called ``x`` becomes ``x (2)``.
    """
    if len(cells) > MAX_COLUMNS:
        raise RmtextError(f"{name} has {len(cells):,} columns; {MAX_COLUMNS:,} is the most. Is it a table of answers?")
    wanted = [as_text(cell) for cell in cells]
    taken = set(wanted)
    names: list[str] = []
    seen: set[str] = set()
    originals: dict[str, str] = {}
    repeated: list[str] = []
    unnamed: list[str] = []
    counts: dict[str, int] = {}
    for position, original in enumerate(wanted, 1):
        column = original
        if not original.strip():
            column = _unused(f"spalte_{position}", taken)
            unnamed.append(column)
        elif original in seen:
            counts[original] = counts.get(original, 1) + 1
            column = _unused(f"{original} ({counts[original]})", taken)
            originals[column] = original
            repeated.append(column)
        seen.add(column)
        taken.add(column)
        names.append(column)
    notes = []
    if repeated:
        notes.append(f"Column names that occur twice were made unique: {listed(repeated, 5)}.")
    if unnamed:
        notes.append(f"Columns without a name are called by their position: {listed(unnamed, 5)}.")
    return tuple(names), originals, notes


def _unused(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def listed(names: Iterable[str], most: int = 20) -> str:
    """Names joined by commas; of many only the first, with the number of the others."""
    names = list(names)
    if len(names) <= most:
        return ", ".join(names)
    return ", ".join(names[:most]) + f" and {len(names) - most:,} more"


def as_text(value: Any) -> str:
    """A cell as text: "17" for 17 and 17.0, ISO 8601 for dates, "" for None, text itself as it stands."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "wahr" if value else "falsch"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def plain_number(value: float) -> int | float | None:
    """Whole numbers as int, NaN as None: for formats that know only floating point (Excel, SPSS)."""
    if math.isnan(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def as_json(value: Any) -> str:
    """A nested value as JSON text, so that it survives in a column of a table."""
    return json.dumps(value, ensure_ascii=False, default=as_text)


_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """``text`` with U+FFFD for each lone surrogate, which no file can be written with."""
    return text if text.isascii() else _LONE_SURROGATES.sub("\ufffd", text)
