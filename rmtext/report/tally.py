"""One pass over codings: everything that a report counts, in memory that does not grow with the answers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rmtext.coding import Coding, ThemeCode
from rmtext.privacy import MIN_GROUP
from rmtext.statistics import Tally

MAX_QUESTIONS = 40  # a column of questions with more is a column of something else
MAX_GROUPS = 200  # so is a group column with more values
MAX_VARIABLES = 8
_MERGE_AT = 1 << 16


class Distinct:
    """Counts distinct ids at eight bytes each: 64-bit hashes, two of a million ids collide once in 3·10⁷ runs."""

    def __init__(self) -> None:
        self._known: NDArray[np.int64] = np.empty(0, np.int64)
        self._fresh: set[int] = set()

    def add(self, identifier: str) -> None:
        """Notes one id."""
        self._fresh.add(hash(identifier))
        if len(self._fresh) >= _MERGE_AT:
            self._merge()

    def __len__(self) -> int:
        self._merge()
        return len(self._known)

    def _merge(self) -> None:
        if self._fresh:
            fresh = np.fromiter(self._fresh, np.int64, len(self._fresh))
            self._known = np.union1d(self._known, fresh)
            self._fresh.clear()


@dataclass(slots=True)
class ThemeTally:
    """Answers that name a theme, by what they say about it; an answer may praise, criticise and wish at once."""

    named: Tally = field(default_factory=Tally)
    praise: Tally = field(default_factory=Tally)
    criticism: Tally = field(default_factory=Tally)
    wish: Tally = field(default_factory=Tally)
    neutral: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class GroupTally:
    """The base of one group. ``people`` stops growing at MIN_GROUP: more are not needed to show a group."""

    people: set[str] = field(default_factory=set)
    base: Tally = field(default_factory=Tally)
    sentiments: dict[str, Tally] = field(default_factory=dict)
    themes: dict[str, Tally] = field(default_factory=dict)

    def add(self, coding: Coding, themes: set[str], weight: float) -> None:
        """Counts one answer of the base."""
        if len(self.people) < MIN_GROUP:
            self.people.add(coding.id)
        self.base.add(weight)
        self.sentiments.setdefault(coding.sentiment, Tally()).add(weight)
        for theme in themes:
            self.themes.setdefault(theme, Tally()).add(weight)


@dataclass(slots=True)
class QuestionTally:
    """All that is counted for one question."""

    answers: int = 0
    people: Distinct = field(default_factory=Distinct)
    silent: Counter[str] = field(default_factory=Counter)
    base: GroupTally = field(default_factory=GroupTally)
    themes: dict[str, ThemeTally] = field(default_factory=dict)
    without_theme: Tally = field(default_factory=Tally)
    suggestion: Tally = field(default_factory=Tally)
    review: Counter[str] = field(default_factory=Counter)
    checked: int = 0
    unweighted: int = 0
    weighted: bool = False
    groups: dict[str, dict[str, GroupTally]] = field(default_factory=dict)
    carriers: dict[tuple[str, ...], set[str]] = field(default_factory=dict)


class ReportTally:
    """The counts of a whole report. The groups asked for are those of the first coding."""

    def __init__(self) -> None:
        self.questions: dict[str | None, QuestionTally] = {}
        self.people = Distinct()
        self.answers = 0
        self.beyond = 0  # answers to questions after the first MAX_QUESTIONS
        self.variables: tuple[str, ...] | None = None
        self.overflowing: set[str] = set()
        self.model: dict[str, str] = {}

    def add(self, coding: Coding) -> None:
        """Counts one coding."""
        if self.variables is None:
            self.variables = tuple(coding.groups)[:MAX_VARIABLES]
        self.answers += 1
        self.people.add(coding.id)
        self.model = self.model or coding.model
        if coding.question not in self.questions and len(self.questions) >= MAX_QUESTIONS:
            self.beyond += 1
            return
        question = self.questions.setdefault(coding.question, QuestionTally())
        question.answers += 1
        question.people.add(coding.id)
        question.checked += coding.checked or coding.coder != "modell"
        if coding.needs_review:
            question.review[coding.review_reason or "unsicher"] += 1
        if coding.counts:
            self._count(question, coding)
        else:
            question.silent[coding.non_answer or "leer"] += 1

    def _count(self, question: QuestionTally, coding: Coding) -> None:
        weight = usable_weight(coding.weight)
        question.weighted |= weight is not None
        question.unweighted += weight is None
        weight = 1.0 if weight is None else weight
        named = mentions(coding)
        for theme, (praise, criticism, wish) in named.items():
            tally = question.themes.setdefault(theme, ThemeTally())
            tally.named.add(weight)
            for said, part in ((praise, tally.praise), (criticism, tally.criticism), (wish, tally.wish)):
                if said:
                    part.add(weight)
            if not (praise or criticism or wish):
                tally.neutral.add(weight)
        if not named:
            question.without_theme.add(weight)
        if coding.suggestion:
            question.suggestion.add(weight)
        question.base.add(coding, set(named), weight)
        self._count_groups(question, coding, set(named), weight)

    def _count_groups(self, question: QuestionTally, coding: Coding, themes: set[str], weight: float) -> None:
        carried: tuple[str, ...] = ()
        for variable in self.variables or ():
            if variable in self.overflowing:
                continue
            value = group_value(coding.groups, variable)
            values = question.groups.setdefault(variable, {})
            if value not in values and len(values) >= MAX_GROUPS:
                self.overflowing.add(variable)
                continue
            values.setdefault(value, GroupTally()).add(coding, themes, weight)
            carried = (*carried, value)
            if len(question.carriers) < MAX_GROUPS * MAX_VARIABLES or carried in question.carriers:
                people = question.carriers.setdefault(carried, set())
                if len(people) < MIN_GROUP:
                    people.add(coding.id)


def group_value(groups: Mapping[str, str], variable: str) -> str:
    """The group of an answer, shortened where it is a text of its own; empty where it has none."""
    return groups.get(variable, "").strip()[:200]


def usable_weight(weight: float | None) -> float | None:
    """A survey weight that can be counted with: None for none, a negative or an infinite one."""
    return weight if weight is not None and weight >= 0 and math.isfinite(weight * weight) else None


def mentions(coding: Coding) -> dict[str, tuple[bool, bool, bool]]:
    """What an answer says about each of its themes: (praise, criticism, wish).

    A place inside a suggestion is a wish, never criticism; it is praise too where it is positive ("go on like
    this"). A mixed place is praise and criticism. All three are False where the theme is only mentioned.
    """
    found: dict[str, tuple[bool, bool, bool]] = {}
    for theme in coding.themes:
        before, now = found.get(theme.theme, (False, False, False)), _mention(coding, theme)
        found[theme.theme] = (before[0] or now[0], before[1] or now[1], before[2] or now[2])
    return found


def _mention(coding: Coding, theme: ThemeCode) -> tuple[bool, bool, bool]:
    if not theme.evidence:
        return theme.polarity in ("positiv", "gemischt"), theme.polarity in ("negativ", "gemischt"), False
    praise = criticism = wish = False
    for place in theme.evidence:
        polarity = place.polarity or theme.polarity
        around = [s.suggestion for s in coding.segments if s.start < place.end and place.start < s.end]
        wish |= any(around)
        praise |= polarity in ("positiv", "gemischt")
        criticism |= polarity in ("negativ", "gemischt") and not (around and all(around))
    return praise, criticism, wish
