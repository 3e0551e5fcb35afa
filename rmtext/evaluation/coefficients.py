"""Coefficients of agreement between coders, from sums over answers; many resamples at once.

All take arrays whose leading axes are anything: one sum, or one for each resample. NaN means not defined.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np

from rmtext.evaluation.bootstrap import Sums, mean_defined, ratio, resamples

MISSING = -1
_BLOCK = 512  # rows of the table of distances between sets that are held at a time


def diagonal(tables: np.ndarray) -> np.ndarray:
    """How many lie on the diagonal of (…, codes, codes) tables."""
    found: np.ndarray = np.diagonal(tables, axis1=-2, axis2=-1).sum(axis=-1)
    return found


def kappa(tables: np.ndarray) -> np.ndarray:
    """Cohen's κ of (…, codes, codes) tables of two coders: (p_o - p_e) / (1 - p_e).

    ``p_o`` is the share on the diagonal, ``p_e`` what coders with these margins would share by chance (Cohen 1960, "A
    coefficient of agreement for nominal scales"). NaN where both always give the same one code.
    """
    n = tables.sum(axis=(-2, -1))
    observed = diagonal(tables)
    # Times n, so that whole counts stay whole and "not defined" is exactly 0.
    expected = ratio((tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1), n)
    return ratio(observed - expected, n - expected)


def nominal_blocks(codes: np.ndarray, categories: int) -> dict[str, np.ndarray]:
    """What the coefficients of a nominal code sum over the answers.

    ``codes``: int array (coders, answers), 0 to ``categories`` - 1 or ``MISSING``. Answers with fewer than two codes
    count nowhere. "pairs" are the tables of all pairs of coders; "agreed" the share of pairs of codes that
    agree; "shares" of each category; "counts" of each category and "unlike" disagreements for Krippendorff's α.
    """
    one_hot = (codes[..., np.newaxis] == np.arange(categories)).astype(float)  # (coders, answers, categories)
    counts = one_hot.sum(axis=0)
    given = counts.sum(axis=-1)
    counts[given < 2] = 0
    given = np.where(given < 2, 0, given)
    alike = (counts * (counts - 1)).sum(axis=-1)
    all_pairs = given * (given - 1)
    tables = [one_hot[a][:, :, np.newaxis] * one_hot[b][:, np.newaxis] for a, b in combinations(range(len(codes)), 2)]
    return {
        "n": (given > 0).astype(float),
        "pairs": np.stack(tables, axis=1),
        "agreed": np.nan_to_num(ratio(alike, all_pairs)),
        "shares": np.nan_to_num(ratio(counts, given[:, np.newaxis])),
        "counts": counts,
        "unlike": np.nan_to_num(ratio(all_pairs - alike, given - 1)),
    }


def percent_agreement(sums: Sums) -> np.ndarray:
    """Mean over answers of the share of pairs of their codes that agree."""
    return ratio(sums["agreed"], sums["n"])


def mean_kappa(sums: Sums) -> np.ndarray:
    """Cohen's κ, of more than two coders the mean over their pairs (Light 1971)."""
    return mean_defined(kappa(sums["pairs"]))


def alpha(sums: Sums) -> np.ndarray:
    """Krippendorff's α for nominal codes: 1 - D_o / D_e.

    Any number of coders, codes may be missing (Krippendorff 2011, "Computing Krippendorff's alpha-reliability").
    NaN where only one code occurs.
    """
    counts = sums["counts"]
    n = counts.sum(axis=-1)
    expected = ratio(n * n - (counts * counts).sum(axis=-1), n - 1)
    return 1 - ratio(sums["unlike"], expected)


def ac1(sums: Sums) -> np.ndarray:
    """Gwet's AC1 (Gwet 2008, "Computing inter-rater reliability and its variance in the presence of high agreement").

    Chance agreement is Σ π (1 - π) / (q - 1) over the q codes there are to choose from, used or not, π being a
    code's mean share: it stays small where one code is rare, which drives κ and α down.
    """
    shares = ratio(sums["shares"], sums["n"][..., np.newaxis])
    by_chance = (shares * (1 - shares)).sum(axis=-1) / (shares.shape[-1] - 1)
    return ratio(percent_agreement(sums) - by_chance, 1 - by_chance)


def masi_distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """MASI distance of sets, 1 - J·M, given as 0/1 arrays (…, members) (Passonneau 2006).

    J is Jaccard's index; M is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap and 0 where
    they have nothing in common. Two empty sets are equal.
    """
    return _masi((one * other).sum(axis=-1), one.sum(axis=-1), other.sum(axis=-1))


def _masi(shared: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    either = one + other - shared
    monotonic = np.where(shared == np.minimum(one, other), 2 / 3, 1 / 3)
    monotonic = np.where(shared == either, 1.0, monotonic)
    jaccard = np.where(either == 0, 1.0, np.nan_to_num(ratio(shared, either)))
    distance: np.ndarray = np.where((shared == 0) & (either > 0), 1.0, 1 - jaccard * monotonic)
    return distance


def set_alpha(members: np.ndarray, given: np.ndarray, persons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Krippendorff's α of sets under the MASI distance: its value, and one for each resample of persons.

    ``members``: 0/1 array (coders, answers, themes); ``given``: bool (coders, answers), False where a code is
    missing. As Passonneau (2006) does, the distance itself takes the place of the squared difference.
    """
    given = given & (given.sum(axis=0) >= 2)
    unlike = _within(members, given)
    coders, answers = np.nonzero(given)
    sets, which = np.unique(members[coders, answers], axis=0, return_inverse=True)
    which = which.reshape(-1)
    observed, counts = [], []
    for part in chain([np.ones((1, members.shape[1]))], resamples(persons)):
        observed.append(part @ unlike)
        counts.append(np.stack([np.bincount(which, row[answers], len(sets)) for row in part]))
    values = _alpha(np.concatenate(observed), np.concatenate(counts), sets)
    return values[0], values[1:]


def _within(members: np.ndarray, given: np.ndarray) -> np.ndarray:
    """For each answer the sum of distances over ordered pairs of its sets, divided by their number less one."""
    unlike = np.zeros(members.shape[1])
    for a, b in combinations(range(len(members)), 2):
        unlike += np.where(given[a] & given[b], 2 * masi_distance(members[a], members[b]), 0.0)
    mean: np.ndarray = np.nan_to_num(ratio(unlike, given.sum(axis=0) - 1.0))
    return mean


def _alpha(observed: np.ndarray, counts: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """α from observed disagreement (resamples,) and how often each set occurs (resamples, sets)."""
    n = counts.sum(axis=-1)
    expected = np.zeros(len(counts))
    for start, distances in _distances(sets):
        block = counts[:, start : start + len(distances)]
        expected += ((block @ distances) * counts).sum(axis=-1)
    return 1 - ratio(observed, ratio(expected, n - 1))


def _distances(sets: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """MASI distances of sets (sets, themes) to each other, some rows at a time: the first row's number, the rows."""
    sets = sets.astype(float)
    sizes = sets.sum(axis=-1)
    for start in range(0, len(sets), _BLOCK):
        rows = sets[start : start + _BLOCK]
        yield start, _masi(rows @ sets.T, rows.sum(axis=-1)[:, np.newaxis], sizes[np.newaxis])
