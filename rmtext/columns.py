"""Which column is what: profiles of columns, the obvious text column, questions among headers."""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from rmtext.errors import RmtextError
from rmtext.sources import Row, Source, as_text, listed

SAMPLE_ROWS = 300  # rows that a column is judged by
SAMPLE_CELLS = 200_000  # and never more cells than this: a file with 10,000 columns is judged by 20 rows
MIN_WORDS = 3.0  # mean words a cell from which a column is long text
MIN_DISTINCT = 0.5  # share of different values below which it is a closed question, however long its options

# Normalised names (see ``normalised``) of columns that hold answers and nothing else.
_TEXT_NAMES = """
    antwort antworten antworttext antwortfreitext freitext freitexte freitextantwort freitextantworten freietext text
    texte volltext kommentar kommentare kommentartext freitextkommentar freierkommentar bemerkung bemerkungen
    anmerkung anmerkungen feedback feedbacktext rueckmeldung rueckmeldungen stellungnahme stellungnahmen meinung
    meinungen aeusserung aeusserungen aussage aussagen offeneantwort offeneantworten offenenennung offenenennungen
    nennung nennungen wortlaut verbatim verbatims answer answers answertext comment comments commenttext response
    responses responsetext freetext opentext openanswer openresponse openended remark remarks
"""
TEXT_NAMES = frozenset(_TEXT_NAMES.split())
QUESTION_NAMES = frozenset({"frage", "fragetext", "fragestellung", "question", "questiontext"})

# Headings of open questions that are no sentences, as employee surveys and review portals use them.
_HEADINGS = """
    gutamarbeitgeberfindeich schlechtamarbeitgeberfindeich verbesserungsvorschlaege verbesserungsvorschlag
    verbesserungen verbesserungswuensche staerken schwaechen positives negatives positiv negativ lob kritik
    lobundkritik wuensche wunsch vorschlaege vorschlag anregungen anregung ideen probleme schwierigkeiten
    herausforderungen vorteile nachteile gutfandich schlechtfandich dashatmirgefallen dashatmirnichtgefallen
    dashatmirgutgefallen dashatmichgestoert daslieftgut dasliefgut dasliefschlecht wasgut wasschlecht
    wuenscheandaspersonal wuenscheandieleitung lessonslearned
"""
HEADINGS = frozenset(_HEADINGS.split())
_QUESTION_WORD = re.compile(
    r"(?:was|wie|warum|wieso|weshalb|wozu|wo|wer|wen|wem|welche[rsnm]?|wann|woran|worauf|woraus|worin|worüber|worum|"
    r"wodurch|wofür|womit|wonach|wovon|wovor|wobei|woher|wohin|inwiefern|inwieweit|bitte|nennen|beschreiben|"
    r"würden|haben|hatten|können|möchten|gibt|gab|sind|fühlen|in welche[rnm]?|an welche[rnm]?|mit welche[rnm]?)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?:[A-Za-z]{1,3}\d+(?:[._-]?[A-Za-z]?\d+)*[.:)_\s-]+|\d+[.:)]\s+)")  # "F12: ", "G02Q03. ", "1) "


_NUMBER = re.compile(r"\s*[-+]?(?:\d{1,3}(?:[.,\s]\d{3})+|\d+)(?:[.,]\d+)?(?:[eE][-+]?\d+)?\s*%?\s*")
_DATE = re.compile(r"\s*(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})(?:[T ][\d:.,+Z ]*)?\s*")
_LONGEST = 40  # characters of a number or a date


def _written(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST and pattern.fullmatch(value) is not None


@dataclass
class Profile:
    """A column as its first cells show it: how many are filled, with what, and with how many words."""

    name: str
    label: str | None = None
    cells: int = 0
    strings: int = 0
    numbers: int = 0
    dates: int = 0
    truths: int = 0
    words: int = 0
    different: set[str] = field(default_factory=set)

    def add(self, value: Any) -> None:
        """Counts one cell."""
        if value is None:
            return
        self.cells += 1
        if isinstance(value, bool):
            self.truths += 1
        elif isinstance(value, int | float | Decimal) or _written(value, _NUMBER):
            self.numbers += 1
        elif isinstance(value, datetime.date | datetime.time) or _written(value, _DATE):
            self.dates += 1
        else:
            self.strings += 1
            text = as_text(value)
            self.words += len(text.split(None, 1000))  # beyond that a count says nothing new
            self.different.add(text[:200])

    @property
    def kind(self) -> str:
        """``text`` (long and varied), ``short text``, ``category``, ``number``, ``date``, ``yes/no`` or ``empty``."""
        if not self.cells:
            return "empty"
        for count, kind in ((self.numbers, "number"), (self.dates, "date"), (self.truths, "yes/no")):
            if count > self.cells / 2:
                return kind
        varied = len(self.different) >= MIN_DISTINCT * self.strings
        if varied and self.words >= MIN_WORDS * self.strings:
            return "text"
        return "short text" if varied else "category"


def profiles(source: Source) -> tuple[Profile, ...]:
    """A profile of each column, from the first rows. Raises RmtextError where there are none."""
    columns = tuple(Profile(name, source.labels.get(name)) for name in source.header)
    rows: Iterable[Row] = islice(source.rows(), max(20, min(SAMPLE_ROWS, SAMPLE_CELLS // len(columns))))
    empty = True
    for row in rows:
        empty = False
        for column, value in zip(columns, row, strict=True):
            if value is not None:
                column.add(value)
    if empty:
        raise RmtextError(f"{source.name} has a header but no rows below it: there are 0 answers to read.")
    return columns


def text_candidates(columns: Sequence[Profile]) -> list[str]:
    """The columns that may be meant by "the text": one if it is obvious.

    A column with the name of a text column (``antwort``, ``kommentar``, …) that does not hold numbers; else
    those with long, varied text and those whose header is a question; else the only column there is.
    """
    named = [
        column.name
        for column in columns
        if normalised(column.name) in TEXT_NAMES and column.kind not in ("number", "date", "yes/no")
    ]
    if named:
        return named
    wordy = [
        column.name
        for column in columns
        if normalised(column.name) not in QUESTION_NAMES
        and (
            column.kind == "text" or (column.kind == "short text" and reads_like_question(column.label or column.name))
        )
    ]
    return wordy or ([columns[0].name] if len(columns) == 1 else [])


def obvious_text(source: Source, columns: Sequence[Profile]) -> str:
    """The single obvious text column. Raises RmtextError that lists the candidates, or the columns if none."""
    candidates = text_candidates(columns)
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise RmtextError(
            f"{source.name} has several columns that may be the text: {listed(candidates)}. "
            "Say which with --text COLUMN (repeat it for several)."
        )
    raise RmtextError(
        f"{source.name} has no column that is obviously the text. Its columns: {listed(source.header)}. "
        "Say which with --text COLUMN."
    )


def find_column(wanted: str, source: Source, option: str, instead: Sequence[str] = ()) -> str:
    """The column called ``wanted``, case and blanks at the ends aside.

    Raises RmtextError with the columns and the nearest name; ``instead`` are proposed where none is near.
    """
    column = match_column(wanted, source.header)
    if column is not None:
        return column
    near = nearest(wanted, source.header)
    if near is None and len(instead) == 1:
        near = instead[0]
    hint = f" Did you mean {option} {_quoted(near)}?" if near is not None else ""
    raise RmtextError(f"{source.name} has no column '{wanted}'. Its columns: {listed(source.header)}.{hint}")


def _quoted(name: str) -> str:
    return f"'{name}'" if re.search(r"[^\w.-]", name) else name


def match_column(wanted: str, header: Sequence[str]) -> str | None:
    """The column of that name: exactly, else the only one that differs in case, blanks or Unicode form."""
    if wanted in header:
        return wanted
    same = [name for name in header if _folded(name) == _folded(wanted)]
    return same[0] if len(same) == 1 else None


def nearest(wanted: str, header: Sequence[str]) -> str | None:
    """The column name most like ``wanted``, None where none is much like it."""
    folded = {_folded(name): name for name in reversed(header)}
    near = difflib.get_close_matches(_folded(wanted), folded, n=1)
    return folded[near[0]] if near else None


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def normalised(name: str) -> str:
    """A name without case, blanks and signs, its umlauts spelt out: "Freie Antwort:" and "freie_antwort" are one."""
    name = unicodedata.normalize("NFC", name).casefold()
    for umlaut, spelt in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        name = name.replace(umlaut, spelt)
    return re.sub(r"[\W_]+", "", name)


def reads_like_question(header: str) -> bool:
    """Whether a column's header is the question that was asked, or a heading known to stand for one.

    True for what ends with a question mark, begins like a question or request and has three words, is a
    stem to complete ("Mir hat gefallen, …"), or is a heading such as "Verbesserungsvorschläge".
    """
    text = question_text(header)
    if normalised(text) in TEXT_NAMES or not text:
        return False
    if text.endswith("?") or normalised(text) in HEADINGS:
        return True
    words = len(text.split())
    if words >= 2 and text.endswith(("…", "...", ":")):
        return True
    return words >= 3 and _QUESTION_WORD.match(text) is not None


def question_text(header: str) -> str:
    """A header as a question: without "F12: " before it, with blanks for the underscores of "was_war_gut"."""
    text = header.strip()
    code = _CODE.match(text)
    if code and len(text) > code.end() + 2:
        text = text[code.end() :].strip()
    return text.replace("_", " ").strip() if " " not in text else text
