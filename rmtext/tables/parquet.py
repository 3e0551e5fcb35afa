"""A table of codings as a Parquet file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rmtext.tables.columns import Column
from rmtext.tables.frames import batched, coded_types, frame, observed, schema
from rmtext.tables.target import spooled
from rmtext.tables.values import Fitting

if TYPE_CHECKING:
    import polars as pl

_ROW_GROUP = 10_000
_SYSTEM_CODE = re.compile(r"\(os error (\d+)\)")


def write_parquet(columns: Sequence[Column], rows: Iterable[list[Any]], path: Path, fit: Fitting) -> int:
    """Writes a Parquet file in row groups, in constant memory; returns the number of rows.

    The rows wait on disk until the last one is known, since a column that looked like numbers may end in text.
    Raises OSError if the file cannot be written.
    """
    import polars as pl
    from polars.io.plugins import register_io_source

    types = coded_types(columns)
    with spooled(observed(batched(rows, len(columns)), types), path) as read:

        def source(
            with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
        ) -> Iterator[pl.DataFrame]:
            yield from (frame(batch, columns, types, fit) for batch in read())

        try:
            lazy = register_io_source(source, schema=schema(columns, types))
            lazy.sink_parquet(path, row_group_size=_ROW_GROUP)
        except pl.exceptions.PolarsError as error:
            raise _system_error(str(error)) from error
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def _system_error(message: str) -> OSError:
    """Polars' own exception as the error of the system that it tells about."""
    match = _SYSTEM_CODE.search(message)
    if match is None:
        return OSError(message)
    code = int(match.group(1))
    return OSError(code, message, None, code)  # on Windows the last one counts
