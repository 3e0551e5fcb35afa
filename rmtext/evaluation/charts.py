"""Charts of an evaluation: figures with their intervals, and reliability diagrams."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rmtext.evaluation.bootstrap import Score
from rmtext.evaluation.calibration import Reliability
from rmtext.report import german
from rmtext.report.charts import Chart, Table
from rmtext.report.drawing import LINE, NARROW, WIDE, Canvas, text_width, wrap

_LABEL = 232  # px, the column of labels on wide pages
_VALUE = 48  # px, the column of values at the right edge
_DOT = 8  # px
_ROW = 30  # px
_MAX_ROWS = 24  # more do not fit a printed page
_EDGE = 44  # px, left of and below the square of a reliability diagram
_TICKS = (0.0, 0.5, 1.0)


def score_chart(rows: Sequence[tuple[str, Score, str]], title: str, note: str, table: Table, identifier: str) -> Chart:
    """A dot and an interval between 0 and 1 for each row of (label, score, words beside it)."""
    description = "; ".join(f"{label}: {interval_words(score)}" for label, score, _ in rows)
    parts = [rows[start : start + _MAX_ROWS] for start in range(0, len(rows), _MAX_ROWS)]
    wide, narrow = (
        tuple(
            _draw_scores(part, width).svg(title, description, f"{identifier}{kind}{number}")
            for number, part in enumerate(parts)
        )
        for width, kind in ((WIDE, "w"), (NARROW, "s"))
    )
    return Chart(title, note, wide, narrow, table)


def reliability_chart(reliability: Reliability, what: str, identifier: str) -> Chart:
    """Confidence from left to right, the share that is right from bottom to top; on the diagonal both are equal."""
    head = ("Konfidenz", "Mittel", "richtig", "Vertrauensbereich", "n")
    rows = tuple(
        (
            f"{german.decimal(b.low)}–{german.decimal(b.high)}", german.decimal(b.confidence), german.decimal(b.share),
            f"{german.decimal(b.right_low)}–{german.decimal(b.right_high)}", german.number(b.n),
        )
        for b in reliability.bins
    )  # fmt: skip
    title = f"{what}: Konfidenz und Treffer liegen im Mittel {german.decimal(reliability.error)} auseinander"
    description = "; ".join(f"bei Konfidenz {row[1]} sind {row[2]} richtig" for row in rows)
    note = (
        "Jeder Punkt ist etwa ein Zehntel der Codes. Über der Linie ist das Modell zu vorsichtig, darunter zu sicher. "
        "Senkrecht: 95-%-Vertrauensbereich des Anteils."
    )
    drawings = [
        (_draw_reliability(reliability, NARROW).svg(title, description, identifier + kind),) for kind in ("w", "s")
    ]
    return Chart(title, note, drawings[0], drawings[1], Table(head, rows))


def figure(score: Score) -> str:
    """The value alone: 0,84; a dash where it is not defined."""
    return german.decimal(score.value) if score.defined else "–"


def bounds(score: Score) -> str:
    """The interval alone: 0,82–0,86; nothing where it is not known."""
    return "" if math.isnan(score.low) else f"{german.decimal(score.low)}–{german.decimal(score.high)}"


def interval_words(score: Score) -> str:
    """0,84 (0,82–0,86)."""
    return f"{figure(score)} ({bounds(score)})" if bounds(score) else figure(score)


def _draw_scores(rows: Sequence[tuple[str, Score, str]], width: int) -> Canvas:
    canvas = Canvas(width)
    left = _LABEL if width == WIDE else 0.0
    right = float(width - _VALUE)
    # Kappa may lie below 0: then the scale begins there.
    lowest = min((s.low for _, s, _ in rows if not math.isnan(s.low)), default=0.0)
    start = min(0.0, math.floor(lowest * 10) / 10)
    scale = (right - left) / (1 - start)
    y = LINE + 8.0
    for tick in _TICKS:
        place = left + (tick - start) * scale
        canvas.text(german.decimal(tick, 1), place, LINE / 2, color="muted", align="center" if tick > start else "left")
    top = y
    for label, score, beside in rows:
        y, middle = _labelled(canvas, label, beside, y, width)
        if score.defined:
            canvas.line(left + (max(start, _or(score.low, score.value)) - start) * scale,
                        left + (_or(score.high, score.value) - start) * scale, middle, middle)  # fmt: skip
            centre = left + (max(start, score.value) - start) * scale
            canvas.bar(centre - _DOT / 2, centre + _DOT / 2, middle - _DOT / 2, _DOT, "strong")
        canvas.text(figure(score), width, middle, align="right", bold=True)
    for tick in _TICKS if width == WIDE else ():
        canvas.line(left + (tick - start) * scale, left + (tick - start) * scale, top - 6, y - 4, "line")
    canvas.height = round(y)
    return canvas


def _labelled(canvas: Canvas, label: str, beside: str, y: float, width: int) -> tuple[float, float]:
    """Writes a row's label and the words beside it; returns where the next row begins and the middle of this one."""
    aside = text_width(beside) + 12
    if width == WIDE:
        lines = wrap(label, _LABEL - 16 - aside)
        height = max(_ROW, LINE * len(lines) + 12)
        middle = y + (height - 6) / 2
        for number, line in enumerate(lines):
            canvas.text(line, 0, middle + (number - (len(lines) - 1) / 2) * LINE)
        canvas.text(beside, _LABEL - 16, middle, color="muted", align="right")
        return y + height, middle
    lines = wrap(label, width - aside)
    for number, line in enumerate(lines):
        canvas.text(line, 0, y + LINE / 2 + number * LINE)
    canvas.text(beside, width, y + LINE / 2, color="muted", align="right")
    middle = y + LINE * len(lines) + 10
    return middle + 18, middle


def _or(value: float, otherwise: float) -> float:
    return otherwise if math.isnan(value) else value


def _draw_reliability(reliability: Reliability, width: int) -> Canvas:
    canvas = Canvas(width)
    side = float(width - _EDGE - 16)
    top = LINE + 10.0

    def place(confidence: float, share: float) -> tuple[float, float]:
        return _EDGE + confidence * side, top + (1 - share) * side

    canvas.text("richtig", 0, LINE / 2, color="muted")
    for tick in _TICKS:
        x, y = place(tick, tick)
        canvas.line(_EDGE, _EDGE + side, y, y, "line")
        canvas.line(x, x, top, top + side, "line")
        canvas.text(german.decimal(tick, 1), _EDGE - 8, y, color="muted", align="right")
        canvas.text(german.decimal(tick, 1), x, top + side + LINE, color="muted", align="center")
    canvas.line(_EDGE, _EDGE + side, top + side, top, "muted")
    for b in reliability.bins:
        x, y = place(b.confidence, b.share)
        canvas.line(x, x, place(0, b.right_low)[1], place(0, b.right_high)[1])
        canvas.bar(x - _DOT / 2, x + _DOT / 2, y - _DOT / 2, _DOT, "strong")
    canvas.text("Konfidenz", _EDGE + side / 2, top + side + 2 * LINE + 2, color="muted", align="center")
    canvas.height = round(top + side + 3 * LINE)
    return canvas
