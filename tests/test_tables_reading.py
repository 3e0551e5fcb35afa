"""Codings come back from every format, also after people worked on the file."""

import json
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_tables import CODEBOOK, CODED, ONE, TWO, coding, one, two, write

from rmtext.answers import Layout
from rmtext.codebook import Codebook, Theme
from rmtext.coding import NON_ANSWERS, POLARITIES, SENTIMENTS, Coding, Evidence, SegmentCode, ThemeCode
from rmtext.errors import RmtextError
from rmtext.tables import SUFFIXES, is_codings, read_codings
from rmtext.tables.cells import checked_by, flag, number, places, word

TABLES = tuple(suffix for suffix in SUFFIXES if suffix != ".jsonl")


def words(code, text):
    return " | ".join(text[place.start : place.end] for place in code.evidence)


def essence(read):
    """What every format keeps of a coding."""
    themes = [(code.theme, code.polarity, round(code.confidence, 3), words(code, read.text)) for code in read.themes]
    verdict = (read.sentiment, round(read.sentiment_score, 3), read.suggestion, read.non_answer)
    return read.id, read.text, sorted(themes), verdict, read.needs_review, read.review_reason, read.checked


def table(path, lines, encoding="utf-8", end="\r\n"):
    path.write_text(end.join(lines) + end, encoding=encoding, newline="")
    return path


# There and back


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t=+-@'\"|;, "), max_size=60)


@st.composite
def any_coding(draw):
    # SPSS fills strings up with spaces, and U+FFFE and U+FFFF are not in XML.
    text = draw(ANY_TEXT).rstrip(" ").replace("\ufffe", "").replace("\uffff", "")
    themes = []
    for theme in draw(st.lists(st.sampled_from(CODEBOOK.ids), unique=True)) if text.strip() else ():
        cuts = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=3))
        slices = [(min(cut), text[min(cut) : max(cut)]) for cut in cuts]
        found = [(start + len(part) - len(part.lstrip()), part.strip()) for start, part in slices if part.strip()]
        evidence = tuple(Evidence(start, start + len(part)) for start, part in found)
        themes.append(ThemeCode(theme, draw(st.sampled_from(POLARITIES)), draw(st.floats(0, 1)), evidence))
    themes.sort(key=lambda code: CODEBOOK.ids.index(code.theme))
    return Coding(
        id="", text=text, question=None, sentiment=draw(st.sampled_from(SENTIMENTS)),
        sentiment_score=draw(st.floats(-1, 1)), sentiment_confidence=1.0, themes=tuple(themes),
        suggestion=draw(st.booleans()), non_answer=None if themes else draw(st.sampled_from((None, *NON_ANSWERS))),
        needs_review=draw(st.booleans()), review_reason=draw(st.sampled_from((None, "unsicher", "lang"))),
        coder="person", checked=True,
    )  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(drawn=st.lists(any_coding(), min_size=1, max_size=4), department=ANY_TEXT)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_codings_survive_every_format(tmp_path, suffix, drawn, department):
    path = tmp_path / f"aus{suffix}"
    codings = [
        replace(each, id=f"p{row}", columns={"id": f"p{row}", "abteilung": department}, row=row, column="Meinung")
        for row, each in enumerate(drawn, 1)
    ]
    codings = [
        replace(each, sentiment_score=abs(each.sentiment_score) * (-1 if each.sentiment == "negativ" else 1))
        for each in codings
    ]
    layout = Layout(("id", "abteilung", "Meinung"), ("Meinung",))
    write(codings, path, layout=layout)
    read = list(read_codings(path, CODEBOOK, text="Meinung"))
    assert [essence(each) for each in read] == [essence(each) for each in codings]
    assert [(each.row, each.column) for each in read] == [(row, "Meinung") for row in range(1, len(read) + 1)]
    if suffix == ".jsonl":
        assert read == codings


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_ids_questions_groups_and_columns_come_back(tmp_path, suffix):
    path = tmp_path / f"aus{suffix}"
    layout = Layout(("ID", "rolle", "gewicht", "frage", "antwort", "alter"), ("antwort",))
    codings = [
        coding(
            f"Satz {row} mit Zeit.", id=f"p{row}", question=f"Frage {row}?", row=row, zeit=["Zeit"],
            columns={"ID": f"p{row}", "rolle": "Mentee", "gewicht": 0.5, "frage": f"Frage {row}?", "alter": 30 + row},
        )
        for row in (1, 2)
    ]  # fmt: skip
    write(codings, path, layout=layout)
    read = list(read_codings(path, group=["rolle"], weight="gewicht"))
    assert [(each.id, each.question, each.text) for each in read] == [
        ("p1", "Frage 1?", "Satz 1 mit Zeit."),
        ("p2", "Frage 2?", "Satz 2 mit Zeit."),
    ]
    assert [(each.groups, each.weight) for each in read] == [({"rolle": "Mentee"}, 0.5)] * 2
    assert [str(each.columns["alter"]) for each in read] == ["31", "32"]
    assert not set(CODED) & set(read[0].columns)
    assert read[0].themes[0].evidence == (Evidence(11, 15),)
    asked = next(read_codings(path, id="alter", question="Wie war es?", group="ID"))
    assert (asked.id, asked.question, asked.groups) == ("31", "Wie war es?", {"ID": "p1"})


@pytest.mark.parametrize("suffix", TABLES)
@pytest.mark.parametrize("long", [False, True])
def test_codings_without_a_layout_and_long_ones_come_back(tmp_path, suffix, long):
    path = tmp_path / f"aus{suffix}"
    codings = [
        two("Gut", "Viel gelernt", lernen=["gelernt"], question="Was war gut?", id="p1"),
        two("Schlecht", "Kaum Zeit", zeit=["Kaum Zeit"], question="Was war schlecht?", id="p1"),
    ]
    write(codings, path, layout=TWO if long else None, long=long)
    read = list(read_codings(path, id="nr" if long else None))
    assert [each.text for each in read] == ["Viel gelernt", "Kaum Zeit"]
    assert [each.question for each in read] == ["Was war gut?", "Was war schlecht?"]
    assert [each.id for each in read] == (["1", "1"] if long else ["p1", "p1"])
    assert [code.theme for each in read for code in each.themes] == ["lernen", "zeit"]


LONG_QUESTIONS = (
    "Was hat Ihnen am Reverse-Mentoring-Programm bisher am besten gefallen und warum?",
    "Was hat Ihnen am Reverse-Mentoring-Programm bisher gar nicht gefallen und warum?",
)


@pytest.mark.parametrize("suffix", TABLES)
@pytest.mark.parametrize("texts", [("Gut", "Schlecht"), ("Team", "Team_thema"), LONG_QUESTIONS])
def test_several_text_columns_come_back(tmp_path, suffix, texts):
    path = tmp_path / f"aus{suffix}"
    layout = Layout(("nr", texts[0], "alter", texts[1]), texts)
    codings = [
        coding(text, column=column, row=row, id=str(row), columns={"nr": row, "alter": 40}, zeit=found)
        for row, column, text, found in [
            (1, texts[0], "Viel gelernt", []), (1, texts[1], "Kaum Zeit", ["Zeit"]),
            (2, texts[0], "Zeit war da", ["Zeit"]), (2, texts[1], "Nichts Besonderes", []),
        ]
    ]  # fmt: skip
    assert write(codings, path, layout=layout) == 2
    assert is_codings(path)
    read = list(read_codings(path, CODEBOOK, id="nr"))
    assert [(each.id, each.text, [code.theme for code in each.themes]) for each in read] == [
        (each.id, each.text, [code.theme for code in each.themes]) for each in codings
    ]
    questions = [each.question for each in read]
    assert questions[:2] == [text.replace("_", " ") for text in texts]
    assert list(read[0].columns) == ["nr", "alter"]
    second = read[1].column
    assert [each.text for each in read_codings(path, text=second)] == ["Kaum Zeit", "Nichts Besonderes"]
    with pytest.raises(RmtextError, match="column 'alter' was not coded"):
        list(read_codings(path, text=[second, "alter"]))


@pytest.mark.parametrize("suffix", TABLES)
def test_of_two_codings_in_one_table_the_later_counts(tmp_path, suffix):
    path = tmp_path / f"aus{suffix}"
    write([one("Zeit fehlt", sentiment="negativ", sentiment_score=-0.5, zeit=["Zeit"])], path, layout=ONE)
    first = next(read_codings(path))
    header = (*ONE.header, *CODED)
    row = dict.fromkeys(CODED) | {"sentiment": "negativ", "thema_zeit": "1", "thema_lernen": "0", "beleg_zeit": "Zeit"}
    again = replace(first, themes=(), sentiment="positiv", sentiment_score=0.5, columns=first.columns | row)
    write([again], path, layout=Layout(header, ("antwort",)))
    read = next(read_codings(path, text="antwort"))
    assert (read.sentiment, read.themes) == ("positiv", ())
    assert (read.columns["sentiment"], read.columns["beleg_zeit"]) == ("negativ", "Zeit")
    later = [
        coding("Zeit", column=name, columns=read.columns | {"nr": 1, "note": 2}) for name in ("abteilung", "antwort")
    ]
    write(later, path, layout=Layout(header, ("abteilung", "antwort")))
    assert [(each.column, each.sentiment) for each in read_codings(path)] == [
        ("abteilung", "gemischt"),
        ("antwort", "gemischt"),
    ]


def test_the_csv_for_excel_comes_back(tmp_path):
    path = tmp_path / "aus.csv"
    codings = [one("- mehr Zeit, - mehr Geld", zeit=["- mehr Zeit", "mehr Geld"]), one("=1+1", row=2)]
    write(codings, path, layout=ONE, excel=True)
    first, second = read_codings(path)
    assert (first.text, second.text) == ("'- mehr Zeit, - mehr Geld", "'=1+1")
    assert words(first.themes[0], first.text) == "'- mehr Zeit | mehr Geld"
    assert (first.themes[0].confidence, first.sentiment_score) == (0.913, -0.123)


# Which column holds the answers


HEAD = "thema_zeit;polaritaet_zeit;konfidenz_zeit;beleg_zeit;sentiment;sentiment_score;vorschlag;non_answer;geprueft"


def test_the_answers_are_where_the_evidence_is(tmp_path):
    path = table(
        tmp_path / "aus.csv",
        [
            f"kommentar;wort;notiz;{HEAD}",
            "Zeit ist hier kein Thema, nur ein sehr langer Kommentar;Zeit fehlt;x;1;negativ;0,9;Zeit fehlt;negativ;;;;",
            "Noch ein sehr langer Kommentar zu etwas ganz anderem;nie Luft;y;1;negativ;0,9;nie Luft;negativ;;;;",
        ],
    )
    assert [each.column for each in read_codings(path)] == ["wort", "wort"]
    assert next(read_codings(path, text="Notiz")).text == "x"


@pytest.mark.parametrize(("header", "expected"), [("lang;kommentar", "kommentar"), ("lang;kurz", "lang")])
def test_without_evidence_a_usual_name_and_then_length_decides(tmp_path, header, expected):
    path = table(tmp_path / "aus.csv", [f"{header};{HEAD}", "ein langer Text;Text;0;;;;neutral;0;0;;"])
    assert next(read_codings(path)).column == expected


def test_a_table_whose_answers_are_gone_is_refused(tmp_path):
    path = table(tmp_path / "aus.csv", [f"nr;{HEAD}", ";1;negativ;0,9;Zeit;negativ;;;;"])
    with pytest.raises(RmtextError, match=r"aus\.csv: no column holds the answers .* Say which with --text"):
        list(read_codings(path))
    with pytest.raises(RmtextError, match="no column 'antwort'"):
        list(read_codings(path, text="antwort"))
    with pytest.raises(RmtextError, match="codes of one column of answers"):
        list(read_codings(path, text=["nr", "sentiment"]))


# What people change


def corrected(tmp_path, **cells):
    """A table as a German Excel saves it, with one row whose cells were changed."""
    row = {
        "nr": "17", "antwort": "Größtenteils gut, aber kaum Zeit", "thema_zeit": "1", "polaritaet_zeit": "negativ",
        "konfidenz_zeit": "0,912", "beleg_zeit": "kaum Zeit", "sentiment": "gemischt", "sentiment_score": "-0,2",
        "vorschlag": "0", "non_answer": "", "needs_review": "1", "review_reason": "unsicher", "geprueft": "",
    } | cells  # fmt: skip
    return table(tmp_path / "korrigiert.csv", [";".join(row), ";".join(row.values())], encoding="cp1252")


def read_corrected(tmp_path, **cells):
    return next(read_codings(corrected(tmp_path, **cells), id="nr"))


def test_what_a_german_excel_saves_is_read(tmp_path):
    assert is_codings(corrected(tmp_path))
    read = read_corrected(tmp_path)
    assert (read.id, read.text) == ("17", "Größtenteils gut, aber kaum Zeit")
    assert read.themes == (ThemeCode("zeit", "negativ", 0.912, (Evidence(23, 32),)),)
    assert (read.sentiment, read.sentiment_score, read.needs_review, read.review_reason) == (
        "gemischt", -0.2, True, "unsicher",
    )  # fmt: skip
    assert (read.checked, read.coder, read.suggestion) == (False, "modell", False)


def test_a_theme_that_a_person_adds_needs_no_more_than_a_mark(tmp_path):
    read = read_corrected(tmp_path, thema_zeit="x", polaritaet_zeit="", konfidenz_zeit="", beleg_zeit="", geprueft="ja")
    assert read.themes == (ThemeCode("zeit", "neutral", 1.0),)
    assert (read.checked, read.coder) == (True, "person")


def test_a_theme_that_a_person_takes_away_is_gone_whatever_stands_beside_it(tmp_path):
    assert read_corrected(tmp_path, thema_zeit="0", konfidenz_zeit="egal").themes == ()
    assert read_corrected(tmp_path, thema_zeit="").themes == ()


def test_a_theme_makes_a_non_answer_an_answer(tmp_path):
    assert read_corrected(tmp_path, non_answer="verweis").non_answer is None
    assert read_corrected(tmp_path, non_answer="verweis", thema_zeit="0").non_answer == "verweis"


def test_the_score_follows_a_corrected_sentiment(tmp_path):
    assert read_corrected(tmp_path, sentiment="Positiv ", geprueft="1").sentiment_score == 1.0
    assert read_corrected(tmp_path, sentiment="negativ", geprueft="1").sentiment_score == -0.2
    assert read_corrected(tmp_path, sentiment="positiv").sentiment_score == -0.2
    assert read_corrected(tmp_path, sentiment="negativ", sentiment_score="").sentiment_score == -1.0
    assert read_corrected(tmp_path, sentiment="neutral", sentiment_score="").sentiment_score == 0.0


def test_themes_come_from_the_surest_to_the_least_sure(tmp_path):
    path = tmp_path / "aus.csv"
    themes = (ThemeCode("zeit", "negativ", 0.5), ThemeCode("lernen", "positiv", 0.9))
    write([replace(one(), themes=themes)], path, layout=ONE)
    assert [code.theme for code in next(read_codings(path)).themes] == ["lernen", "zeit"]


def test_who_checked_is_the_coder(tmp_path):
    read = read_corrected(tmp_path, geprueft=" Aylin K. ")
    assert (read.checked, read.coder) == (True, "Aylin K.")


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("thema_zeit", "vielleicht", "'vielleicht' is no code; write 1, 0 or nothing"),
        ("thema_zeit", "2", "'2' is no code"),
        ("polaritaet_zeit", "schlecht", "write one of: positiv, negativ, neutral, gemischt; or nothing"),
        ("konfidenz_zeit", "91 %", "write a number from 0 to 1, or nothing"),
        ("sentiment", "super", "write one of: positiv"),
        ("sentiment", "", "is empty. Write one of: positiv"),
        ("sentiment_score", "-3", "a number from -1 to 1"),
        ("sentiment_score", "nan", "a number from -1 to 1"),
        ("non_answer", "egal", "write one of: leer, keine_angabe"),
        ("vorschlag", "evtl", "write 1, 0 or nothing"),
    ],
)
def test_what_is_no_code_is_refused_with_row_and_column(tmp_path, column, cell, message):
    with pytest.raises(RmtextError) as caught:
        read_corrected(tmp_path, **{column: cell})
    assert f"korrigiert.csv, row 1, column '{column}'" in str(caught.value)
    assert message in str(caught.value)


def test_a_row_without_answer_and_codes_is_an_empty_answer(tmp_path):
    path = table(tmp_path / "aus.csv", [f"nr;antwort;{HEAD}", "1;Zeit;1;;;Zeit;neutral;;;;", "2;;;;;;;;;;"])
    first, second = read_codings(path)
    assert (first.text, first.sentiment) == ("Zeit", "neutral")
    assert (second.text, second.sentiment, second.non_answer, second.themes) == ("", "neutral", "leer", ())


def test_a_workbook_that_was_edited_in_excel_is_read(tmp_path):
    path = tmp_path / "aus.xlsx"
    write([one("Kaum Zeit", zeit=["Kaum Zeit"]), one("Alles gut", row=2)], path, layout=ONE)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    place = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, place["thema_zeit"], False)
    sheet.cell(3, place["thema_lernen"], True)
    sheet.cell(3, place["geprueft"], "x")
    book.create_sheet("Notizen", 0)["A1"] = "Nur Notizen"
    book.save(path)
    first, second = read_codings(path)
    assert (first.themes, first.checked) == ((), False)
    assert (second.themes, second.checked) == ((ThemeCode("lernen", "neutral", 1.0),), True)


def test_columns_that_people_deleted_are_not_needed(tmp_path):
    path = table(tmp_path / "aus.csv", ["antwort;thema_zeit;polaritaet_zeit;sentiment", "Zeit!;1;negativ;negativ"])
    read = next(read_codings(path))
    assert read.themes == (ThemeCode("zeit", "negativ", 1.0),)
    assert (read.id, read.sentiment_score, read.non_answer, read.needs_review) == ("1", -1.0, None, False)


def test_a_column_of_the_input_that_looks_like_a_theme_is_none(tmp_path):
    path = table(tmp_path / "aus.csv", [f"thema_der_sitzung;antwort;{HEAD}", "Recht;Zeit;1;;;Zeit;neutral;;;;"])
    read = next(read_codings(path))
    assert [code.theme for code in read.themes] == ["zeit"]
    assert read.columns == {"thema_der_sitzung": "Recht"}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_themes_that_the_codebook_lacks_are_refused(tmp_path, suffix):
    path = tmp_path / f"aus{suffix}"
    write([one("Zeit", zeit=["Zeit"])], path, layout=ONE)
    other = Codebook("anders", "de", "1", (Theme("lernen", "Lernen"),))
    with pytest.raises(RmtextError, match=r"row 1: the codebook has no theme 'zeit'"):
        list(read_codings(path, other))


# JSONL


def test_jsonl_brings_back_everything(tmp_path):
    path = tmp_path / "aus.jsonl"
    full = replace(
        coding("Gut, aber kaum Zeit"),
        themes=(ThemeCode("zeit", "gemischt", 0.123456, (Evidence(0, 3, "positiv"), Evidence(5, 19, "negativ"))),),
        segments=(SegmentCode(0, 3, "positiv", 0.9), SegmentCode(5, 19, "negativ", 0.8, True)),
        groups={"rolle": "Mentee"}, columns={"rolle": "Mentee", "nr": 3}, weight=1.5, coder="Aylin", checked=True,
        model={"name": "m"}, codebook={"name": "c"},
    )  # fmt: skip
    write([full], path)
    assert list(read_codings(path)) == [full]


def test_jsonl_takes_the_columns_that_are_asked_for(tmp_path):
    path = tmp_path / "aus.jsonl"
    write([two("Gut", "A"), two("Schlecht", "B")], path)
    asked = list(read_codings(path, text="Schlecht", id="alter", group=["nr"], question="nr", weight="nr"))
    assert [(each.text, each.id, each.groups, each.question, each.weight) for each in asked] == [
        ("B", "31", {"nr": "1"}, "1", 1.0)
    ]
    with pytest.raises(RmtextError, match=r"no answers to 'Mittel'\. It has answers to: Gut, Schlecht"):
        list(read_codings(path, text=["Mittel"]))
    with pytest.raises(RmtextError, match=r"no column 'altre'\. Its columns: nr, Alter\. Did you mean 'Alter'"):
        list(read_codings(path, group=["altre"]))
    write([coding(columns={"name": "x"})], path)
    with pytest.raises(RmtextError, match="row 1, column 'name': write a number"):
        list(read_codings(path, weight="name"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"line 3: this is no JSON"),
        ('{"id": 1}', r"line 3: This line is no coding"),
        ("[" * 100_000, r"line 3: this is no JSON"),
        (json.dumps(coding().to_json() | {"sentiment": "super"}), r"line 3: Answer 7: unknown sentiment"),
    ],
)
def test_a_broken_line_is_named(tmp_path, line, message):
    path = tmp_path / "aus.jsonl"
    table(path, [json.dumps(coding().to_json()), "", line])
    with pytest.raises(RmtextError, match=message):
        list(read_codings(path))


def test_jsonl_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "aus.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    for target in (path, tmp_path / "fehlt.jsonl"):
        with pytest.raises(RmtextError, match="cannot be read as JSONL"):
            list(read_codings(target))


# What holds codings


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_was_written_is_known_as_codings(tmp_path, suffix):
    path = tmp_path / f"aus{suffix}"
    for layout in (ONE, None):
        write([one()], path, layout=layout)
        assert is_codings(path)
    write([two("Gut", "A"), two("Schlecht", "B")], path, layout=TWO)
    assert is_codings(str(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id,antwort\n1,Gut\n"),
        ("a.csv", "id,antwort,sentiment\n1,Gut,positiv\n"),
        ("a.csv", "id,antwort,sentiment,thema_1\n1,Gut,positiv,Recht\n"),
        ("a.csv", ""),
        ("a.xlsx", "keine Tabelle"),
        ("a.txtt", "x"),
        ("a.jsonl", '{"id": 1, "text": "Gut", "sentiment": "positiv", "themes": ["zeit"]}\n'),
        ("a.jsonl", "[1, 2]\n"),
        ("a.jsonl", "kein JSON"),
        ("a.jsonl", ""),
    ],
)
def test_what_was_not_coded_is_known_too(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert not is_codings(path)


def test_what_is_missing_or_no_table_of_codings(tmp_path):
    assert not is_codings(tmp_path / "fehlt.csv")
    assert not is_codings(tmp_path / "fehlt.jsonl")
    path = table(tmp_path / "a.csv", ["id;antwort", "1;Gut"])
    with pytest.raises(RmtextError, match=r"a\.csv holds no codings"):
        list(read_codings(path))
    with pytest.raises(RmtextError, match="There is no file"):
        list(read_codings(tmp_path / "fehlt.csv"))


def test_a_table_without_rows_has_no_codings(tmp_path):
    for suffix in SUFFIXES:
        write([], tmp_path / f"aus{suffix}", layout=ONE)
        assert list(read_codings(tmp_path / f"aus{suffix}")) == []


# Cells


def test_flags_are_what_people_write():
    assert [flag(value) for value in (1, 1.0, True, "1", " X ", "Ja", "WAHR", "1,0", "genannt")] == [True] * 9
    assert [flag(value) for value in (0, 0.0, False, "0", "nein", "FALSCH", "nicht genannt")] == [False] * 7
    assert [flag(value) for value in (None, "", "  ", float("nan"))] == [None] * 4
    with pytest.raises(ValueError, match="1, 0 or nothing"):
        flag(0.5)


def test_numbers_and_words_have_bounds():
    assert [number(value, 0, 1) for value in ("0,5", "0.5", 1, None)] == [0.5, 0.5, 1.0, None]
    assert [word(value, ("a", "b")) for value in ("A ", "b", "", None)] == ["a", "b", None, None]
    for wrong in ("eins", "1.5", "inf", True):
        with pytest.raises(ValueError, match="a number from 0 to 1"):
            number(wrong, 0, 1)


def test_a_mark_is_anonymous_and_a_name_is_a_name():
    assert [checked_by(value) for value in ("x", 1, True, "ja", 2.0)] == ["person"] * 5
    assert [checked_by(value) for value in (None, "", 0, False, "nein")] == [None] * 5
    assert checked_by(" Jörg ") == "Jörg"


def test_places_are_searched_in_order_and_then_from_the_beginning():
    text = "Zeit, Zeit und mehr Zeit | Geld"
    assert places("Zeit | Zeit | mehr Zeit", text) == (Evidence(0, 4), Evidence(6, 10), Evidence(15, 24))
    assert places("mehr Zeit | Zeit | Zeit", text) == (Evidence(15, 24), Evidence(0, 4), Evidence(6, 10))
    assert places("Zeit | Geld", text) == (Evidence(20, 31),)
    assert places("Zeit | verschwunden | Geld", text) == (Evidence(0, 4), Evidence(27, 31))
    assert places("", text) == places(" | ", "abc") == ()


def test_a_cell_full_of_separators_is_no_burden():
    assert places("a | " * 20_000, "b" * 1_000) == ()
