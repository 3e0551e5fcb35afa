"""Rows of a file of answers, whatever its format: found out, checked, and streamed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import weakref
import zipfile
from collections.abc import Callable
from pathlib import Path

from rmtext.errors import RmtextError
from rmtext.sources.delimited import open_delimited
from rmtext.sources.jsonlines import open_jsonlines
from rmtext.sources.parquet import open_parquet
from rmtext.sources.source import Row, Source, as_text, listed
from rmtext.sources.spreadsheets import open_spreadsheet
from rmtext.sources.spss import open_spss

__all__ = ["FORMATS", "Row", "Source", "as_text", "listed", "open_source"]

STDIN = "-"

# The name of a format, which is also its usual ending, and the other endings that it goes by.
FORMATS = {
    "csv": ("txt",),
    "tsv": ("tab",),
    "xlsx": ("xlsm",),
    "xls": (),
    "ods": (),
    "sav": ("zsav",),
    "jsonl": ("ndjson",),
    "parquet": ("pq",),
}
_ENDINGS = {ending: name for name, others in FORMATS.items() for ending in (name, *others)}
_WORKBOOKS = ("xlsx", "xls", "ods")
_TEXTS = ("csv", "tsv", "jsonl")

# How files begin that are something else than their ending says.
_MAGIC = (
    (b"PAR1", "a Parquet file", "parquet"),
    (b"$FL2", "an SPSS file", "sav"),
    (b"$FL3", "an SPSS file", "sav"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook", "xls"),
    (b"%PDF", "a PDF document", None),
    (b"\x1f\x8b", "a compressed file (gzip)", None),
    (b"\x89PNG", "a picture", None),
    (b"\xff\xd8\xff", "a picture", None),
    (b"SQLite format 3", "an SQLite database", None),
    (b"Rar!", "an archive", None),
    (b"7z\xbc\xaf", "an archive", None),
)


def open_source(
    path: Path | str,
    *,
    format: str | None = None,
    sheet: str | None = None,
    suits: Callable[[Source], bool] = lambda source: True,
) -> Source:
    """The rows of a file, or of standard input for ``-``.

    ``format`` is one of FORMATS, by default what the ending says; standard input needs it. Of a workbook
    with several sheets, ``sheet`` names one; else the first is taken that ``suits``. Raises RmtextError for
    whatever cannot be read, in one or two sentences that say why and what to do.
    """
    if str(path) == STDIN:
        if format is None:
            raise RmtextError(f"Standard input has no ending: say --format ({', '.join(FORMATS)}).")
        kind, name, file = _known_format(format), "standard input", _spooled()
    else:
        file = Path(path)
        name = file.name
        _check_readable(file)
        kind = _known_format(format) if format is not None else _format_by_ending(file)
    try:
        _check_content(file, name, kind)
        source = _open(file, name, kind, sheet, suits)
    except BaseException as error:
        if str(path) == STDIN:
            file.unlink(missing_ok=True)
        # The readers written in Rust report their own bugs with an exception that is no Exception.
        if type(error).__name__ == "PanicException":
            raise RmtextError(f"{name} is damaged: its {kind} reader gave up on it.") from error
        raise
    if str(path) == STDIN:
        weakref.finalize(source, _remove, file)
    return source


def _open(file: Path, name: str, kind: str, sheet: str | None, suits: Callable[[Source], bool]) -> Source:
    if sheet is not None and kind not in _WORKBOOKS:
        raise RmtextError(f"{name} is no workbook and has no sheets: leave out --sheet.")
    if kind in _WORKBOOKS:
        return open_spreadsheet(file, name, kind, sheet, suits)
    if kind == "sav":
        return open_spss(file, name)
    if kind == "parquet":
        return open_parquet(file, name)
    return open_jsonlines(file, name) if kind == "jsonl" else open_delimited(file, name, kind)


def _known_format(format: str) -> str:
    kind = _ENDINGS.get(format.lower().removeprefix("."))
    if kind is None:
        raise RmtextError(f"There is no format '{format}'. Known formats: {', '.join(FORMATS)}.")
    return kind


def _format_by_ending(file: Path) -> str:
    kind = _ENDINGS.get(file.suffix.lower().removeprefix("."))
    if kind is None:
        known = ", ".join(f".{ending}" for ending in _ENDINGS)
        what = f"the ending '{file.suffix}' is unknown" if file.suffix else "its name has no ending"
        raise RmtextError(f"{file.name}: {what}. Known endings: {known}; or say --format.")
    return kind


def _check_readable(file: Path) -> None:
    try:
        if file.is_dir():
            raise RmtextError(f"{file} is a folder. Name one file of answers in it.")
        if not file.exists():
            raise RmtextError(f"There is no file {file}.")
        if not file.is_file():
            raise RmtextError(f"{file} is no ordinary file. To read from a pipe, use - and --format.")
        with file.open("rb") as stream:
            if not stream.read(1):
                raise RmtextError(f"{file.name} is empty (0 bytes).")
    except PermissionError as error:
        raise RmtextError(f"{file} cannot be read: permission denied, or another program holds it open.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        raise RmtextError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def _check_content(file: Path, name: str, kind: str) -> None:
    """Raises RmtextError where the file's first bytes say that it is something else."""
    with file.open("rb") as stream:
        head = stream.read(1024)
    if not head:
        raise RmtextError(f"{name} is empty (0 bytes).")
    what, actual = _content(file, head)
    if what is None:
        if kind in _TEXTS:
            return
        page = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml"))
        hint = "It is a web page: open it in Excel and save it as .xlsx." if page else _text_hint(head)
        raise RmtextError(f"{name} is no {kind} file, or a damaged one. {hint}")
    if actual is None:
        raise RmtextError(f"{name} is {what}, which rmtext does not read. Known formats: {', '.join(FORMATS)}.")
    if actual != kind and not (actual in _WORKBOOKS and kind in _WORKBOOKS):
        raise RmtextError(f"{name} is {what}, not {kind}. Rename it to end in .{actual}, or say --format {actual}.")


def _content(file: Path, head: bytes) -> tuple[str | None, str | None]:
    """What a file is by its first bytes, in words and as a format; (None, None) for text and the unknown."""
    if head.startswith(b"PK\x03\x04"):
        return _zip_content(file)
    return next(((what, kind) for magic, what, kind in _MAGIC if head.startswith(magic)), (None, None))


def _zip_content(file: Path) -> tuple[str, str | None]:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "a workbook or an archive that is damaged or was cut off", "xlsx"
    if "content.xml" in names:
        return "an OpenDocument file", "ods"
    if any(name.startswith("xl/") for name in names):
        return "an Excel workbook", "xlsx"
    return ("a Word document", None) if any(name.startswith("word/") for name in names) else ("a ZIP archive", None)


def _text_hint(head: bytes) -> str:
    readable = sum(byte >= 32 or byte in b"\t\r\n" for byte in head) / len(head)
    if readable > 0.97:
        return "Its content looks like text: if it is CSV, say --format csv."
    return "Export it again from where it came from."


def _spooled() -> Path:
    """Standard input as a temporary file: it is read more than once, and most formats need to jump in it."""
    handle, name = tempfile.mkstemp(prefix="rmtext-")
    with os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return Path(name)


def _remove(file: Path) -> None:
    # Windows does not remove a file that is still open; its temporary folder is cleaned by the system.
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return
