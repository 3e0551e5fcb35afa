"""Where sentences and lines end."""

from __future__ import annotations

import re
from bisect import bisect_right

from rmtext.segment.words import NEVER_LAST, SELDOM_LAST, TURNS, Word, breaks, word_set

WRAPPED = 60  # a line this long that goes on in lower case was broken by a program, not by the writer
BRACKETED = 200  # characters: a bracket this long is no aside but a forgotten closing bracket

_ASIDE = re.compile(
    rf"\([^()\n]{{0,{BRACKETED}}}\)|\[[^\[\]\n]{{0,{BRACKETED}}}\]"
    r"|„[^„“”\"\n]{1,80}[“”\"]|\"[^\"\n]{1,80}\"|»[^»«\n]{1,80}«|“[^“”\n]{1,80}”"
)


def find_asides(text: str) -> list[int]:
    """Starts and ends, alternating, of brackets and short quotations: nothing is cut inside them."""
    # An answer that is put in quotation marks as a whole is cut like any other.
    whole = len(text.strip())
    return [place for match in _ASIDE.finditer(text) if len(match.group()) < whole for place in match.span()]


_STOP = re.compile(r"([.!?…]+)([\"“”»«‘’')\]*_]*)$")
_SMILEY = re.compile(r"[:;=]-?[)(DPp/|\\]+|<3+|\^\^|xD+|[^\w\s\x00-\x7f„“”‚‘’»«–—•·…€]+[\ufe0f\u200d]*")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_OPENERS = word_set(
    """der die das ein eine ich wir er sie es man mein meine unser aber und leider dann danach da dort hier auch nur
    trotzdem dafür insgesamt sonst alles alle im in am an auf bei beim mit nach für vom von zum zur als wenn weil nicht
    kein keine mehr sehr so was wie wer wo warum außerdem allerdings jedoch dennoch jetzt heute bitte vielleicht schade
    gut toll super ansonsten ohne seitdem"""
)
_BEFORE_ORDINAL = word_set("am im zum beim vom ab bis den dem der die das des seit und jeden jedes ein eine unser mein")


def sentence_ends(text: str, words: list[Word], first: int, last: int, asides: list[int]) -> bool:
    """Whether a sentence or a line ends between this word and the next."""
    word, after = words[last], words[last + 1]
    if breaks(text[word.end : after.start]):
        line = text[max(0, word.end - WRAPPED) : word.end]
        wrapped = len(line) == WRAPPED and not breaks(line) and not after.capital and after.bare.isalpha()
        return not wrapped or line[-1] in ".!?:;"
    if text[word.end - 1].isalnum() and word.end - word.start > 2:
        return False
    if bisect_right(asides, word.end) % 2 or not after.bare or is_smiley(text, after):
        return False
    spoken = last
    while spoken > first and (not words[spoken].bare or is_smiley(text, words[spoken])):
        spoken -= 1
    stop = _STOP.search(text, max(words[last].start, words[last].end - 20), words[last].end)
    stop = stop or _STOP.search(text, max(words[spoken].start, words[spoken].end - 20), words[spoken].end)
    if stop is None:
        return is_smiley(text, word) and (after.capital or after.bare in TURNS)
    if stop[2] and not after.capital:
        return False
    if stop[1] == "." and spoken == last and not _full_stop(text, words, last):
        return False
    return _worth(text, words, first, last, stop[1])


def is_smiley(text: str, word: Word) -> bool:
    """Whether a word is nothing but a smiley, an emoji or another symbol."""
    return word.end - word.start <= 20 and _SMILEY.fullmatch(text, word.start, word.end) is not None


def _full_stop(text: str, words: list[Word], last: int) -> bool:
    """Whether the full stop ends a sentence and not an abbreviation, a date or an ordinal."""
    body, after = words[last].bare, words[last + 1]
    opens = after.capital and after.bare in _OPENERS
    if body in NEVER_LAST or (len(body) == 1 and body.isalpha()):
        return False
    if body in SELDOM_LAST or _DOTTED.fullmatch(body):
        return opens
    if len(body) <= 5 and body.replace(".", "").isdigit() and (len(body) <= 2 or "." in body):
        return opens and (last == 0 or words[last - 1].bare not in _BEFORE_ORDINAL)
    return True


def _worth(text: str, words: list[Word], first: int, last: int, stop: str) -> bool:
    """Whether what follows is more than an afterthought ("Schade.") or the answer to a short question."""
    before = last + 1 - first
    follows = 0
    for word in words[last + 1 : last + 9]:
        follows += 1
        if text[word.end - 1] in ".!?…" and len(word.bare) > 2 and word.bare not in NEVER_LAST:
            break
    if "?" in stop:
        return before > 7 or (before > 4 and follows > 4)
    if stop in ("...", "..", "…") and not words[last + 1].capital and words[last + 1].bare not in TURNS:
        return before > 2 and follows > 2
    return follows > 1 and before + follows > 3
