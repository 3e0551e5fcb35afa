"""Cell values: as text, and fitted to what a file format can hold."""

from __future__ import annotations

import logging
import math
import re
from dataclasses import dataclass, field
from typing import Any

from rmtext.sources.source import as_json, as_text

_log = logging.getLogger("rmtext")

# A lone half of a surrogate pair is no character; no table format can encode it.
SURROGATES = re.compile("[\ud800-\udfff]")
_CUT_MARK = "…"
_BYTES_PER_CHARACTER = 4  # the most that UTF-8 and UTF-16 take


def cell_text(value: Any) -> str:
    """A value as the text that a CSV cell shows: as it was read, JSON for lists, nothing for missing numbers."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and math.isnan(value):
        return ""
    if isinstance(value, dict | list | tuple):
        return as_json(value)
    return as_text(value)


@dataclass
class Fitting:
    """Makes text fit a format, and counts the cells that had to change.

    Characters that match ``forbidden`` become U+FFFD; text longer than ``limit`` bytes in ``encoding`` is cut
    at a character and ends in "…". ``limit`` 0 means none.
    """

    forbidden: re.Pattern[str] = SURROGATES
    encoding: str = "utf-8"
    limit: int = 0
    replaced: int = field(default=0, init=False)
    cut: int = field(default=0, init=False)

    def __call__(self, text: str) -> str:
        """The text as the format can hold it: unchanged wherever that is possible."""
        if self.forbidden.search(text):
            text = self.forbidden.sub("\ufffd", text)
            self.replaced += 1
        if not self.limit or len(text) * _BYTES_PER_CHARACTER <= self.limit:
            return text
        encoded = text.encode(self.encoding)
        if len(encoded) <= self.limit:
            return text
        self.cut += 1
        room = self.limit - len(_CUT_MARK.encode(self.encoding))
        return encoded[:room].decode(self.encoding, "ignore") + _CUT_MARK

    def report(self, path: object) -> None:
        """Logs a warning for each kind of change that was made."""
        if self.cut:
            _log.warning(
                "%s: %d cell(s) were too long for this format and end in '…'. Write .jsonl, .csv or .parquet to keep "
                "all of the text.", path, self.cut,
            )  # fmt: skip
        if self.replaced:
            _log.warning(
                "%s: %d cell(s) hold characters that this format cannot hold; each is now U+FFFD (�).",
                path, self.replaced,
            )  # fmt: skip
