"""Figures as HTML, Markdown, JSON and on the terminal: complete, safe, in German."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from evaluation_codings import coder, coding, theme
from test_evaluation_figures import gold_and_coded

from rmtext.errors import RmtextError
from rmtext.evaluation import agree, evaluate
from rmtext.evaluation.words import console_parts, measured_sentences, review_sentences
from rmtext.evaluation.writing import SUFFIXES, check_target, rendered, write_figures

HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(2)> [a](javascript:x) | `c` \x00\x1b[31m \u202e "q" &amp;'


class Tags(HTMLParser):
    """Tags and attributes of a page, and whether what is opened is closed."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.open = set(), set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag not in ("meta", "link", "br", "path", "line", "rect"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in ("path", "line", "rect"):
            assert self.open.pop() == tag


def hostile_results():
    """All that people may write is hostile: texts, questions, ids, names, themes."""
    first = coding(f"1{HOSTILE}", theme(f"a{HOSTILE}", "negativ", 0.9, (0, 8)), text=HOSTILE, question=HOSTILE)
    gold = coder(f"gold{HOSTILE}", first, coding("2", "zeit", text=HOSTILE + "2"), kind="people")
    coded = coder(
        HOSTILE, coding(f"1{HOSTILE}", theme("zeit", "positiv", 0.9, (3, 20)), text=HOSTILE, sentiment="negativ"),
        coding("2", theme("zeit", "positiv", 0.9, (3, 20)), text=HOSTILE + "2"),
    )  # fmt: skip
    return evaluate(coded, gold), agree([coded, gold])


@pytest.mark.parametrize("result", hostile_results(), ids=["evaluation", "agreement"])
def test_nothing_that_people_wrote_is_markup(result):
    page = rendered(result, ".html")
    parser = Tags()
    parser.feed(page)
    assert parser.open == []
    assert not parser.tags & {"script", "img", "iframe", "object"}
    assert not any(name.startswith("on") for name in parser.attributes)
    assert "alert(1)" in page  # it is there, as text
    assert "\x00" not in page
    assert "\x1b" not in page
    markdown = rendered(result, ".md")
    assert "\x1b" not in markdown
    assert not re.search(r"(?<!\\)<script", markdown)
    assert not re.search(r"(?<!\\)\[a\]", markdown)
    tables = [line for line in markdown.splitlines() if line.startswith("|")]
    cells = {len(re.findall(r"(?<!\\)\|", line)) for line in tables}
    assert len(cells) <= 4  # a "|" in a name opens no column


@pytest.mark.parametrize("result", hostile_results(), ids=["evaluation", "agreement"])
def test_the_page_loads_nothing(result):
    page = rendered(result, ".html")
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page)
    assert not re.search(r"url\(", page)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_the_page_shows_figures_matrix_diagram_and_mistakes():
    gold, coded = gold_and_coded()
    coded = replace(coded, codings=tuple(replace(c, sentiment_confidence=0.3 + int(c.id) / 100) for c in coded.codings))
    page = rendered(evaluate(coded, gold, mistakes=3), ".html")
    assert page.count("<svg") == 2 * 3  # themes and two diagrams, each wide and narrow
    assert 'class="feld richtig"' in page
    for heading in ("Themen zu viel", "Übersehene Themen", "Falsche Stimmung"):
        assert f"<h3>{heading}</h3>" in page
    assert page.count('<figure class="zitat') == 9
    assert "gemessen an 60 Antworten" in page
    assert "Vertrauensbereich" in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_table_holds_no_confidence_of_the_sentiment():
    gold, coded = gold_and_coded()
    result = evaluate(replace(coded, codings=tuple(replace(c, sentiment_confidence=1.0) for c in coded.codings)), gold)
    assert "Die Konfidenz der Stimmung steht nicht in der Datei" in rendered(result, ".html")
    assert "| Kalibrierung der Stimmung (ECE) | nicht in der Datei |" in rendered(result, ".md")


def test_the_page_of_an_agreement_shows_who_gave_what():
    gold, coded = gold_and_coded()
    found = agree([gold, coded])
    page = rendered(found, ".html")
    assert page.count("<li><b><bdi>kodiert</bdi></b>: ") == len(found.disagreements) > 5
    assert "Krippendorffs α" in page
    assert "Am einigsten über" in page


def test_thresholds_that_were_chosen_on_the_gold_are_said_first():
    gold, coded = gold_and_coded()
    found = evaluate(coded, gold)
    own = replace(found.measured, tuned="thresholds", gold_kind="corpus", gold="korpus", split="dev")
    said = measured_sentences(replace(own, cross_fitted={"theme_micro_f1": 0.84, "sentiment_macro_f1": 0.85}))
    assert said[0] == "kodiert, gemessen an 60 Antworten des Korpus „korpus“, Teil „dev“."
    assert "Schwellen des Modells wurden an eben diesen Antworten gewählt" in said[1]
    assert "Themen micro-F1 0,84 und Stimmung macro-F1 0,85" in said[2]
    trained = measured_sentences(replace(own, tuned="trained"))
    assert "Mit eben diesen Antworten wurde das Modell trainiert" in trained[1]
    assert "nicht bekannt" in measured_sentences(found.measured)[1]


def test_rows_persons_and_partners_are_counted():
    gold, coded = gold_and_coded()
    gold = replace(gold, rows=200)
    coded = replace(coded, codings=(*coded.codings[:-1], coding("y"), coding("z", checked=True)))
    said = " ".join(measured_sentences(evaluate(coded, gold, person="person").measured))
    assert "(60 von 200 Zeilen)" in said
    assert "2 Antworten nur in „kodiert“ (y, z) und eine Antwort nur in „gold“ (59)" in said
    assert "von 20 Personen" in said
    assert "eher zu schmal" not in said


def test_few_writers_are_named():
    gold, coded = gold_and_coded(n=9)
    assert "von 3 Personen; sie werden gemeinsam gezogen. Bei so wenigen" in " ".join(
        measured_sentences(evaluate(coded, gold, person="person").measured)
    )


def test_what_is_to_be_checked_is_said():
    gold, coded = gold_and_coded()
    first, second, third = review_sentences(evaluate(coded, gold))
    assert "ein falsches Thema oder eine falsche Stimmung" in first
    assert "„needs_review“ markiert 0" in second
    assert "kleinsten Konfidenz" in third
    assert review_sentences(evaluate(replace(gold, name="x"), gold)) == [
        "Keine Antwort hat ein falsches Thema oder eine falsche Stimmung."
    ]


def test_the_terminal_shows_tables_with_one_width():
    gold, coded = gold_and_coded()
    for result in (evaluate(coded, gold), agree([gold, coded])):
        tables = [part for part in console_parts(result) if not isinstance(part, str)]
        assert tables
        for table in tables:
            assert len({len(row) for row in table}) == 1


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_are_written_whole(tmp_path, suffix):
    gold, coded = gold_and_coded()
    result = evaluate(coded, gold)
    path = tmp_path / f"guete{suffix}"
    path.write_text("alt", encoding="utf-8")
    write_figures(result, path)
    assert path.read_text(encoding="utf-8") == rendered(result, suffix)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_unknown_endings_and_missing_folders(tmp_path):
    with pytest.raises(RmtextError, match=r"\.html, \.md, \.json"):
        check_target(tmp_path / "guete.pdf")
    with pytest.raises(RmtextError, match="fehlt"):
        check_target(tmp_path / "fehlt" / "guete.html")


def test_a_damaged_text_is_written_all_the_same(tmp_path):
    a, b = (
        coder(name, coding("1", theme_, text="Zeit \ud800 fehlt")) for name, theme_ in (("a", "zeit"), ("b", "team"))
    )
    for suffix in SUFFIXES:
        write_figures(agree([a, b]), tmp_path / f"x{suffix}")
        assert "fehlt" in (tmp_path / f"x{suffix}").read_text(encoding="utf-8")
