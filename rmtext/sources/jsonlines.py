"""JSONL: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rmtext.errors import RmtextError
from rmtext.sources.encodings import SAMPLE_BYTES, detect_encoding, looks_binary, open_lines
from rmtext.sources.source import MAX_COLUMNS, Row, Source, as_json, name_columns, without_surrogates


def open_jsonlines(path: Path, name: str) -> Source:
    """The source of a JSONL file; its columns are all keys that occur in it, in the order of appearance.

    Reads the file once to find them: a key may turn up late, and a broken line is better known before the
    coding starts than after. Raises RmtextError with the line's number where a line is no object.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    encoding = detect_encoding(sample)
    if looks_binary(sample, encoding):
        raise RmtextError(f"{name} is no text file: it holds binary data. Was it saved under the wrong ending?")
    keys: dict[str, bool] = {}  # in the order of appearance, with whether any value is a list or an object
    notes: list[str] = []
    total = 0
    for number, row in _objects(path, encoding, name, notes.append):
        total += 1
        for key, value in row.items():
            keys[key] = keys.get(key, False) or isinstance(value, dict | list)
        if len(keys) > MAX_COLUMNS:
            raise RmtextError(
                f"{name}, line {number}: more than {MAX_COLUMNS:,} different keys. Is it a file of answers?"
            )
    if not keys:
        raise RmtextError(f"{name} holds no answers: {f'its {total} objects are' if total else 'it is'} empty.")
    header, labels, more_notes = name_columns(list(keys), name)

    def rows() -> Iterator[Row]:
        for _, row in _objects(path, encoding, name, source.note):
            yield [_cell(row.get(key)) for key in keys]

    source = Source(
        name,
        "jsonl",
        header,
        rows,
        total=total,
        encoding=encoding,
        labels=labels,
        nested=frozenset(column for column, nested in zip(header, keys.values(), strict=True) if nested),
        notes=[*dict.fromkeys(notes), *more_notes],
    )
    return source


def _objects(path: Path, encoding: str, name: str, note: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    with open_lines(path, encoding, name, note) as lines:
        for number, line in enumerate(lines, 1):
            line = line.removeprefix("\ufeff").strip()
            if not line:
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise RmtextError(f"{name}, line {number} is no JSON ({_reason(error)}). Mend or remove it.") from error
            if not isinstance(row, dict):
                hint = " Write one object a line, without the brackets of a list." if isinstance(row, list) else ""
                raise RmtextError(f"{name}, line {number} is no JSON object with a key for each column.{hint}")
            if "\\ud" in line or "\\uD" in line:
                row = _encodable(row, name, note)
            yield number, row


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, character {error.pos + 1}"
    return "nested too deeply" if isinstance(error, RecursionError) else "a number that is too long"


def _encodable(row: dict[str, Any], name: str, note: Any) -> dict[str, Any]:
    """The object without lone surrogates: they are valid in JSON, but no file can be written with them."""
    text = json.dumps(row, ensure_ascii=False)
    mended = without_surrogates(text)
    if mended == text:
        return row
    note(f"{name}: lone surrogates (half characters such as \\ud800) are read as U+FFFD.")
    result: dict[str, Any] = json.loads(mended)
    return result


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return as_json(value)
    return None if value == "" or value != value else value  # NaN, which Python's JSON allows, is unequal to itself
