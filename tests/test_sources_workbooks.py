"""Excel and OpenDocument workbooks: sheets, types, and what would not fit in memory."""

import datetime
import zipfile

import pytest
import xlsxwriter

from rmtext.errors import RmtextError
from rmtext.sources import open_source
from rmtext.sources.spreadsheets import MAX_CELLS, SMALL

OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(path, **sheets):
    """A workbook; each sheet a dict from (row, column) to value."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for (row, column), value in cells.items():
                if isinstance(value, datetime.datetime):
                    sheet.write_datetime(row, column, value, day)
                elif value == "=":
                    sheet.write_formula(row, column, "=1/0", None, "#DIV/0!")
                elif value is None:
                    sheet.write_blank(row, column, None, day)
                else:
                    sheet.write(row, column, value)
    return path


def table(*rows):
    return {(r, c): value for r, row in enumerate(rows) for c, value in enumerate(row)}


def ods(path, *sheets):
    tables = "".join(f'<table:table table:name="Tabelle{n}">{rows}</table:table>' for n, rows in enumerate(sheets, 1))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0"></manifest:manifest>'
        )
        packed.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" '
            f'xmlns:text="{OFFICE}:text:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return path


def ods_row(*texts, repeat=1):
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        if text
        else "<table:table-cell/>"
        for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeat}">{cells}</table:table-row>'


def test_types_empty_cells_and_an_offset_table(tmp_path):
    cells = {
        (2, 1): "id", (2, 2): "antwort", (2, 3): "welle", (2, 4): 2026,
        (3, 1): 17, (3, 2): "gut\nsehr", (3, 3): datetime.datetime(2026, 3, 1), (3, 4): True,
        (5, 1): 18.5, (5, 2): "=", (5, 4): " ",
        (9, 2): None,
    }  # fmt: skip
    source = open_source(xlsx(tmp_path / "a.xlsx", Daten=cells))
    assert source.header == ("id", "antwort", "welle", "2026")
    assert list(source.rows()) == [
        [17, "gut\nsehr", datetime.date(2026, 3, 1), True],
        [None, None, None, None],
        [18.5, None, None, " "],
    ]
    assert type(next(source.rows())[0]) is int
    assert (source.total, source.sheet) == (3, "Daten")


def test_the_sheet_that_suits_is_taken(tmp_path):
    path = xlsx(
        tmp_path / "a.xlsx",
        Leer={},
        Deckblatt=table(["Bericht"], ["2026"]),
        Daten=table(["id", "antwort"], [1, "gut"]),
    )
    source = open_source(path, suits=lambda source: "antwort" in source.header)
    assert (source.sheet, source.header) == ("Daten", ("id", "antwort"))
    assert source.notes == ["Sheet 'Daten' taken, of: Leer, Deckblatt, Daten."]
    assert open_source(path, suits=lambda source: False).sheet == "Deckblatt"
    assert open_source(path, sheet="Daten").header == ("id", "antwort")
    with pytest.raises(RmtextError, match=r"no sheet 'Datei'\. Its sheets: .* Did you mean --sheet 'Daten'\?"):
        open_source(path, sheet="Datei")


def test_an_empty_sheet_asked_for_is_an_error(tmp_path):
    with pytest.raises(RmtextError, match="sheet 'Leer' is empty"):
        open_source(xlsx(tmp_path / "a.xlsx", Leer={}, Daten=table(["antwort"], ["gut"])), sheet="Leer")


def test_open_document(tmp_path):
    rows = ods_row("id", "antwort") + ods_row("1", "schön") + ods_row("", "", repeat=1_048_000)
    source = open_source(ods(tmp_path / "a.ods", rows))
    assert (source.header, list(source.rows())) == (("id", "antwort"), [["1", "schön"]])


def test_zip_bombs_are_refused_unopened(tmp_path):
    good = xlsx(tmp_path / "gut.xlsx", Daten=table(["antwort"], ["gut"]))
    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(good) as packed, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        for entry in packed.infolist():
            bomb.writestr(entry.filename, packed.read(entry))
        bomb.writestr("xl/media/leer.xml", b" " * (2 * SMALL))
    with pytest.raises(RmtextError, match="would unpack to 40 MB from 0"):
        open_source(path)


@pytest.mark.parametrize("corner", [(1_048_575, 16_383), (1_048_575, 26), (400_000, 701)])
def test_stray_cells_far_outside_are_refused(tmp_path, corner):
    path = xlsx(tmp_path / "a.xlsx", Daten=table(["antwort"], ["gut"]) | {corner: " "})
    with pytest.raises(RmtextError, match=r"uses [\d,]+ rows × [\d,]+ columns.*Delete stray cells"):
        open_source(path)


def test_formats_without_content_and_single_far_rows_or_columns_are_fine(tmp_path):
    cells = table(["antwort"], ["gut"]) | {(100_000, 400): None, (300, 5): "x"}
    assert open_source(xlsx(tmp_path / "a.xlsx", Daten=cells)).total == 300
    assert open_source(xlsx(tmp_path / "b.xlsx", Daten=table(["antwort"]) | {(200_000, 3): "x"})).total == 200_000
    assert len(open_source(xlsx(tmp_path / "c.xlsx", Daten=table(["antwort"]) | {(0, 16_383): "x"})).header) == 16_384


def test_repeated_open_document_cells_are_counted_per_sheet(tmp_path):
    cell = '<table:table-cell table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell>'
    wide = f'<table:table-row table:number-rows-repeated="100000">{cell}</table:table-row>'
    assert MAX_CELLS < 100_000 * 1000
    with pytest.raises(RmtextError, match="uses 100,001 rows × 1,000 columns"):
        open_source(ods(tmp_path / "a.ods", ods_row("antwort") + wide, ods_row("klein")))
    gap = ods_row("", repeat=1_048_573) + ods_row(*[""] * 30, "x")
    with pytest.raises(RmtextError, match="uses 1,048,575 rows × 31 columns"):
        open_source(ods(tmp_path / "b.ods", ods_row("antwort") + gap))


def test_tags_across_the_blocks_of_a_scan(tmp_path, monkeypatch):
    path = xlsx(
        tmp_path / "a.xlsx", Daten=table(["antwort"], *([f"gut {n}"] for n in range(50))) | {(999_999, 99): "x"}
    )
    for size in (7, 64, 1000):
        monkeypatch.setattr("rmtext.sources.spreadsheets._SCAN_BYTES", size)
        with pytest.raises(RmtextError, match="uses 1,000,000 rows × 100 columns"):
            open_source(path)


def test_a_password(tmp_path):
    path = tmp_path / "a.xlsx"
    content = bytearray(xlsx(path, Daten=table(["antwort"], ["gut"])).read_bytes())
    # The flag "encrypted" in the entry's local header and in the central directory.
    sheet = content.find(b"PK\x03\x04")
    while sheet >= 0:
        content[sheet + 6] |= 1
        sheet = content.find(b"PK\x03\x04", sheet + 4)
    entry = content.find(b"PK\x01\x02")
    while entry >= 0:
        content[entry + 8] |= 1
        entry = content.find(b"PK\x01\x02", entry + 4)
    path.write_bytes(content)
    with pytest.raises(RmtextError, match="protected by a password"):
        open_source(path)


def test_a_reader_that_gives_up_is_no_traceback(tmp_path, monkeypatch):
    class PanicException(BaseException):
        """As pyo3 raises it: not a subclass of Exception."""

    def panic(file):
        raise PanicException("index out of bounds")

    path = xlsx(tmp_path / "a.xlsx", Daten=table(["antwort"], ["gut"]))
    monkeypatch.setattr("rmtext.sources.spreadsheets._workbook", lambda path, name: panic(path))
    with pytest.raises(RmtextError, match="its xlsx reader gave up"):
        open_source(path)


def test_workbook_in_memory_survives_removal_of_the_file(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", Daten=table(["antwort"], ["gut"]))
    source = open_source(path)
    path.unlink()
    assert list(source.rows()) == [["gut"]]
