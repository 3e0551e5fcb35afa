"""Text files of any encoding that people send: which one it is, and lines that never fail to decode."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rmtext.errors import RmtextError

SAMPLE_BYTES = 262_144  # what the encoding and the delimiter are judged on
UNSETTLED_BYTES = 16_384  # what charset-normalizer gets to see: it takes about a second per 100 kB
MAX_LINE = 32 * 1024 * 1024  # characters; a longer line is no line of answers, and would have to fit in memory

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = ("cp1252", "mac_roman", "cp850")  # in order of preference: a tie goes to Windows
_LETTERS = frozenset("äöüÄÖÜßéèêàáâçñôóîíëïœæåøÉÀÇ")
_SIGNS = frozenset("„“”‚‘’–—…€§°«»•·´²³½¼µ©®™\xa0")
_MOSTLY = 0.9  # share of the bytes above 127 that must make sense for a plain rule to settle the encoding
_ISOLATED = ["cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "iso8859_2", "iso8859_5", "koi8_r", "gb18030"]
_ESCAPED = re.compile("[\udc80-\udcff]")


def detect_encoding(sample: bytes) -> str:
    """The Python name of the encoding of a file that begins with ``sample``.

    In this order: a byte order mark; UTF-16 by its zero bytes; UTF-8 if what is not valid is the exception;
    of the Western single-byte encodings the one in which umlauts stand beside letters and quotation marks do
    not, Windows' cp1252 on a tie; what is left, charset-normalizer decides.
    """
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if utf16 := _utf16_without_mark(sample):
        return utf16
    if _is_utf8(sample):
        return "utf-8"
    high = [place for place, byte in enumerate(sample) if byte > 127][:5000]
    scores = [_plausible(sample, high, encoding) for encoding in _WESTERN]
    best = max(scores)
    if best >= _MOSTLY * len(high):
        return _WESTERN[scores.index(best)]
    return _by_charset_normalizer(sample, high[0]) or "cp1252"


def _utf16_without_mark(sample: bytes) -> str | None:
    even, odd = sample[0::2], sample[1::2]
    if len(odd) < 4:
        return None
    zeros_even, zeros_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if zeros_odd > 0.5 and zeros_even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if zeros_even > 0.5 and zeros_odd < 0.1 else None


def _is_utf8(sample: bytes) -> bool:
    # The decoder is not told that the sample ends, so a letter cut in half at its end is no error.
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample)
    invalid = len(_ESCAPED.findall(text))
    # One line pasted in from elsewhere makes no file cp1252: there, hardly any two bytes are valid UTF-8.
    return invalid == 0 or sum(not char.isascii() for char in text) - invalid > invalid


def _plausible(sample: bytes, high: list[int], encoding: str) -> int:
    text = sample.decode(encoding, errors="replace")  # single-byte: a byte's place is its character's place
    count = 0
    for place in high:
        char = text[place]
        before = text[place - 1] if place else " "
        after = text[place + 1 : place + 2] or " "
        if char in _LETTERS:
            count += before.isalpha() or after.isalpha()
        elif char in _SIGNS:
            count += char in "’´" or not (before.isalpha() and after.isalpha())
    return count


def _by_charset_normalizer(sample: bytes, first_high: int) -> str | None:
    from charset_normalizer import from_bytes

    start = max(0, first_high - UNSETTLED_BYTES // 8)
    best = from_bytes(sample[start : start + UNSETTLED_BYTES], cp_isolation=_ISOLATED).best()
    return None if best is None else best.encoding


def looks_binary(sample: bytes, encoding: str) -> bool:
    """Whether ``sample`` holds so many control characters that it is no text (random bytes: 10 %)."""
    text = sample.decode(encoding, errors="replace") if encoding.startswith("utf-16") else sample.decode("latin-1")
    controls = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\v\f\r")
    return controls > 4 + len(text) / 20


@contextmanager
def open_lines(path: Path, encoding: str, name: str, note: Callable[[str], None]) -> Iterator[Iterator[str]]:
    """The lines of a text file with their ends, as they stand.

    No byte is lost: one that is not valid in ``encoding`` is read as Windows would read it (cp1252), and
    half a UTF-16 character becomes U+FFFD. ``note`` is told about that, and about NUL characters.
    """
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    with path.open("rb") as file, io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="") as stream:
        yield _mended_lines(stream, encoding, name, note)


def _mended_lines(stream: io.TextIOWrapper, encoding: str, name: str, note: Callable[[str], None]) -> Iterator[str]:
    while line := stream.readline(MAX_LINE):
        if len(line) == MAX_LINE and line[-1] not in "\r\n":
            raise RmtextError(
                f"{name} has a line of over {MAX_LINE // 2**20} million characters: it is no table of answers."
            )
        if "\0" in line:
            note(f"{name} contains NUL characters (code 0); they are kept.")
        if not line.isascii() and _ESCAPED.search(line):
            note(f"{name}: some bytes are not valid {encoding}; they are read as Windows reads them.")
            line = _ESCAPED.sub(_as_windows, line)
        yield line


def _as_windows(match: re.Match[str]) -> str:
    byte = bytes([ord(match.group()) - 0xDC00])
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:  # the five bytes that cp1252 leaves undefined
        return byte.decode("latin-1")
