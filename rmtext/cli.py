"""The command line: parse, call the library, print."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

import rmtext
from rmtext.console import Input, codings_of, count_of, open_given, print_table, progress, say, spool
from rmtext.errors import RmtextError

if TYPE_CHECKING:
    from rmtext.codebook import Codebook
    from rmtext.evaluation import Agreement, Coder, Evaluation

INTERRUPTED = 130


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
Figures = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="OUT", help="Write .html, .md or .json instead of a table here."),
]
Person = Annotated[
    str | None,
    typer.Option("--person", metavar="COLUMN", help="Column with the persons (default: the id; writers of a corpus)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
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
    as_json: AsJson = False,
) -> None:
    """Show what would be read, before anything is coded.

    Example: `rmtext inspect antworten.csv`
    """
    from rmtext.inspection import describe, inspect_answers

    given = Input(answers, text, id, question, group, weight, format, sheet)
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
    source = open_given(Input(answers, text, id, question, group, weight, format, sheet), quiet)
    check_target(output, excel=excel, rows=source.total)
    analyzer = rmtext.load(model)
    with progress(quiet, count_of(source)) as track:
        rows = write_codings(
            track(analyzer.code(source)), output, codebook=analyzer.codebook, layout=source.layout,
            long=long, excel=excel, labels=source.source.labels, value_labels=source.source.value_labels,
        )  # fmt: skip
    say(f"{rows} rows written to {output}.", quiet or output == "-")


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
    codings, total = codings_of(Input(answers, text, id, question, group, weight, format, sheet), analyzer, quiet)
    with progress(quiet, total) as track:
        chosen = select_quotes(track(codings), analyzer.embed, n=n, themes=theme)
    if output:
        write_quotes(chosen, output, analyzer.codebook)
        say(f"{len(chosen)} quotes written to {output}.", quiet)
    else:
        print_table(table_rows(chosen, analyzer.codebook))


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
    codings, total = codings_of(Input(answers, text, id, question, group, weight, format, sheet), analyzer, quiet)
    with spool() as codings_on_disk:
        with progress(quiet, total) as track:
            codings_on_disk.fill(track(codings))
        chosen = [quote for part in codings_on_disk.by_question() for quote in select_quotes(part, analyzer.embed, n=n)]
        built = build_report(
            codings_on_disk, analyzer.codebook, chosen, title=title, model_card=analyzer.files.card, date=date.today()
        )
    write_html(built, output)
    typer.echo(str(output.resolve()))


@app.command()
def evaluate(
    coded: Annotated[
        str, typer.Argument(metavar="MODEL|CODINGS", help="A model, which codes GOLD; or what `classify` wrote.")
    ],
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD", help="A corpus directory, or codings in which people filled `geprueft`.")
    ],
    output: Figures = None,
    split: Annotated[str, typer.Option("--split", help="Which part of a corpus: dev or train.")] = "dev",
    person: Person = None,
    n: Annotated[int, typer.Option("-n", min=0, max=1000, help="Mistakes of each kind to list in OUT.")] = 10,
    text: Text = None,
    id: Id = None,
    question: Question = None,
    sheet: Sheet = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Measure a model or codings by what people coded: F1, κ, calibration, the worst mistakes; with intervals.

    Answers are matched by id. Example: `rmtext evaluate reverse_mentoring geprueft.xlsx -o guete.html`
    """
    from rmtext.evaluation import evaluate as measure
    from rmtext.evaluation import is_model, read_coder

    _check_figures(output)
    columns: dict[str, Any] = {"text": text, "id": id, "question": question, "sheet": sheet}
    by_model = is_model(coded)
    truth = read_coder(gold, split=split, people=True, **columns)
    if truth.kind == "people":
        say(f"{truth.name}: {len(truth.codings)} of {truth.rows} rows were checked by people; only these count.", quiet)
    given = _coded_by(coded, truth, quiet) if by_model else read_coder(coded, split=split, people=False, **columns)
    _show(measure(given, truth, person=person, mistakes=n), output, as_json, quiet)


@app.command()
def agreement(
    coders: Annotated[
        list[str],
        typer.Argument(metavar="A B [C …]", help="Files with codes, corpus directories, or a model, which codes A."),
    ],
    output: Figures = None,
    split: Annotated[str | None, typer.Option("--split", help="Only this part of a corpus: dev or train.")] = None,
    person: Person = None,
    text: Text = None,
    id: Id = None,
    question: Question = None,
    sheet: Sheet = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare coders: per cent, Cohen's κ, Krippendorff's α, Gwet's AC1; with intervals and all disagreements.

    Answers are matched by id. Example: `rmtext agreement anna.xlsx ben.xlsx reverse_mentoring -o vergleich.html`
    """
    from rmtext.evaluation import agree, is_model, read_coder

    _check_figures(output)
    columns: dict[str, Any] = {"text": text, "id": id, "question": question, "sheet": sheet}
    read = {name: read_coder(name, split=split, **columns) for name in coders if not is_model(name)}
    if not read:
        raise RmtextError("Name a file or a corpus beside the model: it codes the answers in there.")
    for coder in read.values():
        if coder.kind == "people" and len(coder.codings) < coder.rows:
            say(f"{coder.name}: only the {len(coder.codings)} rows that people checked count.", quiet)
    first = next(iter(read.values()))
    sides = [read[name] if name in read else _coded_by(name, first, quiet) for name in coders]
    _show(agree(sides, person=person), output, as_json, quiet)


def _check_figures(output: Path | None) -> None:
    from rmtext.evaluation.writing import check_target

    if output:
        check_target(output)


def _coded_by(model: str, like: Coder, quiet: bool) -> Coder:
    from rmtext.evaluation import model_coder

    with progress(quiet, len(like.codings)) as track:
        return model_coder(rmtext.load(model), like, track)


def _show(result: Evaluation | Agreement, output: Path | None, as_json: bool, quiet: bool) -> None:
    """Writes the result, prints it as JSON, or, without either, as tables."""
    from rmtext.evaluation.words import console_parts
    from rmtext.evaluation.writing import rendered, write_figures

    if output:
        write_figures(result, output)
        say(f"Figures written to {output}.", quiet)
    if as_json:
        typer.echo(rendered(result, ".json"), nl=False)
    if output or as_json:
        return
    for part in console_parts(result):
        if isinstance(part, str):
            typer.echo(part)
        else:
            typer.echo()
            print_table(part, lines=False)


def _not_itself(answers: str, output: str) -> None:
    there = "-" not in (answers, output) and Path(output).exists() and Path(answers).exists()
    if there and Path(output).samefile(answers):
        raise RmtextError(f"{output} is the file of answers itself. Give the output another name.")


def _known_themes(themes: list[str] | None, codebook: Codebook) -> None:
    for theme in themes or ():
        if theme not in codebook.ids:
            raise RmtextError(f"The codebook has no theme '{theme}'. Its themes: {', '.join(codebook.ids)}.")
