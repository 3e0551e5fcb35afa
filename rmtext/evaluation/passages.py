"""Passages: an answer as a list shows it, cut where it is long, with the marked places apart."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 1_200  # characters of an answer that a list shows
_BEFORE = 200  # of them before the first marked place of a long answer


def pieces(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text in parts (words, marked); of a long one the passage around the first marked place."""
    start = 0
    if len(text) > LONGEST and places:
        start = max(0, min(min(places)[0] - _BEFORE, len(text) - LONGEST))
    end = min(len(text), start + LONGEST)
    marked = bytearray(end - start)
    for begin, stop in places:
        for i in range(max(begin, start), min(stop, end)):
            marked[i - start] = 1
    found: list[tuple[str, bool]] = [("… ", False)] if start else []
    begin = start
    for i in range(start + 1, end + 1):
        if i == end or marked[i - start] != marked[begin - start]:
            found.append((text[begin:i], bool(marked[begin - start])))
            begin = i
    return [*found, (" …", False)] if end < len(text) else found


def shortened(text: str) -> str:
    """The text, of a long one its beginning."""
    return "".join(words for words, _ in pieces(text, ()))
