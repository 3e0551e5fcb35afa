"""Parquet, in slices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rmtext.errors import RmtextError
from rmtext.sources.source import Row, Source, as_json, chunk_rows, name_columns


def open_parquet(path: Path, name: str) -> Source:
    """The source of a Parquet file. Memory is that of one row group; nested values become JSON text."""
    import polars as pl

    with _readable(name):
        frame = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        schema = frame.collect_schema()
        total = int(frame.select(pl.len()).collect().item())
    header, labels, notes = name_columns(schema.names(), name)
    if not header:
        raise RmtextError(f"{name} has no columns. Nothing to read.")

    def rows() -> Iterator[Row]:
        size = chunk_rows(len(header))
        for start in range(0, total, size):
            with _readable(name):
                chunk = frame.slice(start, size).collect().rows()
            for row in chunk:
                yield [_cell(value) for value in row]

    nested = frozenset(column for column, kind in zip(header, schema.dtypes(), strict=True) if kind.is_nested())
    return Source(name, "parquet", header, rows, total=total, labels=labels, nested=nested, notes=notes)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    import polars as pl

    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise RmtextError(f"{name} is no readable Parquet file: it is damaged or was cut off.") from error


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace") or None
    if isinstance(value, dict | list):
        return as_json(value)
    return None if value != value else value
