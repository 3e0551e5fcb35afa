"""The report as plain data: every figure and sentence that a format shows, and nothing about how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date

from rmtext.statistics import Share

MISFIT = 0.4  # answers without a theme above this share: the codebook may not fit the survey


@dataclass(frozen=True, slots=True)
class ThemeFigures:
    """A theme and the shares of the base that name, praise, criticise, wish or only mention it."""

    id: str
    label: str
    named: Share
    praise: Share
    criticism: Share
    wish: Share
    neutral: Share


@dataclass(frozen=True, slots=True)
class Group:
    """One group that may be shown: shares of its own base; ``themes`` by id."""

    name: str
    n: int
    themes: dict[str, Share]
    positive: Share
    negative: Share


@dataclass(frozen=True, slots=True)
class Difference:
    """A share of a group that differs from that of all other answers, beyond chance in so many comparisons.

    ``theme`` is a theme's id, or "positiv" or "negativ" for the sentiment. Both shares carry the interval of
    the single share; the difference was tested at ``level``, with the intervals that Bonferroni's correction asks for.
    """

    variable: str
    group: str
    theme: str
    here: Share
    elsewhere: Share

    @property
    def gap(self) -> float:
        """How far the two shares lie apart, in [-1, 1]."""
        return self.here.value - self.elsewhere.value


@dataclass(frozen=True, slots=True)
class Grouping:
    """One group column: its groups by size, the names of those withheld, and the supported differences."""

    variable: str
    groups: tuple[Group, ...]
    withheld: tuple[str, ...]
    withheld_n: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class QuoteCard:
    """A masked quote: ``pieces`` are (text, whether it is evidence); ``kind`` is "Lob", "Kritik" or "Wunsch".

    ``groups`` are only those that five people share.
    """

    pieces: tuple[tuple[str, bool], ...]
    polarity: str
    kind: str
    groups: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words as shown."""
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that the figures support: ``lead`` says it, ``rest`` gives the shares, ``basis`` n and interval.

    ``kind`` names the rule, ``themes`` and ``shares`` what it speaks of.
    """

    kind: str
    lead: str
    rest: str
    basis: str
    themes: tuple[str, ...]
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """All figures of one question. ``base`` counts the answers that say something: shares are shares of it."""

    question: str | None
    title: str
    answers: int
    people: int
    few_people: bool
    silent: dict[str, int]
    base: int
    effective_n: float
    weighted: bool
    unweighted: int
    sentiments: dict[str, Share]
    themes: tuple[ThemeFigures, ...]
    without_theme: Share | None
    suggestion: Share | None
    groupings: tuple[Grouping, ...]
    review: dict[str, int]
    checked: int
    quotes: dict[str, tuple[QuoteCard, ...]]
    findings: tuple[Finding, ...] = ()

    @property
    def misfit(self) -> bool:
        """Whether so many answers have no theme that the codebook may not fit."""
        return self.without_theme is not None and self.without_theme.value > MISFIT

    def label(self, theme: str) -> str:
        """A theme's label."""
        return next((figures.label for figures in self.themes if figures.id == theme), theme)


@dataclass(frozen=True, slots=True)
class Quality:
    """A measured figure of the model: ``key`` as in its card, with interval and the number of answers."""

    key: str
    value: float
    low: float | None
    high: float | None
    n: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. ``groups`` says who answered: for each group column (value, answers) of those shown."""

    title: str
    date: Date | None
    people: int
    answers: int
    questions: tuple[QuestionReport, ...]
    beyond: int
    groups: dict[str, tuple[tuple[str, int], ...]]
    dropped_groups: tuple[str, ...]
    codebook: str
    codebook_version: str
    theme_count: int
    model: str
    model_version: str
    quality: tuple[Quality, ...]

    @property
    def base(self) -> int:
        """Answers that say something, over all questions."""
        return sum(question.base for question in self.questions)

    @property
    def checked(self) -> int:
        """Answers that people coded or checked."""
        return sum(question.checked for question in self.questions)

    @property
    def review(self) -> int:
        """Answers that a person should look at."""
        return sum(sum(question.review.values()) for question in self.questions)

    @property
    def quote_count(self) -> int:
        """Quotes shown."""
        return sum(len(cards) for question in self.questions for cards in question.quotes.values())
