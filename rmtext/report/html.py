"""The report as one HTML file: it opens offline, loads nothing, and holds no script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rmtext
from rmtext.errors import RmtextError
from rmtext.report import charts, german
from rmtext.report.charts import Chart
from rmtext.report.drawing import INK
from rmtext.report.model import Grouping, QuestionReport, Report

if TYPE_CHECKING:
    from jinja2 import Environment

_SILENT = {
    "leer": "leer", "keine_angabe": "keine Angabe", "verweis": "Verweis auf andere Antworten",
    "zeichen": "nur Zeichen",
}  # fmt: skip
_REVIEW = {"unsicher": "Modell unsicher", "sprache": "nicht auf Deutsch", "lang": "sehr lang"}
_MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
_QUALITY = {
    "theme_micro_f1": "Themen (F1)",
    "sentiment_macro_f1": "Stimmung (F1)",
    "polarity_accuracy": "Lob oder Kritik zum Thema (Anteil richtig)",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A question's part of the page: its figures, its charts, and the prefix of its anchors."""

    question: QuestionReport
    anchor: str
    sentiment: Chart | None
    themes: Chart | None
    judgements: Chart | None
    wishes: Chart | None
    groupings: tuple[tuple[Grouping, tuple[Chart, ...]], ...]
    unnamed: tuple[str, ...]

    def contents(self) -> Iterator[tuple[str, str]]:
        """Anchor and heading of each part, in order."""
        for part, heading in self._parts():
            yield f"{self.anchor}{part}", heading

    def _parts(self) -> Iterator[tuple[str, str]]:
        if not self.question.sentiments:
            return
        yield "wichtig", "Das Wichtigste"
        yield "stimmung", "Stimmung"
        yield "themen", "Themen"
        if self.judgements:
            yield "lob", "Lob und Kritik"
        yield "wuensche", "Wünsche"
        for number, (grouping, _) in enumerate(self.groupings):
            yield f"gruppe{number}", f"Nach {grouping.variable}"
        if self.question.quotes:
            yield "zitate", "Zitate"


def check_target(path: Path | str) -> None:
    """Makes sure, before any work, that a report can be written to ``path``.

    Raises RmtextError for another ending than .html, a missing folder, and a path that cannot be written.
    """
    from rmtext.tables.target import check_target as check_writable

    if Path(path).suffix.lower() not in (".html", ".htm"):
        raise RmtextError(f"{path}: reports are written as .html. Name the file like bericht.html.")
    check_writable(path, format="csv")


def write_html(report: Report, path: Path | str) -> None:
    """Writes the report to ``path``, complete or not at all.

    Raises RmtextError where it cannot be written.
    """
    from rmtext.tables.target import replacing

    check_target(path)
    page = render(report)
    with replacing(Path(path)) as beside:
        beside.write_text(page, encoding="utf-8", newline="\n")


def environment(*packages: str) -> Environment:
    """The templates of ``packages`` and of the report, everything escaped, with the filters that pages use."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    found = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, "rmtext.report")]), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_finalize,
    )  # fmt: skip
    found.filters.update(
        number=german.number, percent=german.percent, interval=german.interval, count=german.count,
        quoted=german.quoted, listed=german.listed, some=german.some, decimal=german.decimal, svg=Markup,
        capital=_capital, silence=_silence,
    )  # fmt: skip
    return found


def render(report: Report) -> str:
    """The page as text."""
    sections = [
        _section(number, question, len(report.questions)) for number, question in enumerate(report.questions, 1)
    ]
    return environment().get_template("bericht.html.j2").render(
        report=report, sections=sections, single=len(sections) == 1, ink=INK, version=rmtext.__version__,
        review_names=_REVIEW, quality_names=_QUALITY,
        german_date=_german_date(report),
        repeated=any(question.people < question.answers for question in report.questions),
    )  # fmt: skip


def _finalize(value: Any) -> Any:
    # Markup stays what it is; what people wrote loses only what no document may hold.
    return german.clean(value) if type(value) is str else value


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _silence(reasons: dict[str, int]) -> str:
    return ", ".join(f"{german.number(n)} {_SILENT.get(reason, reason)}" for reason, n in reasons.items())


def _section(number: int, question: QuestionReport, of: int) -> Section:
    anchor = "" if of == 1 else f"frage{number}-"
    ids = f"bild{number}"
    named = [figures for figures in question.themes if figures.named.hits]
    judged = any(f.praise.hits or f.criticism.hits for f in named)
    return Section(
        question=question,
        anchor=anchor,
        sentiment=charts.sentiment_chart(question, f"{ids}a") if question.sentiments else None,
        themes=charts.theme_chart(question, f"{ids}b") if named else None,
        judgements=charts.judgement_chart(question, f"{ids}c") if judged else None,
        wishes=charts.wish_chart(question, f"{ids}d") if any(f.wish.hits for f in named) else None,
        groupings=tuple(
            (grouping, charts.group_charts(question, grouping, f"{ids}g{place}"))
            for place, grouping in enumerate(question.groupings)
        ),
        unnamed=tuple(figures.label for figures in question.themes if not figures.named.hits),
    )


def _german_date(report: Report) -> str:
    return f"{report.date.day}. {_MONTHS.split()[report.date.month - 1]} {report.date.year}" if report.date else ""
