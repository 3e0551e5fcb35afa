"""Every file a user can produce: rows, or one sentence about what is wrong and what to do."""

import datetime
import io
import os
import random
import sys
import zipfile

import polars as pl
import pyreadstat
import pytest
import xlsxwriter

from rmtext.errors import RmtextError
from rmtext.sources import FORMATS, Source, as_text, listed, open_source
from rmtext.sources.source import MAX_COLUMNS, as_json, chunk_rows, name_columns, plain_number, without_surrogates

RUBBISH = random.Random(7).randbytes(5000)


def workbook(*rows):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Daten")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def parquet(**columns):
    content = io.BytesIO()
    pl.DataFrame(columns).write_parquet(content)
    return content.getvalue()


def spss(path, frame, **options):
    pyreadstat.write_sav(frame, path, **options)
    return path.read_bytes()


def archive(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, text in files.items():
            packed.writestr(name.replace("__", "/"), text)
    return content.getvalue()


WORKBOOK = workbook(["id", "antwort"], [17, "Viel gelernt."], [18, ""])


def refused(path, content=None, **options):
    """The message with which a file is refused: one or two lines, nothing of Python in it."""
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(RmtextError) as caught:
        list(open_source(path, **options).rows())
    message = str(caught.value)
    assert len(message) < 600
    assert "Traceback" not in message
    assert "Error" not in message
    assert message.endswith((".", "?"))
    return message


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("leer.csv", b"", "leer.csv is empty (0 bytes)"),
        ("leerzeilen.csv", "\n\n \n".replace(" ", ""), "only blank lines"),
        ("muell.csv", RUBBISH, "holds binary data"),
        ("nullen.csv", b"\0" * 4096, "holds binary data"),
        ("muell.jsonl", RUBBISH, "holds binary data"),
        ("muell.xlsx", RUBBISH, "no xlsx file"),
        ("muell.ods", RUBBISH, "no ods file"),
        ("muell.sav", RUBBISH, "no sav file"),
        ("muell.parquet", RUBBISH, "no parquet file"),
        ("halb.xlsx", WORKBOOK[: len(WORKBOOK) // 2], "damaged or was cut off"),
        ("zip.xlsx", b"PK\x03\x04" + RUBBISH, "damaged or was cut off"),
        ("alt.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + RUBBISH, "damaged or was cut off"),
        ("leer.xlsx", workbook(), "no sheet has any cells"),
        ("halb.parquet", parquet(antwort=["gut"] * 50)[:-20], "damaged or was cut off"),
        ("kern.parquet", b"PAR1" + RUBBISH + b"PAR1", "damaged or was cut off"),
        ("kern.sav", b"$FL2" + RUBBISH, "no readable SPSS file"),
        ("mappe.csv", WORKBOOK, "is an Excel workbook, not csv. Rename it to end in .xlsx, or say --format xlsx."),
        ("mappe.sav", WORKBOOK, "is an Excel workbook, not sav"),
        ("tabelle.csv", parquet(antwort=["gut"]), "is a Parquet file, not csv"),
        ("brief.csv", archive(word__document="x"), "is a Word document, which rmtext does not read"),
        ("paket.jsonl", archive(a="x"), "is a ZIP archive, which rmtext does not read"),
        ("scan.csv", b"%PDF-1.7 ...", "is a PDF document"),
        ("gepackt.csv", b"\x1f\x8b\x08" + RUBBISH, "is a compressed file"),
        ("text.xlsx", "id;antwort\n1;gut\n", "if it is CSV, say --format csv"),
        ("seite.xls", "\ufeff<html><body><table><tr><td>gut", "It is a web page: open it in Excel"),
        ("text.parquet", "id;antwort\n1;gut\n", "if it is CSV, say --format csv"),
        ("antworten.docx", "x", "the ending '.docx' is unknown. Known endings: .csv, .txt"),
        ("antworten", "x", "its name has no ending"),
        (
            "offen.csv",
            'id;antwort\n1;gut\n2;"nie zu\n3;ja\n',
            "line 3: a quotation mark opens here and is never closed",
        ),
        ("breit.csv", "id;antwort\n1;gut\n2;gut; aber\n", "line 3: this row has 3 cells, the header 2"),
        ("liste.jsonl", '{"antwort": "gut"}\n["gut"]\n', "line 2 is no JSON object"),
        ("text.jsonl", '{"antwort": "gut"}\n\ngut\n', "line 3 is no JSON (Expecting value, character 1)"),
        ("halb.jsonl", '{"antwort": "gut"}\n{"antwort": "gu', "line 2 is no JSON"),
        ("tief.jsonl", "[" * 100_000, "nested too deeply"),
        ("zahl.jsonl", '{"a": ' + "9" * 5000 + "}", "a number that is too long"),
        ("nichts.jsonl", "{}\n{}\n", "its 2 objects are empty"),
        ("blank.jsonl", "\n\n", "holds no answers"),
    ],
)
def test_bad_files_get_one_sentence(tmp_path, name, content, says):
    assert says in refused(tmp_path / name, content)


def test_missing_file_and_folder(tmp_path):
    assert refused(tmp_path / "fehlt.csv") == f"There is no file {tmp_path / 'fehlt.csv'}."
    assert "is a folder" in refused(tmp_path)
    assert "no file" in refused(tmp_path / "a\0b.csv")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="may read everything")
def test_forbidden_file(tmp_path):
    path = tmp_path / "geheim.csv"
    path.write_text("antwort\ngut\n", encoding="utf-8")
    path.chmod(0)
    assert "cannot be read: permission denied" in refused(path)


def test_file_that_the_system_refuses_to_open(tmp_path, monkeypatch):
    path = tmp_path / "offen.csv"
    path.write_text("antwort\ngut\n", encoding="utf-8")

    def locked(*args, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", locked)
    assert "another program holds it open" in refused(path)


def test_truncated_spss_file_is_found_before_the_first_row(tmp_path):
    path = tmp_path / "umfrage.sav"
    content = spss(path, pl.DataFrame({"antwort": [f"Viel gelernt, Nummer {n}" for n in range(5000)]}))
    path.write_bytes(content[:-2000])
    with pytest.raises(RmtextError, match="no readable SPSS file"):
        open_source(path)


def test_a_format_is_what_the_caller_says(tmp_path):
    path = tmp_path / "export.dat"
    path.write_text("id;antwort\n1;gut\n", encoding="utf-8")
    assert list(open_source(path, format=".CSV").rows()) == [["1", "gut"]]
    path.write_bytes(WORKBOOK)
    assert open_source(path, format="xlsx").header == ("id", "antwort")
    assert "There is no format 'excel'. Known formats: csv, tsv, xlsx" in refused(path, format="excel")
    assert set(FORMATS) >= {"csv", "xlsx", "ods", "sav", "jsonl", "parquet"}


def test_a_workbook_with_another_workbook_ending_is_read(tmp_path):
    path = tmp_path / "alt.xls"
    path.write_bytes(WORKBOOK)
    assert open_source(path).header == ("id", "antwort")


def test_sheets_are_for_workbooks(tmp_path):
    path = tmp_path / "a.csv"
    assert "leave out --sheet" in refused(path, "antwort\ngut\n", sheet="Daten")


class Stdin:
    def __init__(self, content):
        self.buffer = io.BytesIO(content)


def test_standard_input_can_be_read_twice_and_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", Stdin(parquet(antwort=["gut", "schlecht"])))
    source = open_source("-", format="parquet")
    assert list(source.rows()) == list(source.rows()) == [["gut"], ["schlecht"]]
    monkeypatch.setattr(sys, "stdin", Stdin(b""))
    assert "standard input is empty" in refused("-", format="csv")
    assert len(list(tmp_path.iterdir())) == 1, "only the file of the source that is still open"
    assert "say --format" in refused("-")


def test_jsonl_columns_are_all_keys_in_order_of_appearance(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '\ufeff{"antwort": "gut", "jahr": 2026}\r\n\r\n{"jahr": NaN, "ort": {"plz": "01067"}, "antwort": null}\n',
        encoding="utf-8",
    )
    source = open_source(path)
    assert source.header == ("antwort", "jahr", "ort")
    assert list(source.rows()) == [["gut", 2026, None], [None, None, '{"plz": "01067"}']]
    assert (source.total, source.nested) == (2, frozenset({"ort"}))


def test_jsonl_keeps_real_surrogate_pairs_and_mends_lone_ones(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"antwort": "super \\ud83d\\ude00"}\n{"antwort": "halb \\uD800 !"}\n', encoding="utf-8")
    source = open_source(path)
    assert [row[0] for row in source.rows()] == ["super 😀", "halb \ufffd !"]
    assert ["surrogates" in note for note in source.notes] == [True]


def test_jsonl_from_windows_in_utf16(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"antwort": "schön"}\n', encoding="utf-16")
    assert list(open_source(path).rows()) == [["schön"]]


def test_parquet_keeps_types_and_turns_nested_values_into_text(tmp_path):
    path = tmp_path / "[a].parquet"
    frame = pl.DataFrame(
        {
            "antwort": ["gut", "", None],
            "welle": [datetime.date(2026, 3, 1), None, datetime.date(2026, 4, 1)],
            "note": [1.5, float("nan"), 2.0],
            "ja": [True, None, False],
            "tags": [["a", "b"], [], None],
            "roh": [b"gr\xc3\xbcn", b"", None],
        }
    )
    frame.write_parquet(path)
    source = open_source(path)
    assert list(source.rows()) == [
        ["gut", datetime.date(2026, 3, 1), 1.5, True, '["a", "b"]', "grün"],
        [None, None, None, None, "[]", None],
        [None, datetime.date(2026, 4, 1), 2.0, False, None, None],
    ]
    assert (source.total, source.nested) == (3, frozenset({"tags"}))


def test_slices_join_without_seam(tmp_path, monkeypatch):
    monkeypatch.setattr("rmtext.sources.source.CHUNK_ROWS", 7)
    numbers = [float(number) for number in range(23)]
    frame = pl.DataFrame({"nr": numbers, "antwort": [f"Antwort {number}" for number in range(23)]})
    frame.write_parquet(tmp_path / "a.parquet")
    pyreadstat.write_sav(frame, tmp_path / "a.sav")
    for name in ("a.parquet", "a.sav"):
        assert [row[0] for row in open_source(tmp_path / name).rows()] == numbers


def test_spss_labels_codes_dates_and_missing_values(tmp_path):
    path = tmp_path / "a.sav"
    frame = pl.DataFrame(
        {
            "F1": ["Viel gelernt", ""],
            "abt": [1.0, 99.0],
            "welle": [datetime.date(2026, 3, 1), None],
            "gewicht": [0.5, None],
        }
    )
    pyreadstat.write_sav(
        frame,
        path,
        column_labels={"F1": "Was hat Ihnen gefallen?"},
        variable_value_labels={"abt": {1: "IT", 99: "keine Angabe"}},
        missing_ranges={"abt": [99]},
    )
    source = open_source(path)
    assert list(source.rows()) == [["Viel gelernt", 1, datetime.date(2026, 3, 1), 0.5], [None, 99, None, None]]
    assert source.labels == {"F1": "Was hat Ihnen gefallen?"}
    assert source.value_labels["abt"] == {1: "IT", 99: "keine Angabe"}
    assert (source.total, source.encoding) == (2, "UTF-8")


def test_spss_text_in_another_encoding_than_declared_loses_no_row(tmp_path):
    path = tmp_path / "a.sav"
    content = spss(path, pl.DataFrame({"antwort": ["schön war es", "gut"]}))
    path.write_bytes(content.replace("ö".encode(), b"\xf6 "))
    source = open_source(path)
    assert [row[0] for row in source.rows()] == ["schö n war es", "gut"]
    assert any("cp1252" in note for note in source.notes)


def test_column_names_become_unique():
    header, originals, notes = name_columns(["a", "a", "", None, "a", "a (2)", 2026.0], "x.csv")
    assert header == ("a", "a (2)_", "spalte_3", "spalte_4", "a (3)", "a (2)", "2026")
    assert originals == {"a (2)_": "a", "a (3)": "a"}
    assert len(notes) == 2
    with pytest.raises(RmtextError, match=r"100,001 columns"):
        name_columns(["x"] * (MAX_COLUMNS + 1), "x.csv")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  so  ", "  so  "),
        (17, "17"),
        (17.0, "17"),
        (2.5, "2.5"),
        (1e300, "1e+300"),
        (True, "wahr"),
        (datetime.date(2026, 3, 1), "2026-03-01"),
        (datetime.datetime(2026, 3, 1, 8, 30), "2026-03-01 08:30:00"),
        (datetime.time(8, 30), "08:30:00"),
    ],
)
def test_cells_as_text(value, text):
    assert as_text(value) == text


def test_small_conversions():
    assert [plain_number(value) for value in (17.0, 2.5, float("nan"))] == [17, 2.5, None]
    assert type(plain_number(17.0)) is int
    assert plain_number(float("inf")) == float("inf")
    assert as_json({"ä": [datetime.date(2026, 3, 1)]}) == '{"ä": ["2026-03-01"]}'
    assert without_surrogates("a\ud800b😀") == "a\ufffdb😀"
    assert listed([str(n) for n in range(1234)], 2) == "0, 1 and 1,232 more"
    assert (chunk_rows(1), chunk_rows(10_000), chunk_rows(10**7)) == (20_000, 50, 1)


def test_a_note_is_said_once():
    source = Source("a.csv", "csv", ("antwort",), lambda: iter(()))
    source.note("So.")
    source.note("So.")
    assert source.notes == ["So."]
