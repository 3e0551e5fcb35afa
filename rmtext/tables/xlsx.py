"""A table of codings as an Excel workbook."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from rmtext.errors import RmtextError
from rmtext.tables.columns import Column
from rmtext.tables.target import XLSX_ROWS, too_many_rows
from rmtext.tables.values import Fitting, cell_text

MAX_COLUMNS = 16_384
_CELL_BYTES = 32_767 * 2  # Excel counts UTF-16 units
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # not in XML 1.0
_EXACT_INTEGER = 10**15  # Excel keeps 15 digits
_FIRST_YEAR = 1901  # Excel's calendar begins in 1900, with a 29 February that never was
_SHEET = "Antworten"
_WIDTHS = {"text": 60, "words": 40}
_WIDTH_RANGE = (10, 30)
_AUTOFILTER_ROOM = 3  # the arrow beside the heading


def xlsx_fitting() -> Fitting:
    """What a cell of Excel can hold."""
    return Fitting(_FORBIDDEN, "utf-16-le", _CELL_BYTES)


def check_xlsx(columns: Sequence[Column]) -> None:
    """Raises RmtextError where the table is too wide for a sheet."""
    if len(columns) > MAX_COLUMNS:
        raise RmtextError(
            f"This table has {len(columns):,} columns, an Excel sheet holds at most {MAX_COLUMNS:,}. "
            "Write .csv or .parquet, or one row an answer (--long)."
        )


def write_xlsx(columns: Sequence[Column], rows: Iterable[list[Any]], path: Path, fit: Fitting) -> int:
    """Writes a workbook of one sheet row by row; returns the number of rows. Raises OSError if it cannot."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    # Its temporary sheet lies in a folder that goes away with every exception.
    with tempfile.TemporaryDirectory(dir=path.parent, ignore_cleanup_errors=True) as folder:
        workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": folder})
        try:
            count = _write_sheet(workbook, columns, rows, fit)
            workbook.close()
        except FileCreateError as error:
            raise (error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error))) from error
    return count


def _write_sheet(workbook: Any, columns: Sequence[Column], rows: Iterable[list[Any]], fit: Fitting) -> int:
    sheet = workbook.add_worksheet(_SHEET)
    plain = workbook.add_format({"valign": "top"})
    wrapped = workbook.add_format({"valign": "top", "text_wrap": True})
    heading = workbook.add_format({"bold": True, "valign": "top", "bottom": 1})
    formats = {
        datetime: workbook.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"}),
        date: workbook.add_format({"valign": "top", "num_format": "yyyy-mm-dd"}),
        time: workbook.add_format({"valign": "top", "num_format": "hh:mm:ss"}),
    }
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, _width(column), wrapped if column.kind == "text" else plain)
        sheet.write_string(0, index, fit(column.name), heading)
    count = 0
    for count, row in enumerate(rows, 1):
        if count > XLSX_ROWS:
            raise too_many_rows()
        for index, value in enumerate(row):
            _write_cell(sheet, count, index, value, formats, fit)
    sheet.autofilter(0, 0, max(count, 1), max(len(columns) - 1, 0))
    return count


def _write_cell(sheet: Any, row: int, column: int, value: Any, formats: dict[type, Any], fit: Fitting) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) and abs(value) < _EXACT_INTEGER:
        sheet.write_number(row, column, value)
    elif isinstance(value, date | time) and _in_calendar(value):
        kind = next(kind for kind in (datetime, date, time) if isinstance(value, kind))
        sheet.write_datetime(row, column, value, formats[kind])
    elif text := cell_text(value):
        sheet.write_string(row, column, fit(text))


def _in_calendar(value: date | time) -> bool:
    """Whether Excel has a number for the moment: it knows no time zones and no years before 1900."""
    return getattr(value, "tzinfo", None) is None and getattr(value, "year", _FIRST_YEAR) >= _FIRST_YEAR


def _width(column: Column) -> int:
    low, high = _WIDTH_RANGE
    return _WIDTHS.get(column.kind, min(max(len(column.name) + _AUTOFILTER_ROOM, low), high))
