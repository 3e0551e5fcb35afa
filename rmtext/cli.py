"""The command line: parse, call the library, print."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

import rmtext
from rmtext.errors import RmtextError

if TYPE_CHECKING:
    from rmtext.analyzer import Analyzer
    from rmtext.answers import AnswerFile
    from rmtext.codebook import Codebook
    from rmtext.coding import Coding

Item = TypeVar("Item")

INTERRUPTED = 130
MAX_PARTS = 12  # questions of a survey that are read apart; a column of many more is no question


class _Commands(TyperGroup):
    """Turns what a user can cause into one sentence and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure") and (stream.encoding or "").lower() not in ("utf-8", "utf8"):
                stream.reconfigure(encoding="utf-8", errors="replace")  # a cp1252 console must not stop at "→"
        try:
            return super().invoke(ctx)
        except RmtextError as error:
            typer.echo(f"rmtext: {error}", err=True)
            raise typer.Exit(1) from error
        except KeyboardInterrupt:
            typer.echo("rmtext: interrupted; nothing was written.", err=True)
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""Sentiment, themes and quotes from German free-text survey answers, offline.

    Example: `rmtext report antworten.xlsx -o bericht.html`""",
)

AnswersPath = Annotated[
    str,
    typer.Argument(metavar="ANSWERS", help="CSV, TSV, XLSX, ODS, SAV, JSONL or Parquet file; - reads standard input."),
]
Text = Annotated[
    list[str] | None,
    typer.Option("--text", metavar="COLUMN", help="Column with the answers; repeat it for several questions."),
]
Id = Annotated[
    str | None, typer.Option("--id", metavar="COLUMN", help="Column that identifies the person (default: row number).")
]
Question = Annotated[
    str | None,
    typer.Option("--question", metavar="COLUMN|TEXT", help="Column with the question, or the question itself."),
]
Group = Annotated[
    list[str] | None,
    typer.Option("--group", metavar="COLUMN", help="Column to compare by (department, role, …); repeatable."),
]
Weight = Annotated[str | None, typer.Option("--weight", metavar="COLUMN", help="Column with survey weights.")]
Format = Annotated[str | None, typer.Option("--format", help="Format of standard input: csv, jsonl, xlsx, …")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="Sheet of a spreadsheet (default: the first with answers).")]
Model = Annotated[str | None, typer.Option("--model", metavar="NAME|DIR", help="A shipped model or a model directory.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks on standard error.")]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"rmtext {rmtext.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def inspect(
    answers: AnswersPath,
    text: Text = None,
    id: Id = None,
    question: Question = None,
    group: Group = None,
    weight: Weight = None,
    format: Format = None,
    sheet: Sheet = None,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Show what would be read, before anything is coded.

    Example: `rmtext inspect antworten.csv`
    """
    from rmtext.inspection import describe, inspect_answers

    given = _Input(answers, text, id, question, group, weight, format, sheet)
    found = inspect_answers(answers, **given.options())
    typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1) if as_json else describe(found))
    if found.problem:
        raise RmtextError(found.problem)


@app.command()
def classify(
    answers: AnswersPath,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="Where to write: .csv, .xlsx, .jsonl, .parquet or .sav; - prints JSONL.",
        ),
    ],
    text: Text = None,
    id: Id = None,
    question: Question = None,
    group: Group = None,
    weight: Weight = None,
    format: Format = None,
    sheet: Sheet = None,
    model: Model = None,
    long: Annotated[bool, typer.Option("--long", help="One row an answer, also with several text columns.")] = False,
    excel: Annotated[bool, typer.Option("--excel", help="CSV for German Excel: semicolons, BOM, no formulas.")] = False,
    quiet: Quiet = False,
) -> None:
    """Code every answer: sentiment, themes, the words that show them.

    Example: `rmtext classify antworten.xlsx --text Kommentar --group Abteilung -o kodiert.xlsx`
    """
    from rmtext.tables import check_target, write_codings

    check_target(output, excel=excel)
    _not_itself(answers, output)
    source = _open(_Input(answers, text, id, question, group, weight, format, sheet), quiet)
    check_target(output, excel=excel, rows=source.total)
    analyzer = rmtext.load(model)
    with _progress(quiet, _count(source)) as track:
        rows = write_codings(
            track(analyzer.code(source)), output, codebook=analyzer.codebook, layout=source.layout,
            long=long, excel=excel, labels=source.source.labels, value_labels=source.source.value_labels,
        )  # fmt: skip
    _say(f"{rows} rows written to {output}.", quiet or output == "-")


@app.command()
def quotes(
    answers: AnswersPath,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="OUT", help="Write .md, .csv or .jsonl instead of a table here."),
    ] = None,
    theme: Annotated[
        list[str] | None, typer.Option("--theme", metavar="ID", help="Only this theme; repeatable.")
    ] = None,
    n: Annotated[int, typer.Option("-n", min=1, max=100, help="Quotes for each theme and polarity.")] = 5,
    text: Text = None,
    id: Id = None,
    question: Question = None,
    group: Group = None,
    weight: Weight = None,
    format: Format = None,
    sheet: Sheet = None,
    model: Model = None,
    quiet: Quiet = False,
) -> None:
    """Pull the quotes that represent each theme, praise and criticism apart.

    ANSWERS may also be what `classify` wrote. Example: `rmtext quotes antworten.csv --theme kapazitaet -n 3`
    """
    from rmtext.quotes import check_target, select_quotes, table_rows, write_quotes

    if output:
        check_target(output)
    analyzer = rmtext.load(model)
    _known_themes(theme, analyzer.codebook)
    codings, total = _codings(_Input(answers, text, id, question, group, weight, format, sheet), analyzer, quiet)
    with _progress(quiet, total) as track:
        chosen = select_quotes(track(codings), analyzer.embed, n=n, themes=theme)
    if output:
        write_quotes(chosen, output, analyzer.codebook)
        _say(f"{len(chosen)} quotes written to {output}.", quiet)
    else:
        _print_table(table_rows(chosen, analyzer.codebook))


@app.command()
def report(
    answers: AnswersPath,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="The report to write, .html.")] = Path(
        "bericht.html"
    ),
    title: Annotated[str, typer.Option("--title", help="Title of the report.")] = "Was die Befragten schreiben",
    n: Annotated[int, typer.Option("-n", min=1, max=20, help="Quotes for each theme and polarity.")] = 3,
    text: Text = None,
    id: Id = None,
    question: Question = None,
    group: Group = None,
    weight: Weight = None,
    format: Format = None,
    sheet: Sheet = None,
    model: Model = None,
    quiet: Quiet = False,
) -> None:
    """Write the report: findings, themes, quotes, method; one HTML file that opens offline.

    ANSWERS may also be what `classify` wrote. Example: `rmtext report antworten.xlsx --group Abteilung -o bericht.html`
    """
    from rmtext.quotes import select_quotes
    from rmtext.report import build_report, check_target, write_html

    check_target(output)
    analyzer = rmtext.load(model)
    codings, total = _codings(_Input(answers, text, id, question, group, weight, format, sheet), analyzer, quiet)
    with _spool() as spool:
        with _progress(quiet, total) as track:
            spool.fill(track(codings))
        chosen = [quote for part in spool.by_question() for quote in select_quotes(part, analyzer.embed, n=n)]
        built = build_report(
            spool, analyzer.codebook, chosen, title=title, model_card=analyzer.files.card, date=date.today()
        )
    write_html(built, output)
    typer.echo(str(output.resolve()))


@dataclass(frozen=True, slots=True)
class _Input:
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


def _open(given: _Input, quiet: bool) -> AnswerFile:
    from rmtext.answers import open_answers

    source = open_answers(given.path, **given.options())
    for note in source.notes:
        _say(note, quiet)
    return source


def _codings(given: _Input, analyzer: Analyzer, quiet: bool) -> tuple[Iterable[Coding], int | None]:
    """Codings as they stand where ``classify`` wrote the file, else fresh ones; and their number where known."""
    from rmtext.tables import is_codings, read_codings

    path = Path(given.path)
    if given.path != "-" and path.is_file() and is_codings(path):
        _say(f"{path.name} holds codings; they are used as they stand.", quiet)
        return read_codings(
            path, text=given.text, id=given.id, question=given.question, group=given.group or (),
            weight=given.weight, sheet=given.sheet,
        ), None  # fmt: skip
    source = _open(given, quiet)
    return analyzer.code(source), _count(source)


class _Spool:
    """Codings on disk, to be read more than once without holding them in memory."""

    def __init__(self, folder: str) -> None:
        self._path = Path(folder) / "codings.jsonl"
        self._file = self._path.open("w", encoding="utf-8")
        self._questions: dict[str | None, None] = {}  # in the order of the file

    def fill(self, codings: Iterable[Coding]) -> None:
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
def _spool() -> Iterator[_Spool]:
    with tempfile.TemporaryDirectory(prefix="rmtext-") as folder:
        yield _Spool(folder)


def _count(source: AnswerFile) -> int | None:
    return None if source.total is None else source.total * len(source.layout.texts)


def _not_itself(answers: str, output: str) -> None:
    there = "-" not in (answers, output) and Path(output).exists() and Path(answers).exists()
    if there and Path(output).samefile(answers):
        raise RmtextError(f"{output} is the file of answers itself. Give the output another name.")


def _known_themes(themes: list[str] | None, codebook: Codebook) -> None:
    for theme in themes or ():
        if theme not in codebook.ids:
            raise RmtextError(f"The codebook has no theme '{theme}'. Its themes: {', '.join(codebook.ids)}.")


def _say(sentence: str, quiet: bool) -> None:
    if not quiet:
        typer.echo(sentence, err=True)


@contextmanager
def _progress(quiet: bool, total: int | None) -> Iterator[Callable[[Iterable[Item]], Iterator[Item]]]:
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


def _print_table(rows: list[tuple[str, ...]]) -> None:
    """Rows, the first being the header: a table for a person, tab-separated lines for a program."""
    if not sys.stdout.isatty():
        for row in rows:
            typer.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Cell

    table = Table(show_lines=True)
    for name in rows[0]:
        table.add_column(name)
    for row in rows[1:]:
        table.add_row(*(Cell(cell) for cell in row))  # Text: brackets in an answer are no markup
    Console().print(table)
