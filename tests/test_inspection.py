"""What would be read, shown before anything is coded."""

import json
from collections import Counter

import pytest

from rmtext.errors import RmtextError
from rmtext.inspection import Column, Lengths, _quantile, describe, inspect_answers

ROWS = [
    "A1;IT;Die Gespräche haben mir viel gebracht.",
    "A2;IT;k.A.",
    "A3;HR;",
    "A4;HR;Die Gespräche haben mir viel gebracht.",
    "A5;HR;Too much work and no time at all.",
    "A6;IT;Zeit",
    "A7;IT;Mehr Zeit für die Treffen wäre schön gewesen.",
]
CONTENT = "nr;abteilung;antwort\n" + "\n".join(ROWS) + "\n"


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setattr("rmtext.language.looks_foreign", lambda text: text.startswith("Too"))

    def write(content=CONTENT, name="antworten.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8-sig")
        return path

    return write


def test_everything_that_design_promises(table):
    found = inspect_answers(table(), id="nr", group=["abteilung"])
    assert (found.file, found.format, found.encoding, found.delimiter) == ("antworten.csv", "csv", "utf-8-sig", ";")
    assert found.columns == (
        Column("nr", "short text", ("id",)),
        Column("abteilung", "category", ("group",)),
        Column("antwort", "text", ("text",)),
    )
    assert (found.rows, found.answers, found.empty, found.repeated) == (7, 7, 1, 1)
    assert found.non_answers == {"keine_angabe": 1, "leer": 1}
    assert (found.foreign, found.language_checked) == (1, 5)
    assert found.lengths == Lengths(median=6, p90=8, longest=8)
    assert sorted(found.examples) == sorted({ROWS[n].split(";")[2] for n in (0, 4, 6)})
    assert found.questions == {"antwort": None}
    assert found.notes == ("Column 'antwort' taken as text.",)
    assert found.problem is None


def test_the_same_as_json(table):
    found = inspect_answers(table(), id="nr")
    plain = json.loads(json.dumps(found.to_json()))
    assert plain["columns"][0] == {"name": "nr", "kind": "short text", "roles": ["id"]}
    assert plain["lengths"] == {"median": 6, "p90": 8, "longest": 8}
    assert plain["rows"] == 7


def test_the_same_for_people(table):
    text = describe(inspect_answers(table("nr\tWas war gut?\n1\tZeit\n2\tOrt\n")))
    lines = text.split("\n")
    assert lines[:6] == [
        "File:        antworten.csv",
        "Format:      csv, encoding utf-8-sig, delimiter tab",
        "Rows:        2",
        "Columns:     nr (number)",
        "             Was war gut? (short text): text",
        "Answers:     2",
    ]
    assert "Words:       median 1, 90 % up to 1, longest 1" in lines
    assert "Questions:   Was war gut?: Was war gut?" in lines
    assert "Non-answers: 0" in lines
    assert not any(line != line.rstrip() for line in lines)


def test_an_unclear_text_is_shown_with_its_columns(table):
    found = inspect_answers(table("a;b\nViel Zeit dafür.;Zu wenig Zeit.\nGute Treffen mit allen.;Kein Raum frei.\n"))
    assert "several columns that may be the text: a, b" in found.problem
    assert [column.roles for column in found.columns] == [(), ()]
    assert describe(found).endswith("Say which with --text COLUMN (repeat it for several).")
    assert "Answers:" not in describe(found)


def test_what_was_asked_for_and_cannot_be_had_is_an_error(table):
    with pytest.raises(RmtextError, match="no column 'kommentar'"):
        inspect_answers(table(), text="kommentar")
    with pytest.raises(RmtextError, match="no column 'gewicht'"):
        inspect_answers(table(), weight="gewicht")
    with pytest.raises(RmtextError, match="0 answers"):
        inspect_answers(table("antwort\n"))


def test_examples_are_spread_over_the_file_short_and_always_the_same(table):
    rows = [f"Antwort Nummer {n} von vielen anderen" for n in range(500)] + ["sehr " * 200_000 + "lang"]
    path = table("antwort\n" + "\n".join(rows) + "\n")
    found = inspect_answers(path)
    assert found.examples == inspect_answers(path).examples
    assert len(set(found.examples)) == 3
    assert found.examples != tuple(rows[:3])
    assert all(len(text) <= 300 for text in found.examples)
    assert found.lengths.longest == 200_001


def test_language_is_judged_on_the_first_answers_only(table, monkeypatch):
    monkeypatch.setattr("rmtext.inspection.LANGUAGE_SAMPLE", 2)
    found = inspect_answers(table("antwort\n" + "Too much of everything here\n" * 4))
    assert (found.foreign, found.language_checked) == (2, 2)
    assert "Not German:  2 of the first 2" in describe(found)


def test_only_non_answers(table):
    found = inspect_answers(table("antwort\nk.A.\n-\n\nk.A.\n"))
    assert (found.answers, found.repeated, found.examples) == (4, 1, ())
    assert sum(found.non_answers.values()) == 4
    assert describe(found)


def test_several_questions_and_many_columns(table):
    names = ";".join(f"s{n}" for n in range(100))
    found = inspect_answers(
        table(f"{names};Lob;Kritik\n" + ";".join("1" * 100) + ";Zeit;Ort\n"), text=["Lob", "Kritik"]
    )
    assert (found.rows, found.answers) == (1, 2)
    assert found.questions == {"Lob": "Lob", "Kritik": "Kritik"}
    text = describe(found)
    assert "Kritik (short text): text" in text
    assert "… and 60 more" in text


def test_quantiles_are_lengths_that_occur():
    counts = Counter({1: 5, 2: 4, 9: 1})
    assert [_quantile(counts, share) for share in (0.5, 0.9, 0.91, 1.0)] == [1, 2, 9, 9]
