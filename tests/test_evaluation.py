"""Figures counted by hand, and beside scikit-learn's."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score

from rmtext.coding import SENTIMENTS, Coding, Evidence, ThemeCode
from rmtext.corpus import GoldAnswer, GoldSegment
from rmtext.evaluation import (
    Score,
    confusion,
    f1,
    macro_f1,
    polarity_counts,
    scores,
    span_counts,
    theme_counts,
)

TEXT = "Das Team war toll. Zeit fehlte."
THEMES = ("zeit", "team", "geld")


def gold(sentiment="gemischt", suggestion=False, segments=None) -> GoldAnswer:
    """By default praise for the team (0–18) and blame for the time (19–31)."""
    segments = segments or (
        GoldSegment(0, 18, "positiv", False, {"team": "positiv"}),
        GoldSegment(19, 31, "negativ", suggestion, {"zeit": "negativ"}),
    )
    return GoldAnswer("1", TEXT, None, sentiment, segments, "a", "dev")


def coding(*themes: ThemeCode, sentiment="gemischt", suggestion=False) -> Coding:
    return Coding("1", TEXT, None, sentiment, 0.0, 1.0, themes, suggestion)


def theme(name, polarity="negativ", *places) -> ThemeCode:
    return ThemeCode(name, polarity, 0.9, tuple(Evidence(start, end) for start, end in places))


PERFECT = coding(theme("team", "positiv", (0, 18)), theme("zeit", "negativ", (19, 31)))


def test_f1():
    assert f1(3, 4, 6) == pytest.approx(0.6)
    assert f1(0, 3, 0) == 0
    assert f1(0, 0, 0) == 1


def test_themes_are_counted_as_sets():
    pairs = [
        (gold(), PERFECT),
        (gold(), coding(theme("team"), theme("geld"))),
        (gold(), coding()),
        (gold(segments=(GoldSegment(0, 18, "neutral", False, {}),)), coding(theme("geld"))),
    ]
    assert theme_counts(pairs).tolist() == [[2, 2, 2], [1, 2, 2], [0, 0, 2], [0, 1, 0]]


def test_polarity_is_counted_among_found_themes_only():
    pairs = [
        (gold(), PERFECT),
        (gold(), coding(theme("team", "negativ"), theme("geld", "positiv"))),
        (gold(), coding(theme("zeit", "negativ"), theme("team", "gemischt"))),
        (gold(), coding()),
    ]
    assert polarity_counts(pairs).tolist() == [[2, 2], [0, 1], [1, 2], [0, 0]]


def test_a_mixed_theme_must_be_found_as_mixed():
    mixed = gold(
        segments=(
            GoldSegment(0, 18, "positiv", False, {"zeit": "positiv"}),
            GoldSegment(19, 31, "negativ", False, {"zeit": "negativ"}),
        )
    )
    pairs = [(mixed, coding(theme("zeit", "gemischt"))), (mixed, coding(theme("zeit", "negativ")))]
    assert polarity_counts(pairs).tolist() == [[1, 1], [0, 1]]


def test_evidence_is_counted_in_characters_of_found_themes():
    pairs = [
        (gold(), PERFECT),
        (gold(), coding(theme("team", "positiv", (10, 31)), theme("geld", "positiv", (0, 5)))),
        (gold(), coding(theme("zeit", "negativ", (19, 25), (22, 31)))),
        (gold(), coding(theme("zeit", "negativ"))),
    ]
    assert span_counts(pairs).tolist() == [[30, 30, 30], [8, 21, 18], [12, 12, 12], [0, 0, 12]]


def test_confusion_has_gold_in_its_rows():
    pairs = [(gold("positiv"), coding(sentiment="neutral")), (gold("gemischt"), coding(sentiment="gemischt"))]
    table = confusion(pairs)
    assert table.sum() == 2
    assert table[SENTIMENTS.index("positiv"), SENTIMENTS.index("neutral")] == 1
    assert table[3, 3] == 1


def test_macro_f1_leaves_out_classes_that_nowhere_occur():
    assert macro_f1(np.diag([5, 5, 0, 0])) == 1
    # positiv: 2 of 3 found, none too many; negativ: 1 of 1, one too many.
    assert macro_f1(np.array([[2, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])) == pytest.approx(
        (4 / 5 + 2 / 3) / 2
    )


answers = st.lists(
    st.tuples(
        st.sampled_from(SENTIMENTS),
        st.sampled_from(SENTIMENTS),
        st.sets(st.sampled_from(THEMES)),
        st.sets(st.sampled_from(THEMES)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=50, deadline=None)
@given(answers)
def test_the_figures_are_those_of_scikit_learn(rows):
    pairs = [
        (
            gold(true, segments=(GoldSegment(0, 18, "neutral", False, dict.fromkeys(sorted(has), "neutral")),)),
            coding(*(theme(name) for name in sorted(found)), sentiment=guess),
        )
        for true, guess, has, found in rows
    ]
    true, guess = [row[0] for row in rows], [row[1] for row in rows]
    assert np.array_equal(confusion(pairs), confusion_matrix(true, guess, labels=SENTIMENTS))
    assert macro_f1(confusion(pairs)) == pytest.approx(f1_score(true, guess, average="macro"))
    has = np.array([[name in row[2] for name in THEMES] for row in rows])
    found = np.array([[name in row[3] for name in THEMES] for row in rows])
    if has.any() or found.any():
        expected = f1_score(has, found, average="micro", zero_division=0)
        assert f1(*theme_counts(pairs).sum(axis=0)) == pytest.approx(expected)


def test_scores_have_an_interval_around_their_value():
    good = (gold(suggestion=True), coding(*PERFECT.themes, suggestion=True))
    bad = (gold("positiv"), coding(theme("team", "negativ", (10, 31)), sentiment="negativ", suggestion=True))
    figures = scores([good] * 30 + [bad] * 10)
    assert figures.keys() == {
        "theme_micro_f1", "sentiment_macro_f1", "polarity_accuracy", "evidence_f1", "suggestion_f1",
    }  # fmt: skip
    assert figures["theme_micro_f1"].value == pytest.approx(f1(70, 70, 80))
    assert figures["polarity_accuracy"].value == pytest.approx(60 / 70)
    assert figures["evidence_f1"].value == pytest.approx(f1(30 * 30 + 80, 30 * 30 + 210, 30 * 30 + 180))
    assert figures["suggestion_f1"].value == pytest.approx(f1(30, 40, 30))
    assert figures["sentiment_macro_f1"].value == pytest.approx(1 / 3)
    for figure in figures.values():
        assert figure.low <= figure.value <= figure.high
        assert figure.n == 40
    assert 0.01 < figures["theme_micro_f1"].high - figures["theme_micro_f1"].low < 0.2


def test_the_interval_is_the_spread_of_the_mean():
    """Half of 400 answers right: a share's interval is about 0.5 ± 1.96 · √(0.25 / 400)."""
    right, wrong = (gold(), coding(theme("zeit", "negativ"))), (gold(), coding(theme("zeit", "positiv")))
    figure = scores([right, wrong] * 200)["polarity_accuracy"]
    assert figure.low == pytest.approx(0.451, abs=0.006)
    assert figure.high == pytest.approx(0.549, abs=0.006)


def test_the_same_seed_gives_the_same_intervals():
    pairs = [(gold(), PERFECT)] * 5 + [(gold("positiv"), coding(theme("geld")))] * 5
    once, again, other = (scores(pairs, seed=seed) for seed in (3, 3, 4))
    assert {name: f.to_json() for name, f in once.items()} == {name: f.to_json() for name, f in again.items()}
    assert once["theme_micro_f1"].value == other["theme_micro_f1"].value


def test_perfect_codes():
    for figure in scores([(gold(suggestion=True), coding(*PERFECT.themes, suggestion=True))] * 3).values():
        assert (figure.value, figure.low, figure.high, figure.n) == (1, 1, 1, 3)


def test_nothing_to_score():
    with pytest.raises(ValueError, match="nothing to score"):
        scores([])


def test_rounding():
    figure = Score(np.float64(0.123456), 0.1, 1.0, 40)
    assert json.loads(json.dumps(figure.to_json())) == {"value": 0.1235, "low": 0.1, "high": 1.0, "n": 40}
