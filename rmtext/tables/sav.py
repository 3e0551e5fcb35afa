"""A table of codings as an SPSS file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rmtext.errors import RmtextError
from rmtext.tables.columns import TAKEN, Column
from rmtext.tables.frames import Type, batched, coded_types, frame, observed
from rmtext.tables.target import spooled
from rmtext.tables.values import Fitting

MAX_NAME = 64
_STRING_BYTES = 32_767
_LABEL_BYTES = 255
_SHORTEST_PREFIX = 8  # less of a text column's name tells nobody which one it was
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")  # NUL ends a string in SPSS
_RESERVED = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_THEME_VALUES: dict[int | float, str] = {1: "genannt", 0: "nicht genannt"}
_FLAG_VALUES: dict[int | float, str] = {1: "ja", 0: "nein"}
_STORED: dict[Type, Type] = {"bool": "int", "bigint": "text"}  # SPSS numbers are floats of 64 bits


def sav_fitting() -> Fitting:
    """What a string of SPSS can hold."""
    return Fitting(_FORBIDDEN, "utf-8", _STRING_BYTES)


def sav_columns(columns: Sequence[Column]) -> list[Column]:
    """The columns under names that SPSS accepts: letters, digits and ``_``, at most 64, unique.

    The name of a text column that stands before coded names is cut so far that all of them fit; the full one
    is in the label. Raises RmtextError where a theme's id leaves no room.
    """
    longest = max((len(_tail(column)) for column in columns if column.prefix), default=0)
    names: dict[str, str] = {}  # text column → its name in SPSS
    taken: set[str] = set()
    renamed = []
    for column in columns:
        if column.kind in ("flag", "number", "word", "words"):
            name = _coded_name(names[column.prefix] if column.prefix else "", column, taken)
        else:
            # Only a text column that codes belong to is named by its key.
            name = _input_name(column.name, MAX_NAME - longest if column.kind == "text" else MAX_NAME, taken)
            names[column.key] = name
        taken.add(name.lower())
        renamed.append(replace(column, name=name))
    return renamed


def write_sav(columns: Sequence[Column], rows: Iterable[list[Any]], path: Path, fit: Fitting) -> int:
    """Writes an SPSS file with labels; returns the number of rows. ``columns`` come from ``sav_columns``.

    Holds the whole table in memory: SPSS wants the width of every string before the first row, and the
    library takes a data frame. SPSS knows no spaces at the end of a string. Raises OSError if the file cannot
    be written.
    """
    import polars as pl
    import pyreadstat
    from pyreadstat import PyreadstatError, ReadstatError

    types = coded_types(columns)
    with spooled(observed(batched(rows, len(columns)), types), path) as read:
        stored: list[Type] = [_STORED.get(known, known) for known in types]
        frames = [frame(batch, columns, stored, fit) for batch in read()]
    table = pl.concat(frames) if frames else frame([], columns, stored, fit)
    formats = {column.name: "F8.0" if column.kind == "flag" else "F16.0"
               for column, known in zip(columns, stored, strict=True) if known == "int"}  # fmt: skip
    value_labels = {
        column.name: labels
        for column, known in zip(columns, stored, strict=True)
        if (labels := _value_labels(column, known))
    }
    try:
        pyreadstat.write_sav(
            table, str(path), row_compress=True, variable_format=formats,
            column_labels={column.name: _label(column.label) for column in columns},
            variable_value_labels=value_labels,
            variable_measure={column.name: _measure(column, known)
                              for column, known in zip(columns, stored, strict=True)},
        )  # fmt: skip
    except (PyreadstatError, ReadstatError) as error:
        raise OSError(str(error)) from error
    return table.height


def _tail(column: Column) -> str:
    return column.name[len(column.prefix) :] if column.prefix else column.name


def _input_name(name: str, room: int, taken: set[str]) -> str:
    if room < _SHORTEST_PREFIX:
        raise RmtextError("A theme's id is too long for SPSS names (64 characters in all). Shorten it, or write .csv.")
    plain = unicodedata.normalize("NFKD", name.translate(_GERMAN)).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", plain).strip("_") or "v"
    if not plain[0].isalpha() or plain.lower() in _RESERVED:
        plain = "v_" + plain
    plain = plain[:room].rstrip("_")
    candidate, number = plain, 1
    while candidate.lower() in taken:
        number += 1
        candidate = f"{plain[: room - len(str(number)) - 1]}_{number}"
    return candidate


def _coded_name(prefix: str, column: Column, taken: set[str]) -> str:
    name = prefix + _tail(column)
    while name.lower() in taken:
        name += TAKEN
    if len(name) > MAX_NAME:
        raise RmtextError(f"'{name}' is too long for SPSS (64 characters). Shorten the theme's id, or write .csv.")
    return name


def _label(text: str) -> str:
    encoded = text.encode("utf-8", "replace")
    return text if len(encoded) <= _LABEL_BYTES else encoded[: _LABEL_BYTES - 3].decode("utf-8", "ignore") + "…"


def _value_labels(column: Column, known: Type) -> dict[Any, str]:
    if column.kind == "flag":
        return _THEME_VALUES if column.key else _FLAG_VALUES
    fits = str if known in ("text", "empty") else (int, float)
    return {code: label for code, label in column.value_labels.items() if isinstance(code, fits)}


def _measure(column: Column, known: Type) -> str:
    return "scale" if known == "float" else "unknown" if column.kind == "input" and known != "text" else "nominal"
