"""Excel and OpenDocument workbooks."""

from __future__ import annotations

import difflib
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rmtext.errors import RmtextError
from rmtext.sources.source import Row, Source, listed, name_columns, plain_number

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MAX_UNPACKED = 1_000_000_000  # bytes; the largest sheets that Excel can hold (10⁶ rows) unpack to about this
MAX_RATIO = 200  # unpacked : packed; sheets of real answers reach 5 to 20, of nothing but zeros about 100
SMALL = 20_000_000  # bytes unpacked; up to here any ratio is harmless
MAX_CELLS = 25_000_000  # rows × columns of the used area, which is held in memory: about 32 bytes a cell
_SCAN_BYTES = 1 << 20
_MAX_TAG = 1 << 16  # bytes; what is longer without a "<" is text

# A row or a cell that holds something; one that is only formatted closes its tag at once.
_XLSX_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"[^>]*(?<!/)>')
_XLSX_WIDE_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{2,3})\d+"[^>]*(?<!/)>')
_ODS_TAG = re.compile(rb"<table:(?:covered-)?(table-row|table-cell|table)(?=[\s/>])([^>]*)>")
_ODS_REPEATED = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d+)"')


def open_spreadsheet(path: Path, name: str, format: str, sheet: str | None, suits: Callable[[Source], bool]) -> Source:
    """The source of one sheet: ``sheet``, or the only one, or the first that ``suits``, or the first with rows."""
    check_size(path, name)
    workbook = _workbook(path, name)
    names = workbook.sheet_names
    if sheet is not None:
        source = _open_sheet(workbook, _named(sheet, names, name), name, format)
        if not source.header:
            raise RmtextError(f"{name}: the sheet '{source.sheet}' is empty. Its sheets: {listed(names)}.")
        return source
    first = None
    for each in names:
        source = _open_sheet(workbook, each, name, format)
        if source.header and (len(names) == 1 or suits(source)):
            break
        first = first or (source if source.header else None)
    else:
        if first is None:
            raise RmtextError(f"{name} is empty: no sheet has any cells.")
        source = first
    if len(names) > 1:
        source.note(f"Sheet '{source.sheet}' taken, of: {listed(names)}.")
    return source


def check_size(path: Path, name: str) -> None:
    """Raises RmtextError for a workbook that would not fit in memory: a zip bomb, or a stray cell far outside."""
    if not zipfile.is_zipfile(path):
        return  # an old .xls holds at most 65,536 × 256 cells
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
            if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked > MAX_RATIO * packed):
                raise RmtextError(
                    f"{name} would unpack to {unpacked / 1e6:,.0f} MB from {packed / 1e6:,.1f} MB: that is no table of "
                    "answers, or too large for a workbook. Save it as CSV."
                )
            for entry in entries:
                if entry.filename.startswith("xl/worksheets/"):
                    with archive.open(entry) as xml:
                        _check_extent(*_xlsx_extent(xml), name)
                elif entry.filename == "content.xml":
                    with archive.open(entry) as xml:
                        _check_extent(*_ods_extent(xml), name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        if "encrypted" in str(error):
            raise _locked(name) from error
        raise _damaged(name) from error


def _check_extent(rows: int, columns: int, name: str) -> None:
    if rows * columns > MAX_CELLS:
        raise RmtextError(
            f"{name}: a sheet uses {rows:,} rows × {columns:,} columns, too much to hold in memory. Delete stray cells "
            "far from the table, or save the sheet as CSV."
        )


def _matches(xml: IO[bytes], *patterns: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """Matches of the patterns in a stream of XML, in bounded memory; in order where there is one pattern."""
    rest = b""
    while block := xml.read(_SCAN_BYTES):
        text = rest + block
        # The last tag may go on in the next block.
        limit = text.rfind(b"<")
        yield from (match for pattern in patterns for match in pattern.finditer(text, 0, max(limit, 0)))
        rest = text[limit:] if limit >= 0 and len(text) - limit < _MAX_TAG else b""
    yield from (match for pattern in patterns for match in pattern.finditer(rest))


def _xlsx_extent(xml: IO[bytes]) -> tuple[int, int]:
    rows, columns = 1, 26  # narrow sheets are all alike here
    for match in _matches(xml, _XLSX_ROW, _XLSX_WIDE_CELL):
        place = match.group(1)
        if match.re is _XLSX_ROW:
            rows = max(rows, int(place))
        else:
            number = 0
            for letter in place:
                number = number * 26 + letter - 64
            columns = max(columns, number)
    # Narrow sheets always pass, whatever their height: Excel's own limit is a million rows.
    return (rows, columns) if columns > 26 else (rows, 1)


def _ods_extent(xml: IO[bytes]) -> tuple[int, int]:
    row, rows, columns, repeat, column = 0, 0, 0, 1, 0
    most = (0, 0)  # of all sheets, which follow each other in one file
    for match in _matches(xml, _ODS_TAG):
        tag, attributes = match.groups()
        repeated = _ODS_REPEATED.search(attributes)
        times = int(repeated.group(1)) if repeated else 1
        if tag == b"table":
            most = max(most, (rows, columns), key=lambda extent: extent[0] * extent[1])
            row, rows, columns, repeat = 0, 0, 0, 1
        elif tag == b"table-row":
            row, repeat, column = row + repeat, times, 0
        else:
            column += times
            if not attributes.endswith(b"/"):
                rows, columns = max(rows, row + repeat - 1), max(columns, column)
    return max(most, (rows, columns), key=lambda extent: extent[0] * extent[1])


def _workbook(path: Path, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with path.open("rb") as file:
            return CalamineWorkbook.from_filelike(file)
    except PasswordError as error:
        raise _locked(name) from error
    except (CalamineError, OSError) as error:
        raise _damaged(name) from error


def _named(sheet: str, names: list[str], name: str) -> str:
    if sheet in names:
        return sheet
    near = difflib.get_close_matches(sheet, names, n=1)
    hint = f" Did you mean --sheet '{near[0]}'?" if near else ""
    raise RmtextError(f"{name} has no sheet '{sheet}'. Its sheets: {listed(names)}.{hint}")


def _open_sheet(workbook: CalamineWorkbook, sheet: str, name: str, format: str) -> Source:
    """The source of a sheet; its header is empty where the sheet is."""
    from python_calamine import CalamineError

    try:
        cells = workbook.get_sheet_by_name(sheet)
    except CalamineError as error:
        raise _damaged(name) from error
    first, last = _used_rows(cells)
    header_cells: list[Any] = []
    if first < last:
        header_cells = next(row for number, row in enumerate(cells.iter_rows()) if number == first)
    header, labels, notes = name_columns(header_cells, name)

    def rows() -> Iterator[Row]:
        for number, row in enumerate(cells.iter_rows()):
            if first < number < last:
                yield [_cell(value) for value in row]

    total = max(0, last - first - 1)
    return Source(name, format, header, rows, total=total, sheet=sheet, labels=labels, notes=notes)


def _used_rows(cells: CalamineSheet) -> tuple[int, int]:
    """The header's place and the place after the last row that holds anything."""
    first, last = -1, 0
    for number, row in enumerate(cells.iter_rows()):
        if any(value not in ("", None) for value in row):
            first, last = number if first < 0 else first, number + 1
    return max(first, 0), last


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return plain_number(value)
    return None if value == "" else value


def _locked(name: str) -> RmtextError:
    return RmtextError(f"{name} is protected by a password. Save a copy without one.")


def _damaged(name: str) -> RmtextError:
    return RmtextError(
        f"{name} is no readable workbook: it is damaged or was cut off. Open and save it again in Excel."
    )
