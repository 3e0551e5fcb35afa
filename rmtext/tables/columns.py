"""A table of codings: which columns it has, and the values of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rmtext.answers import Layout
from rmtext.codebook import Codebook
from rmtext.coding import Coding
from rmtext.errors import RmtextError

TAKEN = "_rmtext"  # appended to a name that the input already uses
SEPARATOR = " | "  # between the words of several places
DIGITS = 3  # of confidences and scores
QUESTION = "frage"
ANSWER = "antwort"
FACETS = ("thema", "polaritaet", "konfidenz", "beleg")
VERDICT = ("sentiment", "sentiment_score", "vorschlag", "non_answer", "needs_review", "review_reason", "geprueft")
MODEL_CODER = "modell"
PERSON_CODER = "person"
CHECKED = "ja"

Kind = Literal["id", "question", "text", "input", "group", "flag", "number", "word", "words"]
_VERDICT_KINDS: tuple[Kind, ...] = ("word", "number", "flag", "word", "flag", "word", "word")
_VERDICT_LABELS = (
    "Stimmung der Antwort", "Stimmung von -1 (Kritik) bis 1 (Lob)", "Enthält einen Vorschlag",
    "Warum die Antwort nichts sagt", "Soll geprüft werden", "Warum sie geprüft werden soll", "Geprüft (von)",
)  # fmt: skip
_FACET_KINDS: tuple[Kind, ...] = ("flag", "word", "number", "words")
_FACET_LABELS = ("", ": Polarität", ": Konfidenz", ": Beleg")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``kind`` says where its values come from and how they look.

    ``id``, ``question``, ``text``, ``input`` and ``group`` stand on the left (``key`` names the input's
    column); ``flag`` (1, 0 or empty), ``number``, ``word`` and ``words`` (evidence) are what was coded.
    A ``question`` with a key falls back on the name of the text column.
    ``prefix`` is the text column that a coded column belongs to, empty where there is only one.
    ``label`` and ``value_labels`` (code → label) are for SPSS.
    """

    name: str
    kind: Kind
    label: str
    key: str = ""
    prefix: str = ""
    value_labels: Mapping[Any, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """The columns on the left (the input's own), and the coded ones for each of ``texts`` (text columns).

    ``texts`` is ("",) where each coding is a row of its own.
    """

    left: tuple[Column, ...]
    coded: tuple[Column, ...]
    texts: tuple[str, ...]
    codebook: Codebook

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, in order."""
        return self.left + self.coded

    def rows(self, codings: Iterable[Coding]) -> Iterator[list[Any]]:
        """The values of each row, in the columns' order; only the codings of one row are in memory.

        Raises RmtextError for a theme that the codebook does not have.
        """
        for row in _input_rows(codings, self.texts):
            first = next(iter(row.values()))
            values = [_left_value(column, row, first) for column in self.left]
            for text in self.texts:
                values += _coded_values(row.get(text), self.codebook)
            yield values


def table_of(
    codebook: Codebook,
    layout: Layout,
    *,
    long: bool = False,
    labels: Mapping[str, str] | None = None,
    value_labels: Mapping[str, Mapping[Any, str]] | None = None,
) -> Table:
    """The table for the answers of a file: its own columns on the left, one row an input row.

    With several text columns the coded columns exist once for each of them; ``long`` makes a row of every
    answer instead, with the question in a column ``frage``. With one text column ``long`` adds only that.
    ``labels`` and ``value_labels`` describe columns of the input, by name.
    """
    left = _long_left(layout) if long else [_input_column(name, layout.texts) for name in layout.header]
    texts = ("",) if long or len(layout.texts) == 1 else layout.texts
    labels, value_labels = labels or {}, value_labels or {}
    left = [
        replace(column, label=labels.get(column.name, column.label), value_labels=value_labels.get(column.name, {}))
        for column in left
    ]
    return _table(left, texts, codebook, layout.header)


def table_of_codings(codebook: Codebook, codings: Iterable[Coding]) -> Table:
    """The table for codings whose file is not known: id, question, the codings' other columns, text.

    Reads all ``codings`` once, to know the names of their columns. A row for each coding.
    """
    names: dict[str, Column] = {}
    questions, own_id = False, False
    for coding in codings:
        questions = questions or coding.question is not None
        own_id = own_id or "id" not in coding.columns or str(coding.columns["id"]) != coding.id
        for name in coding.columns:
            names.setdefault(name, Column(name, "input", name, name))
        for name in coding.groups:
            names.setdefault(name, Column(name, "group", name, name))
    taken = set(names)
    left = [Column(_free("id", taken), "id", "Kennung")] if own_id else []
    left += [Column(_free(QUESTION, taken), "question", "Frage")] if questions else []
    left += names.values()
    left.append(Column(_free("text", taken), "text", "Antwort"))
    return _table(left, ("",), codebook, ())


def _long_left(layout: Layout) -> list[Column]:
    kept = [name for name in layout.header if name not in layout.texts]
    taken = set(layout.header)
    question = Column(_free(QUESTION, taken), "question", "Frage", "column")
    answer = layout.texts[0] if len(layout.texts) == 1 else _free(ANSWER, taken)
    left = [Column(name, "input", name, name) for name in kept]
    place = layout.header.index(layout.texts[0])
    left[place:place] = [question, Column(answer, "text", answer)]
    return left


def _input_column(name: str, texts: Sequence[str]) -> Column:
    if name not in texts:
        return Column(name, "input", name, name)
    return Column(name, "text", name, name if len(texts) > 1 else "")


def _table(left: list[Column], texts: tuple[str, ...], codebook: Codebook, header: Sequence[str]) -> Table:
    taken = set(header) | {column.name for column in left}
    coded = [column for text in texts for column in _coded_columns(text, codebook, taken)]
    return Table(tuple(left), tuple(coded), texts, codebook)


def _coded_columns(prefix: str, codebook: Codebook, taken: set[str]) -> Iterator[Column]:
    before = f"{prefix}_" if prefix else ""
    heading = f"{prefix} – " if prefix else ""
    for theme in codebook.themes:
        for facet, kind, label in zip(FACETS, _FACET_KINDS, _FACET_LABELS, strict=True):
            name = _free(f"{before}{facet}_{theme.id}", taken)
            yield Column(name, kind, f"{heading}{theme.label}{label}", theme.id, prefix)
    for name, kind, label in zip(VERDICT, _VERDICT_KINDS, _VERDICT_LABELS, strict=True):
        yield Column(_free(before + name, taken), kind, heading + label, "", prefix)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += TAKEN
    taken.add(name)
    return name


def _input_rows(codings: Iterable[Coding], texts: tuple[str, ...]) -> Iterator[dict[str, Coding]]:
    """The codings of one input row together, by text column; under "" where each coding is a row."""
    if texts == ("",):
        yield from ({"": coding} for coding in codings)
        return
    row: dict[str, Coding] = {}
    last: Coding | None = None
    for coding in codings:
        if coding.column not in texts:
            raise ValueError(f"coding of column {coding.column!r}, but the layout's text columns are {list(texts)}")
        if last is not None and ((coding.row, coding.id) != (last.row, last.id) or coding.column in row):
            yield row
            row = {}
        row[coding.column] = last = coding
    if row:
        yield row


def _left_value(column: Column, row: dict[str, Coding], first: Coding) -> Any:
    match column.kind:
        case "text":
            return row[column.key].text if column.key in row else None
        case "question":
            return first.question or (first.column if column.key else None)
        case "id":
            return first.id
        case "group":
            return first.groups.get(column.key)
        case _:
            return first.columns.get(column.key)


def _coded_values(coding: Coding | None, codebook: Codebook) -> list[Any]:
    if coding is None:
        return [None] * (len(FACETS) * len(codebook.themes) + len(VERDICT))
    found = {theme.theme: theme for theme in coding.themes}
    values: list[Any] = []
    for theme_id in codebook.ids:
        theme = found.pop(theme_id, None)
        if theme is None:
            values += (0 if coding.counts else None, None, None, None)
        else:
            words = SEPARATOR.join(coding.text[place.start : place.end] for place in theme.evidence)
            values += (1, theme.polarity, round(theme.confidence, DIGITS), words)
    if found:
        raise RmtextError(
            f"Answer {coding.id} carries the theme '{next(iter(found))}', which the codebook '{codebook.name}' does "
            "not have. Use the codebook that the answers were coded by."
        )
    return [
        *values, coding.sentiment, round(coding.sentiment_score, DIGITS), int(coding.suggestion), coding.non_answer,
        int(coding.needs_review), coding.review_reason, _checked(coding),
    ]  # fmt: skip


def _checked(coding: Coding) -> str | None:
    if coding.coder not in (MODEL_CODER, PERSON_CODER):
        return coding.coder
    return CHECKED if coding.checked or coding.coder == PERSON_CODER else None
