"""The objective is what its bound needs, and the lazy greedy choice keeps the bound."""

from itertools import combinations
from math import e

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rmtext.quotes.facility import Objective, contrast, kmeans, lazy_greedy, similarities

TOLERANCE = 1e-6


@st.composite
def objectives(draw):
    n = draw(st.integers(2, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    vectors = rng.normal(size=(n, draw(st.integers(1, 4)))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    if draw(st.booleans()):
        vectors[-1] = vectors[0]
    groups = rng.integers(0, 3, size=(draw(st.integers(1, 2)), n))
    weights, quality = rng.random((2, n), dtype=np.float32)
    return Objective(similarities(contrast(vectors)), weights + 0.05, groups, quality, draw(st.integers(1, 4)))


def plain(similarity, groups, quality=None, weights=None):
    ones = np.ones(len(similarity), dtype=np.float32)
    quality = ones if quality is None else np.array(quality, dtype=np.float32)
    weights = ones if weights is None else np.array(weights, dtype=np.float32)
    return Objective(similarity, weights, np.array([groups]), quality, 2)


@given(objectives(), st.data())
def test_more_is_never_worse_and_gains_diminish(objective, data):
    items = range(len(objective.quality))
    large = data.draw(st.lists(st.sampled_from(items), unique=True, max_size=len(items) - 1))
    small = large[: data.draw(st.integers(0, len(large)))]
    item = data.draw(st.sampled_from([i for i in items if i not in large]))
    gain_small = objective.value([*small, item]) - objective.value(small)
    gain_large = objective.value([*large, item]) - objective.value(large)
    assert gain_large >= -TOLERANCE
    assert gain_small >= gain_large - TOLERANCE


@settings(deadline=None)
@given(objectives(), st.integers(1, 4))
def test_greedy_keeps_its_bound(objective, n):
    items = range(len(objective.quality))
    n = min(n, len(items))
    best = max(objective.value(subset) for subset in combinations(items, n))
    assert objective.value(lazy_greedy(objective, items, n)) >= (1 - 1 / e) * best - TOLERANCE


@settings(deadline=None)
@given(objectives(), st.integers(1, 8))
def test_lazy_evaluation_does_not_change_the_choice(objective, n):
    plain: list[int] = []
    items = list(range(len(objective.quality)))
    while len(plain) < min(n, len(items)):
        gains = [-1.0 if i in plain else objective.value([*plain, i]) - objective.value(plain) for i in items]
        plain.append(int(np.argmax(gains)))
    lazy = lazy_greedy(objective, items, n)
    assert len(lazy) == len(set(lazy)) == len(plain)
    # Equal gains may differ in the last bit with the order of additions; the value may not.
    assert abs(objective.value(lazy) - objective.value(plain)) < TOLERANCE


def test_the_choice_goes_on_from_what_is_chosen():
    similarity = np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]], dtype=np.float32)
    objective = plain(similarity, [0, 0, 1])
    assert lazy_greedy(objective, [0, 2], 2, chosen=[1]) == [1, 2]
    assert lazy_greedy(objective, [], 2, chosen=[1]) == [1]
    assert objective.value([]) == 0


def test_coverage_prefers_the_item_that_stands_for_many():
    vectors = np.array([[1, 0, 0], [0.98, 0.2, 0], [0.98, -0.2, 0], [0, 0, 1]], dtype=np.float32)
    objective = plain(similarities(vectors), [0, 0, 0, 1])
    assert lazy_greedy(objective, range(4), 2) == [0, 3]


def test_covering_what_counts_more_counts_more():
    similarity = np.eye(3, dtype=np.float32)
    assert lazy_greedy(plain(similarity, [0, 0, 0], weights=(1, 1, 3)), range(3), 1) == [2]


def test_a_new_group_is_rewarded():
    similarity = np.ones((3, 3), dtype=np.float32)
    assert lazy_greedy(plain(similarity, [0, 0, 1]), range(3), 2) == [0, 2]


def test_equal_items_are_distinguished_by_quality():
    similarity = np.ones((3, 3), dtype=np.float32)
    objective = plain(similarity, [0, 0, 0], quality=(0.1, 0.9, 0.5))
    assert lazy_greedy(objective, range(3), 1) == [1]


def test_contrast_turns_away_from_what_all_share():
    vectors = np.array([[0.95, 0.31], [0.95, -0.31], [1, 0]], dtype=np.float32)
    assert similarities(vectors)[0, 1] > 0.8
    assert similarities(contrast(vectors))[0, 1] < 0.1
    single = contrast(np.array([[0.6, 0.8]], dtype=np.float32))
    assert np.allclose(single, [[0.6, 0.8]])
    assert not contrast(np.zeros((2, 3), dtype=np.float32)).any()


def test_kmeans_finds_separate_groups_every_time():
    rng = np.random.default_rng(1)
    centres = np.eye(3, 5, dtype=np.float32)
    vectors = np.repeat(centres, 20, axis=0) + rng.normal(scale=0.02, size=(60, 5)).astype(np.float32)
    groups = kmeans(vectors, 3)
    assert len({tuple(groups[i : i + 20]) for i in range(0, 60, 20)}) == 3
    assert all(len(set(groups[i : i + 20])) == 1 for i in range(0, 60, 20))
    assert (kmeans(vectors, 3) == groups).all()


def test_kmeans_with_fewer_different_items_than_groups():
    assert kmeans(np.ones((4, 2), dtype=np.float32), 10).tolist() == [0, 0, 0, 0]
    assert kmeans(np.ones((1, 2), dtype=np.float32), 10).tolist() == [0]
