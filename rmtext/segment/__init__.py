"""Segments: an answer cut into units of meaning, the German pipeline that does it, and the rules it follows.

A unit of meaning is a sentence, an item of a list, or the part of a sentence before or after a turn ("…, aber …").
People write without capitals, full stops and commas; the rules therefore lean on words rather than on grammar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rmtext.segment.clauses import split_clauses
from rmtext.segment.sentences import find_asides, sentence_ends
from rmtext.segment.words import DASHES, STROKES, Word, list_marks, split_words

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

SEGMENTER = "rmtext-rules"
SEGMENTER_VERSION = "1"
COMPONENT = "rmtext_segmenter"

MAX_TEXT = 50_000_000  # spaCy refuses a million characters for its parsers' sake; the rules here take linear memory


def segments(texts: Iterable[str]) -> Iterator[list[tuple[int, int]]]:
    """For each text the (start, end) offsets of its segments, in order: exact, trimmed, without overlap.

    They cover every visible character but list marks and the strokes between items; a text with a visible
    character has at least one. The same as ``doc._.rmtext_segments`` of ``pipeline()``, without its tokens.
    """
    return map(cut, texts)


@lru_cache(maxsize=1)
def pipeline() -> Language:
    """``spacy.blank("de")`` with the component that sets ``doc._.rmtext_segments``."""
    import spacy

    register()
    nlp = spacy.blank("de")
    nlp.max_length = MAX_TEXT
    nlp.add_pipe(COMPONENT)
    return nlp


def register() -> None:
    """Makes the component ``rmtext_segmenter`` known to spaCy; harmless to call again.

    Segments are kept as offsets, not as spans of tokens: people write "gut.Leider", which is one token.
    """
    from spacy.language import Language
    from spacy.tokens import Doc

    if not Doc.has_extension("rmtext_segments"):
        Doc.set_extension("rmtext_segments", default=())
    if not Language.has_factory(COMPONENT):
        Language.component(COMPONENT, assigns=["doc._.rmtext_segments"], func=segment_doc)


def segment_doc(doc: Doc) -> Doc:
    """Sets ``doc._.rmtext_segments``: a tuple of (start, end) character offsets."""
    doc._.rmtext_segments = tuple(cut(doc.text))
    return doc


def cut(text: str) -> list[tuple[int, int]]:
    """The segments of one text (see ``segments``)."""
    words = split_words(text)
    marks = list_marks(text, words)
    asides = find_asides(text)
    spans: list[tuple[int, int]] = []
    first = 0
    for last in range(len(words)):
        if last + 1 == len(words) or last + 1 in marks or sentence_ends(text, words, first, last, asides):
            for start, end in split_clauses(text, words[first : last + 1], asides, len(words)):
                spans += _trimmed(text, words[first + start : first + end], marks.get(first + start, 0))
            first = last + 1
    return _with_voice(text, spans, words)


def _trimmed(text: str, words: list[Word], mark: int) -> list[tuple[int, int]]:
    """The span of the words without list mark and without strokes at its ends; none if nothing else is left."""
    places = [(word.start, word.end) for word in words]
    if mark:
        places[0] = (places[0][0] + mark, places[0][1])
    strokes = DASHES | STROKES | {""}
    start, end = 0, len(places)
    while start < end and text[slice(*places[start])] in strokes:
        start += 1
    while end > start and text[slice(*places[end - 1])] in strokes:
        end -= 1
    return [(places[start][0], places[end - 1][1])] if start < end else []


def _with_voice(text: str, spans: list[tuple[int, int]], words: list[Word]) -> list[tuple[int, int]]:
    """Joins spans of bare punctuation or smileys to what they follow; a text of nothing else is one span."""
    joined: list[tuple[int, int]] = []
    silent: int | None = None
    for start, end in spans:
        if not any(map(str.isalnum, text[start:end])):
            if joined:
                joined[-1] = (joined[-1][0], end)
            elif silent is None:
                silent = start
            continue
        joined.append((start if silent is None else silent, end))
        silent = None
    if not joined and words:
        return [(words[0].start, words[-1].end)]
    return joined
