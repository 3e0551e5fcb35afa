"""Codings as lines of text: JSON Lines and CSV."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from rmtext.coding import Coding
from rmtext.tables.columns import Column
from rmtext.tables.values import Fitting, cell_text

_FORMULA = re.compile(r"[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]?[\d.,]*\d")
_BOM = "\ufeff".encode()


def write_jsonl(codings: Iterable[Coding], file: BinaryIO) -> int:
    """Writes each coding as a JSON object in a line of UTF-8; returns their number."""
    count = 0
    for coding in codings:
        file.write(json_line(coding.to_json()))
        count += 1
    return count


def json_line(row: dict[str, Any]) -> bytes:
    """One line of JSON. What JSON does not know becomes text; infinite and missing numbers become null."""
    try:
        line = json.dumps(row, ensure_ascii=False, allow_nan=False, default=cell_text)
    except ValueError:
        row = _finite(row)
        line = json.dumps(row, ensure_ascii=False, allow_nan=False, default=cell_text)
    try:
        return line.encode() + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair: JSON can say it in an escape
        return json.dumps(row, allow_nan=False, default=cell_text).encode() + b"\n"


def write_csv(columns: Sequence[Column], rows: Iterable[list[Any]], file: BinaryIO, excel: bool, fit: Fitting) -> int:
    r"""Writes a table as CSV (RFC 4180: comma, ``"``, \r\n) in UTF-8; returns the number of rows.

    ``excel``: semicolons, a byte order mark and decimal commas, as a German Excel opens them by double click,
    and an apostrophe before text that Excel would run as a formula.
    """
    if excel:
        file.write(_BOM)
    lines = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    show = _excel_cell if excel else cell_text
    try:
        writer = csv.writer(lines, delimiter=";" if excel else ",", lineterminator="\r\n")
        writer.writerow([show(fit(column.name)) for column in columns])
        count = 0
        for row in rows:
            writer.writerow([fit(show(value)) for value in row])
            count += 1
        lines.flush()
    finally:
        lines.detach()
    return count


def _excel_cell(value: Any) -> str:
    text = cell_text(value)
    if isinstance(value, float):
        return text.replace(".", ",")
    # A formula in an answer would run on the reader's machine; a number such as -5 is none.
    if isinstance(value, str) and _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
