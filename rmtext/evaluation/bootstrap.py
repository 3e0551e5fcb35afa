"""Figures with intervals: sums over answers that are drawn again and again (the bootstrap)."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 1000
SEED = 1
_CELLS = 2_000_000  # weights held at a time, 16 MB
_ENDS = (2.5, 97.5)  # percentiles that bound 95 %

Sums = Mapping[str, np.ndarray]
Measure = Callable[[Sums], np.ndarray]


@dataclass(frozen=True, slots=True)
class Score:
    """A measured figure with its 95 % bootstrap interval (percentiles) and the number of answers.

    NaN where a figure is not defined: the precision of a theme that nobody found, the interval of one person.
    """

    value: float
    low: float
    high: float
    n: int

    @property
    def defined(self) -> bool:
        """Whether there is a value at all."""
        return not math.isnan(self.value)

    def to_json(self) -> dict[str, float | int | None]:
        """Rounded to four places; what is not defined is null."""
        return {"value": rounded(self.value), "low": rounded(self.low), "high": rounded(self.high), "n": self.n}


@dataclass(frozen=True, slots=True)
class Drawn:
    """Sums over ``n`` answers, and the same sums over each of the resamples.

    ``total`` maps a name to an array of any shape, ``samples`` to arrays with one more axis in front. Measures
    are functions of such sums that work on both, so they count axes from the end.
    """

    total: Sums
    samples: Sums
    n: int
    persons: int

    def values(self, measure: Measure) -> tuple[np.ndarray, np.ndarray]:
        """A measure of the answers, and of each of their resamples."""
        return measure(self.total), measure(self.samples)

    def score(self, measure: Measure) -> Score:
        """The measure with its interval."""
        return interval(*self.values(measure), self.n, self.persons)


def draw(blocks: Mapping[str, np.ndarray], persons: np.ndarray | None = None, seed: int = SEED) -> Drawn:
    """Sums of per-answer counts over all answers and over ``RESAMPLES`` resamples (Efron & Tibshirani 1993).

    ``blocks`` maps a name to an array (answers, …). ``persons``: for each answer the number of its person, from 0;
    persons are drawn, and all answers of one come together (the cluster bootstrap, Field & Welsh 2007). Without
    it each answer is a person. All draws of one seed are the same, so that figures can be compared.
    """
    rows = {name: block.reshape(len(block), -1).astype(float) for name, block in blocks.items()}
    n = len(next(iter(rows.values())))
    persons = np.arange(n) if persons is None else persons
    parts: dict[str, list[np.ndarray]] = {name: [] for name in rows}
    for weights in resamples(persons, seed):
        for name, row in rows.items():
            parts[name].append(weights @ row)
    shapes = {name: block.shape[1:] for name, block in blocks.items()}
    total = {name: row.sum(axis=0).reshape(shapes[name]) for name, row in rows.items()}
    samples = {name: np.concatenate(part).reshape(-1, *shapes[name]) for name, part in parts.items()}
    return Drawn(total, samples, n, len(np.unique(persons)))


def resamples(persons: np.ndarray, seed: int = SEED) -> Iterator[np.ndarray]:
    """How often each answer is in each resample: float arrays (some resamples, answers), 16 MB at most."""
    count = int(persons.max()) + 1
    rng = np.random.default_rng(seed)
    step = max(1, _CELLS // len(persons))
    for start in range(0, RESAMPLES, step):
        rows = min(step, RESAMPLES - start)
        drawn = rng.integers(0, count, size=(rows, count)) + np.arange(rows)[:, np.newaxis] * count
        times = np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count)
        yield times[:, persons].astype(float)


def interval(value: np.ndarray, values: np.ndarray, n: int, persons: int) -> Score:
    """The score of a figure whose values in the resamples are known. One person alone has no interval."""
    known = values[~np.isnan(values)]
    if np.isnan(value) or persons < 2 or not len(known):
        return Score(float(value), math.nan, math.nan, n)
    low, high = np.percentile(known, _ENDS)
    return Score(float(value), float(low), float(high), n)


def numbered(names: Sequence[Hashable]) -> np.ndarray:
    """The names as numbers from 0, equal ones alike: int array, as ``draw`` wants persons."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=int)


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """``part / whole`` for each place, NaN where the whole is 0."""
    part, whole = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(whole, dtype=float))
    found: np.ndarray = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return found


def mean_defined(values: np.ndarray, axis: int = -1) -> np.ndarray:
    """Mean over an axis of the values that are not NaN; NaN where there is none."""
    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0.0).sum(axis=axis), known.sum(axis=axis))


def rounded(value: float) -> float | None:
    """Four places, None for NaN: what JSON can hold."""
    return None if math.isnan(value) else round(value, 4)
