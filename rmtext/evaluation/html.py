"""An evaluation or an agreement as one HTML file: it opens offline, loads nothing, and holds no script."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import rmtext
from rmtext.coding import SENTIMENTS
from rmtext.evaluation import words
from rmtext.evaluation.agreement import Agreement, Disagreement
from rmtext.evaluation.charts import bounds, figure, reliability_chart, score_chart
from rmtext.evaluation.evaluate import Evaluation
from rmtext.evaluation.mistakes import KINDS, Mistake
from rmtext.evaluation.passages import pieces, shortened
from rmtext.report import german
from rmtext.report.charts import Chart, Table
from rmtext.report.drawing import INK
from rmtext.report.html import environment

_STRONGEST = 60  # per cent of colour, on which letters can still be read
_NO_TABLE = Table((), ())  # the page shows the figures in a table of its own


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the confusion matrix: how many, how strong its colour (per cent); ``right`` on the diagonal."""

    n: int
    strength: int
    right: bool


def render_evaluation(evaluation: Evaluation) -> str:
    """The page about an evaluation, as text."""
    e = evaluation
    labels = {theme.id: theme.label for theme in e.themes}
    charts = [
        reliability_chart(found, what, f"bild{letter}")
        for found, what, letter in ((e.theme_reliability, "Themen", "c"), (e.sentiment_reliability, "Stimmung", "d"))
        if found is not None
    ]
    return _page(
        "guete.html.j2", e=e, lead=words.base_sentence(e.measured), known=words.known_sentences(e.measured),
        remarks=words.measured_remarks(e.measured),
        chart=_theme_chart(e), matrix=_matrix(e), sentiments=SENTIMENTS, calibration=charts,
        review=words.review_sentences(e), main=words.main_rows(e)[1:],
        mistakes={
            words.KINDS[kind]: [_card(mistake, labels) for mistake in e.mistakes if mistake.kind == kind]
            for kind in KINDS
        },
    )  # fmt: skip


def render_agreement(agreement: Agreement) -> str:
    """The page about an agreement, as text."""
    labels = {theme.id: theme.label for theme in agreement.themes}
    return _page(
        "uebereinstimmung.html.j2", a=agreement, lead=words.compared_sentence(agreement),
        remarks=words.agreement_remarks(agreement), chart=_alpha_chart(agreement),
        answers=[_answer(answer, agreement, labels) for answer in agreement.disagreements],
        coefficients=(*agreement.themes, agreement.mean, agreement.sentiment, agreement.suggestion),
    )  # fmt: skip


def _page(template: str, **content: Any) -> str:
    pages = environment("rmtext.evaluation")
    pages.filters.update(figure=figure, bounds=bounds, plain=german.plain)
    return pages.get_template(template).render(ink=INK, version=rmtext.__version__, **content)


def _theme_chart(e: Evaluation) -> Chart | None:
    rows = [(german.plain(f.label), f.f1, german.count(f.gold)) for f in e.themes if f.f1.defined]
    rows.sort(key=lambda row: -row[1].value)
    if not rows:
        return None
    best, last = rows[0], rows[-1]
    title = f"Am besten erkannt: {german.quoted(best[0])} (F1\u00a0{figure(best[1])})"
    if last[1].value < best[1].value:
        title += f", am schlechtesten: {german.quoted(last[0])} ({figure(last[1])})"
    note = "F1 jedes Themas; Linie: 95-%-Vertrauensbereich; n: Antworten, die das Thema im Gold haben."
    return score_chart(rows, title, note, _NO_TABLE, "bilda")


def _alpha_chart(agreement: Agreement) -> Chart | None:
    shown = [theme for theme in agreement.themes if theme.alpha.defined]
    rows = [(german.plain(c.label), c.alpha, german.count(max(c.given or (0,)))) for c in shown]
    rows.sort(key=lambda row: -row[1].value)
    if not rows:
        return None
    best, last = rows[0], rows[-1]
    title = f"Am einigsten über {german.quoted(best[0])} (α\u00a0{figure(best[1])})"
    if last[1].value < best[1].value:
        title += f", am wenigsten über {german.quoted(last[0])} ({figure(last[1])})"
    note = (
        "Krippendorffs α jedes Themas; Linie: 95-%-Vertrauensbereich; n: so oft hat das Thema vergeben, wer es am "
        "häufigsten vergab."
    )
    return score_chart(rows, title, note, _NO_TABLE, "bilda")


def _matrix(e: Evaluation) -> list[tuple[str, list[Cell]]]:
    rows = []
    for place, (name, row) in enumerate(zip(SENTIMENTS, e.confusion, strict=True)):
        total = max(1, sum(row))
        # The root of the share: confusions are rare, and should still be seen.
        strengths = [round(_STRONGEST * math.sqrt(n / total)) for n in row]
        rows.append(
            (name, [Cell(n, s, column == place) for column, (n, s) in enumerate(zip(row, strengths, strict=True))])
        )
    return rows


def _card(mistake: Mistake, labels: dict[str, str]) -> dict[str, Any]:
    label = None if mistake.theme is None else labels.get(mistake.theme, mistake.theme)
    return {
        "pieces": pieces(mistake.text, mistake.places), "label": label, "id": mistake.id,
        "question": mistake.question, "confidence": mistake.confidence, "missed": mistake.kind == "missed",
        "polarity": mistake.predicted or mistake.gold or "",
        "gold": words.theme_code(label, mistake.gold), "predicted": words.theme_code(label, mistake.predicted),
    }  # fmt: skip


def _answer(answer: Disagreement, agreement: Agreement, labels: dict[str, str]) -> dict[str, Any]:
    given = [words.given_words(coding, labels) for coding in answer.codings]
    return {
        "id": answer.id, "question": answer.question, "text": shortened(answer.text),
        "given": list(zip(agreement.names, given, strict=True)),
    }  # fmt: skip
