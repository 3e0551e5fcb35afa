"""Calibration, needs_review and the worst mistakes, counted by hand."""

import pytest
from evaluation_codings import coding, theme
from hypothesis import given, settings
from hypothesis import strategies as st

from rmtext.coding import SegmentCode
from rmtext.evaluation.calibration import (
    certainty,
    reliability,
    review,
    sentiment_reliability,
    theme_reliability,
)
from rmtext.evaluation.mistakes import worst
from rmtext.evaluation.passages import LONGEST, pieces, shortened
from rmtext.statistics import wilson_interval

# Calibration


def test_ten_bins_of_equally_many():
    """100 codes of confidence 0.005, 0.015 … 0.995; right from 0.5 on: each bin is off by its distance to 0 or 1."""
    confidences = [(i + 0.5) / 100 for i in range(100)]
    found = reliability(confidences, [c > 0.5 for c in confidences])
    assert [b.n for b in found.bins] == [10] * 10
    assert [b.right for b in found.bins] == [0] * 5 + [10] * 5
    assert found.bins[0].confidence == pytest.approx(0.05)
    assert found.error == pytest.approx((0.05 + 0.15 + 0.25 + 0.35 + 0.45) * 2 / 10)
    assert (found.bins[0].right_low, found.bins[0].right_high) == wilson_interval(0, 10)


def test_perfectly_calibrated():
    assert reliability([0.75] * 4, [True, True, True, False]).error == 0


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from((0.2, 0.4, 0.4, 0.9, 1.0)), st.booleans()), min_size=1, max_size=40),
    st.randoms(),
)
def test_the_order_of_answers_does_not_matter(rows, random):
    def found(rows):
        return reliability([c for c, _ in rows], [r for _, r in rows])

    first = found(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    second = found(shuffled)
    if first is None:
        assert second is None
        return
    assert second.error == pytest.approx(first.error)
    assert sum(b.n for b in first.bins) == len(rows)
    assert [b.n for b in first.bins] == [b.n for b in second.bins]


def test_no_confidence_no_calibration():
    assert reliability([], []) is None
    assert reliability([1.0, 1.0], [True, False]) is None  # what a table gives for the sentiment


def test_themes_and_sentiments():
    gold = [coding("1", "zeit"), coding("2", sentiment="negativ"), coding("3", sentiment="neutral")]
    coded = [
        coding("1", theme("zeit", "negativ", 0.9), theme("team", "positiv", 0.7), sentiment_confidence=0.6),
        coding("2", theme("zeit", "negativ", 0.5), sentiment_confidence=0.7),
        coding("3", sentiment="neutral", sentiment_confidence=1.0, non_answer="keine_angabe"),
    ]
    pairs = list(zip(gold, coded, strict=True))
    themes = theme_reliability(pairs)
    assert sum(b.n for b in themes.bins) == 3
    assert themes.error == pytest.approx((0.1 + 0.7 + 0.5) / 3)
    sentiments = sentiment_reliability(pairs)
    assert sum(b.n for b in sentiments.bins) == 2  # a rule, not a probability, found the non-answer
    assert sentiments.error == pytest.approx((0.4 + 0.7) / 2)


# needs_review


def test_what_needs_review_catches():
    right, marked = coding("1", "zeit"), coding("2", "zeit", needs_review=True)
    gold = [
        (coding("1", "zeit"), right),
        (coding("1", "team"), right),  # one too many, one missed
        (coding("2", "team", sentiment="negativ"), marked),  # and the sentiment
        (coding("2", "zeit"), marked),
    ]
    found = review(gold)
    assert (found.answers, found.marked) == (4, 2)
    assert (found.wrong_answers, found.caught_answers) == (2, 1)
    assert (found.wrong_codes, found.caught_codes) == (5, 3)


def test_a_wrong_polarity_alone_is_no_wrong_code():
    assert review([(coding("1", theme("zeit", "positiv")), coding("1", theme("zeit", "negativ")))]).wrong_codes == 0


def test_the_least_certain_fifth():
    def pair(confidence, wrong):
        return coding("1", sentiment="negativ" if wrong else "positiv"), coding("1", sentiment_confidence=confidence)

    one_of_two = [pair(0.1, True), pair(0.9, True)] + [pair(0.5, False)] * 8
    assert review(one_of_two).by_certainty == pytest.approx(0.5)
    # All equally certain: a fifth holds a fifth of the wrong ones, wherever they stand.
    alike = [pair(0.5, True), *([pair(0.5, False)] * 9)]
    assert review(alike).by_certainty == review(alike[::-1]).by_certainty == pytest.approx(0.2)
    assert review([pair(0.5, False)]).by_certainty is None


def test_certainty_is_the_least_confidence():
    assert certainty(coding("1", theme("zeit", "negativ", 0.6), theme("team", "negativ", 0.3))) == 0.3
    assert certainty(coding("1", sentiment_confidence=0.4)) == 0.4


# Mistakes

TEXT = "Das Team war toll. Zeit fehlte."


def test_the_worst_mistakes_of_each_kind():
    gold = coding(
        "1", theme("zeit", "negativ", 1.0, (19, 31)), theme("team", "negativ", 1.0, (0, 18)), text=TEXT,
        sentiment="gemischt",
    )  # fmt: skip
    coded = coding(
        "1", theme("team", "positiv", 0.8, (0, 18)), theme("geld", "positiv", 0.95, (4, 8)), text=TEXT,
        sentiment="positiv", sentiment_confidence=0.7,
    )  # fmt: skip
    extra, missed, polarity, sentiment = worst([(gold, coded)], 5)
    assert (extra.kind, extra.theme, extra.gold, extra.predicted, extra.confidence) == (
        "extra", "geld", None, "positiv", 0.95,
    )  # fmt: skip
    assert extra.words == ("Team",)
    assert (missed.kind, missed.theme, missed.gold, missed.predicted) == ("missed", "zeit", "negativ", None)
    assert missed.words == ("Zeit fehlte.",)  # of gold
    assert missed.confidence == 0.7  # the least certain code of the answer
    assert (polarity.theme, polarity.gold, polarity.predicted) == ("team", "negativ", "positiv")
    assert (sentiment.gold, sentiment.predicted, sentiment.confidence) == ("gemischt", "positiv", 0.7)
    assert sentiment.words == ("Das Team war toll.", "Team")  # themes of the predicted sentiment


def test_segments_show_what_the_sentiment_was_taken_from():
    coded = coding("1", text=TEXT, segments=(SegmentCode(0, 18, "positiv", 0.9), SegmentCode(19, 31, "negativ", 0.9)))
    assert worst([(coding("1", text=TEXT, sentiment="negativ"), coded)], 5)[0].words == ("Das Team war toll.",)


def test_the_words_of_a_missed_theme_are_those_of_the_gold_text():
    """A spreadsheet may have changed the blanks: places in one text are not those in the other."""
    gold = coding("1", theme("zeit", "negativ", 1.0, (8, 12)), text="Ach  so Zeit fehlt.")
    (missed,) = worst([(gold, coding("1", text="Ach so Zeit fehlt."))], 5)
    assert missed.words == ("Zeit",)


def test_the_most_confident_come_first_and_no_more_than_asked():
    pairs = [(coding(str(i)), coding(str(i), theme("zeit", "negativ", i / 10))) for i in range(1, 9)]
    assert [m.id for m in worst(pairs, 3)] == ["8", "7", "6"]
    assert worst(pairs, 0) == ()
    assert worst([(coding("1", "zeit"), coding("1", "zeit"))], 3) == ()


# Passages


def test_marked_places_apart():
    assert pieces("abcdef", [(1, 3), (2, 4)]) == [("a", False), ("bcd", True), ("ef", False)]
    assert pieces("abc", [(0, 3)]) == [("abc", True)]
    assert pieces("", []) == []


def test_a_long_answer_is_shown_around_its_first_place():
    text = "x" * 5000 + "HIER" + "y" * 5000
    found = pieces(text, [(5000, 5004), (9000, 9001)])
    assert ("HIER", True) in found
    assert found[0] == ("… ", False)
    assert found[-1] == (" …", False)
    assert sum(len(words) for words, _ in found) == LONGEST + 4
    assert shortened(text) == "x" * LONGEST + " …"
