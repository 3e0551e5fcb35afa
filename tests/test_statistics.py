"""Shares and their intervals, against published figures and by their properties."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rmtext.statistics import Share, Tally, share, wilson_interval


def tally(*weights):
    counted = Tally()
    for weight in weights:
        counted.add(weight)
    return counted


# Newcombe 1998, Statistics in Medicine 17, table I, method 3.
@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_interval_agrees_with_published_ones(hits, n, low, high):
    assert wilson_interval(hits, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("hits", "n"), [(3, 10), (62, 151), (5, 1000)])
@pytest.mark.parametrize(("level", "z"), [(0.8, 1.2815515655), (0.95, 1.9599639845), (0.999, 3.2905267315)])
def test_bounds_are_the_shares_that_the_score_test_just_rejects(hits, n, level, z):
    for bound in wilson_interval(hits, n, level):
        assert abs(hits / n - bound) == pytest.approx(z * math.sqrt(bound * (1 - bound) / n))


def test_interval_reaches_the_ends_exactly():
    assert wilson_interval(0, 30)[0] == 0.0
    assert wilson_interval(30, 30)[1] == 1.0


@pytest.mark.parametrize(("hits", "n"), [(1, 0), (-1, 5), (6, 5), (0, -1), (0, math.inf), (math.nan, 5)])
def test_impossible_counts_are_refused(hits, n):
    with pytest.raises(ValueError, match="must be"):
        wilson_interval(hits, n)


@pytest.mark.parametrize("level", [0, 1, 1.5])
def test_impossible_levels_are_refused(level):
    with pytest.raises(ValueError, match="level"):
        wilson_interval(1, 2, level)


@settings(deadline=None)
@given(st.integers(1, 10_000), st.floats(0, 1), st.floats(0.5, 0.999))
def test_interval_holds_the_share_and_stays_in_range(n, value, level):
    low, high = wilson_interval(value * n, n, level)
    assert 0 <= low <= value + 1e-12
    assert value - 1e-12 <= high <= 1


def test_equal_weights_change_nothing():
    plain, heavy = share(tally(1, 1), tally(1, 1, 1, 1, 1)), share(tally(3, 3), tally(3, 3, 3, 3, 3))
    assert plain == heavy
    assert (plain.value, plain.hits, plain.n, plain.effective_n) == (0.4, 2, 5, 5.0)


def test_weights_move_the_share_and_widen_the_interval():
    found = share(tally(3), tally(3, 1, 1, 1))
    assert found.value == pytest.approx(0.5)
    assert (found.hits, found.n) == (1, 4)
    assert found.effective_n == pytest.approx(36 / 12)  # Kish: (3+1+1+1)² / (9+1+1+1)
    assert (found.low, found.high) == pytest.approx(wilson_interval(1.5, 3))


def test_nothing_to_share():
    assert share(Tally(), Tally()) is None
    assert share(Tally(), tally(0, 0)) is None


def test_more_hits_than_answers_are_a_mistake():
    with pytest.raises(ValueError, match="2 hits of 1"):
        share(tally(1, 1), tally(1))


def test_rest_of_a_tally():
    rest = tally(1, 2, 3).without(tally(2))
    assert (rest.n, rest.weight, rest.squares) == (2, 4, 10)


def test_clearly_above_needs_a_gap_between_the_intervals():
    high = Share(0.6, 0.5, 0.7, 60, 100, 100)
    assert high.clearly_above(Share(0.4, 0.3, 0.49, 40, 100, 100))
    assert not high.clearly_above(Share(0.4, 0.3, 0.5, 40, 100, 100))


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.data())
def test_any_weights_give_a_share_inside_its_interval(weights, data):
    hits = data.draw(st.lists(st.booleans(), min_size=len(weights), max_size=len(weights)))
    found = share(tally(*(w for w, hit in zip(weights, hits, strict=True) if hit)), tally(*weights))
    if found is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.hits == sum(hits)
        assert found.effective_n <= found.n
