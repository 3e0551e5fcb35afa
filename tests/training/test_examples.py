"""Training examples: tokens belong to the segments whose words they are, and augmentation leaves codes true."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmtext.corpus import GoldAnswer, GoldSegment
from rmtext.encoder import BOS, EOS, QUESTION_TOKENS, WINDOW_TOKENS
from rmtext.heads import ANSWER_SENTIMENTS, SEGMENT_SENTIMENTS
from rmtext.training import examples
from rmtext.training.examples import OPEN_QUESTIONS, Piece, build, epoch, joined_sentiment, merged, pieces

THEMES = ("zeit", "team", "geld")


def piece(text, sentiment="positiv", suggestion=False, **themes) -> Piece:
    return Piece(text, sentiment, suggestion, themes)


def words_of(tokenizer, example, segment) -> str:
    """The words whose tokens belong to a segment."""
    ids = [i for i, owner in zip(example.ids, example.owner, strict=True) if owner == segment]
    return tokenizer.decode(ids).strip()


def test_an_answer_becomes_its_pieces():
    answer = GoldAnswer(
        "1", "Team toll. Zeit fehlt.", None, "gemischt",
        (GoldSegment(0, 10, "positiv", False, {"team": "positiv"}), GoldSegment(11, 22, "negativ", True, {})),
        "a", "train",
    )  # fmt: skip
    assert pieces(answer) == [piece("Team toll.", team="positiv"), piece("Zeit fehlt.", "negativ", True)]


def test_targets_of_one_answer(tokenizer):
    parts = [
        piece("das Team war toll.", team="positiv", zeit="positiv"),
        piece("schlecht!", "negativ", True, geld="negativ"),
        piece("hat", "neutral"),
    ]
    example = build(tokenizer, "Wie war es?", parts, "gemischt", THEMES)
    assert example.themes.tolist() == [[1, 1, 0], [0, 0, 1], [0, 0, 0]]
    assert [SEGMENT_SENTIMENTS[i] for i in example.sentiment] == ["positiv", "negativ", "neutral"]
    assert example.polarity.tolist() == [[0, 0, -1], [-1, -1, 1], [-1, -1, -1]]
    assert example.suggestion.tolist() == [0, 1, 0]
    assert ANSWER_SENTIMENTS[example.answer] == "gemischt"
    assert [words_of(tokenizer, example, i) for i in range(3)] == ["das Team war toll.", "schlecht!", "hat"]


def test_question_and_marks_belong_to_no_segment(tokenizer):
    example = build(tokenizer, "Wie war es?", [piece("das Team")], "positiv", THEMES)
    question = tokenizer.encode("Wie war es?", add_special_tokens=False).ids
    assert example.ids[: len(question) + 2] == [BOS, *question, EOS]
    assert (example.owner[: len(question) + 2] == -1).all()
    assert (example.owner[len(question) + 2 : -1] == 0).all()
    assert (example.ids[-1], example.owner[-1]) == (EOS, -1)
    plain = build(tokenizer, None, [piece("das Team")], "positiv", THEMES)
    assert plain.ids == [BOS, *example.ids[len(question) + 2 :]]


def test_each_theme_teaches_its_own_polarity_and_a_mixed_one_none(tokenizer):
    parts = [piece("a", None, zeit="positiv", geld="negativ"), piece("b", None, zeit="gemischt")]
    example = build(tokenizer, None, parts, "gemischt", THEMES)
    assert example.polarity.tolist() == [[0, -1, 1], [-1, -1, -1]]
    assert example.sentiment.tolist() == [-1, -1]


def test_long_answers_are_cut_to_the_window(tokenizer):
    parts = [piece("das Team " * 100), piece("die Zeit " * 100), piece("toll")]
    example = build(tokenizer, "Wie? " * 40, parts, "positiv", THEMES)
    assert len(example.ids) == len(example.owner) == WINDOW_TOKENS
    assert example.ids[-1] == EOS
    assert example.ids[QUESTION_TOKENS + 1] == EOS
    assert set(example.owner) == {-1, 0, 1}


texts = st.text(alphabet="abcäöß \u0308ﬁ½👍\n.-", min_size=1, max_size=12).filter(str.strip).map(str.strip)


@given(st.lists(texts, min_size=1, max_size=4), st.none() | texts)
def test_every_token_of_the_answer_has_its_segment(tokenizer, parts, question):
    example = build(tokenizer, question, [piece(text) for text in parts], "positiv", THEMES)
    head = len(tokenizer.encode(question, add_special_tokens=False).ids) + 2 if question else 1
    owners = example.owner[head:-1]
    space = tokenizer.token_to_id("▁")
    assert (example.owner[:head] == -1).all()
    assert (owners >= 0).all()
    assert (owners < len(parts)).all()
    assert (np.diff(owners) >= 0).all()
    for i, text in enumerate(parts):
        # A space that is a token of its own stands between two pieces and counts with the first.
        alone = [t for t in tokenizer.encode(text, add_special_tokens=False).ids if t != space]
        inside = [t for t, owner in zip(example.ids[head:-1], owners, strict=True) if owner == i and t != space]
        assert inside == alone


polarities = st.sampled_from(SEGMENT_SENTIMENTS)


@st.composite
def gold_answers(draw):
    parts = draw(st.lists(texts, min_size=1, max_size=4))
    text, segments = "", []
    for part in parts:
        start = len(text) + bool(text)
        text = f"{text} {part}" if text else part
        coded = draw(st.dictionaries(st.sampled_from(THEMES), polarities, max_size=2))
        segments.append(GoldSegment(start, len(text), draw(polarities), draw(st.booleans()), coded))
    question = draw(st.none() | st.just("Wie war es?"))
    sentiment = draw(st.sampled_from(ANSWER_SENTIMENTS))
    return GoldAnswer("1", text, question, sentiment, tuple(segments), "a", "train")


@given(st.lists(gold_answers(), min_size=1, max_size=5), st.integers(0, 10**6))
def test_an_epoch_shows_every_answer_with_its_codes(tokenizer, answers, seed):
    shown = list(epoch(answers, tokenizer, THEMES, random.Random(seed)))
    assert len(shown) == len(answers)
    alone = [set(example.themes.any(axis=0).nonzero()[0]) for example in shown]
    order = random.Random(seed).sample(answers, len(answers))
    for answer, found in zip(order, alone, strict=True):
        assert {THEMES.index(theme) for theme in answer.themes} <= found
        if len(answer.segments) > 1:
            assert {THEMES.index(theme) for theme in answer.themes} == found
    for example in shown:
        n = len(example.sentiment)
        assert example.themes.shape == (n, len(THEMES))
        assert example.polarity.shape == example.themes.shape
        assert example.suggestion.shape == (n,)
        assert example.owner.max(initial=0) < n
        assert ((example.polarity >= 0) <= (example.themes > 0)).all()


@given(texts | st.just("Die Termine waren schön, aber kurz."), st.integers(0, 10**6))
def test_carelessness_keeps_codes_and_words(text, seed):
    before = piece(text, "negativ", True, zeit="negativ")
    after = examples._roughen(before, random.Random(seed))
    assert (after.sentiment, after.suggestion, after.themes) == ("negativ", True, {"zeit": "negativ"})
    assert after.text.strip()
    plain = text.lower().translate(examples._UMLAUTS).rstrip(".!,") or text
    rough = after.text.lower().translate(examples._UMLAUTS).rstrip(".!,") or text
    assert not Counter(rough) - Counter(plain)
    assert len(plain) - len(rough) <= 2


def test_carelessness_does_each_of_its_mischiefs(monkeypatch):
    text = "Schöne Grüße, die Termine fehlten."
    seen = {examples._roughen(piece(text), random.Random(seed)).text for seed in range(300)}
    assert text in seen
    assert text.lower() in seen
    assert text.rstrip(".") in seen
    assert "Schoene Gruesse, die Termine fehlten." in seen
    assert any(len(t) == len(text) and sorted(t) == sorted(text) and t != text for t in seen)
    assert any(len(t) == len(text) - 1 and t.endswith(".") for t in seen)


@given(
    st.lists(
        st.builds(
            Piece, texts, polarities, st.booleans(), st.dictionaries(st.sampled_from(THEMES), polarities, max_size=2)
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(0, 10**6),
)
def test_undone_cuts_lose_nothing(parts, seed):
    result = merged(parts, random.Random(seed))
    assert " ".join(p.text for p in result) == " ".join(p.text for p in parts)
    assert 1 <= len(result) <= len(parts)
    for theme in THEMES:
        before = {p.themes[theme] for p in parts if theme in p.themes}
        after = {p.themes[theme] for p in result if theme in p.themes}
        assert bool(before) == bool(after)
        assert after <= before | {"gemischt"}
    assert any(p.suggestion for p in parts) == any(p.suggestion for p in result)
    if len(result) == len(parts):
        assert result == parts


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("positiv", "positiv", "positiv"),
        ("positiv", "neutral", "positiv"),
        ("neutral", "negativ", "negativ"),
        ("neutral", "neutral", "neutral"),
        ("positiv", "negativ", None),
        (None, "neutral", None),
        (None, "positiv", None),
    ],
)
def test_the_sentiment_of_an_undone_cut(monkeypatch, first, second, together):
    monkeypatch.setattr(examples, "MERGE", 1.0)
    (whole,) = merged([piece("a", first), piece("b", second)], random.Random(1))
    assert whole.sentiment == together
    assert whole.text == "a b"


def test_the_themes_of_an_undone_cut(monkeypatch):
    monkeypatch.setattr(examples, "MERGE", 1.0)
    parts = [piece("a", zeit="positiv", team="negativ"), piece("b", suggestion=True, zeit="negativ", geld="neutral")]
    (whole,) = merged(parts, random.Random(1))
    assert whole.themes == {"zeit": "gemischt", "team": "negativ", "geld": "neutral"}
    assert whole.suggestion


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["positiv"], "positiv"),
        (["neutral", "positiv"], "positiv"),
        (["negativ", "neutral"], "negativ"),
        (["positiv", "negativ", "neutral"], "gemischt"),
        (["neutral", "neutral"], "neutral"),
    ],
)
def test_joined_sentiment(parts, whole):
    assert joined_sentiment(parts) == joined_sentiment(parts[::-1]) == whole


LONG = "das Team war hier immer sehr toll."
SHORT = "das Team"


def gold(text, question=None) -> GoldAnswer:
    segment = GoldSegment(0, len(text), "positiv", False, {"team": "positiv"})
    return GoldAnswer("1", text, question, "positiv", (segment,), "a", "train")


def has_question(example) -> bool:
    return example.ids.count(EOS) == 2


def test_a_fragment_keeps_its_question_and_a_sentence_sometimes(tokenizer, monkeypatch):
    monkeypatch.setattr(examples, "ASK", 0.0)
    rng = random.Random(1)
    fragments = list(epoch([gold(SHORT, "Wie war es?")] * 60, tokenizer, THEMES, rng))
    assert all(has_question(example) for example in fragments)
    sentences = [has_question(example) for example in epoch([gold(LONG, "Wie war es?")] * 200, tokenizer, THEMES, rng)]
    assert 60 < sum(sentences) < 140


def test_answers_without_a_question_sometimes_get_one(tokenizer, themes):
    shown = list(epoch([gold(LONG)] * 200, tokenizer, themes, random.Random(1)))
    assert 50 < sum(has_question(example) for example in shown) < 110


PRAISED, BLAMED, WISHED = "Was hat Ihnen gefallen?", "Was hat Sie gestört?", "Was wünschen Sie sich?"
EVERY = {PRAISED, BLAMED, WISHED, OPEN_QUESTIONS[0], "Wie war es?"}


@pytest.mark.parametrize(
    ("text", "sentiment", "fitting"),
    [
        (LONG, "positiv", EVERY),
        (LONG, "negativ", EVERY),
        (LONG, "gemischt", EVERY),
        (SHORT, "positiv", EVERY - {BLAMED, WISHED}),
        (SHORT, "negativ", EVERY - {PRAISED}),
        (LONG, "neutral", EVERY - {PRAISED, BLAMED, WISHED}),
        (SHORT, "neutral", EVERY - {PRAISED, BLAMED, WISHED}),
    ],
)
def test_no_question_changes_what_the_words_mean(text, sentiment, fitting):
    found = {question for question in EVERY if examples._fitting_question(question, [piece(text)], sentiment)}
    assert found == fitting


def test_short_answers_are_sometimes_joined(tokenizer, monkeypatch):
    monkeypatch.setattr(examples, "MERGE", 0.0)
    sizes = [len(e.sentiment) for e in epoch([gold(SHORT)] * 200, tokenizer, THEMES, random.Random(1))]
    assert set(sizes) == {1, 2, 3}
    assert 60 < sizes.count(1) < 140


@pytest.mark.parametrize("others", [0, 1])
def test_a_corpus_with_nothing_to_join(tokenizer, others):
    answers = [gold(LONG, "Wie war es?")] * 20 + [gold(SHORT)] * others
    assert len(list(epoch(answers, tokenizer, THEMES, random.Random(2)))) == len(answers)


def test_the_same_seed_shows_the_same(tokenizer, answers, themes):
    first, second, other = (
        [example.ids for example in epoch(answers, tokenizer, themes, random.Random(seed))] for seed in (1, 1, 2)
    )
    assert first == second != other
