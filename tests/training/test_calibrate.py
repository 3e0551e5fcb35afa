"""Calibration on made-up probabilities whose best numbers are known."""

import dataclasses

import numpy as np
import pytest

from rmtext.corpus import GoldAnswer, GoldSegment
from rmtext.decision import Scores, calibrated, decide, suggestion_score, theme_probability
from rmtext.errors import RmtextError
from rmtext.evaluation import f1, theme_counts
from rmtext.heads import ANSWER_SENTIMENTS, softmax
from rmtext.training import calibrate as module
from rmtext.training.calibrate import REVIEW_SHARE, Scored, calibrate, code_scored, cross_fitted

THEMES = ("zeit", "team", "geld")
TEXT = "Die Termine waren schön, das Team war nett."
SPANS = ((0, 23), (25, 43))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def make(count, seed=1, *, slope=1.0, offset=0.0, temperature=1.0, text=TEXT, asks=None):
    """Answers whose true chance of a theme is Platt's ``slope`` and ``offset`` on the model's logit.

    The right sentiment is drawn from the softmax of the model's scores divided by ``temperature``.
    """
    rng = np.random.default_rng(seed)
    result = []
    for i in range(count):
        logit = rng.normal(-1.5, 2.5, len(THEMES))
        raw = sigmoid(logit).astype(np.float32)
        has = rng.random(len(THEMES)) < sigmoid(slope * logit + offset)
        logits = rng.normal(0, 3, 4).astype(np.float32)
        sentiment = ANSWER_SENTIMENTS[rng.choice(4, p=softmax(logits.astype(np.float64) / temperature))]
        place = rng.integers(2)
        ask = float(rng.random())
        suggestion = ask > (0.7 if asks is None else asks)
        coded = {theme: "positiv" for theme, there in zip(THEMES, has, strict=True) if there}
        segments = tuple(
            GoldSegment(*span, "positiv", bool(suggestion and i == place), coded if i == place else {})
            for i, span in enumerate(SPANS)
        )
        gold = GoldAnswer(f"{i}", text, None, sentiment, segments, f"w{i % 4}", "dev")
        themes = np.full((2, len(THEMES)), 0.01, dtype=np.float32)
        themes[place] = raw
        scores = Scores(
            spans=SPANS,
            themes=themes,
            answer_themes=raw,
            polarity=np.full((2, len(THEMES), 3), [0.8, 0.1, 0.1], dtype=np.float32),
            sentiment=np.array([[0.8, 0.1, 0.1]] * 2, dtype=np.float32),
            suggestion=np.array([ask, 0.0], dtype=np.float32),
            answer_sentiment=logits,
            answer_suggestion=ask,
            windows=1,
        )
        result.append(Scored(gold, scores))
    return result


@pytest.fixture(scope="module")
def scored():
    return make(600)


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (0.5, -1.0), (2.0, 1.0)])
def test_probabilities_become_true(slope, offset):
    numbers = calibrate(make(1500, slope=slope, offset=offset), THEMES)
    assert numbers.theme_slope == pytest.approx(slope, rel=0.15)
    assert numbers.theme_offset == pytest.approx(offset, abs=0.25)
    fresh = make(1500, seed=2, slope=slope, offset=offset)
    probabilities = calibrated(np.stack([theme_probability(s.scores) for s in fresh]), numbers)
    gold = np.array([[theme in s.gold.themes for theme in THEMES] for s in fresh])
    for low in (0.0, 0.2, 0.4, 0.6):
        inside = (probabilities >= low) & (probabilities < low + 0.2)
        assert inside.sum() > 80
        assert gold[inside].mean() == pytest.approx(probabilities[inside].mean(), abs=0.12)


@pytest.mark.parametrize("temperature", [0.7, 1.5, 3.0])
def test_the_temperature_is_found(temperature):
    assert calibrate(make(800, temperature=temperature), THEMES).temperature == pytest.approx(temperature, rel=0.2)


def test_thresholds_find_more_than_a_half_would(scored):
    numbers = calibrate(scored, THEMES)
    assert numbers.thresholds.keys() == set(THEMES)
    halves = dataclasses.replace(numbers, thresholds=dict.fromkeys(THEMES, 0.5))
    fresh = make(1500, seed=2)

    def figure(calibration):
        codings = code_scored(fresh, THEMES, calibration)
        return f1(*theme_counts([(s.gold, c) for s, c in zip(fresh, codings, strict=True)]).sum(axis=0))

    assert figure(numbers) > figure(halves)
    assert all(0.2 < threshold < 0.5 for threshold in numbers.thresholds.values())


def test_a_theme_that_is_parted_clearly_is_cut_between():
    probabilities = np.array([[0.05], [0.1], [0.2], [0.7], [0.8], [0.9]] * 40)
    gold = probabilities > 0.5
    assert module._thresholds(probabilities, gold, ["zeit"])["zeit"] == pytest.approx(0.45, abs=0.05)


def test_rare_themes_lean_on_the_common_threshold():
    """Both themes are parted at 0.8, the common one at 0.4; the rarer follows the common threshold more."""
    rng = np.random.default_rng(0)
    probabilities = rng.random((2000, 3))
    gold = probabilities > np.array([0.8, 0.8, 0.4])
    gold[40:, 0] = False
    probabilities[40:, 0] *= 0.3
    thresholds = module._thresholds(probabilities, gold, THEMES)
    assert thresholds["geld"] < thresholds["zeit"] < thresholds["team"]
    assert thresholds["team"] == pytest.approx(0.8, abs=0.05)


def test_a_theme_that_nobody_named_has_the_common_threshold():
    probabilities = np.array([[0.1, 0.3], [0.2, 0.1], [0.9, 0.2], [0.8, 0.1]])
    gold = np.array([[0, 0], [0, 0], [1, 0], [1, 0]], dtype=bool)
    both = module._thresholds(probabilities, gold, ["zeit", "team"])
    assert both["team"] == pytest.approx(both["zeit"], abs=0.02)


@pytest.mark.parametrize("asks", [0.3, 0.6])
def test_the_threshold_of_suggestions(asks):
    scored = make(400, asks=asks)
    threshold = calibrate(scored, THEMES).suggestion_threshold
    assert threshold == pytest.approx(asks, abs=0.03)
    right = [(suggestion_score(s.scores) >= threshold) == s.gold.suggestion for s in scored]
    assert np.mean(right) > 0.96


def test_the_threshold_of_evidence(scored):
    """A second segment's 0.01 is no evidence; where it is 0.6 and true, it must be taken."""
    assert calibrate(scored, THEMES).evidence_threshold > 0.01
    both = []
    for s in make(200):
        segments = tuple(dataclasses.replace(segment, themes={"zeit": "positiv"}) for segment in s.gold.segments)
        themes = np.array([[0.9, 0.1, 0.1], [0.6, 0.55, 0.1]], dtype=np.float32)
        both.append(
            Scored(dataclasses.replace(s.gold, segments=segments), dataclasses.replace(s.scores, themes=themes))
        )
    assert module._evidence_threshold(both, THEMES) <= 0.6


def test_a_fifth_is_marked_for_review(scored):
    numbers = calibrate(scored, THEMES)
    codings = code_scored(scored, THEMES, numbers)
    assert np.mean([c.needs_review for c in codings]) == pytest.approx(REVIEW_SHARE, abs=0.01)
    certain = [decide(s.scores, THEMES, numbers).certainty for s in scored]
    for coding, certainty in zip(codings, certain, strict=True):
        assert coding.needs_review == (certainty < numbers.review_below)


def test_non_answers_choose_no_number_and_have_no_theme(scored):
    silent = make(300, seed=3, slope=-2.0, text="k.A.")
    assert calibrate(scored + silent, THEMES) == calibrate(scored, THEMES)
    for coding in code_scored(silent, THEMES, calibrate(scored, THEMES)):
        assert (coding.non_answer, coding.themes, coding.sentiment) == ("keine_angabe", (), "neutral")


def test_codings_carry_text_and_places(scored):
    numbers = calibrate(scored, THEMES)
    (coding,) = code_scored(scored[:1], THEMES, numbers)
    judgement = decide(scored[0].scores, THEMES, numbers)
    assert (coding.id, coding.text) == (scored[0].gold.id, TEXT)
    assert (coding.sentiment, coding.themes, coding.segments) == (
        judgement.sentiment, judgement.themes, judgement.segments,
    )  # fmt: skip


def test_no_answer_chooses_the_numbers_that_it_is_measured_by(scored, monkeypatch):
    calls = []
    original = module.calibrate

    def watched(some, themes):
        calls.append({s.gold.writer for s in some})
        return original(some, themes)

    coded = []
    monkeypatch.setattr(module, "calibrate", watched)
    monkeypatch.setattr(
        module,
        "code_scored",
        lambda some, *rest: coded.append({s.gold.writer for s in some}) or code_scored(some, *rest),
    )
    pairs = cross_fitted(scored, THEMES)
    assert len(calls) == len(coded) == 2
    for chosen, measured in zip(calls, coded, strict=True):
        assert not chosen & measured
        assert chosen | measured == {"w0", "w1", "w2", "w3"}
    assert sorted(gold.id for gold, _ in pairs) == sorted(s.gold.id for s in scored)
    assert all(gold.id == coding.id for gold, coding in pairs)


def test_one_writer_cannot_measure_himself(scored):
    alone = [s for s in scored if s.gold.writer == "w1"]
    with pytest.raises(RmtextError, match="at least two writers"):
        cross_fitted(alone, THEMES)


def test_answers_that_show_nothing_are_refused(scored):
    bare = [
        Scored(dataclasses.replace(s.gold, segments=(GoldSegment(0, 23, "neutral", False, {}),)), s.scores)
        for s in scored[:20]
    ]
    for some in (bare, [], make(20, text="k.A.")):
        with pytest.raises(RmtextError, match="do not show when a theme applies"):
            calibrate(some, THEMES)
