"""Codings → files (jsonl, csv, xlsx, parquet, sav), and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from rmtext.answers import Layout
from rmtext.codebook import Codebook
from rmtext.coding import Coding
from rmtext.tables.columns import Table, table_of, table_of_codings
from rmtext.tables.lines import write_csv, write_jsonl
from rmtext.tables.parquet import write_parquet
from rmtext.tables.reading import is_codings, read_codings
from rmtext.tables.sav import sav_columns, sav_fitting, write_sav
from rmtext.tables.target import SUFFIXES, check_target, opened, replacing, spooled
from rmtext.tables.values import Fitting
from rmtext.tables.xlsx import check_xlsx, write_xlsx, xlsx_fitting

__all__ = ["SUFFIXES", "check_target", "is_codings", "read_codings", "write_codings"]

_SPOOL_BATCH = 200


def write_codings(
    codings: Iterable[Coding],
    path: Path | str,
    *,
    codebook: Codebook,
    layout: Layout | None = None,
    long: bool = False,
    excel: bool = False,
    format: str | None = None,
    labels: Mapping[str, str] | None = None,
    value_labels: Mapping[str, Mapping[Any, str]] | None = None,
) -> int:
    """Writes codings in the format of the ending of ``path`` (or ``format``); returns the number of rows.

    ``path`` is replaced only once all is written; "-" is standard output (jsonl, or csv with ``format``).
    JSONL has a line for every coding. Tables have the input's columns on the left where ``layout`` is given,
    and a row for every input row, unless ``long`` asks for a row for every answer. ``excel`` writes the CSV
    that a German Excel opens, see ``write_csv``. ``labels`` and ``value_labels`` are what an SPSS file said of the
    input's columns (``Source``), for .sav. All but .sav are written in constant memory.
    Logs a warning where a format could not hold a cell's text. Raises RmtextError for a path that cannot be
    written, a table too large for the format, and themes that ``codebook`` does not have.
    """
    suffix = check_target(path, excel=excel, format=format)
    with ExitStack() as stack:
        beside = None if str(path) == "-" else stack.enter_context(replacing(Path(path)))
        if suffix == ".jsonl":
            return write_jsonl(codings, stack.enter_context(opened(beside)))
        if layout is None:
            read = stack.enter_context(spooled(_batches(codings), beside))
            table = table_of_codings(codebook, chain.from_iterable(read()))
            codings = chain.from_iterable(read())
        else:
            table = table_of(codebook, layout, long=long, labels=labels, value_labels=value_labels)
        if suffix == ".csv":
            count, fit = _write_csv(table, codings, stack.enter_context(opened(beside)), excel)
        else:
            assert beside is not None  # only jsonl and csv go to standard output
            count, fit = _WRITERS[suffix](table, codings, beside)
    fit.report(path)
    return count


def _batches(codings: Iterable[Coding]) -> Iterator[list[Coding]]:
    codings = iter(codings)
    while batch := list(islice(codings, _SPOOL_BATCH)):
        yield batch


def _write_csv(table: Table, codings: Iterable[Coding], file: BinaryIO, excel: bool) -> tuple[int, Fitting]:
    fit = Fitting()
    return write_csv(table.columns, table.rows(codings), file, excel, fit), fit


def _write_xlsx(table: Table, codings: Iterable[Coding], path: Path) -> tuple[int, Fitting]:
    fit = xlsx_fitting()
    check_xlsx(table.columns)
    return write_xlsx(table.columns, table.rows(codings), path, fit), fit


def _write_parquet(table: Table, codings: Iterable[Coding], path: Path) -> tuple[int, Fitting]:
    fit = Fitting()
    return write_parquet(table.columns, table.rows(codings), path, fit), fit


def _write_sav(table: Table, codings: Iterable[Coding], path: Path) -> tuple[int, Fitting]:
    fit = sav_fitting()
    return write_sav(sav_columns(table.columns), table.rows(codings), path, fit), fit


_WRITERS = {".xlsx": _write_xlsx, ".parquet": _write_parquet, ".sav": _write_sav}
