"""Who coded: files in all formats, people's rows only, corpora, models; and the same answers side by side."""

import json
from dataclasses import replace

import numpy as np
import pytest
from evaluation_codings import coder, coding, theme

from rmtext.codebook import Codebook, Theme
from rmtext.corpus import GoldAnswer, GoldSegment
from rmtext.errors import RmtextError
from rmtext.evaluation import is_model, model_coder, read_coder
from rmtext.evaluation.coders import basis, compared_themes
from rmtext.evaluation.counts import gold_coding
from rmtext.evaluation.matching import match
from rmtext.model import root
from rmtext.tables import SUFFIXES, write_codings

BOOK = Codebook("Probe", "de", "1", (Theme("zeit", "Zeit"), Theme("team", "Team")))
CODEBOOK_YAML = "name: Probe\nversion: '1'\nthemes:\n- id: zeit\n  label: Zeit\n- id: team\n  label: Team\n"


@pytest.fixture
def corpus(tmp_path):
    """Two answers of a dev writer, one of a train writer."""
    folder = tmp_path / "korpus"
    folder.mkdir()
    (folder / "codebook.yaml").write_text(CODEBOOK_YAML, encoding="utf-8")
    rows = [("1", "Zeit fehlt.", "a", "dev"), ("2", "Tolles Team!", "a", "dev"), ("3", "Geht so.", "b", "train")]
    with (folder / "answers.jsonl").open("w", encoding="utf-8") as file:
        for id, text, writer, split in rows:
            themes = {"zeit": "negativ"} if id == "1" else {}
            part = {"start": 0, "end": len(text), "sentiment": "neutral", "suggestion": False, "themes": themes}
            row = {
                "id": id, "text": text, "question": None, "writer": writer, "split": split,
                "sentiment": "neutral", "segments": [part],
            }  # fmt: skip
            file.write(json.dumps(row) + "\n")
    return folder


CODINGS = (
    coding("1", theme("zeit", "negativ", 0.9, (0, 4)), text="Zeit fehlt mir.", columns={"team_nr": "x"}),
    coding("2", "team", text="Ein gutes Team.", columns={"team_nr": "x"}, coder="Anna", checked=True),
    coding("3", text="   ", columns={"team_nr": "y"}, non_answer="leer", checked=True, coder="Anna"),
    coding("4", text="Nichts.", sentiment="neutral", columns={"team_nr": "y"}, checked=True, coder="person"),
)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_only_rows_that_people_checked_count(tmp_path, suffix):
    path = tmp_path / f"gold{suffix}"
    write_codings(iter(CODINGS), path, codebook=BOOK)
    found = read_coder(path, people=True)
    assert (found.kind, found.rows) == ("people", 4)
    assert [c.id for c in found.codings] == ["2", "4"]  # an empty answer has no codes to compare
    assert read_coder(path).kind == "people"
    everything = read_coder(path, people=False)
    assert everything.kind == "file"
    assert [c.id for c in everything.codings] == ["1", "2", "4"]


def test_a_file_that_nobody_checked(tmp_path):
    path = tmp_path / "kodiert.csv"
    write_codings(iter([replace(c, checked=False, coder="modell") for c in CODINGS]), path, codebook=BOOK)
    assert len(read_coder(path).codings) == 3
    with pytest.raises(RmtextError, match="geprueft"):
        read_coder(path, people=True)


def test_a_coder_in_jsonl_who_is_a_person_counts_without_a_mark(tmp_path):
    path = tmp_path / "gold.jsonl"
    write_codings(iter([replace(CODINGS[0], coder="Ben"), replace(CODINGS[0], id="9")]), path, codebook=BOOK)
    assert [c.id for c in read_coder(path, people=True).codings] == ["1"]


def test_a_file_without_answers(tmp_path):
    path = tmp_path / "leer.jsonl"
    write_codings(iter([CODINGS[2]]), path, codebook=BOOK)
    with pytest.raises(RmtextError, match=r"leer\.jsonl holds no codes"):
        read_coder(path)


def test_a_corpus_by_split(corpus):
    found = read_coder(corpus, split="dev")
    assert (found.kind, found.name, found.split) == ("corpus", "korpus", "dev")
    assert [c.id for c in found.codings] == ["1", "2"]
    assert len(read_coder(corpus).codings) == 3
    with pytest.raises(RmtextError, match="no split 'test'"):
        read_coder(corpus, split="test")


def test_what_is_a_model(corpus, tmp_path):
    (tmp_path / "kodiert.csv").write_text("a\n", encoding="utf-8")
    assert not is_model(tmp_path / "kodiert.csv")
    assert not is_model(corpus)
    assert is_model("reverse_mentoring")
    assert is_model(root("models") / "reverse_mentoring")
    with pytest.raises(RmtextError, match=r"no file 'fehlt\.csv'.*Shipped models"):
        is_model("fehlt.csv")
    with pytest.raises(RmtextError, match="neither"):
        is_model(tmp_path)


def test_gold_of_a_corpus_has_its_segments_as_evidence():
    segments = (
        GoldSegment(0, 5, "positiv", False, {"zeit": "positiv", "team": "neutral"}),
        GoldSegment(6, 11, "negativ", True, {"zeit": "negativ"}),
    )
    found = gold_coding(GoldAnswer("1", "Hallo Leute", "Was?", "gemischt", segments, "a", "dev"))
    codes = {t.theme: (t.polarity, [(e.start, e.end, e.polarity) for e in t.evidence]) for t in found.themes}
    assert codes["zeit"] == ("gemischt", [(0, 5, "positiv"), (6, 11, "negativ")])
    assert codes["team"] == ("neutral", [(0, 5, "neutral")])
    assert found.suggestion
    assert found.columns == {"writer": "a", "split": "dev"}


def test_a_model_codes_the_answers_of_another_coder():
    from rmtext import load

    answers = coder("gold", *(replace(c, question="Was fehlt?") for c in CODINGS[:2]), kind="people")
    found = model_coder(load(), answers)
    assert [(c.id, c.text, c.question) for c in found.codings] == [(c.id, c.text, c.question) for c in answers.codings]
    assert found.codings[0].columns == {"team_nr": "x"}
    assert (found.kind, found.model) == ("model", "reverse_mentoring")
    assert 0.5 < found.cross_fitted["theme_micro_f1"] < 1


# What is known of model and gold


def test_the_model_on_its_own_corpus():
    own = root("corpora") / "reverse_mentoring"
    model = coder("m", kind="model", model="reverse_mentoring")
    gold = coder("g", kind="corpus", path=own, split="dev")
    assert basis(model, gold) == "thresholds"
    assert basis(model, replace(gold, split="train")) == "trained"
    assert basis(replace(model, model=""), gold) == "unknown"
    assert basis(model, coder("g", kind="people", path=own)) == "unknown"


def test_another_corpus_with_the_same_codebook(corpus):
    gold = read_coder(corpus, split="dev")
    assert basis(coder("m", kind="model", model="reverse_mentoring", checksum="anders"), gold) == "unknown"
    assert basis(coder("m", kind="model", checksum=gold.codebook.checksum), gold) == "same codebook"


# Themes


def test_themes_of_two_codebooks_are_those_of_both():
    other = Codebook("Andere", "de", "1", (Theme("geld", "Geld"), Theme("team", "Mannschaft")))
    coders = [coder("a", coding("1", "ort"), codebook=BOOK), coder("b", coding("1"), codebook=other)]
    themes, left_out = compared_themes(coders)
    assert [(t.id, t.label) for t in themes] == [("team", "Team")]
    assert left_out == ("zeit", "geld", "ort")
    with pytest.raises(RmtextError, match="'Probe' and 'Andere' have no theme in common"):
        compared_themes([coders[0], replace(coders[1], codebook=Codebook("Andere", "de", "1", other.themes[:1]))])


def test_themes_without_a_codebook():
    shipped, _ = compared_themes([coder("a", coding("1", "kapazitaet"))])
    assert len(shipped) == 14
    assert {t.id: t.label for t in shipped}["kapazitaet"] == "Kapazität und Zeit"
    own, _ = compared_themes([coder("a", coding("1", "zeit", "kapazitaet")), coder("b", coding("1", "geld"))])
    assert [t.id for t in own] == ["zeit", "kapazitaet", "geld"]


# Matching


def test_answers_are_matched_by_id():
    a = coder("a", coding("1"), coding("2", "zeit"), coding("3"))
    b = coder("b", coding("4"), coding("2", "team"), coding("3"))
    found = match([a, b])
    assert [(item.id, [[t.theme for t in c.themes] for c in item.codings]) for item in found.items] == [
        ("2", [["zeit"], ["team"]]),
        ("3", [[], []]),
    ]
    assert found.alone == (("1",), ("4",))
    assert found.person_count == 2


def test_with_several_questions_the_question_counts_too():
    def answers(*texts):
        return [replace(coding("1", text=text), question=question) for question, text in texts]

    a = coder("a", *answers(("Gut?", "alles"), ("Schlecht?", "nichts")))
    b = coder("b", *answers(("Schlecht?", "nichts"), ("Wünsche?", "viele")))
    found = match([a, b])
    assert [(item.question, item.text) for item in found.items] == [("Schlecht?", "nichts")]
    assert found.alone == (("1",), ("1",))


def test_an_id_that_tells_nothing_apart():
    a = coder("a.csv", coding("1"), coding("1"), coding("2"))
    with pytest.raises(RmtextError, match=r"a\.csv holds the answer '1' 2 times.*--id"):
        match([a, coder("b", coding("2"))])


def test_other_texts_are_other_answers():
    a, b = coder("a.csv", coding("1", text="Alles gut.")), coder("b.csv", coding("1", text="Alles schlecht."))
    with pytest.raises(RmtextError, match=r"'1' is 'Alles gut\.' in a\.csv and 'Alles schlecht\.' in b\.csv"):
        match([a, b])


def test_what_spreadsheets_do_to_a_text_makes_it_no_other():
    pairs = [("=Zeit fehlt", "'=Zeit fehlt"), ("eins\r\nzwei ", "eins\nzwei"), ("fu\u0308r", "für")]
    for one, other in pairs:
        assert len(match([coder("a", coding("1", text=one)), coder("b", coding("1", text=other))]).items) == 1


def test_no_id_in_common():
    with pytest.raises(RmtextError, match=r"No answer has the same id twice: a has 1, 2, 3, …; b has 8\..*--id"):
        match([coder("a", *(coding(str(i)) for i in range(1, 6))), coder("b", coding("8"))])


def test_a_single_coder():
    with pytest.raises(RmtextError, match="at least two"):
        match([coder("a", coding("1"))])


def test_themes_that_are_not_compared_are_taken_out():
    a = coder("a", coding("1", "zeit", "geld"), codebook=BOOK)
    found = match([a, coder("b", coding("1", "zeit"))])
    assert [t.theme for t in found.items[0].codings[0].themes] == ["zeit"]
    assert found.left_out == ("geld",)


def test_a_missing_coder_leaves_a_gap():
    coders = [coder("a", coding("1"), coding("2")), coder("b", coding("1")), coder("c", coding("2"), coding("3"))]
    found = match(coders)
    assert [[c is not None for c in item.codings] for item in found.items] == [[True, True, False], [True, False, True]]
    assert found.alone == ((), (), ("3",))


# Persons


def test_persons_by_column_group_and_writer():
    def answers(**of):
        return [coding(str(i), columns=dict(of["columns"][i]), groups={"Haus": "1"}) for i in range(4)]

    columns = [{"Wer": "a"}, {"Wer": "b"}, {"Wer": "a"}, {"Wer": None}]
    a, b = coder("a", *answers(columns=columns)), coder("b", *(coding(str(i)) for i in range(4)))
    assert match([b, a], "wer").persons.tolist() == [0, 1, 0, 2]  # nobody known: a person of their own
    assert match([b, a], "Haus").persons.tolist() == [0, 0, 0, 0]
    assert match([a, b]).persons.tolist() == [0, 1, 2, 3]
    with pytest.raises(RmtextError, match="No coder has a column 'Name'"):
        match([a, b], "Name")


def test_by_default_the_writers_of_a_corpus_and_the_ids_of_answers(corpus):
    gold = read_coder(corpus)
    other = coder("b", *(coding(c.id, text=c.text) for c in gold.codings))
    found = match([other, gold])
    assert found.person_column == "writer"
    assert found.persons.tolist() == [0, 0, 1]
    assert match([other, gold], "id").persons.tolist() == [0, 1, 2]


def test_the_answers_of_one_id_to_several_questions_are_one_persons():
    rows = [replace(coding("1", text=q), question=q) for q in "AB"] + [replace(coding("2", text="A"), question="A")]
    assert np.array_equal(match([coder("a", *rows), coder("b", *rows)]).persons, [0, 0, 1])
