"""From a file to answers: ids, questions, groups, weights, and what is said about them."""

import datetime
import io
import sys
import tracemalloc
from array import array

import polars as pl
import pyreadstat
import pytest
import xlsxwriter

from rmtext.answers import Answer, Layout, count_repeated, open_answers, read_answers, text_hash
from rmtext.errors import RmtextError

TABLE = """nr;abteilung;antwort;gewicht
A1;IT;Viel gelernt, aber wenig Zeit.;1,5
A2;;k.A.;0
A1;HR;;0.75
"""


@pytest.fixture
def table(tmp_path):
    def write(content=TABLE, name="antworten.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(content, encoding=encoding, newline="")
        return path

    return write


def test_the_obvious_column_is_taken_and_named(table):
    answers = open_answers(table(encoding="cp1252"))
    assert answers.layout == Layout(("nr", "abteilung", "antwort", "gewicht"), ("antwort",))
    assert answers.notes == ("Column 'antwort' taken as text.",)
    assert answers.total == 3
    assert list(answers) == list(answers)
    assert next(iter(answers)) == Answer(
        id="1",
        text="Viel gelernt, aber wenig Zeit.",
        columns={"nr": "A1", "abteilung": "IT", "gewicht": "1,5"},
        row=1,
        column="antwort",
    )


def test_every_role(table):
    answers = open_answers(
        table(), text="antwort", id="nr", group="abteilung", weight="gewicht", question=" Wie war es? "
    )
    assert answers.layout.groups == ("abteilung",)
    assert [(a.id, a.text, a.groups["abteilung"], a.weight, a.row) for a in answers] == [
        ("A1", "Viel gelernt, aber wenig Zeit.", "IT", 1.5, 1),
        ("A2", "k.A.", "(ohne Angabe)", 0.0, 2),
        ("A1", "", "HR", 0.75, 3),
    ]
    assert {a.question for a in answers} == {"Wie war es?"}
    assert answers.notes == ("Rows that repeat an id of 'nr': 1; all are kept.",)


def test_read_answers_fails_before_the_first_answer(table):
    with pytest.raises(RmtextError, match=r"Did you mean --text antwort\?"):
        read_answers(table(), text="kommentar")
    assert [a.text for a in read_answers(table(), text=["antwort"])][1] == "k.A."


@pytest.mark.parametrize("option", ["text", "id", "group", "weight"])
def test_wrong_names_name_their_option(table, option):
    with pytest.raises(RmtextError, match=rf"no column 'abteilng'.* Did you mean --{option} abteilung\?"):
        open_answers(table(), **{option: "abteilng"})


def test_a_header_without_rows(table):
    with pytest.raises(RmtextError, match=r"leer\.csv has a header but no rows below it: there are 0 answers"):
        open_answers(table("id;antwort\n", "leer.csv"))


def test_rows_without_id_are_called_by_their_row(table):
    answers = open_answers(table("nr;antwort\n2;gut\n;schlecht\n;ja\n"), id="nr")
    assert [a.id for a in answers] == ["2", "zeile_2", "zeile_3"]
    assert "Rows without an id in 'nr': 2" in answers.notes[-1]


@pytest.mark.parametrize("weight", ["-1", "viel", "", "nan", "inf", "1.000,5"])
def test_weights_that_are_none(table, weight):
    with pytest.raises(
        RmtextError, match=r"antworten\.csv, row 2: the weight in 'g' is .* must be a number, 0 or more"
    ):
        open_answers(table(f"antwort;g\ngut;1\nschlecht;{weight}\n"), weight="g")


def test_a_question_from_a_column(table):
    answers = open_answers(table("frage;antwort\nWas war gut?;Zeit\n;nichts\n"), question="frage")
    assert [a.question for a in answers] == ["Was war gut?", None]
    assert answers.layout.question == "frage"
    assert next(iter(answers)).columns == {"frage": "Was war gut?"}
    notes = open_answers(table("frage;antwort\nWas war gut?;Zeit\n")).notes
    assert notes[-1] == "Column 'frage' may hold the question: --question frage tells the model."


def test_a_question_that_may_be_a_misspelt_column_is_noted(table):
    answers = open_answers(table("frage;antwort\nWas war gut?;Zeit\n"), question="frge")
    assert answers.questions == {"antwort": "frge"}
    assert "Did you mean --question frage?" in answers.notes[-1]


def test_a_header_that_is_a_question(table):
    answers = open_answers(table("id;Was hat Ihnen gefallen?\n1;Zeit\n2;Ort\n"))
    assert {a.question for a in answers} == {"Was hat Ihnen gefallen?"}
    assert "Taken as the question: 'Was hat Ihnen gefallen?'." in answers.notes
    answers = open_answers(table("id;Was hat Ihnen gefallen?\n1;Zeit\n2;Ort\n"), question="Und sonst?")
    assert {a.question for a in answers} == {"Und sonst?"}


def test_several_text_columns_are_several_questions(table):
    path = table("id;Stärken;Schwächen;abt\n1;Zeit;Ort;IT\n2;Team;;HR\n")
    answers = open_answers(path, text=["Schwächen", "Stärken"], group=["abt", "abt"])
    assert [(a.row, a.column, a.question, a.text) for a in answers] == [
        (1, "Schwächen", "Schwächen", "Ort"),
        (1, "Stärken", "Stärken", "Zeit"),
        (2, "Schwächen", "Schwächen", ""),
        (2, "Stärken", "Stärken", "Team"),
    ]
    first, second, *_ = answers
    assert first.columns == {"id": "1", "abt": "IT"}
    assert first.columns is not second.columns
    assert answers.total == 2


def test_columns_of_the_same_name(table):
    answers = open_answers(table("Warum ist das so?;Note;Warum ist das so?\nZeit;1;Ort\n"), text=[
        "Warum ist das so?", "Warum ist das so? (2)",
    ])  # fmt: skip
    assert [(a.question, a.text) for a in answers] == [("Warum ist das so?", "Zeit"), ("Warum ist das so?", "Ort")]
    assert answers.layout.header == ("Warum ist das so?", "Note", "Warum ist das so? (2)")


def test_other_text_is_mentioned(table):
    rows = "Das war gut und lehrreich.;Mehr Zeit wäre gut gewesen.\nAlles war prima so.;Weniger Hektik wäre schön.\n"
    notes = open_answers(table("antwort;wunsch\n" + rows)).notes
    assert any("Not coded, though they hold text too: wunsch." in note for note in notes)


def test_an_answer_in_the_place_of_the_header_is_mentioned(table):
    answers = open_answers(table("Ich habe in dieser Zeit wirklich sehr viel gelernt\nGut\nSchlecht\n", "a.txt"))
    assert answers.total == 2
    assert any("The first row is taken as the header" in note for note in answers.notes)


def test_values_keep_their_type(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, ["id", "antwort", "alter", "welle"])
        sheet.write_row(1, 0, [17, 5, 2.5])
        sheet.write_datetime(1, 3, datetime.datetime(2026, 3, 1), day)
    (answer,) = open_answers(path, text="antwort", id="id", group=["alter", "welle"])
    assert (answer.id, answer.text) == ("17", "5")
    assert answer.columns == {"id": 17, "alter": 2.5, "welle": datetime.date(2026, 3, 1)}
    assert answer.groups == {"alter": "2.5", "welle": "2026-03-01"}


def test_the_sheet_with_the_text(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        cover = book.add_worksheet("Deckblatt")
        cover.write_column(0, 0, ["Nr", 1, 2])
        cover.write_column(0, 1, ["Jahr", 2025, 2026])
        book.add_worksheet("Daten").write_column(0, 0, ["Kommentar", "gut", "schlecht"])
        book.add_worksheet("Mehr").write_column(0, 0, ["Notiz", "gut", "schlecht"])
    assert open_answers(path).layout.texts == ("Kommentar",)
    answers = open_answers(path, text="notiz")
    assert [a.column for a in answers] == ["Notiz", "Notiz"]
    assert open_answers(path, sheet="Daten").layout.texts == ("Kommentar",)


def test_spss_labels_are_questions_and_groups(tmp_path):
    path = tmp_path / "a.sav"
    frame = pl.DataFrame({"F7": ["Zeit", "Ort", "Team"], "abt": [1.0, 2.0, None]})
    pyreadstat.write_sav(
        frame,
        path,
        column_labels={"F7": "Was hat Ihnen gefallen?"},
        variable_value_labels={"abt": {1: "IT"}},
    )
    answers = open_answers(path, group="abt")
    assert {a.question for a in answers} == {"Was hat Ihnen gefallen?"}
    assert [a.groups["abt"] for a in answers] == ["IT", "2", "(ohne Angabe)"]
    assert [a.columns["abt"] for a in answers] == [1, 2, None]


def test_nested_text_is_refused(table, tmp_path):
    with pytest.raises(RmtextError, match="column 'antwort' holds lists or objects, not text"):
        open_answers(table('{"antwort": ["a", "b"], "x": 1}\n', "a.jsonl"), text="antwort")
    pl.DataFrame({"antwort": [["a"]], "text": ["gut"]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(RmtextError, match="lists or objects"):
        open_answers(tmp_path / "a.parquet", text="antwort")
    (answer,) = open_answers(tmp_path / "a.parquet", text="text")
    assert answer.columns == {"antwort": '["a"]'}


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": io.BytesIO(TABLE.encode("cp1252"))}))
    assert [a.text for a in read_answers("-", format="csv")] == ["Viel gelernt, aber wenig Zeit.", "k.A.", ""]


def test_ten_thousand_columns(table):
    names = [f"frage_{n}" for n in range(9_999)]
    content = ";".join([*names, "antwort"]) + "\n" + (";".join(["3"] * 9_999) + ";Alles war sehr gut\n") * 3
    answers = open_answers(table(content))
    assert answers.layout.texts == ("antwort",)
    assert [len(a.columns) for a in answers] == [9_999] * 3


def test_a_break_in_the_last_row_is_found_at_the_start(table):
    with pytest.raises(RmtextError, match="line 5002"):
        open_answers(table("id;antwort\n" + "1;gut\n" * 5000 + "2;gut;ja\n"))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_memory_does_not_grow_with_the_file(table, name):
    def peak(rows):
        head = "id;antwort\n" if name == "a.csv" else ""
        line = f"1;{'gut ' * 30}\n" if name == "a.csv" else f'{{"id": 1, "antwort": "{"gut " * 30}"}}\n'
        path = table(head + line * rows, name)
        tracemalloc.start()
        assert sum(1 for _ in open_answers(path)) == rows
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    # Both files are longer than the sample that encoding and delimiter are judged on.
    assert peak(12_000) < 1.1 * peak(3_000)


def test_hashes_count_what_occurred_before():
    texts = ["gut", "schlecht", "gut", "gut", "Gut"]
    assert count_repeated(array("Q", [text_hash(text) for text in texts])) == 2
    assert count_repeated(array("Q")) == 0
