"""Which part of an answer is quoted: whole, self-contained, with its evidence."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmtext.coding import Coding, Evidence, SegmentCode, ThemeCode
from rmtext.quotes.passages import MAX_CHARS, MAX_PLACES, MAX_WORDS, count_words, passages, whole_words

NEUTRAL = "neutral"


def coding(*parts, between=" ", sentiments=(), wishes=(), theme=(), polarity="negativ", place_polarity=None):
    """An answer of the given segments; those whose number is in ``theme`` are evidence for 'kapazitaet'."""
    text = between.join(parts)
    segments, evidence, at = [], [], 0
    for number, part in enumerate(parts):
        start = text.index(part, at)
        at = start + len(part)
        sentiment = sentiments[number] if sentiments else NEUTRAL
        segments.append(SegmentCode(start, at, sentiment, 0.9, number in wishes))
        if number in theme:
            evidence.append(Evidence(start, at, place_polarity))
    code = ThemeCode("kapazitaet", polarity, 0.9, tuple(evidence))
    return Coding("1", text, None, "neutral", 0.0, 0.9, (code,), segments=tuple(segments))


def quoted(given_coding):
    return [given_coding.text[p.start : p.end] for p in passages(given_coding, given_coding.themes[0])]


def only(given_coding):
    (passage,) = passages(given_coding, given_coding.themes[0])
    return passage


ALONE = "Für die Treffen blieb im Schichtbetrieb kaum Luft."


@pytest.mark.parametrize(
    "opening",
    [
        "Das war für alle Beteiligten sehr schade.",
        "Dadurch kamen wir nie richtig ins Gespräch.",
        "deshalb haben wir uns kaum gesehen.",
        "Er hatte einfach nie eine freie Stunde.",
        "und am Ende fielen alle Treffen aus.",
        "Es hat mich ziemlich viel Freizeit gekostet.",
        "Die hat sich nie freigenommen dafür.",
        "Diese Belastung war auf Dauer zu hoch.",
        "Also hat es niemand mehr zeitlich geschafft.",
        "Da muss dringend eine Vertretung her, finde ich.",
        "Ich habe dadurch viele Überstunden machen müssen.",
        "Leider hatte er fast nie eine freie Stunde.",
    ],
)
def test_a_sentence_that_points_back_is_quoted_with_the_one_before(opening):
    before = "Mein Mentee leitet die Logistik."
    assert quoted(coding(before, opening, ALONE, theme=[1])) == [f"{before} {opening}"]


@pytest.mark.parametrize(
    "sentence",
    [
        ALONE,
        "Das Programm kam zur ungünstigsten Zeit im Jahr.",
        "Die vielen Termine waren kaum zu schaffen.",
        "Es gab leider keine Freistellung für die Treffen.",
        "Obwohl wenig Zeit war, haben wir uns gesehen.",
        "Der neue Schichtplan hat alles kaputt gemacht.",
        "Ich bin dafür, dass wir Zeit gutgeschrieben bekommen.",
        "Mein Chef hat ihn nie weggelassen von der Schicht.",
        "Da ich nachts arbeite, kam kein Treffen zustande.",
    ],
)
def test_a_sentence_that_stands_alone_stays_alone(sentence):
    assert quoted(coding("Mein Mentee leitet die Logistik.", sentence, "Sonst war alles gut.", theme=[1])) == [sentence]


def test_a_turn_within_a_sentence_is_quoted_with_its_beginning():
    answer = coding("Die Idee ist gut,", "nur hatte mein Chef nie eine freie Minute.", theme=[1])
    assert quoted(answer) == ["Die Idee ist gut, nur hatte mein Chef nie eine freie Minute."]


def test_the_chain_of_what_points_back_is_followed():
    answer = coding(
        "Mein Chef ist viel unterwegs.", "Er sagt oft ab.", "Deshalb fehlte uns am Ende die Zeit.", theme=[2]
    )
    assert quoted(answer) == [answer.text]
    assert only(answer).standalone


def test_a_clause_that_waits_for_its_main_clause_gets_it():
    answer = coding("Weil im Lager Inventur war,", "fielen drei von vier Treffen einfach aus.", theme=[0])
    assert quoted(answer) == [answer.text]


def test_what_cannot_be_completed_is_marked():
    assert not only(coding("dass man sich die Zeit selbst einteilen kann", theme=[0])).standalone
    assert not only(coding("Er hatte einfach nie eine freie Stunde.", ALONE, theme=[0])).standalone
    long = " ".join(["Wort"] * 38) + "."
    answer = coding(long, "Das war für alle sehr schade.", theme=[1])
    assert quoted(answer) == ["Das war für alle sehr schade."]
    assert not only(answer).standalone


@pytest.mark.parametrize("words", [33, 34, 35])
def test_joined_passages_hold_at_most_forty_words(words):
    before = " ".join(["Wort"] * words) + "."
    answer = coding(before, "Das war leider viel zu knapp.", theme=[1])
    passage = only(answer)
    assert passage.words == (words + 6 if words <= MAX_WORDS - 6 else 6)


def test_a_fragment_takes_its_neighbour():
    answer = coding("zu wenig Zeit", "keine Freistellung im Team", between=" / ", theme=[0])
    assert quoted(answer) == ["zu wenig Zeit / keine Freistellung im Team"]


def test_a_fragment_does_not_take_what_judges_the_other_way_or_another_list_item():
    answer = coding("Zu wenig Zeit.", "Die Betreuung war super.", sentiments=["negativ", "positiv"], theme=[0])
    assert quoted(answer) == ["Zu wenig Zeit."]
    assert quoted(coding("zu wenig Zeit", "volle Kalender", between="\n- ", theme=[0])) == ["zu wenig Zeit"]
    wish = coding("Zu wenig Zeit.", "Bitte mehr Räume buchen.", wishes=[1], theme=[0])
    assert quoted(wish) == ["Zu wenig Zeit."]


def test_evidence_is_relative_and_complete():
    answer = coding("Keine Zeit.", "Das war auch wegen der Schichten so.", theme=[0, 1])
    (passage,) = passages(answer, answer.themes[0])
    assert [answer.text[passage.start + a : passage.start + b] for a, b in passage.evidence] == [
        "Keine Zeit.",
        "Das war auch wegen der Schichten so.",
    ]


def test_evidence_within_a_segment_is_quoted_with_the_segment():
    text = "Wir hatten pro Woche kaum eine Stunde füreinander."
    start = text.index("kaum")
    theme = ThemeCode("kapazitaet", "negativ", 0.9, (Evidence(start, start + 4),))
    answer = Coding("1", text, None, NEUTRAL, 0, 1, (theme,), segments=(SegmentCode(0, len(text), NEUTRAL, 1),))
    assert quoted(answer) == [text]
    assert only(answer).evidence == ((start, start + 4),)


def test_a_theme_without_evidence_is_shown_by_the_whole_answer():
    theme = ThemeCode("kapazitaet", "negativ", 0.9)
    answer = Coding("1", "  Kaum Zeit füreinander.\n", None, NEUTRAL, 0, 1, (theme,), suggestion=True)
    assert quoted(answer) == ["Kaum Zeit füreinander."]
    assert only(answer).suggestion


def test_evidence_without_segments_is_widened_to_words():
    text = "Die Teammeetings fielen aus"
    theme = ThemeCode("kapazitaet", "negativ", 0.9, (Evidence(8, 10),))
    assert quoted(Coding("1", text, None, NEUTRAL, 0, 1, (theme,))) == ["Teammeetings"]


def test_the_polarity_is_that_of_the_place():
    mixed = coding(ALONE, "Die Zeit wurde uns immer freigestellt.", polarity="gemischt", theme=[0, 1])
    assert {p.polarity for p in passages(mixed, mixed.themes[0])} == {"gemischt"}
    judged = coding(
        ALONE, "Die Zeit wurde uns immer freigestellt.", polarity="gemischt", theme=[0, 1],
        sentiments=["negativ", "positiv"],
    )  # fmt: skip
    assert [p.polarity for p in passages(judged, judged.themes[0])] == ["negativ", "positiv"]
    own = coding(ALONE, theme=[0], polarity="gemischt", place_polarity="positiv")
    assert only(own).polarity == "positiv"


@pytest.mark.parametrize(
    ("sentiment", "wish", "certainty"),
    [("negativ", False, 0.72), ("positiv", False, 0.18), ("neutral", False, 0.675), ("neutral", True, 0.9)],
)
def test_certainty_is_that_of_theme_and_polarity(sentiment, wish, certainty):
    answer = coding(ALONE, theme=[0], sentiments=[sentiment])
    segments = (SegmentCode(0, len(ALONE), sentiment, 0.8, wish),)
    assert only(replace(answer, segments=segments)).certainty == pytest.approx(certainty)


def test_wishes_are_marked_by_their_own_segment():
    answer = coding(ALONE, "Bitte plant uns künftig feste Stunden ein.", wishes=[1], theme=[0, 1])
    assert [p.suggestion for p in passages(answer, answer.themes[0])] == [False, True]


def test_what_is_no_quote_is_left_out():
    theme = ThemeCode("kapazitaet", "negativ", 0.9)
    assert quoted(Coding("1", " \n", None, NEUTRAL, 0, 1, (theme,))) == []
    assert quoted(coding("!!!", theme=[0])) == []
    assert quoted(coding("x" * (MAX_CHARS + 1), theme=[0])) == []


def test_one_answer_does_not_crowd_out_the_others():
    parts = [f"Termin {number} fiel wegen Personalmangel wieder aus." for number in range(MAX_PLACES * 3)]
    assert len(quoted(coding(*parts, theme=range(len(parts))))) == MAX_PLACES


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("Die Mentor*innen kamen", "innen", "Mentor*innen"),
        ("per E-Mail statt", "Mail", "E-Mail"),
        ("um 10:30 Uhr", "10", "10:30"),
        ("das geht's nicht", "geht", "geht's"),
        ("Super,aber kurz", "aber", "aber"),
        ("Ende. Neu", "Ende", "Ende"),
        ("Fu\u0308hrung fehlt", "Fu", "Fu\u0308hrung"),
    ],
)
def test_ranges_are_widened_to_whole_words(text, part, whole):
    start = text.index(part)
    low, high = whole_words(text, start, start + len(part))
    assert text[low:high] == whole


def test_words_are_counted_as_readers_do():
    assert count_words("Gut – sehr gut 👍 !!! z.B. E-Mail") == 5


@st.composite
def answers(draw):
    text = draw(st.text(alphabet="aäDas er,.!?\n-*/ 😀\u0308ß", min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)) | {0, len(text)})
    segments = tuple(
        SegmentCode(a, b, draw(st.sampled_from(["positiv", "negativ", "neutral"])), 1.0, draw(st.booleans()))
        for a, b in pairwise(cuts)
        if draw(st.booleans())
    )
    spans = draw(st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 20)), max_size=4))
    evidence = tuple(Evidence(start, min(len(text), start + length)) for start, length in spans)
    theme = ThemeCode("t", draw(st.sampled_from(["positiv", "gemischt"])), 0.5, evidence)
    return Coding("1", text, None, NEUTRAL, 0, 1, (theme,), segments=segments)


@given(answers())
def test_every_passage_is_a_range_of_whole_words_that_holds_its_evidence(answer):
    text = answer.text
    for passage in passages(answer, answer.themes[0]):
        assert 0 <= passage.start < passage.end <= len(text)
        assert whole_words(text, passage.start, passage.end) == (passage.start, passage.end)
        assert passage.words == count_words(text[passage.start : passage.end]) > 0
        assert all(0 <= a < b <= passage.end - passage.start for a, b in passage.evidence)
        assert bool(passage.evidence) == bool(answer.themes[0].evidence)
