"""What people write into the cells of a table of codings, understood or refused."""

from __future__ import annotations

import math
from typing import Any

from rmtext.coding import Evidence
from rmtext.sources import as_text
from rmtext.tables.columns import PERSON_CODER, SEPARATOR

_YES = frozenset({"1", "x", "ja", "j", "wahr", "true", "yes", "y", "genannt", "ok", "✓", "✔"})
_NO = frozenset({"0", "nein", "n", "falsch", "false", "no", "nicht genannt"})
_MOST_JOINED = 16  # how many parts are tried as one place: answers rarely hold the separator even once
_MOST_PLACES = 1_000  # of one theme in one answer that are looked for


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return not as_text(value).strip() or (isinstance(value, float) and math.isnan(value))


def trimmed(value: Any) -> str:
    """The text of a cell without the blanks around it."""
    return as_text(value).strip()


def flag(value: Any) -> bool | None:
    """1, 0, "x", "ja", "nein", WAHR …; None for an empty cell. Raises ValueError for anything else."""
    if is_blank(value):
        return None
    word = _plain(value)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError("write 1, 0 or nothing")


def number(value: Any, low: float, high: float) -> float | None:
    """A number in [``low``, ``high``], also with a decimal comma; None for an empty cell. Raises ValueError."""
    if is_blank(value):
        return None
    try:
        found = float(as_text(value).strip().replace(",", "."))
    except ValueError:
        found = math.nan
    if not low <= found <= high:
        raise ValueError(f"write a number from {low:g} to {high:g}, or nothing")
    return found


def word(value: Any, allowed: tuple[str, ...]) -> str | None:
    """One of the words in ``allowed``, in small or capital letters; None for an empty cell. Raises ValueError."""
    if is_blank(value):
        return None
    found = _plain(value)
    if found not in allowed:
        raise ValueError(f"write one of: {', '.join(allowed)}; or nothing")
    return found


def checked_by(value: Any) -> str | None:
    """Who checked a row: a name as it stands, "person" for a mere mark such as "x" or 1, None for nobody."""
    if is_blank(value) or _plain(value) in _NO:
        return None
    if not isinstance(value, str) or _plain(value) in _YES:
        return PERSON_CODER
    return value.strip()


def places(cell: str, text: str) -> tuple[Evidence, ...]:
    """The places in ``text`` where the words of an evidence cell stand, in the cell's order.

    Each is searched from the end of the one before, then from the beginning. An answer may itself hold the
    separator, so the longest run of parts that stands in the text is one place. Words that are not in the
    text (it was anonymised, or cut) have no place.
    """
    if whole := _find(cell, text, 0):
        return (whole,)
    parts = cell.split(SEPARATOR, _MOST_PLACES) if cell else []
    found: list[Evidence] = []
    begin = position = 0
    while begin < len(parts):
        for end in range(min(begin + _MOST_JOINED, len(parts)), begin, -1):
            place = _find(SEPARATOR.join(parts[begin:end]), text, position)
            if place is not None:
                found.append(place)
                position = place.end
                break
        begin = end
    return tuple(found)


def _find(words: str, text: str, position: int) -> Evidence | None:
    # The CSV for Excel puts an apostrophe before words that look like a formula.
    for candidate in (words, words.removeprefix("'")):
        for begin in (position, 0):
            start = text.find(candidate, begin) if candidate else -1
            if start >= 0:
                return Evidence(start, start + len(candidate))
    return None


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    text = as_text(value).strip().lower()
    return {"1.0": "1", "0.0": "0", "1,0": "1", "0,0": "0"}.get(text, text)
