"""The console: what commands share to read what was named, to print, to show progress, to keep codings on disk."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

if TYPE_CHECKING:
    from rmtext.analyzer import Analyzer
    from rmtext.answers import AnswerFile
    from rmtext.coding import Coding

Item = TypeVar("Item")

MAX_PARTS = 12  # questions of a survey that are read apart; a column of many more is no question


@dataclass(frozen=True, slots=True)
class Input:
    """Where the answers lie and how to read them, as given on the command line."""

    path: str
    text: list[str] | None
    id: str | None
    question: str | None
    group: list[str] | None
    weight: str | None
    format: str | None
    sheet: str | None

    def options(self) -> dict[str, Any]:
        """The arguments of ``open_answers`` and ``inspect_answers``."""
        return {
            "text": self.text or (), "id": self.id, "question": self.question, "group": self.group or (),
            "weight": self.weight, "format": self.format, "sheet": self.sheet,
        }  # fmt: skip


def open_given(given: Input, quiet: bool) -> AnswerFile:
    """The answers, with the notes on how they are read on standard error."""
    from rmtext.answers import open_answers

    source = open_answers(given.path, **given.options())
    for note in source.notes:
        say(note, quiet)
    return source


def codings_of(given: Input, analyzer: Analyzer, quiet: bool) -> tuple[Iterable[Coding], int | None]:
    """Codings as they stand where ``classify`` wrote the file, else fresh ones; and their number where known."""
    from rmtext.tables import is_codings, read_codings

    path = Path(given.path)
    if given.path != "-" and path.is_file() and is_codings(path):
        say(f"{path.name} holds codings; they are used as they stand.", quiet)
        return read_codings(
            path, text=given.text, id=given.id, question=given.question, group=given.group or (),
            weight=given.weight, sheet=given.sheet,
        ), None  # fmt: skip
    source = open_given(given, quiet)
    return analyzer.code(source), count_of(source)


def count_of(source: AnswerFile) -> int | None:
    """How many answers there will be, where that is known."""
    return None if source.total is None else source.total * len(source.layout.texts)


class Spool:
    """Codings on disk, to be read more than once without holding them in memory."""

    def __init__(self, folder: str) -> None:
        self._path = Path(folder) / "codings.jsonl"
        self._file = self._path.open("w", encoding="utf-8")
        self._questions: dict[str | None, None] = {}  # in the order of the file

    def fill(self, codings: Iterable[Coding]) -> None:
        """Takes in the codings, once."""
        with self._file as file:
            for coding in codings:
                if len(self._questions) <= MAX_PARTS:
                    self._questions[coding.question] = None
                file.write(json.dumps(coding.to_json(), ensure_ascii=False) + "\n")

    def by_question(self) -> Iterator[Iterable[Coding]]:
        """The codings of each question apart, so that each gets its own quotes; all at once where they are many."""
        if len(self._questions) > MAX_PARTS:
            yield self
            return
        for question in self._questions:
            yield (coding for coding in self if coding.question == question)

    def __iter__(self) -> Iterator[Coding]:
        from rmtext.coding import Coding

        with self._path.open(encoding="utf-8") as lines:
            for line in lines:
                yield Coding.from_json(json.loads(line))


@contextmanager
def spool() -> Iterator[Spool]:
    """A spool that is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="rmtext-") as folder:
        yield Spool(folder)


def say(sentence: str, quiet: bool) -> None:
    """A remark on standard error, unless the user wants none."""
    if not quiet:
        typer.echo(sentence, err=True)


@contextmanager
def progress(quiet: bool, total: int | None) -> Iterator[Callable[[Iterable[Item]], Iterator[Item]]]:
    """A bar with rate and time left on standard error, where a person looks at it."""
    if quiet or not sys.stderr.isatty():
        yield iter
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Coding"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]:.0f} answers/s"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, rate=0.0)

        def track(items: Iterable[Item]) -> Iterator[Item]:
            for item in items:
                yield item
                bar.advance(task)
                bar.update(task, rate=bar.tasks[0].speed or 0.0)

        yield track


def print_table(rows: Sequence[tuple[str, ...]], *, lines: bool = True) -> None:
    """Rows, the first being the header: a table for a person, tab-separated lines for a program."""
    if not sys.stdout.isatty():
        for row in rows:
            typer.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Cell

    table = Table(show_lines=lines)
    for name in rows[0]:
        table.add_column(name)
    for row in rows[1:]:
        table.add_row(*(Cell(cell) for cell in row))  # Text: brackets in an answer are no markup
    Console().print(table)
