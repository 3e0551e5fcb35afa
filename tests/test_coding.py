"""Codings to JSON and back, and lines that are none."""

import copy
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmtext.coding import NON_ANSWERS, POLARITIES, SENTIMENTS, Coding, Evidence, SegmentCode, ThemeCode
from rmtext.errors import RmtextError

TEXT = "Mein Tandem war super, aber die Zeit fehlte."
CODING = Coding(
    id="17",
    text=TEXT,
    question="Was hat Sie gestört?",
    sentiment="gemischt",
    sentiment_score=0.12,
    sentiment_confidence=0.81,
    themes=(
        ThemeCode("kapazitaet", "negativ", 0.93, (Evidence(28, 44, "negativ"),)),
        ThemeCode("matching", "positiv", 0.7, (Evidence(0, 21),)),
    ),
    suggestion=True,
    needs_review=True,
    review_reason="unsicher",
    segments=(SegmentCode(0, 21, "positiv", 0.97), SegmentCode(23, 44, "negativ", 0.9, True)),
    groups={"abteilung": "Vertrieb"},
    columns={"id": 17, "welle": "2026-01-05", "abteilung": "Vertrieb"},
    weight=1.25,
    row=3,
    column="antwort",
    coder="Aylin",
    checked=True,
    model={"name": "reverse_mentoring", "version": "1.0"},
    codebook={"name": "Reverse Mentoring", "version": "1.0"},
)
# The interchange format that other people's programs read.
LINE = {
    "id": "17",
    "question": "Was hat Sie gestört?",
    "text": TEXT,
    "sentiment": "gemischt",
    "sentiment_score": 0.12,
    "sentiment_confidence": 0.81,
    "themes": [
        {
            "theme": "kapazitaet",
            "polarity": "negativ",
            "confidence": 0.93,
            "evidence": [{"start": 28, "end": 44, "polarity": "negativ"}],
        },
        {"theme": "matching", "polarity": "positiv", "confidence": 0.7, "evidence": [{"start": 0, "end": 21}]},
    ],
    "suggestion": True,
    "non_answer": None,
    "needs_review": True,
    "review_reason": "unsicher",
    "segments": [
        {"start": 0, "end": 21, "sentiment": "positiv", "confidence": 0.97, "suggestion": False},
        {"start": 23, "end": 44, "sentiment": "negativ", "confidence": 0.9, "suggestion": True},
    ],
    "groups": {"abteilung": "Vertrieb"},
    "columns": {"id": 17, "welle": "2026-01-05", "abteilung": "Vertrieb"},
    "row": 3,
    "column": "antwort",
    "coder": "Aylin",
    "geprueft": True,
    "model": {"name": "reverse_mentoring", "version": "1.0"},
    "codebook": {"name": "Reverse Mentoring", "version": "1.0"},
    "weight": 1.25,
}
SMALLEST = {
    "id": "1", "text": "", "sentiment": "neutral", "sentiment_score": 0, "sentiment_confidence": 1, "themes": [],
    "suggestion": False, "needs_review": False,
}  # fmt: skip


def test_the_line_is_the_contract():
    assert CODING.to_json() == LINE
    assert list(CODING.to_json()) == list(LINE)


def test_there_and_back():
    assert Coding.from_json(json.loads(json.dumps(LINE))) == CODING


def test_a_line_needs_only_the_codes():
    coding = Coding.from_json(SMALLEST)
    assert (coding.question, coding.themes, coding.segments, coding.weight) == (None, (), (), None)
    assert (coding.coder, coding.checked, coding.column) == ("modell", False, "text")
    assert "weight" not in coding.to_json()


def test_unknown_keys_of_other_programs_do_no_harm():
    assert Coding.from_json(LINE | {"farbe": "blau"}) == CODING


def test_a_numeric_id_becomes_text():
    assert Coding.from_json(SMALLEST | {"id": 17}).id == "17"


@pytest.mark.parametrize("reason", NON_ANSWERS)
def test_non_answers_count_in_no_base(reason):
    assert not Coding.from_json(SMALLEST | {"non_answer": reason}).counts
    assert Coding.from_json(SMALLEST).counts


def changed(*path, value) -> dict:
    line = copy.deepcopy(LINE)
    place = line
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return line


WRONG = {
    "unknown sentiment": (changed("sentiment", value="super"), "Answer 17: unknown sentiment 'super'"),
    "sentiment as list": (changed("sentiment", value=["positiv"]), "unknown sentiment"),
    "unknown non-answer": (changed("non_answer", value="egal"), "unknown non_answer 'egal'"),
    "non-answer as map": (changed("non_answer", value={}), "unknown non_answer"),
    "unknown polarity": (changed("themes", 0, "polarity", value="gut"), "unknown polarity 'gut'"),
    "unknown polarity of a place": (
        changed("themes", 0, "evidence", 0, "polarity", value="gut"),
        "unknown polarity 'gut'",
    ),
    "unknown sentiment of a segment": (changed("segments", 1, "sentiment", value="?"), "unknown sentiment '?'"),
    "after the text": (changed("themes", 0, "evidence", 0, "end", value=45), "28–45 lies outside"),
    "before the text": (changed("segments", 0, "start", value=-1), "-1–21 lies outside"),
    "empty place": (changed("segments", 0, "end", value=0), "0–0 lies outside"),
    "turned place": (changed("segments", 1, "start", value=44), "44–44 lies outside"),
    "broken offset": (changed("segments", 0, "end", value=20.5), "is no coding"),
    "offset as text": (changed("segments", 0, "end", value="21"), "is no coding"),
    "infinite offset": (changed("segments", 0, "end", value=math.inf), "is no coding"),
    "infinite row": (changed("row", value=math.inf), "is no coding"),
    "NaN confidence": (changed("themes", 0, "confidence", value=math.nan), "confidences lie in 0 to 1"),
    "confidence in percent": (changed("sentiment_confidence", value=81), "confidences lie in 0 to 1"),
    "confidence of a segment": (changed("segments", 0, "confidence", value=-0.1), "confidences lie in 0 to 1"),
    "score": (changed("sentiment_score", value=1.01), "sentiment_score in -1 to 1"),
    "NaN score": (changed("sentiment_score", value=math.nan), "sentiment_score in -1 to 1"),
    "confidence null": (changed("themes", 0, "confidence", value=None), "is no coding"),
    "negative weight": (changed("weight", value=-1), "weight must be a number"),
    "NaN weight": (changed("weight", value=math.nan), "weight must be a number"),
    "text null": (changed("text", value=None), "is no coding"),
    "text as number": (changed("text", value=12), "is no coding"),
    "id null": (changed("id", value=None), "is no coding"),
    "themes as text": (changed("themes", value="kapazitaet"), "is no coding"),
    "themes null": (changed("themes", value=None), "is no coding"),
    "evidence null": (changed("themes", 0, "evidence", value=None), "is no coding"),
    "groups as list": (changed("groups", value=["Vertrieb"]), "is no coding"),
    "reason as list": (changed("review_reason", value=["unsicher"]), "'review_reason' must be a word"),
    "no themes": ({k: v for k, v in LINE.items() if k != "themes"}, "is no coding"),
    "a list": ([LINE], "is no coding"),
    "a text": ("Zeit", "is no coding"),
    "null": (None, "is no coding"),
}


@pytest.mark.parametrize(("line", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_is_no_coding_is_refused(line, message):
    with pytest.raises(RmtextError) as caught:
        Coding.from_json(line)
    assert message in str(caught.value)


unit = st.floats(0, 1)
words = st.text(max_size=8)


@st.composite
def codings(draw):
    text = draw(st.text(min_size=1, max_size=30))
    places = st.integers(0, len(text) - 1).flatmap(
        lambda start: st.tuples(st.just(start), st.integers(start + 1, len(text)))
    )
    polarity = st.sampled_from(POLARITIES)
    evidence = st.builds(lambda place, sign: Evidence(*place, sign), places, st.none() | polarity)
    theme = st.builds(ThemeCode, words, polarity, unit, st.lists(evidence, max_size=3).map(tuple))
    segment = st.builds(
        lambda place, *rest: SegmentCode(*place, *rest), places, st.sampled_from(SENTIMENTS), unit, st.booleans()
    )
    return Coding(
        id=draw(words),
        text=text,
        question=draw(st.none() | words),
        sentiment=draw(st.sampled_from(SENTIMENTS)),
        sentiment_score=draw(st.floats(-1, 1)),
        sentiment_confidence=draw(unit),
        themes=tuple(draw(st.lists(theme, max_size=3))),
        suggestion=draw(st.booleans()),
        non_answer=draw(st.none() | st.sampled_from(NON_ANSWERS)),
        segments=tuple(draw(st.lists(segment, max_size=3))),
        groups=draw(st.dictionaries(words, words, max_size=2)),
        columns=draw(st.dictionaries(words, st.none() | st.integers() | words, max_size=2)),
        weight=draw(st.none() | st.floats(0, 1e6)),
        row=draw(st.integers(0, 10**6)),
        checked=draw(st.booleans()),
    )


@given(codings())
def test_every_coding_survives_the_way_through_a_line(coding):
    assert Coding.from_json(json.loads(json.dumps(coding.to_json()))) == coding


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(LINE)), json_values)
def test_any_value_in_any_place_is_a_coding_or_a_clear_error(key, value):
    try:
        coding = Coding.from_json(LINE | {key: value})
    except RmtextError:
        return
    assert Coding.from_json(coding.to_json()) == coding
