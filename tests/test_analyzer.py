"""The analyzer on the shipped model: contracts, not scores."""

import random

import pytest

import rmtext
from rmtext.answers import Answer
from rmtext.errors import RmtextError

TEXTS = [
    ("Was hat Sie gestört?", "Die Termine wurden ständig verschoben."),
    (None, "Der Austausch war toll, aber die Zeit war viel zu knapp. Bitte mehr Stunden einplanen!"),
    ("Was hat Ihnen gefallen?", "Termine"),
    (None, "k.A."),
    (None, ""),
    (None, "Mein Mentee hat mir zugehört 👍 und ich ihm."),
    (None, "ICH WÜRDE SOFORT WIEDER MITMACHEN!!!"),
    ("Anmerkungen?", "-"),
    (None, "Wir passten gut zusammen\n- Chemie stimmte\n- gleiche Hobbys"),
]


@pytest.fixture(scope="module")
def analyzer():
    return rmtext.load()


def answers(pairs=TEXTS):
    return [Answer(str(i), text, question) for i, (question, text) in enumerate(pairs)]


def same(one, other):
    return (
        one.sentiment == other.sentiment
        and [(t.theme, t.polarity, t.evidence, t.confidence) for t in one.themes]
        == [(t.theme, t.polarity, t.evidence, t.confidence) for t in other.themes]
        and one.sentiment_score == other.sentiment_score
        and one.suggestion == other.suggestion
    )


def test_every_answer_once_in_order(analyzer):
    assert [c.id for c in analyzer.code(answers() * 40)] == [a.id for a in answers() * 40]


def test_coding_does_not_depend_on_neighbours(analyzer):
    alone = [analyzer.code_one(answer) for answer in answers()]
    together = list(analyzer.code(answers()))
    shuffled = answers() * 3
    random.Random(1).shuffle(shuffled)
    assert all(same(a, b) for a, b in zip(alone, together, strict=True))
    assert all(same(alone[int(c.id)], c) for c in analyzer.code(shuffled))


def test_number_of_threads_changes_nothing(analyzer):
    one = rmtext.load(threads=1)
    assert all(same(a, b) for a, b in zip(one.code(answers()), analyzer.code(answers()), strict=True))


def test_spans_are_slices_and_codes_are_known(analyzer):
    for coding in analyzer.code(answers()):
        for theme in coding.themes:
            assert theme.theme in analyzer.codebook.ids
            assert 0 < theme.confidence <= 1
            assert theme.evidence
            for place in theme.evidence:
                assert coding.text[place.start : place.end].strip()
        for segment in coding.segments:
            words = coding.text[segment.start : segment.end]
            assert words
            assert words == words.strip()
        assert -1 <= coding.sentiment_score <= 1


def test_non_answers_have_no_codes(analyzer):
    silent = [c for c in analyzer.code(answers()) if c.text in ("k.A.", "", "-")]
    assert [c.non_answer for c in silent] == ["keine_angabe", "leer", "zeichen"]
    assert all(c.sentiment == "neutral" and not c.themes and not c.counts for c in silent)


def test_question_turns_the_sign(analyzer):
    praise = analyzer.code_one(Answer("1", "die Termine", "Was hat Ihnen gut gefallen?"))
    criticism = analyzer.code_one(Answer("1", "die Termine", "Was hat Sie gestört?"))
    assert praise.sentiment_score > 0 > criticism.sentiment_score


def test_the_case_the_project_was_born_from(analyzer):
    coding = analyzer.code_one(
        "Wir haben beide voneinander gelernt. Ich würde es wieder machen, aber nur mit mehr Zeit dafür."
    )
    themes = {t.theme: t.polarity for t in coding.themes}
    assert themes.get("gegenseitiges_lernen") == "positiv"
    assert themes.get("kapazitaet") == "negativ"
    assert "erneute_teilnahme" in themes


def test_again_if_there_were_more_time(analyzer):
    coding = analyzer.code_one("Ich würde es wieder machen, wenn ich mehr Zeit dafür bekäme.")
    assert {t.theme: t.polarity for t in coding.themes} == {"erneute_teilnahme": "positiv", "kapazitaet": "negativ"}


def test_suggestion_of_answer_and_segments_agree(analyzer):
    for coding in analyzer.code(answers()):
        assert coding.suggestion == any(segment.suggestion for segment in coding.segments)


def test_long_answer_is_coded_to_its_end(analyzer):
    filler = "Am Montag haben wir uns im Raum getroffen und über die Woche gesprochen. " * 60
    coding = analyzer.code_one(filler + "Insgesamt hatten wir viel zu wenig Zeit dafür.")
    assert coding.review_reason == "lang"
    assert coding.needs_review
    assert coding.segments[-1].end == len(coding.text)


def test_other_languages_are_marked(analyzer):
    coding = analyzer.code_one(
        "I really enjoyed the conversations with my mentee, but we never had enough time for them."
    )
    assert (coding.needs_review, coding.review_reason) == (True, "sprache")


def test_embeddings_have_length_one_and_know_meaning(analyzer):
    vectors = analyzer.embed(["zu wenig Zeit", "Zeitmangel", "Die Chemie stimmte", ""])
    assert [round(float(v @ v), 3) for v in vectors] == [1.0, 1.0, 1.0, 0.0]
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_unknown_model_lists_the_shipped_ones():
    with pytest.raises(RmtextError, match="reverse_mentoring"):
        rmtext.load("gibtesnicht")
