"""Coefficients of agreement: published examples, other programs' values, and the definitions written out."""

import itertools

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from rmtext.evaluation.bootstrap import draw
from rmtext.evaluation.coefficients import (
    MISSING,
    ac1,
    alpha,
    kappa,
    masi_distance,
    mean_kappa,
    nominal_blocks,
    percent_agreement,
    set_alpha,
)

# Krippendorff 2011, the reliability data of four observers; Gwet's examples use it too. 0 is a missing code.
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]
# Krippendorff 2011, binary codes of two observers.
TWO = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]


def sums(codes, categories):
    return draw(nominal_blocks(np.array(codes), categories)).total


def of_table(yes_yes, yes_no, no_yes, no_no):
    """Codes of two coders with this table."""
    cells = ((1, 1, yes_yes), (1, 0, yes_no), (0, 1, no_yes), (0, 0, no_no))
    return np.array([(a, b) for a, b, times in cells for _ in range(times)]).T


def test_krippendorffs_examples():
    assert float(alpha(sums(np.array(FOUR) - 1, 5))) == pytest.approx(0.743, abs=5e-4)
    assert float(alpha(sums(TWO, 2))) == pytest.approx(0.095, abs=5e-4)


def test_cohens_kappa_of_the_textbook_table():
    """20 + 15 of 50 agree; by chance 0.5 would: (0.7 - 0.5) / 0.5."""
    assert float(kappa(np.array([[20, 5], [10, 15]]))) == pytest.approx(0.4)
    assert float(mean_kappa(sums(of_table(20, 5, 10, 15), 2))) == pytest.approx(0.4)


def test_gwets_paradox():
    """Gwet 2008: 118 of 125 agree on a code that nearly all get. Values by irrCAC 0.4.4 (AC1) and by hand."""
    found = sums(of_table(118, 5, 2, 0), 2)
    assert float(percent_agreement(found)) == pytest.approx(118 / 125)
    assert float(ac1(found)) == pytest.approx(0.94078, abs=1e-5)
    assert float(mean_kappa(found)) == pytest.approx(-0.02339, abs=1e-5)


def test_ac1_of_four_coders_with_missing_codes():
    """irrCAC 0.4.4 on the units with at least two codes: AC1 0.77515, agreement 0.81818."""
    found = sums(np.array(FOUR) - 1, 5)
    assert float(ac1(found)) == pytest.approx(0.77515, abs=1e-5)
    assert float(percent_agreement(found)) == pytest.approx(0.81818, abs=1e-5)


def test_ac1_counts_codes_that_nobody_used():
    """All one code of four: by chance one would agree in 0 of 1, so AC1 is 1; κ and α are not defined."""
    found = sums([[2, 2, 2], [2, 2, 2]], 4)
    assert float(ac1(found)) == 1
    assert np.isnan(alpha(found))
    assert np.isnan(mean_kappa(found))
    two, four = sums([[0, 1, 0], [0, 0, 0]], 2), sums([[0, 1, 0], [0, 0, 0]], 4)
    assert float(ac1(four)) > float(ac1(two))


def test_kappa_of_three_coders_is_the_mean_of_the_pairs():
    codes = np.array([[0, 1, 1, 0, 1, 0], [0, 1, 0, 0, 1, 1], [1, 1, 1, 0, 0, 0]])
    pairs = [cohen_kappa_score(codes[a], codes[b]) for a, b in itertools.combinations(range(3), 2)]
    assert float(mean_kappa(sums(codes, 2))) == pytest.approx(np.mean(pairs))


def test_an_answer_with_one_code_counts_nowhere():
    codes = np.array([[0, 1, 1, 0, MISSING], [0, 1, 0, 0, 1]])
    for measure in (percent_agreement, mean_kappa, alpha, ac1):
        assert float(measure(sums(codes, 2))) == pytest.approx(float(measure(sums(codes[:, :4], 2))))
    assert float(sums(codes, 2)["n"]) == 4


tables = st.lists(st.lists(st.integers(MISSING, 3), min_size=3, max_size=3), min_size=2, max_size=15)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_alpha_is_that_of_the_package_krippendorff(rows):
    codes = np.array(rows).T
    both = (codes != MISSING).sum(axis=0) >= 2
    assume(len(np.unique(codes[:, both][codes[:, both] != MISSING])) > 1)
    data = np.where(codes == MISSING, np.nan, codes)
    expected = krippendorff.alpha(data, level_of_measurement="nominal")
    assert float(alpha(sums(codes, 4))) == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=20))
def test_kappa_is_that_of_scikit_learn(rows):
    codes = np.array(rows).T
    assume(len(np.unique(codes)) > 1)
    expected = cohen_kappa_score(codes[0], codes[1], labels=range(4))
    assert float(mean_kappa(sums(codes, 4))) == pytest.approx(expected, nan_ok=True)


# MASI


def members(*names, of="abcd"):
    return np.array([int(letter in names) for letter in of])


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("", "", 0),  # nothing is nothing
        ("ab", "ab", 0),
        ("", "a", 1),
        ("a", "b", 1),
        ("a", "ab", 1 - 1 / 2 * 2 / 3),  # one holds the other
        ("ab", "abc", 1 - 2 / 3 * 2 / 3),
        ("ab", "bc", 1 - 1 / 3 * 1 / 3),  # they overlap
        ("abc", "bcd", 1 - 2 / 4 * 1 / 3),
    ],
)
def test_masi_by_hand(one, other, distance):
    """Passonneau 2006: 1 - J·M with M = 1, 2/3, 1/3, 0."""
    assert float(masi_distance(members(*one), members(*other))) == pytest.approx(distance)
    assert float(masi_distance(members(*other), members(*one))) == pytest.approx(distance)


def test_alpha_of_sets_as_nltk_has_it():
    """nltk 3.10.4, AnnotationTask.alpha with masi_distance on the same eight sets."""
    sets = [("x", "xy"), ("y", "y"), ("xyz", "yzw"), ("w", "z")]
    found = np.array([[members(*pair[coder], of="xyzw") for pair in sets] for coder in (0, 1)])
    value, samples = set_alpha(found, np.ones((2, 4), dtype=bool), np.arange(4))
    assert float(value) == pytest.approx(0.2561983471)
    assert samples.shape == (1000,)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.sets(st.sampled_from("abcd"))), min_size=3, max_size=3),
        min_size=2,
        max_size=10,
    )
)
def test_alpha_of_sets_is_its_definition(rows):
    """D_o and D_e written out over all pairs of values (Krippendorff 2011), values without a partner left out."""
    rows = [row for row in rows if sum(s is not None for s in row) >= 2]
    assume(rows)
    values = [[members(*s) for s in row if s is not None] for row in rows]
    n = sum(map(len, values))
    observed = sum(
        sum(float(masi_distance(a, b)) for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in values
    )
    everything = [value for unit in values for value in unit]
    expected = sum(float(masi_distance(a, b)) for a, b in itertools.permutations(everything, 2)) / (n - 1)
    assume(expected > 0)
    array = np.array([[members(*(s or "")) for s in row] for row in rows]).transpose(1, 0, 2)
    there = np.array([[s is not None for s in row] for row in rows]).T
    value, _ = set_alpha(array, there, np.arange(len(rows)))
    assert float(value) == pytest.approx(1 - observed / expected)


def test_many_different_sets_are_compared_in_blocks(monkeypatch):
    sets = np.random.default_rng(1).integers(0, 2, size=(2, 40, 8))
    there = np.ones((2, 40), dtype=bool)
    whole = set_alpha(sets, there, np.arange(40))
    monkeypatch.setattr("rmtext.evaluation.coefficients._BLOCK", 7)
    parts = set_alpha(sets, there, np.arange(40))
    assert whole[0] == pytest.approx(parts[0])
    assert np.allclose(whole[1], parts[1])
