"""SPSS files (.sav, .zsav), in slices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rmtext.errors import RmtextError
from rmtext.sources.source import Row, Source, chunk_rows, name_columns, plain_number

_UNDECLARED = "WINDOWS-1252"  # what SPSS wrote on German machines before its files said their encoding


def open_spss(path: Path, name: str) -> Source:
    """The source of an SPSS file. Variable labels become ``labels``, value labels ``value_labels``.

    Cells hold the codes, also those that SPSS counts as missing: a column goes out as it came in. Raises
    RmtextError for a damaged file, one that was cut off included.
    """
    notes: list[str] = []
    meta = _read(path, name, notes.append, metadataonly=True)[1]
    if not meta.column_names:
        raise RmtextError(f"{name} has no variables. Nothing to read.")
    total = meta.number_rows if meta.number_rows is not None and meta.number_rows >= 0 else None
    if total:
        _read(path, name, notes.append, row_offset=total - 1, row_limit=1)  # fails at once if the end is missing
    header, labels, more_notes = name_columns(meta.column_names, name)
    labels |= {column: label for column, label in meta.column_names_to_labels.items() if label}

    def rows() -> Iterator[Row]:
        size, start = chunk_rows(len(header)), 0
        while total is None or start < total:
            columns = _read(path, name, source.note, row_offset=start, row_limit=size)[0]
            chunk = list(zip(*columns.values(), strict=True))
            for row in chunk:
                yield [_cell(value) for value in row]
            if not chunk:
                return
            start += len(chunk)

    source = Source(
        name,
        "sav",
        header,
        rows,
        total=total,
        encoding=meta.file_encoding,
        labels=labels,
        value_labels={column: dict(values) for column, values in meta.variable_value_labels.items()},
        notes=[*dict.fromkeys(notes), *more_notes],
    )
    return source


def _read(path: Path, name: str, note: Callable[[str], None], **options: Any) -> tuple[Any, Any]:
    import pyreadstat

    try:
        return pyreadstat.read_sav(path, output_format="dict", user_missing=True, **options)
    except OverflowError:
        note(f"{name}: dates beyond the year 9999 are read as seconds since 1582, as SPSS keeps them.")
        return _read(path, name, note, disable_datetime_conversion=True, **options)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        if "convert string" in str(error) and "encoding" not in options:
            note(f"{name}: some text is not in the encoding that the file declares; it is read as cp1252.")
            return _read(path, name, note, encoding=_UNDECLARED, **options)
        raise RmtextError(
            f"{name} is no readable SPSS file ({str(error).rstrip('.')}). Save it again in SPSS."
        ) from error


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return plain_number(value)
    return None if value == "" else value
