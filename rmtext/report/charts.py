"""Charts: figures of a question → drawings, each with a sentence as its title, a text alternative and a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rmtext.report import german
from rmtext.report.drawing import LINE, NARROW, WIDE, Canvas, text_width, wrap
from rmtext.report.findings import MIN_BASE, difference_words, leaning_words
from rmtext.report.model import Group, Grouping, QuestionReport, ThemeFigures
from rmtext.statistics import Share

BAR = 16  # px, the thickness of a bar
LABEL = 212  # px, the column of labels on wide pages
NEUTRAL = 96  # px, the column of mentions without a judgement
GAP = 6
MAX_CHART_GROUPS = 10  # more are in the table only
MOODS = ("positiv", "negativ")
MAX_ROWS = 24  # more do not fit a printed page

_T = TypeVar("_T")
_SENTIMENT_COLORS = {"positiv": "praise", "negativ": "criticism", "neutral": "neutral"}


@dataclass(frozen=True, slots=True)
class Table:
    """The figures behind a chart; the first cell of a row is its heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready for a page: ``title`` is a sentence, ``wide`` and ``narrow`` are SVG elements.

    Long charts come in several elements, so that each fits a printed page.
    """

    title: str
    note: str
    wide: tuple[str, ...]
    narrow: tuple[str, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    share: Share
    color: str
    hollow: bool = False


def sentiment_chart(question: QuestionReport, identifier: str) -> Chart:
    """How the answers are meant, the commonest first."""
    ranked = sorted(question.sentiments.items(), key=lambda item: -item[1].value)
    first, second = ranked[0], ranked[1]
    title = (
        f"{german.percent(first[1].value)} der Antworten sind {first[0]}, {german.percent(second[1].value)} {second[0]}"
    )
    rows = [_Row(name, share, _SENTIMENT_COLORS.get(name, "mixed")) for name, share in ranked]
    note = f"{_reading(question)} „Gemischt“ heißt: Lob und Kritik in einer Antwort, beide mit Gewicht."
    return _bars(_capital(title), note, rows, identifier, "Stimmung")


def theme_chart(question: QuestionReport, identifier: str) -> Chart:
    """What the answers are about, the most named first."""
    named = [figures for figures in question.themes if figures.named.hits]
    top = named[0]
    title = f"{german.quoted(top.label)}: {german.percent(top.named.value)} nennen das Thema{leaning_words(top)}"
    rows = [
        _Row(figures.label, figures.named, "strong" if figures is top else "bar") for figures in named
    ]  # fmt: skip
    note = f"{_reading(question)} Eine Antwort kann mehrere Themen nennen."
    return _bars(title, note, rows, identifier, "Thema")


def wish_chart(question: QuestionReport, identifier: str) -> Chart:
    """What people ask for, the most wished first."""
    wished = sorted((f for f in question.themes if f.wish.hits), key=lambda figures: -figures.wish.value)
    top = wished[0]
    title = f"Wünsche zu {german.quoted(top.label)} stehen vorn: {german.percent(top.wish.value)} der Antworten"
    if len(wished) > 1 and wished[1].wish.value == top.wish.value:
        title = f"Wünsche gibt es zu {_several(wished, len(question.themes))}"
    rows = [_Row(figures.label, figures.wish, "strong", hollow=True) for figures in wished]
    note = (
        f"{_reading(question)} Gezählt sind Stellen, die um etwas bitten oder etwas vorschlagen; "
        "sie gelten nicht als Kritik."
    )
    return _bars(title, note, rows, identifier, "Thema")


def judgement_chart(question: QuestionReport, identifier: str) -> Chart:
    """Praise to the right, criticism to the left of one axis; mentions without a judgement in grey."""
    themes = [f for f in question.themes if f.praise.hits or f.criticism.hits or f.neutral.hits]
    title = _judgement_title(themes)
    note = (
        f"{_reading(question)} Neben jedem Anteil steht n. Antworten, die ein Thema loben und kritisieren, zählen "
        "auf beiden Seiten; Wünsche stehen im nächsten Abschnitt."
    )
    head = ("Thema", "Lob", "Vertrauensbereich", "n", "Kritik", "Vertrauensbereich", "n", "ohne Wertung", "n")
    rows = tuple((f.label, *_cells(f.praise), *_cells(f.criticism), *_cells(f.neutral)[::2]) for f in themes)
    description = "; ".join(
        f"{f.label}: Lob {german.percent(f.praise.value)}, Kritik {german.percent(f.criticism.value)}" for f in themes
    )
    most = max(max(f.praise.high, f.criticism.high) for f in themes)
    neutral = any(f.neutral.hits for f in themes)
    wide, narrow = (
        [_draw_judgements(part, most or 1.0, width, neutral) for part in _parts(themes)] for width in (WIDE, NARROW)
    )
    return _chart(title, note, description, wide, narrow, identifier, Table(head, rows))


def group_charts(question: QuestionReport, grouping: Grouping, identifier: str) -> tuple[Chart, ...]:
    """Sentiment and themes of each group, the groups beside each other; supported differences stand out.

    Empty where fewer than two groups may be shown: there is nothing to compare.
    """
    if len(grouping.groups) < 2:
        return ()
    moods = [(f"Antwort {word}", word) for word in MOODS]
    themes = [(figures.label, figures.id) for figures in question.themes if figures.named.hits]
    charts = []
    for suffix, lines, what in (("a", moods, "In der Stimmung"), ("b", themes, "Bei den Themen")):
        if not lines:
            continue
        title = f"{what} weicht keine Gruppe weiter ab, als Zufall sein könnte"
        differences = [d for d in grouping.differences if any(d.theme == key for _, key in lines)]
        if differences:
            title = difference_words(differences[0], question)[0].rstrip(".")
        charts.append(_group_chart(grouping, lines, title, identifier + suffix))
    return tuple(charts)


def _group_chart(grouping: Grouping, lines: Sequence[tuple[str, str]], title: str, identifier: str) -> Chart:
    shown = grouping.groups[:MAX_CHART_GROUPS]
    # The wide intervals of small groups would press all bars together: they may run to the edge of their column.
    most = max(
        max(_share_of(group, key).value if group.n < MIN_BASE else _share_of(group, key).high, 0.01)
        for group in shown
        for _, key in lines
    )
    cut = any(_share_of(group, key).high > most for group in shown for _, key in lines)
    note = "Anteil der Antworten jeder Gruppe; dünne Linie: 95-%-Vertrauensbereich."
    note += " Bis zum Spaltenrand gezogene Linien reichen weiter." if cut else ""
    if any(key == d.theme for d in grouping.differences for _, key in lines):
        note += " Dunkel: ein Unterschied zu allen anderen Antworten, den auch so viele Vergleiche nicht erklären."
    if len(shown) < len(grouping.groups):
        note += f" Gezeigt sind die {len(shown)} größten von {len(grouping.groups)} Gruppen; die Tabelle nennt alle."
    head = (grouping.variable, "n", *(label for label, _ in lines))
    rows = tuple(
        (group.name, german.number(group.n), *(_with_interval(_share_of(group, key)) for _, key in lines))
        for group in grouping.groups
    )
    description = "; ".join(
        f"{group.name}: "
        + ", ".join(f"{label} {german.percent(_share_of(group, key).value)}" for label, key in lines[:3])
        for group in shown
    )
    marked = {(difference.group, difference.theme) for difference in grouping.differences}
    wide, narrow = (
        [
            _draw_groups(block, part, marked, most, width, min(columns, len(shown)))
            for block in _parts(shown, columns)
            for part in _parts(lines)
        ]
        for width, columns in ((WIDE, 4), (NARROW, 3))
    )
    return _chart(title, note, description, wide, narrow, identifier, Table(head, rows))


def _reading(question: QuestionReport) -> str:
    base = f"{german.number(question.base)} Antworten"
    weighted = ", gewichtet; n ungewichtet" if question.weighted else ""
    return f"Anteil an {base}{weighted}; dünne Linie: 95-%-Vertrauensbereich."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _several(themes: Sequence[ThemeFigures], of: int) -> str:
    if len(themes) <= 3:
        return german.listed([german.quoted(figures.label) for figures in themes])
    return f"{len(themes)} von {of} Themen"


def _judgement_title(themes: Sequence[ThemeFigures]) -> str:
    if len(themes) == 1:
        praise, criticism = german.percent(themes[0].praise.value), german.percent(themes[0].criticism.value)
        return f"{german.quoted(themes[0].label)}: {praise} Lob, {criticism} Kritik"
    parts = []
    picks: tuple[tuple[str, Callable[[ThemeFigures], Share]], ...] = (
        ("Lob", lambda figures: figures.praise),
        ("Kritik", lambda figures: figures.criticism),
    )
    for word, pick in picks:
        most = max(pick(figures).value for figures in themes)
        top = [figures for figures in themes if pick(figures).value == most]
        if most == 0:
            parts.append(f"{word} kommt nicht vor")
        elif len(top) <= 2:
            names = german.listed([german.quoted(figures.label) for figures in top])
            parts.append(f"am meisten {word} zu {names} ({german.percent(most)})")
        else:
            parts.append(f"{word} verteilt sich auf mehrere Themen")
    return _capital(", ".join(parts))


def _cells(share: Share) -> tuple[str, str, str]:
    return german.percent(share.value), german.interval(share), german.number(share.hits)


def _with_interval(share: Share) -> str:
    return f"{german.percent(share.value)} ({german.interval(share)})"


def _share_of(group: Group, key: str) -> Share:
    return {"positiv": group.positive, "negativ": group.negative}.get(key) or group.themes[key]


def _bars(title: str, note: str, rows: Sequence[_Row], identifier: str, what: str) -> Chart:
    description = "; ".join(f"{row.label}: {_with_interval(row.share)}, {german.count(row.share.hits)}" for row in rows)
    table = Table((what, "Anteil", "Vertrauensbereich", "n"), tuple((row.label, *_cells(row.share)) for row in rows))
    most = max(row.share.high for row in rows)
    wide, narrow = ([_draw_bars(part, most, width) for part in _parts(rows)] for width in (WIDE, NARROW))
    return _chart(title, note, description, wide, narrow, identifier, table)


def _parts(rows: Sequence[_T], size: int = MAX_ROWS) -> list[Sequence[_T]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _chart(
    title: str,
    note: str,
    description: str,
    wide: Sequence[Canvas],
    narrow: Sequence[Canvas],
    identifier: str,
    table: Table,
) -> Chart:
    def drawn(kind: str, parts: Sequence[Canvas]) -> tuple[str, ...]:
        names = [f", Teil {number} von {len(parts)}" if len(parts) > 1 else "" for number in range(1, len(parts) + 1)]
        return tuple(
            part.svg(title + name, description, f"{identifier}{kind}{number}")
            for number, (part, name) in enumerate(zip(parts, names, strict=True))
        )

    return Chart(title, note, drawn("w", wide), drawn("s", narrow), table)


def _draw_bars(rows: Sequence[_Row], most: float, width: int) -> Canvas:
    """Bars from the left; labels beside them on wide drawings, above them on narrow ones."""
    canvas = Canvas(width)
    left = LABEL + GAP if width == WIDE else 0
    scale = (width - left - 116) / most
    y = 2.0
    for row in rows:
        y, middle = _label(canvas, row.label, y, width)
        _bar(canvas, row, left, left + row.share.value * scale, middle)
        _interval(canvas, left + row.share.low * scale, left + row.share.high * scale, middle)
        end = left + row.share.high * scale + GAP
        value = german.percent(row.share.value, short=True)
        canvas.text(value, end, middle, bold=True)
        canvas.text(german.count(row.share.hits), end + text_width(value, bold=True) + GAP, middle, color="muted")
    if width == WIDE:
        canvas.line(left, left, 0, y - 4, "line")
    canvas.height = round(y)
    return canvas


def _interval(canvas: Canvas, start: float, end: float, middle: float) -> None:
    """The confidence interval: a thin line with a pale edge, so that it shows on dark bars too."""
    canvas.bar(start, end, middle - 1.5, 3, "paper")
    canvas.line(start, end, middle, middle)


def _bar(canvas: Canvas, row: _Row, left: float, right: float, middle: float) -> None:
    top = middle - BAR / 2
    if row.color == "mixed":
        canvas.bar(left, right, top, BAR / 2, "praise")
        canvas.bar(left, right, middle, BAR / 2, "criticism")
    else:
        canvas.bar(left, right, top, BAR, row.color, hollow=row.hollow)


def _label(canvas: Canvas, label: str, y: float, width: int) -> tuple[float, float]:
    """Writes a row's label; returns where the next row begins and the middle of this row's bar."""
    if width == WIDE:
        lines = wrap(label, LABEL)
        height = max(BAR, LINE * len(lines)) + 14
        middle = y + (height - 6) / 2
        for number, line in enumerate(lines):
            canvas.text(line, 0, middle + (number - (len(lines) - 1) / 2) * LINE)
        return y + height, middle
    lines = wrap(label, width)
    for number, line in enumerate(lines):
        canvas.text(line, 0, y + LINE / 2 + number * LINE)
    middle = y + LINE * len(lines) + BAR / 2 + 2
    return middle + BAR / 2 + 12, middle


def _draw_judgements(themes: Sequence[ThemeFigures], most: float, width: int, neutral: bool) -> Canvas:
    canvas = Canvas(width)
    aside = width == WIDE and neutral
    left, right = (LABEL + GAP if width == WIDE else 0), (width - NEUTRAL if aside else width)
    axis = (left + right) / 2
    scale = ((right - left) / 2 - 76) / most
    canvas.text("Kritik", axis - 10, LINE / 2, color="criticism_text", align="right", bold=True)
    canvas.text("Lob", axis + 10, LINE / 2, color="praise_text", bold=True)
    if aside:
        canvas.text("ohne Wertung", width, LINE / 2, color="muted", align="right")
    top = y = LINE + 10.0
    for figures in themes:
        y, middle = _label(canvas, figures.label, y, width)
        canvas.line(axis, axis, middle - BAR / 2 - 3, middle + BAR / 2 + 3, "line")
        _side(canvas, figures.criticism, axis, -scale, middle, "criticism")
        _side(canvas, figures.praise, axis, scale, middle, "praise")
        if figures.neutral.hits and aside:
            value = german.percent(figures.neutral.value, short=True)
            length = max(1.0, figures.neutral.value * scale)
            canvas.text(german.number(figures.neutral.hits), width, middle, color="muted", align="right")
            canvas.text(value, width - 30, middle, align="right", bold=True)
            canvas.bar(width - 72 - min(length, NEUTRAL - 72), width - 72, middle - BAR / 2, BAR, "neutral")
    if width == WIDE:
        canvas.line(axis, axis, top - 6, y - 4, "line")
    canvas.height = round(y)
    return canvas


def _side(canvas: Canvas, share: Share, axis: float, scale: float, middle: float, color: str) -> None:
    """One side of the axis: bar, interval, share and n; ``scale`` is negative for the left side."""
    align, step = ("left", GAP) if scale > 0 else ("right", -GAP)
    if not share.hits:
        canvas.text("–", axis + step * 2, middle, color="muted", align=align)
        return
    canvas.bar(axis, axis + share.value * scale, middle - BAR / 2, BAR, color)
    _interval(canvas, axis + share.low * scale, axis + share.high * scale, middle)
    value = german.percent(share.value, short=True)
    end = axis + share.high * scale + step
    canvas.text(value, end, middle, align=align, bold=True)
    shift = (text_width(value, bold=True) + GAP) * (1 if scale > 0 else -1)
    canvas.text(german.number(share.hits), end + shift, middle, align=align, color="muted")


def _draw_groups(
    groups: Sequence[Group],
    lines: Sequence[tuple[str, str]],
    marked: set[tuple[str, str]],
    most: float,
    width: int,
    columns: int,
) -> Canvas:
    """A column of bars for each of a few groups; ``columns`` is how many there is room for."""
    canvas = Canvas(width)
    left = LABEL + GAP if width == WIDE else 0
    column = (width - left) / columns
    top = y = _block_head(canvas, groups, left, column, 0.0)
    for label, key in lines:
        y, middle = _label(canvas, label, y, width)
        for number, group in enumerate(groups):
            strong = (group.name, key) in marked
            _cell(canvas, _share_of(group, key), left + number * column, column, most, middle, strong)
    for number in range(len(groups)):
        if width == WIDE:
            canvas.line(left + number * column, left + number * column, top, y - 6, "line")
    canvas.height = round(y)
    return canvas


def _block_head(canvas: Canvas, block: Sequence[Group], left: float, column: float, y: float) -> float:
    names = [wrap(group.name, column - 12, 3) for group in block]
    lines = max(len(name) for name in names)
    for number, (group, name) in enumerate(zip(block, names, strict=True)):
        for row, line in enumerate(name):
            place = y + LINE / 2 + (lines - len(name) + row) * LINE
            canvas.text(line, left + number * column, place, bold=True)
        canvas.text(german.count(group.n), left + number * column, y + LINE * lines + LINE / 2, color="muted")
    return y + LINE * (lines + 1) + 8


def _cell(canvas: Canvas, share: Share, left: float, column: float, most: float, middle: float, strong: bool) -> None:
    room = column - 62
    scale = room / most
    canvas.bar(left, left + share.value * scale, middle - BAR / 2 + 2, BAR - 4, "strong" if strong else "bar")
    _interval(canvas, left + share.low * scale, left + min(share.high, most) * scale, middle)
    value = german.percent(share.value, short=True)
    canvas.text(value, left + column - 10, middle, align="right", bold=strong)
