"""What a file of codings looks like, and that it replaces an older one only when it is complete."""

import csv
import datetime as dt
import errno
import io
import json
import os
from pathlib import Path

import openpyxl
import polars as pl
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rmtext.answers import Layout
from rmtext.codebook import Codebook, Theme
from rmtext.coding import Coding, Evidence, ThemeCode
from rmtext.errors import RmtextError
from rmtext.tables import SUFFIXES, check_target, write_codings, xlsx

CODEBOOK = Codebook("Probe", "de", "1", (Theme("zeit", "Kapazität und Zeit"), Theme("lernen", "Lernen")))
CODED = (
    "thema_zeit", "polaritaet_zeit", "konfidenz_zeit", "beleg_zeit",
    "thema_lernen", "polaritaet_lernen", "konfidenz_lernen", "beleg_lernen",
    "sentiment", "sentiment_score", "vorschlag", "non_answer", "needs_review", "review_reason", "geprueft",
)  # fmt: skip
ONE = Layout(("nr", "abteilung", "antwort", "note"), ("antwort",), "nr", None, (), None)
TWO = Layout(("nr", "Gut", "Alter", "Schlecht"), ("Gut", "Schlecht"), "nr", None, (), None)


def coding(text="Viel gelernt, aber zu wenig Zeit.", **given):
    """A coding of ``text`` whose evidence are the words named in ``zeit`` and ``lernen``."""
    themes = []
    for theme in ("zeit", "lernen"):
        words = given.pop(theme, ())
        places = tuple(Evidence(text.index(word), text.index(word) + len(word)) for word in words)
        if places:
            themes.append(ThemeCode(theme, "negativ" if theme == "zeit" else "positiv", 0.91278, places))
    defaults = {
        "id": "7", "question": None, "sentiment": "gemischt", "sentiment_score": -0.12345,
        "sentiment_confidence": 0.8, "row": 1, "column": "antwort",
    }  # fmt: skip
    return Coding(text=text, themes=tuple(themes), **(defaults | given))


def empty(**given):
    return coding("", sentiment="neutral", sentiment_score=0.0, non_answer="leer", **given)


def one(text="Viel gelernt, aber zu wenig Zeit.", note=2, row=1, **given):
    """A coding of a file that looks like ONE."""
    return coding(text, columns={"nr": row, "abteilung": "Werk Süd", "note": note}, row=row, id=str(row), **given)


def two(column, text, row=1, **given):
    """A coding of one of the two text columns of a file that looks like TWO."""
    given = {"id": str(row), "columns": {"nr": row, "Alter": 30 + row}} | given
    return coding(text, column=column, row=row, **given)


def csv_rows(path, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def records(path):
    header, *rows = csv_rows(path)
    return [dict(zip(header, row, strict=True)) for row in rows]


def write(codings, path, **given):
    return write_codings(codings, path, codebook=CODEBOOK, **given)


# What is in a table


def test_the_input_stands_on_the_left_in_its_order_and_codes_on_the_right(tmp_path):
    path = tmp_path / "aus.csv"
    assert write([one(zeit=["zu wenig Zeit"], lernen=["Viel gelernt"], suggestion=True)], path, layout=ONE) == 1
    header, row = csv_rows(path)
    assert tuple(header) == (*ONE.header, *CODED)
    assert row == [
        "1", "Werk Süd", "Viel gelernt, aber zu wenig Zeit.", "2",
        "1", "negativ", "0.913", "zu wenig Zeit", "1", "positiv", "0.913", "Viel gelernt",
        "gemischt", "-0.123", "1", "", "0", "", "",
    ]  # fmt: skip


def test_a_theme_is_zero_where_it_is_not_found_and_missing_for_a_non_answer(tmp_path):
    path = tmp_path / "aus.csv"
    leer = coding("", non_answer="leer", columns={"nr": 2}, row=2, needs_review=True, review_reason="unsicher")
    write([one("Ganz nett"), leer], path, layout=ONE)
    nett, nichts = records(path)
    assert (nett["thema_zeit"], nett["polaritaet_zeit"], nett["beleg_zeit"]) == ("0", "", "")
    assert (nichts["thema_zeit"], nichts["non_answer"]) == ("", "leer")
    assert (nichts["needs_review"], nichts["review_reason"], nichts["nr"]) == ("1", "unsicher", "2")


def test_several_places_of_evidence_are_joined(tmp_path):
    path = tmp_path / "aus.csv"
    write([one("Kaum Zeit, und die Zeit fehlt", zeit=["Kaum Zeit", "die Zeit fehlt"])], path, layout=ONE)
    assert records(path)[0]["beleg_zeit"] == "Kaum Zeit | die Zeit fehlt"


def test_geprueft_names_who_checked(tmp_path):
    path = tmp_path / "aus.csv"
    codings = [one(), one(checked=True), one(coder="person"), one(coder="Aylin", checked=True)]
    write(codings, path, layout=ONE)
    assert [row["geprueft"] for row in records(path)] == ["", "ja", "ja", "Aylin"]


def test_names_that_the_input_uses_are_not_overwritten(tmp_path):
    path = tmp_path / "aus.csv"
    layout = Layout(("sentiment", "sentiment_rmtext", "antwort", "thema_zeit"), ("antwort",), None, None, (), None)
    own = {"sentiment": "eigenes", "sentiment_rmtext": "älteres", "thema_zeit": "Freitext"}
    write([coding(columns=own)], path, layout=layout)
    row = records(path)[0]
    assert {name: row[name] for name in own} == own
    assert (row["sentiment_rmtext_rmtext"], row["thema_zeit_rmtext"], row["thema_lernen"]) == ("gemischt", "0", "0")


def test_several_text_columns_share_a_row_and_prefix_their_codes(tmp_path):
    path = tmp_path / "aus.csv"
    codings = [
        two("Gut", "Viel gelernt", lernen=["gelernt"]), two("Schlecht", "Kaum Zeit", zeit=["Kaum Zeit"]),
        two("Gut", "", 2), two("Schlecht", "Zu voll", 2),
    ]  # fmt: skip
    assert write(codings, path, layout=TWO) == 2
    header = csv_rows(path)[0]
    assert header == [*TWO.header, *(f"Gut_{name}" for name in CODED), *(f"Schlecht_{name}" for name in CODED)]
    first, second = records(path)
    assert (first["Gut"], first["Alter"], first["Schlecht"]) == ("Viel gelernt", "31", "Kaum Zeit")
    assert (first["Gut_thema_lernen"], first["Gut_thema_zeit"], first["Schlecht_beleg_zeit"]) == ("1", "0", "Kaum Zeit")
    assert (second["Gut"], second["Schlecht"]) == ("", "Zu voll")


def test_codings_of_different_people_do_not_share_a_row_for_want_of_row_numbers(tmp_path):
    path = tmp_path / "aus.csv"
    codings = [two("Gut", "A"), two("Schlecht", "B", id="2"), two("Schlecht", "C", id="2")]
    assert write(codings, path, layout=TWO) == 3
    assert [(row["Gut"], row["Schlecht"]) for row in records(path)] == [("A", ""), ("", "B"), ("", "C")]


def test_long_makes_a_row_of_every_answer(tmp_path):
    path = tmp_path / "aus.csv"
    codings = [two("Gut", "Viel gelernt", question="Was war gut?"), two("Schlecht", "Kaum Zeit")]
    assert write(codings, path, layout=TWO, long=True) == 2
    assert csv_rows(path)[0] == ["nr", "frage", "antwort", "Alter", *CODED]
    assert [(row["nr"], row["frage"], row["antwort"], row["Alter"]) for row in records(path)] == [
        ("1", "Was war gut?", "Viel gelernt", "31"),
        ("1", "Schlecht", "Kaum Zeit", "31"),
    ]


def test_long_with_one_text_column_keeps_its_name(tmp_path):
    path = tmp_path / "aus.csv"
    write([one(question="Und?")], path, layout=ONE, long=True)
    assert csv_rows(path)[0][:5] == ["nr", "abteilung", "frage", "antwort", "note"]


def test_without_a_layout_the_codings_say_what_is_on_the_left(tmp_path):
    path = tmp_path / "aus.csv"
    codings = [
        coding("A", id="p1", columns={"nr": 1}, question=None),
        coding("B", id="p2", columns={"nr": 2, "text": "belegt"}, groups={"rolle": "Mentee"}, question="Und?"),
    ]
    assert write(iter(codings), path) == 2
    assert csv_rows(path)[0][:6] == ["id", "frage", "nr", "text", "rolle", "text_rmtext"]
    assert [row[:6] for row in csv_rows(path)[1:]] == [
        ["p1", "", "1", "", "", "A"],
        ["p2", "Und?", "2", "belegt", "Mentee", "B"],
    ]


def test_without_a_layout_an_id_column_stands_there_once(tmp_path):
    path = tmp_path / "aus.csv"
    write([coding("A", id="17", columns={"id": 17})], path)
    assert csv_rows(path)[0][:3] == ["id", "text", "thema_zeit"]
    write([coding("A", id="p17", columns={"id": 17})], path)
    assert csv_rows(path)[1][:2] == ["p17", "17"]
    assert csv_rows(path)[0][:2] == ["id_rmtext", "id"]


def test_a_theme_that_the_codebook_lacks_is_refused(tmp_path):
    stranger = Coding("7", "Kantine", None, "neutral", 0, 1, (ThemeCode("kantine", "neutral", 0.9),), column="antwort")
    with pytest.raises(RmtextError, match="theme 'kantine', which the codebook 'Probe' does not have"):
        write([stranger], tmp_path / "aus.csv", layout=ONE)
    assert list(tmp_path.iterdir()) == []


def test_no_answers_make_a_table_with_a_header(tmp_path):
    for suffix in SUFFIXES:
        assert write([], tmp_path / f"aus{suffix}", layout=ONE) == 0
    assert csv_rows(tmp_path / "aus.csv") == [[*ONE.header, *CODED]]
    assert pl.read_parquet(tmp_path / "aus.parquet").columns == [*ONE.header, *CODED]
    assert pyreadstat.read_sav(tmp_path / "aus.sav", output_format="dict")[1].column_names == [*ONE.header, *CODED]
    assert (tmp_path / "aus.jsonl").read_bytes() == b""


# JSONL


def test_jsonl_holds_every_coding_as_it_is(tmp_path):
    path = tmp_path / "aus.jsonl"
    codings = [one("Größe 😀\u2028\nneu", zeit=["😀"], note=dt.date(2026, 3, 1)), one(row=2)]
    assert write(iter(codings), path, layout=ONE) == 2
    lines = path.read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert "Größe 😀".encode() in lines[0]
    first = codings[0].to_json() | {"columns": {"nr": 1, "abteilung": "Werk Süd", "note": "2026-03-01"}}
    assert json.loads(lines[0]) == first
    assert json.loads(lines[1]) == codings[1].to_json()


def test_jsonl_stays_json_for_values_that_json_does_not_know(tmp_path):
    path = tmp_path / "aus.jsonl"
    write([coding("halb \ud800", columns={"a": float("nan"), "b": [float("inf"), 1]})], path)
    row = json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert (row["text"], row["columns"]) == ("halb \ud800", {"a": None, "b": [None, 1]})


# CSV


def test_csv_quotes_as_rfc_4180_says(tmp_path):
    path = tmp_path / "aus.csv"
    write([one('Er sagte: "Nein", und\r\nging; ja')], path, layout=ONE)
    content = path.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b',"Er sagte: ""Nein"", und\r\nging; ja",2,' in content
    assert content.endswith(b"\r\n")


def test_csv_for_excel_opens_in_a_german_excel(tmp_path):
    path = tmp_path / "aus.csv"
    write([one(zeit=["Zeit"], note=1.5)], path, layout=ONE, excel=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfnr;abteilung;")
    row = csv_rows(path, ";")[1]
    assert row[:4] == ["1", "Werk Süd", "Viel gelernt, aber zu wenig Zeit.", "1,5"]
    assert row[6:8] == ["0,913", "Zeit"]


@pytest.mark.parametrize("start", "=+-@\t\r")
def test_csv_for_excel_disarms_formulas_everywhere(tmp_path, start):
    path = tmp_path / "aus.csv"
    layout = Layout((f"{start}nr", "antwort"), ("antwort",), None, None, (), None)
    text = f"{start}2+cmd|' /C calc'!A0"
    codings = [
        coding(text, columns={f"{start}nr": text}, zeit=[text]),
        coding("a " + start, columns={f"{start}nr": -5.5}),
    ]
    write(codings, path, layout=layout, excel=True)
    header, first, second = csv_rows(path, ";")
    assert header[0] == f"'{start}nr"
    assert first[:2] == ["'" + text] * 2
    assert first[5] == "'" + text
    assert second[:2] == ["-5,5", "a " + start]
    write(codings, path, layout=layout)
    assert csv_rows(path)[1][:2] == [text] * 2


def test_numbers_that_came_as_text_are_no_formulas(tmp_path):
    path = tmp_path / "aus.csv"
    layout = Layout(("a", "b", "c", "antwort"), ("antwort",), None, None, (), None)
    write([coding("-", columns={"a": "-5", "b": "+1,50", "c": "-5+1"})], path, layout=layout, excel=True)
    assert csv_rows(path, ";")[1][:4] == ["-5", "+1,50", "'-5+1", "'-"]


def test_csv_and_jsonl_go_to_standard_output(capfdbinary):
    assert write([one()], "-", layout=ONE) == 1
    assert json.loads(capfdbinary.readouterr().out)["text"] == one().text
    write([one()], "-", layout=ONE, format="csv")
    assert capfdbinary.readouterr().out.startswith(b"nr,abteilung,antwort,note,thema_zeit")
    write([one()], "-", format="csv")
    assert capfdbinary.readouterr().out.startswith(b"id,nr,abteilung,note,text,thema_zeit")


# XLSX


def sheet_of(path):
    return openpyxl.load_workbook(path).active


def test_xlsx_has_text_cells_a_frozen_header_and_a_filter(tmp_path):
    path = tmp_path / "aus.xlsx"
    texts = ["=1+1", "@SUMME(A1)", "https://example.org", "-5", "{=A1}", " Rand ", "0815", "mailto:x@example.org"]
    layout = Layout(("plz", "antwort", "am"), ("antwort",), None, None, (), None)
    day, moment = dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 12, 30)
    codings = [
        coding(text, zeit=[text], columns={"plz": "04103", "am": day}, row=row) for row, text in enumerate(texts)
    ]
    codings.append(coding("x", columns={"plz": True, "am": moment}, row=99))
    assert write(codings, path, layout=layout) == 9
    sheet = sheet_of(path)
    assert [sheet.cell(row, 2).value for row in range(2, 10)] == texts
    assert [sheet.cell(row, 7).value for row in range(2, 10)] == texts
    assert {sheet.cell(row, 2).data_type for row in range(2, 10)} == {"s"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    assert [cell.value for cell in sheet[2]][:4] == ["04103", "=1+1", dt.datetime(2026, 3, 1), 1]
    assert [cell.value for cell in sheet[10]][:3] == [True, "x", moment]
    assert sheet["F2"].value == 0.913
    assert sheet["E3"].value == "negativ"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:R10")
    assert sheet.column_dimensions["B"].width > 3 * sheet.column_dimensions["D"].width


def test_xlsx_replaces_what_xml_cannot_hold_and_says_so(tmp_path, caplog):
    path = tmp_path / "aus.xlsx"
    write([coding("null\0 und \x0b, \ufffe, \ud800; aber\ttab\nneu"), coding("heil", row=2)], path)
    assert sheet_of(path)["B2"].value == "null� und �, �, �; aber\ttab\nneu"
    assert "1 cell(s) hold characters" in caplog.text
    assert str(path) in caplog.text


def test_xlsx_cuts_what_excel_cannot_hold_and_says_so(tmp_path, caplog):
    path = tmp_path / "aus.xlsx"
    fits, long, emoji = "ä" * 32_767, "ä" * 32_768, "😀" * 16_384
    write([coding(text, row=row) for row, text in enumerate([fits, long, emoji])], path)
    cells = [sheet_of(path).cell(row, 2).value for row in (2, 3, 4)]
    assert cells == [fits, "ä" * 32_766 + "…", "😀" * 16_383 + "…"]
    assert "2 cell(s) were too long" in caplog.text


def test_xlsx_writes_numbers_that_excel_cannot_hold_as_text(tmp_path):
    path = tmp_path / "aus.xlsx"
    values = {"a": 1234567890123456789, "b": float("nan"), "c": float("inf"), "d": dt.date(1848, 3, 18), "e": [1, 2]}
    values |= {"f": dt.time(8, 30), "g": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "h": None}
    write([coding("x", columns=values)], path)
    assert [cell.value for cell in sheet_of(path)[2]][1:9] == [
        "1234567890123456789", None, "inf", "1848-03-18", "[1, 2]", dt.time(8, 30), "2026-01-01 00:00:00+00:00", None,
    ]  # fmt: skip


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "aus.xlsx"
    with pytest.raises(RmtextError, match="at most 1,048,575 rows"):
        check_target(path, rows=1_048_576)
    assert check_target(path, rows=1_048_575) == ".xlsx"
    monkeypatch.setattr(xlsx, "XLSX_ROWS", 2)
    assert write([one(row=row) for row in range(2)], path, layout=ONE) == 2
    before = path.read_bytes()
    with pytest.raises(RmtextError, match=r"Write \.csv or \.parquet"):
        write([one(row=row) for row in range(3)], path, layout=ONE)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_more_columns_than_a_sheet_holds_are_refused_before_coding(tmp_path):
    layout = Layout((*(f"c{n}" for n in range(16_384)), "antwort"), ("antwort",), None, None, (), None)
    with pytest.raises(RmtextError, match=r"16,400 columns, an Excel sheet holds at most 16,384"):
        write(never(), tmp_path / "aus.xlsx", layout=layout)


def never():
    pytest.fail("coded although the table cannot be written")
    yield


# Parquet


def test_parquet_keeps_the_types_of_the_input(tmp_path):
    path = tmp_path / "aus.parquet"
    layout = Layout(("i", "big", "f", "mixed", "d", "t", "b", "none", "antwort"), ("antwort",), None, None, (), None)
    day, moment = dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 12)
    columns = [
        {"i": 1, "big": 2**60, "f": 1, "mixed": 1, "d": day, "t": day, "b": True, "none": None},
        {"i": None, "big": 3, "f": 2.5, "mixed": "zwei", "d": None, "t": moment, "b": None, "none": float("nan")},
        {"i": 3, "big": None, "f": None, "mixed": day, "d": day, "t": None, "b": False, "none": None},
    ]
    assert (
        write([coding("x", columns=row, zeit=["x"], row=n) for n, row in enumerate(columns)], path, layout=layout) == 3
    )
    table = pl.read_parquet(path)
    assert dict(table.schema) | {"i": pl.Int64, "big": pl.Int64, "f": pl.Float64, "mixed": pl.String} == table.schema
    assert [table[name].to_list() for name in layout.header] == [
        [1, None, 3], [2**60, 3, None], [1.0, 2.5, None], ["1", "zwei", "2026-03-01"], [day, None, day],
        [dt.datetime(2026, 3, 1), moment, None], [True, None, False], [None] * 3, ["x"] * 3,
    ]  # fmt: skip
    assert table["thema_zeit"].to_list() == [1, 1, 1]
    assert table["konfidenz_zeit"].to_list() == [0.913] * 3
    assert (table["thema_zeit"].dtype, table["beleg_zeit"].dtype) == (pl.Int64, pl.String)


def test_parquet_finds_a_type_that_only_the_last_batch_shows(tmp_path):
    path = tmp_path / "aus.parquet"
    rows = 2_500
    codings = (one(f"Antwort {row}", note="keine" if row == rows else row, row=row) for row in range(1, rows + 1))
    assert write(codings, path, layout=ONE) == rows
    table = pl.read_parquet(path)
    assert table["nr"].to_list() == list(range(1, rows + 1))
    assert table["note"].to_list()[-2:] == [str(rows - 1), "keine"]
    assert table["antwort"][-1] == f"Antwort {rows}"


# SAV


def test_sav_has_labels_and_missing_values(tmp_path):
    path = tmp_path / "aus.sav"
    codings = [one(zeit=["Zeit"], note=1.5), coding("", non_answer="leer", columns={"nr": 2, "note": None}, row=2)]
    assert write(codings, path, layout=ONE) == 2
    columns, meta = pyreadstat.read_sav(path, output_format="dict")
    assert meta.column_names == [*ONE.header, *CODED]
    assert columns["thema_zeit"] == [1.0, None]
    assert columns["note"] == [1.5, None]
    assert meta.variable_value_labels["thema_zeit"] == {1.0: "genannt", 0.0: "nicht genannt"}
    assert meta.variable_value_labels["vorschlag"] == {1.0: "ja", 0.0: "nein"}
    labels = meta.column_names_to_labels
    assert labels["thema_zeit"] == "Kapazität und Zeit"
    assert labels["beleg_lernen"] == "Lernen: Beleg"
    assert labels["abteilung"] == "abteilung"
    assert (meta.variable_measure["thema_zeit"], meta.variable_measure["konfidenz_zeit"]) == ("nominal", "scale")
    assert meta.original_variable_types["thema_zeit"] == "F8.0"


def test_sav_gives_back_the_labels_of_an_spss_file(tmp_path):
    path = tmp_path / "aus.sav"
    labels = {"abteilung": "Wo arbeiten Sie?", "antwort": "Was war gut?"}
    value_labels = {"note": {1: "sehr gut", 2: "gut"}, "abteilung": {"Werk Süd": "Süd", 3: "passt nicht zum Text"}}
    value_labels["nr"] = {1: "eins"}
    write([one(row=None)], path, layout=ONE, labels=labels, value_labels=value_labels)
    meta = pyreadstat.read_sav(path, output_format="dict")[1]
    assert meta.column_labels[:4] == ["nr", "Wo arbeiten Sie?", "Was war gut?", "note"]
    assert meta.variable_value_labels["note"] == {1.0: "sehr gut", 2.0: "gut"}
    assert meta.variable_value_labels["abteilung"] == {"Werk Süd": "Süd"}
    assert "nr" not in meta.variable_value_labels


def test_sav_names_are_valid_unique_and_keep_the_full_name_as_label(tmp_path):
    path = tmp_path / "aus.sav"
    question = "Was hat Ihnen am Reverse-Mentoring-Programm bisher am besten gefallen und warum?"
    other = question.replace("und warum", "bitte")
    header = ("Größe", "grösse", "Groesse", "1. Frage", "with", "Имя", "_x.", question, other)
    layout = Layout(header, (question, other), None, None, (), None)
    columns = dict.fromkeys(header[:-2], "wert")
    codings = [
        coding("Alles", column=question, columns=columns),
        coding("Nix", column=other, columns=columns, zeit=["Nix"]),
    ]
    assert write(codings, path, layout=layout) == 1
    values, meta = pyreadstat.read_sav(path, output_format="dict")
    names = meta.column_names
    assert names[:7] == ["Groesse", "groesse_2", "Groesse_3", "v_1_Frage", "v_with", "v", "x"]
    assert meta.column_labels[: len(header)] == list(header)
    assert all(name.isascii() and len(name) <= 64 for name in names)
    assert len({name.lower() for name in names}) == len(names) == len(header) + 2 * len(CODED)
    first, second = names[7:9]
    assert (values[f"{first}_thema_zeit"], values[f"{second}_thema_zeit"]) == ([0.0], [1.0])
    assert meta.column_names_to_labels[f"{second}_thema_zeit"] == f"{other} – Kapazität und Zeit"


def test_sav_takes_values_that_spss_has_no_type_for(tmp_path):
    path = tmp_path / "aus.sav"
    columns = {"b": True, "big": 2**60, "i": 2**40, "d": dt.date(2026, 3, 1), "t": dt.datetime(2026, 3, 1, 12)}
    write([coding("null\0", columns=columns)], path)
    values, _ = pyreadstat.read_sav(path, output_format="dict")
    assert values["b"] == [1.0]
    assert values["big"] == [str(2**60)]
    assert (values["i"], values["d"], values["t"]) == ([2.0**40], [columns["d"]], [columns["t"]])
    assert values["text"] == ["null�"]


def test_sav_cuts_what_spss_cannot_hold_and_says_so(tmp_path, caplog):
    path = tmp_path / "aus.sav"
    write([coding("a" + "ä" * 16_383), coding("a" + "ä" * 16_384)], path)
    values, _ = pyreadstat.read_sav(path, output_format="dict")
    assert values["text"] == ["a" + "ä" * 16_383, "a" + "ä" * 16_381 + "…"]
    assert "1 cell(s) were too long" in caplog.text


@pytest.mark.parametrize(("texts", "length"), [(1, 54), (2, 45)])
def test_a_theme_id_that_spss_has_no_room_for_is_refused_before_coding(tmp_path, texts, length):
    layout = Layout(("a", "b"), ("a", "b")[:texts], None, None, (), None)
    for size, expected in ((length - 1, 0), (length, None)):
        codebook = Codebook("x", "de", "1", (Theme("t" * size, "x"),))
        path = tmp_path / "aus.sav"
        if expected is None:
            with pytest.raises(RmtextError, match="too long for SPSS"):
                write_codings(never(), path, codebook=codebook, layout=layout)
        else:
            assert write_codings([], path, codebook=codebook, layout=layout) == expected


# The same words everywhere


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t=+-@'\"|;,"), max_size=60)


@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=4), value=ANY_TEXT)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_format_alters_an_answer(tmp_path, texts, value):
    """Read with other libraries than the ones that wrote."""
    codings = [
        coding(text, zeit=[text] if text else [], columns={"v": value}, row=row) for row, text in enumerate(texts)
    ]
    layout = Layout(("v", "antwort"), ("antwort",), None, None, (), None)
    for suffix in SUFFIXES:
        write(codings, tmp_path / f"aus{suffix}", layout=layout)
    assert [(row["v"], row["antwort"], row["beleg_zeit"]) for row in records(tmp_path / "aus.csv")] == [
        (value, text, text) for text in texts
    ]
    sheet = sheet_of(tmp_path / "aus.xlsx")
    assert [openpyxl.utils.escape.unescape(sheet.cell(row + 2, 2).value or "") for row in range(len(texts))] == [
        text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") for text in texts
    ]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert pl.read_parquet(tmp_path / "aus.parquet")["antwort"].to_list() == texts
    saved, _ = pyreadstat.read_sav(tmp_path / "aus.sav", output_format="dict")
    assert saved["antwort"] == [text.rstrip(" ") for text in texts]  # SPSS fills strings up with spaces
    lines = (tmp_path / "aus.jsonl").read_text(encoding="utf-8").split("\n")
    assert [json.loads(line)["text"] for line in lines if line] == texts


# Replacing a file


def broken(error):
    yield from (one(row=row) for row in range(1, 1_500))
    raise error


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("layout", [ONE, None])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), RmtextError("Zeile 4"), OSError(errno.ENOSPC, "voll")])
def test_what_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path, suffix, layout, error):
    path = tmp_path / f"aus{suffix}"
    path.write_bytes(b"alt")
    expected = RmtextError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected, match="disk is full" if isinstance(error, OSError) else None):
        write(broken(error), path, layout=layout)
    assert path.read_bytes() == b"alt"
    assert list(tmp_path.iterdir()) == [path]


def test_a_target_that_opened_in_excel_meanwhile_is_said(tmp_path, monkeypatch):
    path = tmp_path / "aus.xlsx"
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(errno.EACCES, "in use")))
    with pytest.raises(RmtextError, match=r"aus\.xlsx cannot be written: it is open in another program"):
        write([one()], path, layout=ONE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes and needs a privilege for links")
def test_modes_and_links_of_an_older_file_stay(tmp_path):
    real, link = tmp_path / "echt.csv", tmp_path / "link.csv"
    real.write_bytes(b"alt")
    real.chmod(0o600)
    link.symlink_to(real)
    write([one()], link, layout=ONE)
    assert link.is_symlink()
    assert len(csv_rows(real)) == 2
    assert real.stat().st_mode & 0o777 == 0o600


def test_the_writers_of_other_libraries_report_a_full_disk(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    def polars_full(*_, **__):
        code = 112 if os.name == "nt" else errno.ENOSPC
        raise pl.exceptions.ComputeError(f"parquet: underlying IO error: No space left on device (os error {code})")

    monkeypatch.setattr(pyreadstat, "write_sav", full)
    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", polars_full)
    for suffix in (".sav", ".parquet"):
        with pytest.raises(RmtextError, match="disk is full"):
            write([one()], tmp_path / f"aus{suffix}", layout=ONE)
    assert list(tmp_path.iterdir()) == []


# Checking the target


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("aus.docx", r"'docx' is no format .* \.jsonl, \.csv, \.xlsx, \.parquet, \.sav"),
        ("aus", r"no format"),
        ("fehlt/aus.csv", r"there is no folder .*fehlt\. Create it first"),
        ("ordner.csv", r"is a folder\. Name a file in it"),
        ("datei.txt/aus.csv", r"there is no folder"),
        ("x" * 300 + ".csv", r"cannot be written"),
    ],
)
def test_a_target_that_cannot_be_is_said_before_coding(tmp_path, name, message):
    (tmp_path / "ordner.csv").mkdir()
    (tmp_path / "datei.txt").write_text("x", encoding="utf-8")
    with pytest.raises(RmtextError, match=message):
        check_target(tmp_path / name)
    with pytest.raises(RmtextError, match=message):
        write(never(), tmp_path / name, layout=ONE)


def test_a_write_protected_target_is_said_before_coding(tmp_path, monkeypatch):
    path = tmp_path / "aus.csv"
    path.write_bytes(b"alt")
    opened = Path.open
    denied = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(
        Path, "open", lambda self, mode="r", *a, **k: opened(self, mode, *a, **k) if mode != "r+b" else _raise(denied)
    )
    with pytest.raises(RmtextError, match="open in another program, or the file or its folder is write-protected"):
        check_target(path)


def _raise(error):
    raise error


def test_checking_leaves_no_trace(tmp_path):
    path = tmp_path / "aus.xlsx"
    assert check_target(path) == ".xlsx"
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"alt")
    assert check_target(str(path)) == ".xlsx"
    assert path.read_bytes() == b"alt"
    assert list(tmp_path.iterdir()) == [path]


def test_standard_output_and_excel_take_the_formats_that_they_can():
    assert check_target("-") == ".jsonl"
    assert check_target("-", format="csv", excel=True) == ".csv"
    with pytest.raises(RmtextError, match="cannot go to standard output"):
        check_target("-", format="xlsx")
    with pytest.raises(RmtextError, match=r"exists for \.csv only"):
        check_target("aus.xlsx", excel=True)


def test_a_reader_that_goes_away_is_no_error_of_ours(monkeypatch):
    class Closed(io.BytesIO):
        def write(self, _):
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    class Stdout:
        buffer = Closed()

    monkeypatch.setattr("sys.stdout", Stdout())
    with pytest.raises(BrokenPipeError):
        write([one()], "-", layout=ONE)
