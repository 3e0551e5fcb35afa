"""Which column is the text, which header a question, and what a wrong name was meant to be."""

import datetime
from decimal import Decimal

import pytest

from rmtext.columns import (
    find_column,
    match_column,
    nearest,
    normalised,
    obvious_text,
    profiles,
    question_text,
    reads_like_question,
    text_candidates,
)
from rmtext.errors import RmtextError
from rmtext.sources import Source

LONG = ["Viel gelernt in der Zeit.", "Zu wenig Zeit für die Treffen.", "Die Chemie hat gestimmt."]


def source(**columns):
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return Source("antworten.csv", "csv", tuple(columns), lambda: iter(rows))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (LONG, "text"),
        (["gut", "schlecht", "Zeit"], "short text"),
        (["trifft eher nicht zu"] * 3 + ["trifft voll und ganz zu"] * 3, "category"),
        (["1", "2,5", "1.234,50", " 17 % ", "4e3"], "number"),
        ([1, 2.5, Decimal("1.2")], "number"),
        (["2026-03-01", "1.3.2026", "01/03/26 08:30"], "date"),
        ([datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1)], "date"),
        ([True, False, None], "yes/no"),
        ([None, None], "empty"),
        (["12", "gut", "sehr"], "short text"),
        ([" " * 1_000_000 + "x"], "short text"),
    ],
)
def test_kinds(values, kind):
    (profile,) = profiles(source(x=values))
    assert profile.kind == kind


@pytest.mark.parametrize(
    ("columns", "candidates"),
    [
        ({"id": [1, 2, 3], "antwort": LONG}, ["antwort"]),
        ({"id": [1, 2, 3], "Freie Antwort": ["gut", "", "ja"], "beschreibung": LONG}, ["beschreibung"]),
        ({"ÄUSSERUNG": ["gut", "gut", "gut"], "beschreibung": LONG}, ["ÄUSSERUNG"]),
        ({"Rückmeldung": LONG}, ["Rückmeldung"]),
        ({"kommentar": LONG, "text": LONG}, ["kommentar", "text"]),
        # A rating called feedback is no text.
        ({"feedback": [1, 5, 3], "beschreibung": LONG}, ["beschreibung"]),
        ({"antwort": [None] * 3, "beschreibung": LONG}, ["antwort"]),
        ({"frage": LONG, "meins": LONG}, ["meins"]),
        ({"Was war gut?": ["Zeit", "Ort", "Team"], "abt": ["IT", "IT", "HR"]}, ["Was war gut?"]),
        ({"Wie oft?": ["oft"] * 5 + ["nie"] * 5, "x": [1] * 10}, []),
        ({"a": ["gut", "ja", "so"]}, ["a"]),
        ({"a": [1, 2, 3], "b": ["IT", "IT", "HR"]}, []),
        ({"a": LONG, "b": LONG}, ["a", "b"]),
    ],
)
def test_candidates_for_the_text(columns, candidates):
    assert text_candidates(profiles(source(**columns))) == candidates


def test_a_variable_label_makes_a_candidate():
    table = source(F7=["Zeit", "Ort", "Team"], abt=["IT", "IT", "HR"])
    table.labels["F7"] = "Was hat Ihnen gefallen?"
    assert obvious_text(table, profiles(table)) == "F7"


def test_unclear_text_is_an_error_that_lists():
    table = source(a=LONG, id=[1, 2, 3], b=LONG)
    with pytest.raises(RmtextError, match=r"several columns that may be the text: a, b\. Say which with --text"):
        obvious_text(table, profiles(table))
    table = source(id=[1, 2, 3], abt=["IT", "IT", "HR"])
    with pytest.raises(RmtextError, match=r"no column that is obviously the text\. Its columns: id, abt\."):
        obvious_text(table, profiles(table))


def test_wrong_names_get_the_nearest():
    table = source(id=[1], abteilung=["IT"], antwort=["gut"])
    with pytest.raises(RmtextError) as caught:
        find_column("kommentar", table, "--text", ["antwort"])
    assert str(caught.value) == (
        "antworten.csv has no column 'kommentar'. Its columns: id, abteilung, antwort. Did you mean --text antwort?"
    )
    with pytest.raises(RmtextError, match=r"Did you mean --group abteilung\?$"):
        find_column("abteilng", table, "--group")
    with pytest.raises(RmtextError, match=r"antwort\.$"):
        find_column("xyz", table, "--group")
    table = source(**{"Was war gut?": ["Zeit"]})
    with pytest.raises(RmtextError, match=r"Did you mean --text 'Was war gut\?'\?$"):
        find_column("was war gut", table, "--text")


def test_many_columns_are_not_all_listed():
    table = source(**{f"s{n}": ["x"] for n in range(10_000)})
    with pytest.raises(RmtextError, match=r"and 9,980 more\.") as caught:
        find_column("qqqqqq", table, "--text")
    assert len(str(caught.value)) < 300


def test_names_match_but_for_case_blanks_and_unicode_form():
    header = ("Antwort ", "Größe", "x", "X")
    assert match_column("antwort", header) == "Antwort "
    assert match_column("gro\u0308ße", header) == "Größe"
    assert match_column("x", header) == "x"
    assert match_column("Gröss", header) is None
    assert nearest("Gröse", header) == "Größe"
    assert normalised("Freie Antwort: (Größe)") == normalised("freie_antwort_groesse")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Was hat Ihnen gefallen?", True),
        ("Verbesserungen?", True),
        ("was_hat_sie_gestoert", True),
        ("F12: Was hat Sie gestört", True),
        ("Bitte beschreiben Sie Ihre Erfahrung.", True),
        ("Besonders gefallen hat mir …", True),
        ("Das nehme ich mit:", True),
        ("Gut am Arbeitgeber finde ich", True),
        ("Verbesserungsvorschläge", True),
        ("Stärken", True),
        ("antwort", False),
        ("Text:", False),
        ("Kommentar …", False),
        ("freitext_1", False),
        ("Bemerkung", False),
        ("Wo", False),
        ("Wohnort der Person", False),
        ("Werk", False),
        ("", False),
        ("   ", False),
        ("12", False),
        ("Spalte mit langem Namen", False),
    ],
)
def test_headers_that_are_questions(header, expected):
    assert reads_like_question(header) is expected


@pytest.mark.parametrize(
    ("header", "question"),
    [
        ("  Was war gut? ", "Was war gut?"),
        ("G02Q03. Was war gut?", "Was war gut?"),
        ("1) Was war gut?", "Was war gut?"),
        ("was_war_gut", "was war gut"),
        ("3 Dinge, die fehlen", "3 Dinge, die fehlen"),
        ("F12", "F12"),
    ],
)
def test_question_without_its_code(header, question):
    assert question_text(header) == question
