"""Few items that stand for many: facility location with a diversity reward, chosen greedily.

The objective has the form of Lin & Bilmes (2011), "A Class of Submodular Functions for Document Summarization":
how well the chosen items cover all items, plus a reward for items from different groups that flattens within a
group (for several groupings of the same items, as there), plus the quality of each item. All parts are monotone
and submodular, so the greedy choice reaches at least 1 − 1/e of the best value (Nemhauser, Wolsey & Fisher
1978); evaluating lazily changes the time, not the choice (Minoux 1978).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# All three chosen on the training part of the corpus. Beyond 0.3 the reward hardly changes a choice; a larger
# weight of quality lets certainty and length outvote what the quote says; full centring costs coverage where
# there are hundreds of statements, none costs diversity.
DIVERSITY_WEIGHT = 0.3
QUALITY_WEIGHT = 0.1
CENTRING = 0.9
KMEANS_ROUNDS = 20
SEED = 0
_ZERO = 1e-6  # what is this short is rounding noise

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Objective:
    """The value of a set of items, monotone and submodular.

    ``similarity``: float32 array (items, items) in [0, 1]; ``weights``: float32 array (items,), above 0, how much
    it counts to cover each; ``groups``: int array (groupings, items) from 0; ``quality``: float32 array (items,)
    in [0, 1]; ``size``: how many items will be chosen, the scale of reward and quality beside the coverage.
    """

    similarity: Floats
    weights: Floats
    groups: Ints
    quality: Floats
    size: int

    def value(self, chosen: Sequence[int]) -> float:
        """Weighted mean of all items' best similarity to a chosen one, plus diversity and quality."""
        if not chosen:
            return 0.0
        index = list(chosen)
        coverage = float(np.average(self.similarity[:, index].max(axis=1), weights=self.weights))
        diversity = sum(float(np.sqrt(np.bincount(grouping[index])).sum()) for grouping in self.groups)
        quality = float(self.quality[index].sum(dtype=np.float64))
        return coverage + (DIVERSITY_WEIGHT * diversity + QUALITY_WEIGHT * quality) / self.size


def lazy_greedy(objective: Objective, candidates: Iterable[int], n: int, chosen: Sequence[int] = ()) -> list[int]:
    """``chosen`` and the candidates added to it one by one, each the best addition, until there are ``n``.

    A gain can only shrink while the set grows, so a candidate whose fresh gain still tops the stale ones is
    the best without evaluating the others. Equal gains go to the lower index.
    """
    chosen = list(chosen)
    value = objective.value(chosen)
    heap = [(value - objective.value([*chosen, item]), item) for item in candidates]
    heapq.heapify(heap)
    while heap and len(chosen) < n:
        _, item = heapq.heappop(heap)
        grown = objective.value([*chosen, item])
        fresh = (value - grown, item)
        if heap and heap[0] < fresh:
            heapq.heappush(heap, fresh)
            continue
        chosen.append(item)
        value = grown
    return chosen


def contrast(vectors: Floats) -> Floats:
    """Vectors seen from near their mean, of length 1: float32 array (items, width); zero rows where none is left.

    Statements on one theme all point the same way; what distinguishes them is what is left without most of it.
    """
    shifted = vectors - CENTRING * vectors.mean(axis=0)
    length = np.linalg.norm(shifted, axis=1, keepdims=True)
    unit: Floats = np.where(length > _ZERO, shifted / np.maximum(length, _ZERO), 0).astype(np.float32)
    return unit


def similarities(vectors: Floats) -> Floats:
    """Cosines between contrasted vectors, negative ones as 0: float32 array (items, items), 1 to itself."""
    cosines: Floats = np.clip(vectors @ vectors.T, 0, 1).astype(np.float32)
    np.fill_diagonal(cosines, 1)
    return cosines


def kmeans(vectors: Floats, k: int) -> Ints:
    """A group from 0 to at most k − 1 for each vector: int array (items,). The same input, the same groups.

    Lloyd's algorithm from the seeds of k-means++ (Arthur & Vassilvitskii 2007).
    """
    centres = _seeds(vectors, k)
    groups = np.zeros(len(vectors), dtype=np.int64)
    for round_ in range(KMEANS_ROUNDS):
        nearest = (2 * vectors @ centres.T - (centres**2).sum(axis=1)).argmax(axis=1)
        if round_ and (nearest == groups).all():
            break
        groups = nearest
        for group in np.unique(groups):
            centres[group] = vectors[groups == group].mean(axis=0)
    return groups


def _seeds(vectors: Floats, k: int) -> Floats:
    random = np.random.default_rng(SEED)
    seeds = [int(random.integers(len(vectors)))]
    distance = ((vectors - vectors[seeds[0]]) ** 2).sum(axis=1, dtype=np.float64)
    while len(seeds) < min(k, len(vectors)) and distance.sum() > _ZERO:
        seeds.append(int(random.choice(len(vectors), p=distance / distance.sum())))
        distance = np.minimum(distance, ((vectors - vectors[seeds[-1]]) ** 2).sum(axis=1, dtype=np.float64))
    return vectors[seeds].copy()
