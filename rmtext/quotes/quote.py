"""Quote: what people said, word for word, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from rmtext.privacy import mask

ELLIPSIS = "…"
KINDS = ("Lob", "Kritik", "Wunsch", "Lob und Kritik", "Neutral")  # the order in which readers meet them
_KINDS = {"positiv": "Lob", "negativ": "Kritik", "gemischt": "Lob und Kritik", "neutral": "Neutral"}


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage of an answer that represents a theme.

    ``text`` is verbatim: the answer's text from ``start`` to ``end``. ``evidence`` are spans of ``text`` that
    show the theme. ``confidence`` is that of the theme's code; ``typicality`` the cosine between the quote and
    the mean of all statements on theme and polarity, in [0, 1]; ``why`` says in German why it was chosen.
    ``suggestion``: it asks for something. ``cut_before`` and ``cut_after``: the answer has other words there.
    """

    text: str
    answer_id: str
    start: int
    end: int
    theme: str
    polarity: str
    confidence: float
    typicality: float
    groups: dict[str, str] = field(default_factory=dict)
    question: str | None = None
    suggestion: bool = False
    evidence: tuple[tuple[int, int], ...] = ()
    cut_before: bool = False
    cut_after: bool = False
    why: str = ""

    @property
    def kind(self) -> str:
        """What the quote is to a reader, one of ``KINDS``: wishes are shown apart from criticism."""
        return "Wunsch" if self.suggestion else _KINDS[self.polarity]

    @property
    def display(self) -> str:
        """The quote for readers: direct identifiers masked, "…" where words were left out."""
        before = f"{ELLIPSIS} " if self.cut_before else ""
        after = f" {ELLIPSIS}" if self.cut_after else ""
        return f"{before}{mask(self.text)}{after}"
