"""Drawing: rows of plain numbers → SVG by Vega, in colours and letters that the page can restyle.

Every chart is drawn twice, for wide and for narrow pages; the page shows the one that fits. Colours are those
of ``INK``: the page's style sheet finds them by their value and replaces them in the dark.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from html import escape
from typing import Any

WIDE, NARROW = 680, 340  # px; the column of text, and a phone's screen less its margins
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SIZE, LINE = 13, 16  # px: letters, and the distance of lines

INK = {
    "text": "#1d2226", "muted": "#565f67", "line": "#c3c9ce", "interval": "#1d2227",
    "praise": "#3c8aa9", "criticism": "#e09a62", "neutral": "#c9cfd4", "bar": "#b3bfc7", "strong": "#5c717e",
    "praise_text": "#0d5672", "criticism_text": "#94430a", "paper": "#fbfaf8",
}  # fmt: skip

_NARROW_LETTERS = frozenset("iljtfrI.,:;!|'()[]-– ")
_WIDE_LETTERS = frozenset("mwMWQOGÖ@%—…")
_OPENING = re.compile(r"<svg[^>]*?width=\"(?P<width>[\d.]+)\" height=\"(?P<height>[\d.]+)\"[^>]*>")
_ARIA = re.compile(r" (?:aria-[a-z]+|role|pointer-events|class)=\"[^\"]*\"")
_EMPTY = re.compile(r"<path d=\"(?:M0,0h0v0h0Z)?\"[^>]*/>|<path [^>]*display=\"none\"/>")


@dataclass(slots=True)
class Canvas:
    """A drawing under way, in pixels from the top left corner.

    Vega-Lite and Altair lay charts out by the widths that texts have in their own fonts; here they will be set in
    the reader's, and long labels must wrap. So places are given to Vega, and labels wrapped by a generous estimate.
    """

    width: int
    height: int = 0
    # Marks of one kind share a layer: a chart of 14 themes has six layers, not two hundred.
    layers: dict[tuple[int, str], list[dict[str, Any]]] = field(default_factory=dict)

    def bar(self, x: float, x2: float, y: float, height: float, color: str, *, hollow: bool = False) -> None:
        """A bar from x to x2, its upper edge at y."""
        ink = {"stroke": INK[color], "strokeWidth": 1.5} if hollow else {"fill": INK[color]}
        self._add(1 if color == "paper" else 0, "rect", ink, x=min(x, x2), x2=max(x, x2), y=y, y2=y + height)

    def line(self, x: float, x2: float, y: float, y2: float, color: str = "interval") -> None:
        """A thin line."""
        self._add(2, "rule", {"stroke": INK[color], "strokeWidth": 1}, x=x, x2=x2, y=y, y2=y2)

    def text(
        self, text: str, x: float, y: float, *, color: str = "text", align: str = "left", bold: bool = False
    ) -> None:
        """A line of text, y its middle."""
        letters = {
            "fill": INK[color], "align": align, "baseline": "middle", "font": FONT, "fontSize": SIZE,
            "fontWeight": 600 if bold else 400,
        }  # fmt: skip
        self._add(3, "text", letters, x=x, y=y, text=text)

    def _add(self, level: int, kind: str, constants: dict[str, Any], **row: Any) -> None:
        # Lower levels are drawn first: bars, the pale edges of intervals, lines, letters.
        self.layers.setdefault((level, json.dumps([kind, constants, list(row)])), []).append(row)

    def svg(self, title: str, description: str, identifier: str) -> str:
        """The drawing as one SVG element with a text alternative; ids begin with ``identifier``."""
        import vl_convert

        layers = sorted(self.layers.items(), key=lambda item: item[0][0])
        spec = {
            "$schema": "https://vega.github.io/schema/vega/v5.json",
            "width": self.width, "height": self.height, "padding": 0, "autosize": "none",
            "data": [{"name": f"layer{number}", "values": rows} for number, (_, rows) in enumerate(layers)],
            "marks": [_mark(f"layer{number}", *json.loads(kind)) for number, ((_, kind), _) in enumerate(layers)],
        }  # fmt: skip
        return _finish(vl_convert.vega_to_svg(spec), title, description, identifier)


def _mark(data: str, kind: str, constants: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    encode = {name: {"value": value} for name, value in constants.items()} | {name: {"field": name} for name in fields}
    return {"type": kind, "from": {"data": data}, "aria": False, "encode": {"enter": encode}}


def _finish(svg: str, title: str, description: str, identifier: str) -> str:
    opening = _OPENING.search(svg)
    if opening is None:
        raise ValueError("the charting library wrote no SVG")
    width, height = round(float(opening["width"])), round(float(opening["height"]))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="{identifier}-t {identifier}-d" focusable="false">'
        f'<title id="{identifier}-t">{escape(title)}</title><desc id="{identifier}-d">{escape(description)}</desc>'
    )
    body = _EMPTY.sub("", _ARIA.sub("", svg[opening.end() :]))
    return head + body


def text_width(text: str, bold: bool = False) -> float:
    """About how many pixels a text takes, on the generous side: readers' system fonts differ by a tenth."""
    width = 0.0
    for character in text:
        if unicodedata.combining(character):
            continue
        if unicodedata.east_asian_width(character) in "WF":
            width += 1.2
        elif character in _NARROW_LETTERS:
            width += 0.40
        elif character in _WIDE_LETTERS:
            width += 0.92
        else:
            width += 0.72 if character.isupper() else 0.61
    return width * SIZE * (1.08 if bold else 1.0)


def wrap(text: str, width: float, lines: int = 2) -> list[str]:
    """The text in at most ``lines`` lines of ``width`` pixels, cut with an ellipsis where it is longer."""
    found: list[str] = []
    rest = text
    while rest and len(found) < lines:
        line, rest = _one_line(rest, width)
        found.append(line)
    if rest:
        last = found[-1]
        while last and text_width(f"{last}…") > width:
            last = last[:-1]
        found[-1] = f"{last.rstrip(' ,;-–')}…"
    return found or [""]


def _one_line(text: str, width: float) -> tuple[str, str]:
    """The longest beginning of a text that fits, and the rest; broken at a space or a hyphen where there is one."""
    if text_width(text) <= width:
        return text, ""
    end, last_break = 0, 0
    while end < len(text) and text_width(text[: end + 1]) <= width:
        end += 1
        if text[end - 1] in " -–/":
            last_break = end
    cut = last_break or max(1, end)
    return text[:cut].rstrip(), text[cut:].lstrip()
