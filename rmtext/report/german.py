"""Figures and words as German readers expect them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rmtext.statistics import Share

THIN = "\u202f"  # narrow no-break space: "41 %", "n = 38"
JOINER = "\u2060"  # keeps both ends of an interval in one line
SMALL = 20  # below it a share of a share is said in whole answers, "7 von 9"

# Characters that turn the direction of the text around them, and those that no document may hold.
_UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FRACTIONS = (
    (0.9, "rund neun von zehn"), (0.8, "rund vier von fünf"), (0.75, "rund drei Viertel"),
    (2 / 3, "rund zwei Drittel"), (0.5, "rund die Hälfte"), (1 / 3, "rund ein Drittel"), (0.25, "rund ein Viertel"),
)  # fmt: skip
_NEAR = 0.02  # how far a share may lie from the fraction that names it


def clean(text: str) -> str:
    """The text without characters that a document cannot hold: they become U+FFFD."""
    return _BROKEN.sub("\ufffd", text)


def plain(text: str, limit: int = 160) -> str:
    """A label in one line: without direction marks and line breaks, cut at a word where it is longer than limit."""
    line = " ".join(_UNSEEN.sub("", clean(text[: 4 * limit])).split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def number(value: int) -> str:
    """A count: 1.432."""
    return f"{value:,}".replace(",", ".")


def decimal(value: float, digits: int = 2) -> str:
    """A figure with a decimal comma: 0,84."""
    return f"{value:.{digits}f}".replace(".", ",")


def percent(value: float, *, short: bool = False) -> str:
    """A share in whole per cent; what is neither none nor all is never called so: "unter 1 %", short "<1 %"."""
    if 0 < value < 0.005:
        return f"{'<' if short else 'unter '}1{THIN}%"
    if 0.995 <= value < 1:
        return f"{'>' if short else 'über '}99{THIN}%"
    return f"{_whole(value)}{THIN}%"


def interval(share: Share) -> str:
    """The confidence interval: 34–48 %."""
    return f"{_whole(share.low)}{JOINER}–{JOINER}{_whole(share.high)}{THIN}%"


def count(n: int) -> str:
    """A number of answers beside a share: n = 38."""
    return f"n{THIN}={THIN}{number(n)}"


def quoted(text: str) -> str:
    """A name in German quotation marks; marks inside become single ones."""
    inner = plain(text).translate(str.maketrans("„“”", "‚‘’"))
    return f"„{inner}“"


def listed(words: Sequence[str]) -> str:
    """A, B und C."""
    return " und ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def some(n: int, one: str, many: str) -> str:
    """A number with its noun: "eine Antwort", "38 Antworten". ``one`` carries its article."""
    return one if n == 1 else f"{number(n)} {many}"


def proportion(share: Share) -> str:
    """A share of a share as people say it: few answers are counted out, near fractions named, all else per cent."""
    weighted = share.effective_n != share.n
    if share.value >= 1:
        return "alle" if share.n > 1 else "die eine"
    if share.n < SMALL and not weighted:
        return f"{share.hits} von {share.n}"
    near = min(_FRACTIONS, key=lambda fraction: abs(fraction[0] - share.value))
    return near[1] if abs(near[0] - share.value) <= _NEAR else percent(share.value)


def _whole(value: float) -> int:
    return int(100 * value + 0.5)
