"""Agreement: how far coders give the same answers the same codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from rmtext.coding import SENTIMENTS, Coding
from rmtext.errors import RmtextError
from rmtext.evaluation.bootstrap import Measure, Score, draw, interval, mean_defined, ratio
from rmtext.evaluation.coders import Coder
from rmtext.evaluation.coefficients import (
    MISSING,
    ac1,
    alpha,
    masi_distance,
    mean_kappa,
    nominal_blocks,
    percent_agreement,
    set_alpha,
)
from rmtext.evaluation.matching import Item, Matched, match

MEASURES: dict[str, Measure] = {
    "percent": percent_agreement, "kappa": mean_kappa, "alpha": alpha, "ac1": ac1,
}  # fmt: skip
_SHOWN = 10  # ids that JSON names of a coder's answers that nobody else coded
_Values = dict[str, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Agreement about one code, each figure with its 95 % bootstrap interval.

    ``n`` answers have at least two codes. ``given``: how often each coder gave the code, None where there are several.
    """

    id: str
    label: str
    n: int
    given: tuple[int, ...] | None
    percent: Score
    kappa: Score
    alpha: Score
    ac1: Score

    def to_json(self) -> dict[str, Any]:
        """Counts and scores."""
        given = None if self.given is None else list(self.given)
        scores = {name: getattr(self, name).to_json() for name in MEASURES}
        return {"id": self.id, "label": self.label, "n": self.n, "given": given, **scores}


@dataclass(frozen=True, slots=True)
class Side:
    """One coder: how many of the ``answers`` in the file were compared, and the ids that nobody else coded.

    ``kind`` and ``rows`` as in ``Coder``.
    """

    name: str
    kind: str
    rows: int
    answers: int
    compared: int
    alone: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it; of ids without a partner the number and the first few."""
        return {
            "name": self.name, "kind": self.kind, "rows": self.rows, "answers": self.answers,
            "compared": self.compared, "alone": {"n": len(self.alone), "ids": list(self.alone[:_SHOWN])},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An answer about whose themes or sentiment coders differ.

    ``codings`` in the coders' order, None where one gave none.
    """

    id: str
    question: str | None
    text: str
    codings: tuple[Coding | None, ...]

    def to_json(self, coders: Sequence[str]) -> dict[str, Any]:
        """What each coder gave, by the coder's name."""
        return {
            "id": self.id, "question": self.question, "text": self.text,
            "codes": {coder: _codes(coding) for coder, coding in zip(coders, self.codings, strict=True) if coding},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of coders about the same answers.

    ``mean`` is the mean over the themes. ``same_themes`` is the share of pairs of codings with exactly the same
    themes, ``themes_alpha`` Krippendorff's α over the sets of themes with the MASI distance. ``persons`` of
    ``person_column`` were resampled. ``left_out``: themes that only some codebooks have.
    """

    coders: tuple[Side, ...]
    answers: int
    persons: int
    person_column: str
    themes: tuple[Coefficients, ...]
    mean: Coefficients
    same_themes: Score
    themes_alpha: Score
    sentiment: Coefficients
    suggestion: Coefficients
    disagreements: tuple[Disagreement, ...]
    left_out: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The coders' names."""
        return tuple(side.name for side in self.coders)

    def to_json(self) -> dict[str, Any]:
        """The whole comparison as one JSON object; what is not defined is null."""
        return {
            "coders": [side.to_json() for side in self.coders],
            "answers": self.answers, "persons": self.persons, "person_column": self.person_column,
            "themes": {
                "each": [theme.to_json() for theme in self.themes], "mean": self.mean.to_json(),
                "same_themes": self.same_themes.to_json(), "masi_alpha": self.themes_alpha.to_json(),
                "left_out": list(self.left_out),
            },
            "sentiment": self.sentiment.to_json(), "suggestion": self.suggestion.to_json(),
            "disagreements": [answer.to_json(self.names) for answer in self.disagreements],
        }  # fmt: skip


def agree(coders: Sequence[Coder], *, person: str | None = None) -> Agreement:
    """Agreement of two coders or more about the answers that at least two of them coded.

    ``person`` names the column with the persons, all of whose answers are resampled together; by default the
    writers of a corpus, else the ids. Raises RmtextError for a single coder, the same file twice, and answers that
    cannot be matched.
    """
    coders = _distinct(coders)
    matched = match(coders, person)
    given = np.array([[coding is not None for coding in item.codings] for item in matched.items]).T
    themes, values = [], []
    members = _members(matched)
    for place, theme in enumerate(matched.themes):
        codes = np.where(given, members[..., place], MISSING)
        figures, found = _coefficients(theme.id, theme.label, codes, 2, matched)
        themes.append(replace(figures, given=tuple(int(n) for n in (codes == 1).sum(axis=1))))
        values.append(found)
    return Agreement(
        coders=tuple(_side(matched, number) for number in range(len(coders))),
        answers=len(matched.items), persons=matched.person_count, person_column=matched.person_column,
        themes=tuple(themes), mean=_mean(values, matched), same_themes=_same(members, given, matched),
        themes_alpha=interval(
            *set_alpha(members, given, matched.persons), len(matched.items), matched.person_count
        ),
        sentiment=_nominal(matched, "sentiment", "Stimmung", lambda c: SENTIMENTS.index(c.sentiment), len(SENTIMENTS)),
        suggestion=_nominal(matched, "suggestion", "Wunsch oder Vorschlag", lambda c: int(c.suggestion), 2),
        disagreements=_disagreements(matched, members), left_out=matched.left_out,
    )  # fmt: skip


def _distinct(coders: Sequence[Coder]) -> list[Coder]:
    """The coders with names that tell them apart."""
    paths = Counter(coder.path.resolve() for coder in coders if coder.path is not None)
    for path, times in paths.items():
        if times > 1:
            raise RmtextError(f"{path.name} is named {times} times. Each coder needs a file of their own.")
    names = Counter(coder.name for coder in coders)
    return [replace(c, name=str(c.path)) if names[c.name] > 1 and c.path is not None else c for c in coders]


def _members(matched: Matched) -> np.ndarray:
    """Which coder gave which answer which theme: 0/1 array (coders, answers, themes)."""
    place = {theme.id: number for number, theme in enumerate(matched.themes)}
    members = np.zeros((len(matched.coders), len(matched.items), len(place)), dtype=np.int8)
    for row, item in enumerate(matched.items):
        for coder, coding in enumerate(item.codings):
            members[coder, row, [place[theme.theme] for theme in (coding.themes if coding else ())]] = 1
    return members


def _nominal(
    matched: Matched, id: str, label: str, code: Callable[[Coding], int], categories: int
) -> Coefficients:  # fmt: skip
    codes = np.array([[MISSING if c is None else code(c) for c in item.codings] for item in matched.items]).T
    figures, _ = _coefficients(id, label, codes, categories, matched)
    return replace(figures, given=tuple(int(n) for n in (codes == 1).sum(axis=1))) if categories == 2 else figures


def _coefficients(
    id: str, label: str, codes: np.ndarray, categories: int, matched: Matched
) -> tuple[Coefficients, _Values]:  # fmt: skip
    drawn = draw(nominal_blocks(codes, categories), matched.persons)
    values = {name: drawn.values(measure) for name, measure in MEASURES.items()}
    scores = {name: interval(*found, drawn.n, drawn.persons) for name, found in values.items()}
    return Coefficients(id, label, drawn.n, None, **scores), values


def _mean(values: Sequence[_Values], matched: Matched) -> Coefficients:
    """Means over the themes, in the answers and in each resample."""

    def mean(name: str) -> Score:
        if not values:
            nothing = np.full(1, np.nan)
            return interval(nothing[0], nothing, len(matched.items), 0)
        value, samples = (np.stack([found[name][side] for found in values], axis=-1) for side in (0, 1))
        return interval(mean_defined(value), mean_defined(samples), len(matched.items), matched.person_count)

    return Coefficients("mean", "Mittel über die Themen", len(matched.items), None, **{n: mean(n) for n in MEASURES})


def _same(members: np.ndarray, given: np.ndarray, matched: Matched) -> Score:
    """Share of pairs of codings of an answer that hold exactly the same themes."""
    same, pairs = (np.zeros(members.shape[1]) for _ in range(2))
    for a, b in combinations(range(len(members)), 2):
        both = given[a] & given[b]
        pairs += both
        same += both & (members[a] == members[b]).all(axis=-1)
    drawn = draw({"agreed": ratio(same, pairs), "n": np.ones(len(pairs))}, matched.persons)
    return drawn.score(percent_agreement)


def _side(matched: Matched, number: int) -> Side:
    coder = matched.coders[number]
    compared = sum(item.codings[number] is not None for item in matched.items)
    return Side(coder.name, coder.kind, coder.rows, len(coder.codings), compared, matched.alone[number])


def _disagreements(matched: Matched, members: np.ndarray) -> tuple[Disagreement, ...]:
    """Answers with different themes or sentiments, those with the widest difference first."""
    found = []
    for row, item in enumerate(matched.items):
        distance = _distance(item, members[:, row])
        if distance > 0:
            found.append((distance, Disagreement(item.id, item.question, item.text, item.codings)))
    return tuple(answer for _, answer in sorted(found, key=lambda entry: -entry[0]))


def _distance(item: Item, members: np.ndarray) -> float:
    """Mean over pairs of coders: MASI distance of their themes, and 1 more where the sentiments differ."""
    given = [(place, coding) for place, coding in enumerate(item.codings) if coding is not None]
    distances = [
        float(masi_distance(members[a], members[b])) + (one.sentiment != other.sentiment)
        for (a, one), (b, other) in combinations(given, 2)
    ]
    return sum(distances) / len(distances)


def _codes(coding: Coding) -> dict[str, Any]:
    themes = {theme.theme: theme.polarity for theme in coding.themes}
    return {"themes": themes, "sentiment": coding.sentiment, "suggestion": coding.suggestion}
