"""Where a table goes: checked before the work, replaced only when it is complete."""

from __future__ import annotations

import errno
import pickle
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from rmtext.errors import RmtextError

SUFFIXES = (".jsonl", ".csv", ".xlsx", ".parquet", ".sav")
STREAMED = (".jsonl", ".csv")  # the formats that can go to standard output
XLSX_ROWS = 1_048_575  # Excel's 1,048,576 rows, less the header
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ETXTBSY)
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_T = TypeVar("_T")


def check_target(path: Path | str, *, excel: bool = False, rows: int | None = None, format: str | None = None) -> str:
    """The format that ``path`` asks for (one of SUFFIXES), once it is sure that the path can be written.

    Meant to be called before the first answer is coded. ``excel`` asks for the Excel variant of CSV; ``rows``
    is the number of rows to come, where it is known; ``format`` overrides the ending. Raises RmtextError for
    an unknown ending, a missing folder, a folder as target, a path that cannot be written, and too many rows
    for the format.
    """
    suffix = _suffix(path, format)
    if excel and suffix != ".csv":
        raise RmtextError(f"The variant for Excel exists for .csv only. Write {path} without it, or write .csv.")
    if suffix == ".xlsx" and rows is not None and rows > XLSX_ROWS:
        raise too_many_rows()
    if str(path) != "-":
        check_writable(Path(path))
    return suffix


def too_many_rows() -> RmtextError:
    """The error for a table that has more rows than a sheet of Excel."""
    return RmtextError(
        f"An Excel sheet holds at most {XLSX_ROWS:,} rows below its header, these answers have more. "
        "Write .csv or .parquet instead."
    )


def check_writable(path: Path) -> None:
    """Raises RmtextError where a file at ``path`` could not be written or replaced."""
    probe = _beside(path.resolve())
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "Is a directory")
        if path.exists():
            # On Windows this fails while Excel holds the file; found out now, not after an hour of coding.
            with path.open("r+b"):
                pass
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; it takes the place of ``path`` when the block ends well.

    On any exception it is removed and an older ``path`` stays as it was. OSErrors of the block become
    RmtextErrors that say what to do.
    """
    path = path.resolve()  # a link stays a link: what it points to is replaced
    beside = _beside(path)
    try:
        yield beside
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


@contextmanager
def opened(path: Path | None) -> Iterator[BinaryIO]:
    """A new binary file to write to; standard output for None."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with path.open("xb") as file:
            yield file


@contextmanager
def spooled(batches: Iterable[list[_T]], beside: Path | None) -> Iterator[Callable[[], Iterator[list[_T]]]]:
    """Takes in ``batches`` at once and keeps them on disk; yields a function that reads them again and again.

    The nameless file lies in the folder of ``beside``, where there must be room for the output anyway.
    """
    with tempfile.TemporaryFile(dir=beside and beside.parent) as file:
        for batch in batches:
            pickle.dump(batch, file, pickle.HIGHEST_PROTOCOL)

        def read() -> Iterator[list[_T]]:
            file.seek(0)
            with suppress(EOFError):
                while True:
                    yield pickle.load(file)

        yield read


def _beside(path: Path) -> Path:
    return path.with_name(f".rmtext-{secrets.token_hex(6)}.tmp")


def _suffix(path: Path | str, format: str | None) -> str:
    if format is not None:
        suffix = "." + format.lower().lstrip(".")
    elif str(path) == "-":
        suffix = ".jsonl"
    else:
        suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise RmtextError(f"{path}: '{suffix.lstrip('.')}' is no format that can be written. Use one of: {known}.")
    if str(path) == "-" and suffix not in STREAMED:
        raise RmtextError(f"A {suffix} table cannot go to standard output. Name a file, or use jsonl or csv.")
    return suffix


def _unwritable(path: Path, error: OSError) -> RmtextError:
    if error.errno in _FULL:
        return RmtextError(f"{path} could not be written: the disk is full. Free some space or write elsewhere.")
    if error.errno == errno.EISDIR:
        return RmtextError(f"{path} is a folder. Name a file in it.")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return RmtextError(f"{path} cannot be written: there is no folder {path.resolve().parent}. Create it first.")
    if error.errno in _DENIED:
        return RmtextError(
            f"{path} cannot be written: it is open in another program, or the file or its folder is "
            "write-protected. Close it there, or write elsewhere."
        )
    return RmtextError(f"{path} cannot be written: {error.strerror or error}. Choose another name or folder.")
