"""Passages: the parts of an answer that a reader understands without the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from rmtext.coding import Coding, Evidence, SegmentCode, ThemeCode

MIN_WORDS, MAX_WORDS = 6, 40  # shorter is a keyword, longer is skipped by readers of a report
UNJUDGED = 0.75  # certainty of praise or criticism in a segment whose sentiment is neutral or mixed
MAX_PLACES = 20  # of one theme in one answer: who writes pages must not crowd out the others
MAX_CHARS = 2_000  # 40 words are about 280; what is much longer is no quote and would fill the memory


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Sentences that open with these words answer the one before.
_CONNECTIVES = _words(
    """und oder aber also sondern denn doch sowie auch dadurch damit dabei dafür dagegen daher danach daran darauf
    daraus darin darüber darum darunter davon davor dazu deshalb deswegen somit folglich demnach trotzdem dennoch
    jedoch allerdings hingegen außerdem zudem ebenso ebenfalls stattdessen sonst ansonsten andererseits nämlich dann
    zweitens drittens dort er sie ihm ihn ihnen sein seine seinen seinem seiner dies diese dieser dieses diesen diesem
    letzteres letztere wodurch weshalb weswegen wobei womit wofür deren dessen denen solche solcher solches"""
)
# With a noun these are articles ("Das Programm"), before a verb or an adverb pronouns ("Das war").
_ARTICLES = _words("der die das dem den da so meiner")
_AFTER_PRONOUN = _words(
    """ist war sind waren wäre wären hat hatte hätte haben hatten hätten habe hab wird wurde würde werden wurden kann
    konnte könnte können konnten muss musste müsste müssen soll sollte sollten darf dürfte mag mochte möchte will
    wollte fand finde find findet gibt gab macht machte ging geht bringt brachte fehlt fehlte hilft half bleibt blieb
    lief läuft reicht reichte klappt klappte nervt nervte stört störte freut freute gefiel gefällt tat tut kam kommt
    hieß heißt zeigt zeigte passt passte nimmt nahm kostet kostete fällt fiel liegt lag auch nicht alles mir mich uns
    hier eben halt leider wirklich sehr schon"""
)
# These point back also from within the first words ("Ich habe dadurch …", "Gestern hat er …"), pronouns where no
# noun comes before them.
_OPENING = 4
_BACKWARD = _words("trotzdem dennoch deshalb deswegen dadurch daher daraus draus davon dafür dabei danach daran darauf")
_PRONOUNS = _words("er ihm ihn ihnen")
# "Es" stands for nothing before these ("Es gab", "Es fehlt").
_AFTER_EXPLETIVE = _words("gab gibt gäbe fehlt fehlte fehlen fehlten braucht bräuchte war wäre ist wurde wird")
_SUBORDINATORS = _words("obwohl obgleich weil wenn da dass während nachdem bevor seit seitdem solange")
_CLAUSES = _words("dass weil obwohl obgleich")  # without a comma after them the main clause is missing
_BREAK = re.compile(r"[.!?…;/+•|\n\r]")
_JOINERS = frozenset("-_*:'’")
_GLUE = frozenset("\u00ad\u200d")  # soft hyphen, zero-width joiner
_FIRST_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """``text[start:end]`` of an answer, ready to be quoted for one theme and polarity.

    ``evidence`` are the spans that show the theme, relative to ``start``. ``certainty`` in [0, 1]: that it speaks
    of the theme, and with this polarity. ``standalone`` is False where the passage still leans on words that it
    does not hold. ``suggestion``: its evidence asks for something.
    """

    start: int
    end: int
    polarity: str
    certainty: float
    words: int
    standalone: bool
    suggestion: bool
    evidence: tuple[tuple[int, int], ...]

    @property
    def readable(self) -> bool:
        """Whether its length suits a report."""
        return MIN_WORDS <= self.words <= MAX_WORDS


def count_words(text: str) -> int:
    """Words of a text as a reader counts them: bare punctuation and emoji are none."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def passages(coding: Coding, theme: ThemeCode) -> Iterator[Passage]:
    """The passages of an answer that show a theme, in reading order, each range once per polarity.

    A passage is the whole segment around a piece of evidence. It grows by the segment before while it opens
    with a word that answers that segment or starts within a sentence, by the one after while it is a clause
    that waits for its main clause, and by a neighbour that belongs to it while it is shorter than
    ``MIN_WORDS``; never beyond ``MAX_WORDS`` words. Only the first ``MAX_PLACES`` pieces of evidence are taken.
    A theme without evidence is shown by the whole answer.
    """
    text, segments = coding.text, sorted(coding.segments, key=lambda s: s.start)
    if not theme.evidence:
        start, end = whole_words(text, len(text) - len(text.lstrip()), len(text.rstrip()))
        alone = not _leans(text, start, end)
        whole = Passage(start, end, theme.polarity, theme.confidence, 0, alone, coding.suggestion, ())
        yield from _counted(text, whole)
        return
    found: dict[tuple[int, int, str], Passage] = {}
    places: list[tuple[Evidence, str]] = []
    for place in sorted(theme.evidence, key=lambda e: (e.start, e.end))[:MAX_PLACES]:
        core = [i for i, s in enumerate(segments) if s.start < place.end and place.start < s.end]
        polarity = _polarity(place, theme, [segments[i] for i in core])
        places.append((place, polarity))
        if core:
            first, last, standalone = _grow(text, segments, core[0], core[-1])
            start, end = min(segments[first].start, place.start), max(segments[last].end, place.end)
            suggestion = any(segments[i].suggestion for i in core)
        else:
            start, end, suggestion = place.start, place.end, coding.suggestion
            standalone = not _leans(text, start, end)
        start, end = whole_words(text, start, end)
        certainty = theme.confidence * _agreement(polarity, [segments[i] for i in core])
        passage = Passage(start, end, polarity, certainty, 0, standalone, suggestion, ())
        found.setdefault((start, end, polarity), passage)
    for passage in found.values():
        inside = [e for e, polarity in places if polarity == passage.polarity and _covers(passage, e)]
        spans = tuple((e.start - passage.start, e.end - passage.start) for e in inside)
        yield from _counted(text, replace(passage, evidence=spans))


def _counted(text: str, passage: Passage) -> Iterator[Passage]:
    """The passage with its words counted; none where it is too long or has no words."""
    length = passage.end - passage.start
    words = count_words(text[passage.start : passage.end]) if 0 < length <= MAX_CHARS else 0
    if words:
        yield replace(passage, words=words)


def _covers(passage: Passage, place: Evidence) -> bool:
    return passage.start <= place.start and place.end <= passage.end


def _polarity(place: Evidence, theme: ThemeCode, core: Sequence[SegmentCode]) -> str:
    """The polarity of a place: its own, else the theme's; of a mixed theme the sentiment of its segment."""
    if place.polarity is not None or theme.polarity != "gemischt":
        return place.polarity or theme.polarity
    sentiments = {segment.sentiment for segment in core} & {"positiv", "negativ"}
    return sentiments.pop() if len(sentiments) == 1 else "gemischt"


def _agreement(polarity: str, core: Sequence[SegmentCode]) -> float:
    """How sure the sentiment of the segments makes a polarity, in [0, 1]; wishes judge without sentiment."""
    shares = [1.0]
    for segment in core:
        if segment.sentiment == polarity:
            shares.append(segment.confidence)
        elif segment.sentiment in ("positiv", "negativ") and polarity in ("positiv", "negativ"):
            shares.append(1 - segment.confidence)
        elif not segment.suggestion:
            shares.append(UNJUDGED)
    return min(shares)


def _grow(text: str, segments: Sequence[SegmentCode], first: int, last: int) -> tuple[int, int, bool]:
    """The range of segments that can stand alone, grown from first..last, and whether it does."""
    core = segments[first]

    def words(low: int, high: int) -> int:
        start, end = segments[low].start, segments[high].end
        return count_words(text[start:end]) if end - start <= MAX_CHARS else MAX_CHARS

    def fits(low: int, high: int) -> bool:
        return words(low, high) <= MAX_WORDS

    def leans(index: int) -> bool:
        segment = segments[index]
        return _within_sentence(text, segments, index) or _leans(text, segment.start, segment.end)

    while leans(first) and first > 0 and fits(first - 1, last):
        first -= 1
    while last + 1 < len(segments) and _waits(text, segments, last) and fits(first, last + 1):
        last += 1
    standalone = not leans(first)
    while words(first, last) < MIN_WORDS:
        after, before = last + 1 < len(segments), first > 0
        if after and _belongs(text, segments, core, last + 1) and fits(first, last + 1):
            last += 1
        elif before and _belongs(text, segments, core, first - 1) and fits(first - 1, last) and not leans(first - 1):
            first -= 1
        else:
            break
    return first, last, standalone


def _belongs(text: str, segments: Sequence[SegmentCode], core: SegmentCode, index: int) -> bool:
    """Whether a neighbour may complete a fragment: it does not judge the other way, nor list another point."""
    other = segments[index]
    judged = {core.sentiment, other.sentiment} >= {"positiv", "negativ"}
    lower, upper = sorted((core, other), key=lambda s: s.start)
    return not judged and other.suggestion == core.suggestion and "\n" not in text[lower.end : upper.start]


def _within_sentence(text: str, segments: Sequence[SegmentCode], index: int) -> bool:
    """Whether a segment starts in the middle of a sentence that the segment before began."""
    if index == 0:
        return False
    gap = text[max(0, segments[index - 1].end - 1) : segments[index].start][:MAX_CHARS]
    return not _BREAK.search(gap) and not any(unicodedata.category(char) == "So" for char in gap)


def _waits(text: str, segments: Sequence[SegmentCode], index: int) -> bool:
    """Whether a segment is a subordinate clause whose main clause follows."""
    word = _FIRST_WORD.search(text, segments[index].start, segments[index].end)
    return bool(word and word[0].lower() in _SUBORDINATORS) and _within_sentence(text, segments, index + 1)


def _leans(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] opens with words that point back or connect, or is a mere clause."""
    opening = list(islice(_FIRST_WORD.finditer(text, start, end), _OPENING))
    first, second, *_ = [word[0].lower() for word in opening] + ["", ""]
    if first in _ARTICLES and second in _AFTER_PRONOUN:
        return True
    if first == "es" and second not in _AFTER_EXPLETIVE:
        return True
    if first in _CLAUSES and text.find(",", start, end - 1) < 0:
        return True
    return first in _CONNECTIVES or any(_points_back(text, opening, place) for place in range(1, len(opening)))


def _points_back(text: str, opening: Sequence[re.Match[str]], place: int) -> bool:
    word = opening[place][0].lower()
    if word in _PRONOUNS:
        return not any(earlier[0][0].isupper() for earlier in opening[1:place])
    # "Ich bin dafür, dass …" points forward.
    return word in _BACKWARD and not text.startswith(",", opening[place].end())


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The range widened until neither end lies inside a word ("E-Mail" and "Mentor*innen" are one word)."""
    while 0 < start < len(text) and end - start <= MAX_CHARS and _inside(text, start):
        start -= 1
    while 0 < end < len(text) and end - start <= MAX_CHARS and _inside(text, end):
        end += 1
    return start, end


def _inside(text: str, cut: int) -> bool:
    before, after = text[cut - 1], text[cut]
    if after in _GLUE or unicodedata.category(after)[0] == "M":  # the rest of a letter or of an emoji
        return True
    if _of_word(before) and _of_word(after):
        return True
    if before in _JOINERS and _of_word(after):
        return cut > 1 and _of_word(text[cut - 2])
    return _of_word(before) and after in _JOINERS and cut + 1 < len(text) and _of_word(text[cut + 1])


def _of_word(char: str) -> bool:
    return char.isalnum() or char in _GLUE or unicodedata.category(char)[0] == "M"
