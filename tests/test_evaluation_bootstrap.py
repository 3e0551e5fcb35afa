"""The bootstrap: intervals of known width, persons drawn together, the same in any number of parts."""

import math

import numpy as np
import pytest

from rmtext.evaluation import bootstrap
from rmtext.evaluation.bootstrap import RESAMPLES, Score, draw, mean_defined, numbered, ratio, resamples


def share(sums):
    return ratio(sums["hits"], sums["n"])


def drawn(hits, persons=None):
    hits = np.array(hits)
    return draw({"hits": hits, "n": np.ones(len(hits))}, persons)


def test_a_share_has_the_interval_that_theory_gives():
    """0.3 of 400: 0.3 ± 1.96 · √(0.3 · 0.7 / 400)."""
    score = drawn([1] * 120 + [0] * 280).score(share)
    assert (score.value, score.n) == (0.3, 400)
    assert score.low == pytest.approx(0.255, abs=0.005)
    assert score.high == pytest.approx(0.345, abs=0.005)


def test_answers_of_one_person_are_drawn_together():
    """20 persons who answer alike 20 times are worth 20 answers: the interval is √20 times as wide."""
    hits, persons = np.repeat([1, 0] * 10, 20), np.repeat(np.arange(20), 20)
    naive, clustered = drawn(hits).score(share), drawn(hits, persons).score(share)
    assert naive.value == clustered.value == 0.5
    assert (clustered.high - clustered.low) / (naive.high - naive.low) == pytest.approx(math.sqrt(20), rel=0.15)


def test_persons_of_different_sizes_keep_their_answers():
    persons = np.array([0, 0, 0, 1, 2, 2])
    for weights in resamples(persons):
        assert (weights[:, 0] == weights[:, 1]).all()
        assert (weights[:, 4] == weights[:, 5]).all()
        assert (weights[:, [0, 3, 4]].sum(axis=1) == 3).all()  # three persons are drawn each time


def test_one_person_has_no_interval():
    score = drawn([1, 0, 1, 1], np.zeros(4, dtype=int)).score(share)
    assert score.value == 0.75
    assert math.isnan(score.low)
    assert score.to_json() == {"value": 0.75, "low": None, "high": None, "n": 4}


def test_nothing_defined():
    score = draw({"hits": np.zeros(5), "n": np.zeros(5)}).score(share)
    assert not score.defined
    assert score.to_json()["value"] is None


def test_resamples_in_which_a_figure_is_not_defined_do_not_count():
    """A theme found once: in a third of the resamples it is not there, and its precision not defined."""
    found = np.array([1] + [0] * 9)
    score = draw({"hits": found, "n": found}).score(share)
    assert (score.value, score.low, score.high) == (1, 1, 1)


def test_parts_do_not_change_the_draws(monkeypatch):
    blocks = {"a": np.arange(30), "b": np.arange(60).reshape(30, 2)}
    whole = draw(blocks)
    monkeypatch.setattr(bootstrap, "_CELLS", 100)
    parts = draw(blocks)
    assert whole.samples["b"].shape == (RESAMPLES, 2)
    assert all(np.array_equal(whole.samples[name], parts.samples[name]) for name in blocks)
    assert max(len(weights) for weights in resamples(np.arange(30))) == 3


def test_mean_of_what_is_defined():
    values = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    assert mean_defined(values).tolist()[0] == 2
    assert math.isnan(mean_defined(values)[1])


def test_numbers_of_names():
    assert numbered(["b", "a", "b", ("x",)]).tolist() == [0, 1, 0, 2]


def test_rounding():
    assert Score(0.123456, 0.1, math.nan, 3).to_json() == {"value": 0.1235, "low": 0.1, "high": None, "n": 3}
