"""Rows as typed columns: for the formats that want to know every column's type before the first row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from rmtext.tables.columns import Column
from rmtext.tables.values import Fitting, cell_text

if TYPE_CHECKING:
    import polars as pl

ROWS_A_BATCH = 1_000
_CELLS_A_BATCH = 200_000  # wide tables get smaller batches
_EXACT_INTEGER = 2**53  # up to here a 64-bit float holds every whole number
_INT64 = 2**63

Type = Literal["empty", "bool", "int", "bigint", "float", "date", "datetime", "text"]
_CODED: dict[str, Type] = {"flag": "int", "number": "float"}
_LADDERS: tuple[tuple[Type, ...], ...] = (("int", "bigint", "float"), ("date", "datetime"))


def batched(rows: Iterable[list[Any]], columns: int) -> Iterator[list[list[Any]]]:
    """Rows in lists of bounded size."""
    size = max(1, min(ROWS_A_BATCH, _CELLS_A_BATCH // max(columns, 1)))
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


def coded_types(columns: Sequence[Column]) -> list[Type]:
    """What is known of the columns' types before any row is seen: the input's columns are ``empty``."""
    return ["empty" if column.kind == "input" else _CODED.get(column.kind, "text") for column in columns]


def observed(batches: Iterable[list[list[Any]]], types: list[Type]) -> Iterator[list[list[Any]]]:
    """Hands on ``batches`` and widens ``types`` in place until each column's type fits all of its values."""
    open_columns = [index for index, known in enumerate(types) if known == "empty"]
    for batch in batches:
        for index in open_columns:
            types[index] = _widest(types[index], (row[index] for row in batch))
        yield batch


def frame(batch: list[list[Any]], columns: Sequence[Column], types: Sequence[Type], fit: Fitting) -> pl.DataFrame:
    """A batch as a data frame with exactly the types that ``schema`` names."""
    import polars as pl

    series = [
        pl.Series(column.name, [_convert(row[index], known, fit) for row in batch], dtype=_polars_type(known))
        for index, (column, known) in enumerate(zip(columns, types, strict=True))
    ]
    return pl.DataFrame(series)


def schema(columns: Sequence[Column], types: Sequence[Type]) -> dict[str, Any]:
    """Column name → polars type."""
    return {column.name: _polars_type(known) for column, known in zip(columns, types, strict=True)}


def _widest(known: Type, values: Iterable[Any]) -> Type:
    for value in values:
        known = _wider(known, _type_of(value))
        if known == "text":
            break
    return known


def _wider(one: Type, other: Type) -> Type:
    if one == other or other == "empty":
        return one
    if one == "empty":
        return other
    for ladder in _LADDERS:
        if one in ladder and other in ladder:
            return max(one, other, key=ladder.index)
    return "text"


def _type_of(value: Any) -> Type:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "empty"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if abs(value) <= _EXACT_INTEGER else "bigint" if abs(value) < _INT64 else "text"
    if isinstance(value, float | Decimal):
        return "float"
    if isinstance(value, datetime):
        return "datetime" if value.tzinfo is None else "text"
    return "date" if isinstance(value, date) else "text"


def _convert(value: Any, known: Type, fit: Fitting) -> Any:
    if value is None or _type_of(value) == "empty":
        return None
    if known == "text":
        return fit(cell_text(value))
    if known == "float":
        return float(value)
    if known == "datetime" and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


def _polars_type(known: Type) -> Any:
    import polars as pl

    return {
        "bool": pl.Boolean, "int": pl.Int64, "bigint": pl.Int64, "float": pl.Float64,
        "date": pl.Date, "datetime": pl.Datetime("us"),
    }.get(known, pl.String)  # fmt: skip
