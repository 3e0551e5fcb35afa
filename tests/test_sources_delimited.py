"""CSV as people send it."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rmtext.errors import RmtextError
from rmtext.sources import open_source
from rmtext.sources.encodings import SAMPLE_BYTES, detect_encoding, looks_binary

SENTENCES = (
    "Für mich war's schön – die Gespräche über Größe, Übung und Ärger halfen „sehr“.\n"
    "Öfter so! Das Gefühl, gehört zu werden, kostet 0 €.\n"
)


def read(tmp_path, content, name="antworten.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = open_source(path)
    return source, list(source.rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
def test_encodings_are_recognised(tmp_path, encoding):
    assert detect_encoding(SENTENCES.encode(encoding)) == encoding
    source, rows = read(tmp_path, f"id;größe\r\n1;{SENTENCES.splitlines()[0]}\r\n".encode(encoding))
    assert source.header == ("id", "größe")
    assert rows == [["1", SENTENCES.splitlines()[0]]]


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_single_byte_encodings_with_every_dialect(tmp_path, encoding, delimiter, quoting):
    rows = [[str(number), sentence] for number, sentence in enumerate(SENTENCES.splitlines())] + [["9", SENTENCES]]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=quoting).writerows([["Größe", "Antwort"], *rows])
    source, found = read(tmp_path, written.getvalue().encode(encoding))
    assert (source.encoding, source.delimiter, found) == (encoding, delimiter, rows)


def test_utf16_big_endian_with_mark(tmp_path):
    source, rows = read(tmp_path, b"\xfe\xff" + "id;antwort\n1;schön\n".encode("utf-16-be"))
    assert (source.encoding, source.header, rows) == ("utf-16", ("id", "antwort"), [["1", "schön"]])


def test_old_dos_and_other_encodings():
    assert detect_encoding("Schöne Grüße über größere Äpfel".encode("cp850")) == "cp850"
    assert (
        detect_encoding("Wszystko było dobre, dziękuję za świetną współpracę i życzliwość".encode("cp1250")) == "cp1250"
    )
    assert detect_encoding(b"nur ASCII") == "utf-8"
    assert detect_encoding("schön".encode("cp1252")) == "cp1252"


def test_a_letter_cut_in_half_at_the_end_of_the_sample_is_no_error():
    assert detect_encoding("schön, wirklich sch".encode() + "ö".encode()[:1]) == "utf-8"


def test_a_stray_windows_byte_loses_no_row_and_spoils_no_other_umlaut(tmp_path):
    start = "antwort\n" + "sehr schön\n" * (SAMPLE_BYTES // 12 + 10)
    source, rows = read(tmp_path, start.encode() + b"gr\xfc\xdfe \x81\n" + "tschüß\n".encode())
    assert source.encoding == "utf-8"
    assert [row[0] for row in rows[-3:]] == ["sehr schön", "grüße \x81", "tschüß"]
    assert any("not valid utf-8" in note for note in source.notes)
    source, rows = read(tmp_path, "antwort\nsehr schön, größer\n".encode() + b"gr\xfcn\n")
    assert (source.encoding, rows[1]) == ("utf-8", ["grün"])


def test_half_a_utf16_character_is_marked(tmp_path):
    _, rows = read(tmp_path, "antwort\nschön\n".encode("utf-16") + b"\x00\xd8" + "x\n".encode("utf-16-le"))
    assert len(rows) == 2
    assert "\ufffd" in rows[1][0]


def test_nul_characters_are_kept_and_noted(tmp_path):
    source, rows = read(tmp_path, "id;antwort\n1;gut\0ja\n2;so\n")
    assert rows == [["1", "gut\0ja"], ["2", "so"]]
    assert ["NUL" in note for note in source.notes] == [True]
    assert not looks_binary(b"id;antwort\n1;gut\0ja\n", "utf-8")


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiters_are_recognised(tmp_path, delimiter):
    text = delimiter.join(["id", "abteilung", "antwort"]) + "\n"
    text += "".join(f'{n}{delimiter}IT{delimiter}"Gut, aber; ein | zu\t kurz"\n' for n in range(5))
    source, rows = read(tmp_path, text)
    assert source.delimiter == delimiter
    assert rows[4] == ["4", "IT", "Gut, aber; ein | zu\t kurz"]


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        # One column, commas in header and answers.
        ("Was war gut, was nicht?\nAlles\nZeit, Ort, Team\nNichts, leider\n", 1, 3),
        # Decimal commas and unquoted commas beside semicolons.
        ("id;note;antwort\n1;2,5;gut, sehr gut\n2;1,0;ja, nein, doch\n", 3, 2),
        ("sep=,\nid,antwort\n1,a;b\n", 2, 1),
        ("sep=\t\r\nid\tantwort\r\n1\ta;b\r\n", 2, 1),
        ("\n\nid;antwort\n\n1;gut\n\n2;ja\n\n", 2, 2),
        ("id;antwort\r1;gut\r2;ja\r", 2, 2),
        ("id;antwort;;\n1;gut;;\n2;ja;;\n", 4, 2),
        ("id;antwort\n1;gut;;\n2;ja;;\n", 2, 2),
    ],
)
def test_dialects(tmp_path, text, header, rows):
    source, read_rows = read(tmp_path, text)
    assert (len(source.header), len(read_rows)) == (header, rows)
    assert all(len(row) == header for row in read_rows)


def test_blank_lines_in_one_column_are_empty_answers(tmp_path):
    _, rows = read(tmp_path, "antwort\ngut\n\n\nschlecht\n\n")
    assert rows == [["gut"], [None], [None], ["schlecht"]]


def test_short_rows_are_filled_and_noted(tmp_path):
    source, rows = read(tmp_path, "id;abt;antwort\n1;IT;gut\n2;HR\n3\n")
    assert rows == [["1", "IT", "gut"], ["2", "HR", None], ["3", None, None]]
    assert any("first: line 3" in note for note in source.notes)


def test_rows_that_are_all_longer_than_the_header_keep_their_cells(tmp_path):
    source, rows = read(tmp_path, "abt;antwort\nIT;gut;ja\nHR;schlecht;nein\n")
    assert source.header == ("abt", "antwort", "spalte_3")
    assert rows[1] == ["HR", "schlecht", "nein"]


def test_row_names_as_r_writes_them(tmp_path):
    source, rows = read(tmp_path, '"abt";"antwort"\n"1";"IT";"gut"\n"2";"HR";"schlecht"\n')
    assert source.header == ("spalte_1", "abt", "antwort")
    assert rows[0] == ["1", "IT", "gut"]


def test_line_numbers_count_lines_not_rows(tmp_path):
    with pytest.raises(RmtextError, match=r"line 4: this row has 3 cells.*contains ';'"):
        read(tmp_path, 'id;antwort\n1;"gut\nsehr"\n2;ja;nein\n3;so\n')


def test_quotation_marks_that_enclose_nothing_stay(tmp_path):
    _, rows = read(tmp_path, 'id\tantwort\n1\t"Gut" fand ich das Treffen\n2\tnichts\n3\t"Feedback" gab es nie\n')
    assert rows[0] == ["1", '"Gut" fand ich das Treffen']
    _, rows = read(tmp_path, 'id;antwort\n1;"Er sagte ""gut"" dazu; ja"\n2;"so"\n')
    assert rows == [["1", 'Er sagte "gut" dazu; ja'], ["2", "so"]]


def test_answers_of_a_megabyte(tmp_path):
    answer = "Das war schön; " * 70_000
    _, rows = read(tmp_path, f'id;antwort\n1;"{answer}"\n2;kurz\n')
    assert rows == [["1", answer], ["2", "kurz"]]


def test_a_line_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("rmtext.sources.encodings.MAX_LINE", 2**20)
    with pytest.raises(RmtextError, match="a line of over 1 million characters"):
        read(tmp_path, "antwort\n" + "x" * (2**20 + 5))


def test_ten_thousand_columns(tmp_path):
    names = [f"frage_{n}" for n in range(10_000)]
    source, rows = read(tmp_path, ";".join(names) + "\n" + ";".join(["x"] * 10_000) + "\n")
    assert (source.header, rows) == (tuple(names), [["x"] * 10_000])


def test_two_iterations_give_the_same(tmp_path):
    source, rows = read(tmp_path, "id;antwort\n1;gut\n2;ja\n")
    assert list(source.rows()) == rows
    half = source.rows()
    next(half)
    half.close()
    assert list(source.rows()) == rows


# What text may hold that neither ends a file early nor is refused for good reason (binary content).
CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="".join(map(chr, range(32)))) | st.sampled_from('\n\t";,|äöüß „“'),
    max_size=20,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@example(rows=[('"', "\n")], delimiter=";", encoding="utf-8", quoting=csv.QUOTE_MINIMAL, end="\n")
def test_what_the_csv_module_writes_comes_back(tmp_path, rows, delimiter, encoding, quoting, end):
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, quoting=quoting, lineterminator=end)
    # Rows of ordinary answers around the wild ones, as in any real file: from one odd row no dialect can be told.
    plain = [("weil", "Die Zeit war knapp"), ("so", "Gut"), ("ja", "Alles lief bestens"), ("nein", "Nichts")]
    writer.writerows([("Abteilung", "Antwort"), *plain, *rows, *plain, *plain])
    source, found = read(tmp_path, written.getvalue().encode(encoding))
    assert source.header == ("Abteilung", "Antwort")
    assert [tuple(cell or "" for cell in row) for row in found[4:-8]] == rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), name=st.sampled_from(["a.csv", "a.jsonl", "a.xlsx", "a.sav", "a.parquet"]))
@example(content=b"\xff\xfe\x00", name="a.csv")
@example(content=b'"', name="a.csv")
def test_any_bytes_give_rows_or_a_sentence(tmp_path, content, name):
    with suppress(RmtextError):
        source, rows = read(tmp_path, content, name)
        assert all(len(row) == len(source.header) for row in rows)
