"""Words in one spelling: lower case, umlauts written out, ß as ss."""

from __future__ import annotations

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "'": None, "’": None, "`": None, "´": None})
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> list[str]:
    """Words of the text, lower-cased, with umlauts written out and ß as ss."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS))


def word_set(listed: str) -> frozenset[str]:
    """The words of a list written as one text."""
    return frozenset(listed.split())


def any_of(listed: str) -> re.Pattern[str]:
    """A pattern for any of the listed words; ``*`` stands for letters, ``_`` for a space."""
    words = "|".join(listed.split()).replace("_", " ").replace("*", r"\w*")
    return re.compile(rf"\b(?:{words})\b")
