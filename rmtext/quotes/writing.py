"""Writing: quotes → Markdown, CSV, JSONL, and rows for a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rmtext.codebook import Codebook
from rmtext.errors import RmtextError
from rmtext.quotes.quote import KINDS, Quote
from rmtext.tables.target import check_target as check_table_target
from rmtext.tables.target import replacing

SUFFIXES = (".md", ".csv", ".jsonl")
_FIELDS = (
    "theme", "label", "polarity", "kind", "id", "text", "display", "start", "end", "evidence", "suggestion",
    "confidence", "typicality", "why", "question",
)  # fmt: skip
_HEADINGS = {"Wunsch": "Wünsche"}
# What Markdown would read as markup; an underscore within a word ("Mentor_innen") is none.
_MARKUP = re.compile(r"[\\`*<&\[\]]|(?<!\w)_|_(?!\w)")


def check_target(path: Path | str) -> str:
    """The format that ``path`` asks for, one of ``SUFFIXES``, once it is sure that it can be written.

    Raises RmtextError for another ending, a missing folder, and a path that cannot be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise RmtextError(f"{path}: quotes are written as {', '.join(SUFFIXES)}. Name the file like zitate.md.")
    check_table_target(path, format="csv")
    return suffix


def write_quotes(quotes: Sequence[Quote], path: Path | str, codebook: Codebook) -> None:
    """Writes quotes to ``path`` in the format of its ending, complete or not at all.

    Markdown shows quotes as readers should see them, by theme and kind; CSV and JSONL also hold the verbatim
    text with its place in the answer. Raises RmtextError where ``path`` cannot be written.
    """
    suffix = check_target(path)
    ordered = _ordered(quotes, codebook)
    render = {".md": _markdown, ".csv": _csv, ".jsonl": _jsonl}[suffix]
    # A lone surrogate from a damaged file is no Unicode: written as an escape, which in JSON reads back as itself.
    content = render(ordered, codebook).encode("utf-8", "backslashreplace")
    with replacing(Path(path)) as beside:
        beside.write_bytes(content)


def table_rows(quotes: Sequence[Quote], codebook: Codebook) -> list[tuple[str, ...]]:
    """Rows for a table on a terminal, the first being the header: theme, kind, quote, answer id, reason."""
    rows: list[tuple[str, ...]] = [("Thema", "Art", "Zitat", "Antwort", "Warum")]
    for quote in _ordered(quotes, codebook):
        rows.append((codebook.label(quote.theme), quote.kind, _line(quote.display), quote.answer_id, quote.why))
    return rows


def _ordered(quotes: Sequence[Quote], codebook: Codebook) -> list[Quote]:
    """By theme as in the codebook and by kind; within both as they were chosen."""
    themes = {theme: place for place, theme in enumerate(codebook.ids)}
    return sorted(quotes, key=lambda q: (themes.get(q.theme, len(themes)), q.theme, KINDS.index(q.kind)))


def _markdown(quotes: Sequence[Quote], codebook: Codebook) -> str:
    lines = ["# Zitate", ""]
    theme = kind = None
    for quote in quotes:
        if quote.theme != theme:
            lines += [f"## {_escape(codebook.label(quote.theme))}", ""]
            theme, kind = quote.theme, None
        if quote.kind != kind:
            kind = quote.kind
            lines += [f"### {_HEADINGS.get(kind, kind)}", ""]
        source = [f"Antwort {quote.answer_id}", *(f"{name}: {value}" for name, value in quote.groups.items())]
        source.append(quote.why)
        lines += [
            f"> „{_escape(_line(quote.display))}“",
            ">",
            f"> {_escape(_line(' · '.join(filter(None, source))))}",
            "",
        ]
    if not quotes:
        lines += ["Keine Zitate gefunden.", ""]
    return "\n".join(lines)


def _csv(quotes: Sequence[Quote], codebook: Codebook) -> str:
    groups = list(dict.fromkeys(name for quote in quotes for name in quote.groups))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([*_FIELDS, *(f"group_{name}" for name in groups)])
    for quote in quotes:
        record = _record(quote, codebook)
        record["evidence"] = json.dumps(record["evidence"])
        record["suggestion"] = int(quote.suggestion)
        writer.writerow([*record.values(), *(quote.groups.get(name, "") for name in groups)])
    return file.getvalue()


def _jsonl(quotes: Sequence[Quote], codebook: Codebook) -> str:
    records = ({**_record(quote, codebook), "groups": quote.groups} for quote in quotes)
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _record(quote: Quote, codebook: Codebook) -> dict[str, Any]:
    evidence = [{"start": start, "end": end} for start, end in quote.evidence]
    values = (
        quote.theme, codebook.label(quote.theme), quote.polarity, quote.kind, quote.answer_id, quote.text,
        quote.display, quote.start, quote.end, evidence, quote.suggestion, quote.confidence,
        round(quote.typicality, 4), quote.why, quote.question,
    )  # fmt: skip
    return dict(zip(_FIELDS, values, strict=True))


def _line(text: str) -> str:
    """Text on one line, without characters that steer a terminal."""
    visible = "".join(char if char.isprintable() or char.isspace() else "�" for char in text)
    return " ".join(visible.split())


def _escape(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)
