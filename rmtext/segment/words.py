"""Words of a text as people write it: where they stand, where they are glued together, what only marks a list."""

from __future__ import annotations

import re
from typing import NamedTuple


class Word(NamedTuple):
    """A stretch of text without blanks: its place, its bare letters in lower case, and whether it is capitalised."""

    start: int
    end: int
    bare: str
    capital: bool


def word_set(listed: str) -> frozenset[str]:
    """The words of a list written as one text."""
    return frozenset(listed.split())


# Words that turn an argument, from praise to criticism or back.
TURNS = word_set(
    """aber allerdings nur bloß bloss trotzdem obwohl leider jedoch dafür dagegen hingegen dennoch wobei andererseits
    schade"""
)
# Never the last word of a sentence; seldom the last: only before a capitalised word that opens sentences.
NEVER_LAST = word_set(
    """z.b zb d.h dh v.a va u.a s.o s.u bzgl ca nr dr prof dipl ing ggf evtl inkl exkl vgl bzw abt tel hr fr st str
    max min mind insb bspw sog gem lt zzgl abzgl allg betr geb incl kl gr ehem mag ff bes vllt vlt eig eigtl
    i.d.r idr o.g"""
)
SELDOM_LAST = word_set(
    """usw etc uvm std sek mio mrd jan feb mär apr aug sep sept okt nov dez mo di mi do fr sa ma mon pkt kap"""
)

DASHES = word_set("- – —")
STROKES = word_set("/ + |")
BULLETS = frozenset("•·▪◦►▶✓*")
_SIGNS = DASHES | {"+"}
_ALWAYS_ITEM = BULLETS - {"*"}
_STARTS_ITEM = BULLETS | _SIGNS
_EDGES = ".,;:!?…()[]{}\"„“”‚‘’»«'*_~"
_CHUNK = re.compile(r"[^\s\u200b\u2060\ufeff]+")
# "gut.Leider", "Zeit,Geld": a stop between two words without the blank; not "Kolleg!innen".
_GLUED = re.compile(r"(?<=[^\W\d_]{2})(?:[.!?…]+|[,;])(?=[^\W\d_]{2})(?!in(?:nen)?\b)")
_ADDRESS = re.compile(
    r"@|://|www\.|\.(?:de|com|net|org|eu|at|ch|info|io|js|py|pdf|docx?|xlsx?|pptx?|csv|txt|jpe?g|png|html?|zip|mp[34])\b",
    re.IGNORECASE,
)


def split_words(text: str) -> list[Word]:
    """The words of a text in order, also those glued together ("gut.Leider")."""
    glued = _GLUED.search(text) is not None
    words = []
    for match in _CHUNK.finditer(text):
        start, end = match.span()
        if glued and not _ADDRESS.search(match.group()):
            for stop in _GLUED.finditer(text, start, end):
                left = text[start : stop.start()].casefold()
                if stop.group() != "." or (left not in NEVER_LAST and left not in SELDOM_LAST):
                    words.append(_word(text, start, stop.end()))
                    start = stop.end()
        words.append(_word(text, start, end))
    return words


def _word(text: str, start: int, end: int) -> Word:
    core = text[start:end].strip(_EDGES)
    return Word(start, end, core.casefold(), core[:1].isupper())


_NUMBERED = re.compile(r"\(?(\d{1,2}|[a-h](?=\)))[.)](?=$|[^\W\d_])")
# What is counted: "2. Treffen" is no second item.
_COUNTED = word_set(
    """treffen termin mal quartal halbjahr lehrjahr semester jahr monat woche tag stock stockwerk etage og ug runde
    durchgang sitzung phase stunde schicht platz schritt reihe ebene gruppe klasse generation januar februar märz april
    mai juni juli august september oktober november dezember hälfte drittel teil kapitel"""
)


def list_marks(text: str, words: list[Word]) -> dict[int, int]:
    """Index of each word that opens a list item → how many characters of it are the mark."""
    marks: dict[int, int] = {}
    numbers: list[tuple[int, int]] = []
    mark = ""
    for i, word in enumerate(words):
        opens = i == 0 or breaks(text[words[i - 1].end : word.start])
        sign = text[word.start]
        length = word.end - word.start
        alone = length == 1 or text[word.start + 1].isalpha()
        if opens:
            mark = sign if alone and sign in _STARTS_ITEM else ""
        # "+nette Leute –Hitze": what opens with one sign glued on may go on with another.
        again = sign == mark or (bool(mark) and length > 1 and mark in _SIGNS and sign in _SIGNS)
        if sign in _ALWAYS_ITEM or (alone and again):
            marks[i] = 1
        number = _NUMBERED.match(text, word.start, word.end) if length <= 40 else None
        if number and (number.end() < word.end or (i + 1 < len(words) and words[i + 1].bare not in _COUNTED)):
            value = int(number[1]) if number[1].isdigit() else "abcdefgh".index(number[1]) + 1
            ends_before = opens or text[words[i - 1].end - 1] in ".,;:!?" or text[number.end() - 1] == ")"
            if value == len(numbers) + 1 and (ends_before or numbers):
                numbers.append((i, number.end() - word.start))
    return marks | dict(numbers) if len(numbers) > 1 else marks


def breaks(gap: str) -> bool:
    """Whether a line ends in the blanks between two words."""
    return "\n" in gap or "\r" in gap or "\u2028" in gap
