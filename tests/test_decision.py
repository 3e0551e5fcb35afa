"""From probabilities to codes: hand-made answers, and what must hold for every answer."""

import dataclasses
import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmtext.coding import Coding, Evidence
from rmtext.decision import (
    MIXED_FROM,
    WHOLE,
    Scores,
    calibrated,
    decide,
    score,
    suggestion_score,
    theme_probability,
)
from rmtext.encoder import Encoded
from rmtext.heads import HEADS, Heads, sigmoid, softmax
from rmtext.model import Calibration

THEMES = ("zeit", "team", "geld")
PLAIN = Calibration(
    theme_slope=1.0,
    theme_offset=0.0,
    thresholds={"zeit": 0.5, "team": 0.5, "geld": 0.5},
    evidence_threshold=0.5,
    temperature=1.0,
    suggestion_threshold=0.5,
    review_below=0.5,
)
PRAISE, BLAME, FACT = (0.9, 0.05, 0.05), (0.05, 0.9, 0.05), (0.05, 0.05, 0.9)


def f32(values) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def each(*rows) -> np.ndarray:
    """A polarity of each segment, the same for all its themes: (segments, themes, 3)."""
    return np.repeat(f32(rows)[:, None], len(THEMES), axis=1)


def two_parts(**fields) -> Scores:
    """An answer of two segments: praise for the team, then blame for the time, which it wants more of."""
    plain = Scores(
        spans=((0, 20), (21, 50)),
        themes=f32([[0.1, 0.9, 0.1], [0.8, 0.2, 0.1]]),
        answer_themes=f32([0.7, 0.6, 0.1]),
        polarity=each(PRAISE, BLAME),
        sentiment=f32([PRAISE, BLAME]),
        suggestion=f32([0.1, 0.8]),
        answer_sentiment=f32([1.0, 1.0, 0.0, 3.0]),
        answer_suggestion=0.6,
        windows=1,
    )
    return dataclasses.replace(plain, **fields)


def numbers(**fields) -> Calibration:
    return dataclasses.replace(PLAIN, **fields)


def test_themes_with_polarity_and_evidence():
    judgement = decide(two_parts(), THEMES, PLAIN)
    assert [(t.theme, t.polarity) for t in judgement.themes] == [("zeit", "negativ"), ("team", "positiv")]
    assert [t.evidence for t in judgement.themes] == [(Evidence(21, 50, "negativ"),), (Evidence(0, 20, "positiv"),)]
    assert [t.confidence for t in judgement.themes] == pytest.approx([0.7328, 0.7197], abs=1e-4)


def test_the_whole_answer_counts_more_than_its_best_segment():
    odds = (0.7 / 0.3) ** WHOLE * (0.8 / 0.2) ** (1 - WHOLE)
    assert theme_probability(two_parts())[0] == pytest.approx(odds / (1 + odds), abs=1e-5)
    assert WHOLE > 0.5
    certain = two_parts(themes=f32([[0, 1, 0], [1, 0, 0]]), answer_themes=f32([1, 1, 0]))
    assert np.allclose(theme_probability(certain), [1, 1, 0], atol=1e-4)


def test_the_most_certain_theme_comes_first():
    judgement = decide(two_parts(answer_themes=f32([0.6, 0.9, 0.1])), THEMES, PLAIN)
    assert [t.theme for t in judgement.themes] == ["team", "zeit"]


SURE, LIKELY, BARELY = MIXED_FROM + 0.03, MIXED_FROM - 0.1, 0.55


def zeit(first, second, *polarity):
    """The code of one theme that two segments speak of."""
    scores = two_parts(themes=f32([[first, 0, 0], [second, 0, 0]]), polarity=each(*polarity))
    (code,) = (t for t in decide(scores, THEMES, PLAIN).themes if t.theme == "zeit")
    return code.polarity, [(e.start, e.polarity) for e in code.evidence]


def test_a_theme_both_praised_and_blamed_is_mixed():
    assert zeit(SURE, SURE + 0.01, PRAISE, BLAME) == ("gemischt", [(0, "positiv"), (21, "negativ")])
    assert zeit(SURE + 0.01, SURE, BLAME, PRAISE) == ("gemischt", [(0, "negativ"), (21, "positiv")])


def test_a_doubtful_contradiction_is_no_evidence():
    assert zeit(LIKELY, SURE, PRAISE, BLAME) == ("negativ", [(21, "negativ")])
    assert zeit(SURE, LIKELY, PRAISE, BLAME) == ("positiv", [(0, "positiv")])


@pytest.mark.parametrize("other", [PRAISE, FACT])
def test_a_further_place_that_does_not_contradict_is_evidence(other):
    polarity, evidence = zeit(SURE, BARELY, PRAISE, other)
    assert polarity == "positiv"
    assert [start for start, _ in evidence] == [0, 21]
    assert zeit(SURE, PLAIN.evidence_threshold - 0.01, PRAISE, other)[1] == [(0, "positiv")]


def test_each_theme_of_a_segment_has_its_own_polarity():
    scores = two_parts(
        spans=((0, 30),),
        themes=f32([[0.9, 0.9, 0.1]]),
        answer_themes=f32([0.9, 0.8, 0.1]),
        polarity=f32([[BLAME, PRAISE, FACT]]),
        sentiment=f32([PRAISE]),
        suggestion=f32([0.1]),
    )
    assert [(t.theme, t.polarity) for t in decide(scores, THEMES, PLAIN).themes] == [
        ("zeit", "negativ"),
        ("team", "positiv"),
    ]


def test_a_theme_of_which_nothing_is_judged_is_neutral():
    assert zeit(LIKELY, SURE, FACT, FACT)[0] == "neutral"


def test_evidence_is_the_best_segment_even_below_the_threshold():
    scores = two_parts(themes=f32([[0.3, 0, 0], [0.2, 0, 0]]), answer_themes=f32([0.9, 0, 0]))
    (theme,) = decide(scores, THEMES, numbers(evidence_threshold=0.8)).themes
    assert theme.evidence == (Evidence(0, 20, "positiv"),)


def test_every_theme_has_a_threshold_of_its_own():
    scores = two_parts()
    codes = [
        t.theme for t in decide(scores, THEMES, numbers(thresholds={"zeit": 0.8, "team": 0.7, "geld": 0.05})).themes
    ]
    assert codes == ["team", "geld"]


def test_an_answer_on_the_threshold_is_coded():
    scores = two_parts(themes=f32([[0, 0, 0], [0.5, 0, 0]]), answer_themes=f32([0.5, 0, 0]))
    assert [t.theme for t in decide(scores, THEMES, PLAIN).themes] == ["zeit"]
    assert decide(scores, THEMES, numbers(thresholds=dict.fromkeys(THEMES, 0.51))).themes == ()


def test_platt_scaling():
    probabilities = f32([0.2, 0.5, 0.8])
    assert np.allclose(calibrated(probabilities, PLAIN), probabilities, atol=1e-5)
    steeper = calibrated(probabilities, numbers(theme_slope=2.0))
    assert np.allclose(steeper, [1 / 17, 0.5, 16 / 17], atol=1e-5)
    shifted = calibrated(probabilities, numbers(theme_offset=1.0))
    assert (shifted > probabilities).all()
    ends = calibrated(f32([0.0, 1.0]), numbers(theme_slope=3.0))
    assert ((ends >= 0) & (ends <= 1)).all()
    assert ends.dtype == np.float32


def test_the_sentiment_of_the_answer_comes_from_the_whole():
    judgement = decide(two_parts(), THEMES, PLAIN)
    assert judgement.sentiment == "gemischt"
    expected = softmax(f32([1.0, 1.0, 0.0, 3.0]))
    assert judgement.sentiment_confidence == pytest.approx(float(expected[3]), abs=1e-4)


def test_temperature_makes_less_certain_but_changes_no_sentiment():
    sharp, blunt = decide(two_parts(), THEMES, PLAIN), decide(two_parts(), THEMES, numbers(temperature=3.0))
    assert blunt.sentiment == sharp.sentiment
    assert blunt.sentiment_confidence < sharp.sentiment_confidence


@pytest.mark.parametrize(
    ("logits", "low", "high"),
    [
        ([9.0, 0, 0, 0], 0.99, 1.0),
        ([0, 9.0, 0, 0], -1.0, -0.99),
        ([0, 0, 9.0, 0], -0.01, 0.01),
        ([0, 0, 0, 9.0], -0.3, -0.1),  # the longer half is the blame
    ],
)
def test_the_score_leans_with_the_sentiment(logits, low, high):
    assert low <= decide(two_parts(answer_sentiment=f32(logits)), THEMES, PLAIN).sentiment_score <= high


def test_a_suggestion_is_said_of_the_answer_and_of_its_place():
    judgement = decide(two_parts(), THEMES, PLAIN)
    assert suggestion_score(two_parts()) == pytest.approx(0.7)
    assert judgement.suggestion
    assert [s.suggestion for s in judgement.segments] == [False, True]


def test_no_segment_suggests_what_the_answer_does_not():
    judgement = decide(two_parts(answer_suggestion=0.1), THEMES, PLAIN)
    assert not judgement.suggestion
    assert not any(s.suggestion for s in judgement.segments)


def test_a_suggestion_of_the_whole_answer_has_a_place():
    judgement = decide(two_parts(answer_suggestion=0.9, suggestion=f32([0.3, 0.2])), THEMES, PLAIN)
    assert [s.suggestion for s in judgement.segments] == [True, False]


def test_certainty_falls_with_each_doubtful_decision():
    clear = two_parts(
        themes=f32([[0, 1, 0], [1, 0, 0]]), answer_themes=f32([1, 1, 0]), answer_sentiment=f32([0, 0, 0, 9])
    )
    assert decide(clear, THEMES, PLAIN).certainty > 0.99
    wavering = dataclasses.replace(clear, answer_themes=f32([1, 1, 0.5]), themes=f32([[0, 1, 0.5], [1, 0, 0]]))
    assert decide(wavering, THEMES, PLAIN).certainty == pytest.approx(np.exp(-0.5), abs=0.01)
    unsure = dataclasses.replace(clear, answer_sentiment=f32([1, 1, 1, 1.1]))
    assert decide(unsure, THEMES, PLAIN).certainty == pytest.approx(np.exp(-0.73), abs=0.01)
    both = dataclasses.replace(wavering, answer_sentiment=unsure.answer_sentiment)
    assert decide(both, THEMES, PLAIN).certainty == pytest.approx(np.exp(-0.5 - 0.73), abs=0.01)


def test_certainty_counts_what_the_threshold_decided():
    scores = two_parts(
        themes=f32([[0, 0, 0], [0.3, 0, 0]]), answer_themes=f32([0.3, 0, 0]), answer_sentiment=f32([0, 0, 0, 9])
    )
    coded, left_out = (numbers(thresholds={"zeit": t, "team": 0.5, "geld": 0.5}) for t in (0.29, 0.5))
    assert decide(scores, THEMES, coded).certainty == pytest.approx(np.exp(-0.7), abs=0.01)
    assert decide(scores, THEMES, left_out).certainty == pytest.approx(np.exp(-0.3), abs=0.01)


@st.composite
def scored(draw):
    cuts = draw(st.lists(st.integers(1, 40), min_size=1, max_size=5))
    starts = np.cumsum([0, *cuts])
    spans = tuple((int(a), int(b)) for a, b in itertools.pairwise(starts))
    unit = st.floats(0, 1, width=32)

    def table(*shape):
        size = int(np.prod(shape))
        return f32(draw(st.lists(unit, min_size=size, max_size=size))).reshape(shape)

    n = len(spans)
    return Scores(
        spans=spans,
        themes=table(n, 3),
        answer_themes=table(3),
        polarity=softmax(table(n, 3, 3) * 5),
        sentiment=softmax(table(n, 3) * 5),
        suggestion=table(n),
        answer_sentiment=table(4) * 8 - 4,
        answer_suggestion=float(table(1)[0]),
        windows=1,
    )


@st.composite
def calibrations(draw):
    unit = st.floats(0, 1)
    return Calibration(
        theme_slope=draw(st.floats(0.1, 3)),
        theme_offset=draw(st.floats(-3, 3)),
        thresholds={theme: draw(unit) for theme in THEMES},
        evidence_threshold=draw(unit),
        temperature=draw(st.floats(0.05, 5)),
        suggestion_threshold=draw(unit),
        review_below=draw(unit),
    )


@given(scored(), calibrations())
def test_what_holds_for_every_answer(scores, calibration):
    judgement = decide(scores, THEMES, calibration)
    assert 0 <= judgement.certainty <= 1
    assert -1 <= judgement.sentiment_score <= 1
    assert tuple((s.start, s.end) for s in judgement.segments) == scores.spans
    assert judgement.suggestion == any(s.suggestion for s in judgement.segments)
    confidences = [t.confidence for t in judgement.themes]
    assert confidences == sorted(confidences, reverse=True)
    probabilities = calibrated(theme_probability(scores), calibration)
    limits = f32([calibration.thresholds[theme] for theme in THEMES])
    assert {t.theme for t in judgement.themes} == {THEMES[i] for i in range(3) if probabilities[i] >= limits[i]}
    for theme in judgement.themes:
        assert theme.evidence
        assert {(e.start, e.end) for e in theme.evidence} <= set(scores.spans)
        signs = {e.polarity for e in theme.evidence}
        best = int(scores.themes[:, THEMES.index(theme.theme)].argmax())
        assert scores.spans[best] in {(e.start, e.end) for e in theme.evidence}
        if theme.polarity == "gemischt":
            assert signs >= {"positiv", "negativ"}
        else:
            assert theme.polarity in signs
            assert {"positiv": "negativ", "negativ": "positiv"}.get(theme.polarity) not in signs
    coding = Coding(
        "1", "x" * scores.spans[-1][1], None, judgement.sentiment, judgement.sentiment_score,
        judgement.sentiment_confidence, judgement.themes, judgement.suggestion, segments=judgement.segments,
    )  # fmt: skip
    assert Coding.from_json(json.loads(json.dumps(coding.to_json()))) == coding


WIDTH = 4


@pytest.fixture
def heads():
    rng = np.random.default_rng(3)
    rows = {name: len(THEMES) if outputs is None else outputs for name, outputs in HEADS.items()}
    weights = {name: rng.normal(size=(n, WIDTH)).astype(np.float32) for name, n in rows.items()}
    biases = {name: rng.normal(size=n).astype(np.float32) for name, n in rows.items()}
    return Heads(weights, biases, rng.normal(size=WIDTH).astype(np.float32))


ANSWER = Encoded(f32([[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 3, 0]]), np.array([4, 9, 15]), 2)


def test_scores_are_the_heads_on_segments_and_on_the_whole(heads):
    (scores,) = score(heads, [ANSWER], [[(0, 9), (10, 15)]])
    segments = f32([[0.5, 1, 0, 0], [0, 0, 3, 0]])
    whole = ANSWER.vectors.mean(axis=0)[None]
    assert scores.spans == ((0, 9), (10, 15))
    assert scores.windows == 2
    assert np.allclose(scores.themes, sigmoid(heads.logits("themes", segments)))
    assert np.allclose(scores.sentiment, softmax(heads.logits("sentiment", segments)))
    assert np.allclose(scores.suggestion, sigmoid(heads.logits("suggestion", segments))[:, 0])
    spoken = np.exp(heads.logits("answer_themes", ANSWER.vectors)).mean(axis=0)
    assert np.allclose(scores.answer_themes, sigmoid(np.log(spoken)), atol=1e-6)
    assert np.allclose(scores.answer_sentiment, heads.logits("answer_sentiment", whole)[0])
    assert scores.answer_suggestion == pytest.approx(float(sigmoid(heads.logits("answer_suggestion", whole))[0, 0]))


def test_polarity_is_read_where_the_segment_speaks_of_the_theme(heads):
    """The first token speaks of time and blames, the second of the team and praises, the third of nothing."""
    weights = np.zeros((3, WIDTH), np.float32)
    weights[0, 0] = weights[1, 1] = 40
    polarity = np.zeros((3, WIDTH), np.float32)
    polarity[:2, :2] = [[-9, 9], [9, -9]]
    speaking = Heads(
        heads.weights | {"themes": weights, "polarity": polarity},
        heads.biases | {"themes": f32([-20, -20, -20]), "polarity": f32([0, 0, 0])},
        heads.center,
    )
    tokens = Encoded(f32([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]), np.array([4, 9, 15]), 1)
    (scores,) = score(speaking, [tokens], [[(0, 15)]])
    assert scores.polarity.shape == (1, 3, 3)
    assert np.allclose(scores.polarity.sum(axis=-1), 1, atol=1e-5)
    assert scores.polarity[0, 0].argmax() == 1
    assert scores.polarity[0, 1].argmax() == 0
    assert np.allclose(scores.polarity[0, 2], 1 / 3, atol=1e-3)


def test_a_segment_of_one_token_has_one_polarity(heads):
    (scores,) = score(heads, [ANSWER], [[(0, 4)]])
    expected = softmax(heads.logits("polarity", ANSWER.vectors[:1]))
    assert np.allclose(scores.polarity[0], expected, atol=1e-5)


def test_a_segment_without_a_token_is_read_like_the_answer(heads):
    (scores,) = score(heads, [ANSWER], [[(0, 15), (15, 16)]])
    assert np.allclose(scores.themes[0], scores.themes[1])


def test_an_answer_without_tokens_is_read_like_the_average(heads):
    empty = Encoded(np.zeros((0, WIDTH), np.float32), np.array([], dtype=np.int64), 1)
    (scores,) = score(heads, [empty], [[(0, 1)]])
    assert np.allclose(scores.themes[0], sigmoid(heads.logits("themes", heads.center[None]))[0])
    decide(scores, THEMES, PLAIN)


def test_answers_keep_their_order_and_their_number(heads):
    first, second = score(heads, [ANSWER, ANSWER], [[(0, 4)], [(0, 4), (5, 9)]])
    assert (len(first.spans), len(second.spans)) == (1, 2)
    with pytest.raises(ValueError, match="argument 2"):
        list(score(heads, [ANSWER, ANSWER], [[(0, 4)]]))
