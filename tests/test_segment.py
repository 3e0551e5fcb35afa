"""Segments: cut where people cut, exact to the character, on whatever people write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmtext.segment import SEGMENTER, SEGMENTER_VERSION, pipeline, segments

HAND_CUT = Path(__file__).parent / "data" / "hand_cut.txt"
FLOOR = 0.84  # boundary F1 on the hand-cut answers; measured 0.847
MARK = re.compile(r"[-–—•·▪◦►▶✓*/+|]+|\(?(?:\d{1,2}|[a-h])[.)]")


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in next(segments([text]))]


def hand_cut() -> list[tuple[str, list[int]]]:
    """Each hand-cut answer with the places of its cuts."""
    answers = []
    for line in HAND_CUT.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            parts = re.split(r"\| ?", line.replace("\\n", "\n"))
            ends = [len("".join(parts[: i + 1]).rstrip(" ")) for i in range(len(parts) - 1)]
            answers.append(("".join(parts), ends))
    return answers


def test_cuts_agree_with_those_made_by_hand() -> None:
    hits = made = wanted = 0
    for text, ends in hand_cut():
        spans = next(segments([text]))
        gaps = [(left[1], right[0]) for left, right in pairwise(spans)]
        hits += sum(any(start <= end <= stop for start, stop in gaps) for end in ends)
        made += len(gaps)
        wanted += len(ends)
    f1 = 2 * hits / (made + wanted)
    found = f"precision {hits / made:.3f}, recall {hits / wanted:.3f}, F1 {f1:.3f}"
    print(f"{len(hand_cut())} hand-cut answers, {wanted} cuts: {found}")  # noqa: T201  the figure that docs report
    assert len(hand_cut()) >= 160
    assert f1 >= FLOOR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\u200b", []),
        ("  Gut. ", ["Gut."]),
        ("-", ["-"]),
        ("...", ["..."]),
        ("👍", ["👍"]),
        ("gut.Leider viel zu kurz.", ["gut.", "Leider viel zu kurz."]),
        ("Super Sache!!! Gerne noch einmal", ["Super Sache!!!", "Gerne noch einmal"]),
        ("war ganz nett... leider zu kurz", ["war ganz nett...", "leider zu kurz"]),
        ("War schön 😀 Leider ist es vorbei", ["War schön 😀", "Leider ist es vorbei"]),
        ("Es war toll, aber viel zu kurz.", ["Es war toll,", "aber viel zu kurz."]),
        ("es war toll - aber viel zu kurz", ["es war toll", "aber viel zu kurz"]),
        ("die idee ist gut aber die zeit fehlt", ["die idee ist gut", "aber die zeit fehlt"]),
        ("Der Raum war aber zu klein.", ["Der Raum war aber zu klein."]),
        ("Mir hat es gefallen, obwohl ich wenig Zeit hatte.", ["Mir hat es gefallen,", "obwohl ich wenig Zeit hatte."]),
        ("Nochmal? Klar.", ["Nochmal? Klar."]),
        ("Ich habe gelernt, dass Zuhören hilft.", ["Ich habe gelernt, dass Zuhören hilft."]),
        ("Zeit, Raum, Geld", ["Zeit,", "Raum,", "Geld"]),
        ("Zeit,Raum,Geld", ["Zeit,", "Raum,", "Geld"]),
        ("- Zeit\n- Raum", ["Zeit", "Raum"]),
        ("- Zeit - Raum - Geld", ["Zeit", "Raum", "Geld"]),
        ("-Zeit\n-Raum", ["Zeit", "Raum"]),
        ("• Zeit • Raum", ["Zeit", "Raum"]),
        ("+nette Leute +gute Lage –Hitze", ["nette Leute", "gute Lage", "Hitze"]),
        ("1. Zeit 2. Raum 3. Geld", ["Zeit", "Raum", "Geld"]),
        ("1) Zeit\n2) Raum", ["Zeit", "Raum"]),
        ("a) Zeit b) Raum", ["Zeit", "Raum"]),
        ("Gehalt / Urlaub / Team", ["Gehalt", "Urlaub", "Team"]),
        ("Gehalt + Urlaub", ["Gehalt", "Urlaub"]),
        ("Zeit\nRaum\r\nGeld", ["Zeit", "Raum", "Geld"]),
    ],
)
def test_an_answer_is_cut_like_this(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Wir sprachen z.B. über KI und u. a. auch über Daten usw. und so fort",
        "Das war v.a. für die Abt. Einkauf bzw. deren Leitung i.d.R. hilfreich",
        "ca. 20 Std. pro Woche ggf. mehr inkl. Vorbereitung, d.h. zu viel",
        "Herr Dr. Meier und Frau Prof. Dr. Kern halfen sehr",
        "Wir trafen uns um 14.30 Uhr bis 9:00 Uhr",
        "Am 1.3. und am 12.04.2026 fiel es aus",
        "Das 2. Treffen im 3. Quartal war gut",
        "Am 3. Mai war Schluss",
        "Es kostete 2,5 Stunden und 1.000 Euro",
        "Schreiben Sie an m.huber@firma-beispiel.de wegen www.beispiel.de/a.b?c=d!e",
        "Die Datei leitfaden.v2.docx ließ sich nicht öffnen",
        "Alle Mitarbeiter*innen und Kolleg.innen bzw. Kund:innen kamen",
        "Er nannte es „Spielerei. Sonst nichts.“ vor allen",
        "Die Betreuung (Frau Kern! Aber auch Herr Holz.) war da",
        "Preis/Leistung und/oder Lage",
        "Sie hat 3 - 4 Mal gefehlt",
    ],
)
def test_this_is_one_segment(text: str) -> None:
    assert cut(text) == [text]


def test_a_line_broken_by_a_program_goes_on() -> None:
    text = "Ich habe in diesen sechs Monaten sehr viel über die Arbeit der\nanderen Abteilungen gelernt."
    assert cut(text) == [text]


def test_an_answer_in_quotation_marks_is_cut_like_any_other() -> None:
    assert cut('"Es war sehr gut. Nur die Zeit war knapp."') == ['"Es war sehr gut.', 'Nur die Zeit war knapp."']


def test_the_pipeline_sets_the_same_offsets() -> None:
    texts = [text for text, _ in hand_cut()]
    nlp = pipeline()
    assert nlp.lang == "de"
    assert [list(doc._.rmtext_segments) for doc in nlp.pipe(texts)] == list(segments(texts))
    assert pipeline() is nlp


def test_segments_are_cut_as_they_are_asked_for() -> None:
    def texts() -> Iterator[str]:
        yield "Das reicht."
        raise AssertionError("read too far")

    assert next(segments(texts())) == [(0, 11)]


def test_name_and_version_are_recorded_in_codings() -> None:
    assert SEGMENTER == "rmtext-rules"
    assert SEGMENTER_VERSION.isdigit()


@pytest.mark.parametrize(
    "unit",
    ["a", "a.b", "ab,cd", "und ", "! ", "😀 ", "wort\r", "- a ", "1. a ", '"', "(", "„", ":)", "gut.Leider", "a, "],
)
def test_a_megabyte_is_cut_in_one_pass(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    check(text, next(segments([text])))


def check(text: str, spans: list[tuple[int, int]]) -> None:
    """Exact, ordered, without overlap, never inside a word; what they leave out are blanks and list marks."""
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert not (start == last > 0 and text[start].isalnum() and text[start - 1].isalnum())
        assert text[start:end].strip() == text[start:end]
        last = end
    places = [0, *(place for span in spans for place in span), len(text)]
    for left, right in zip(places[::2], places[1::2], strict=True):
        for word in re.split(r"[\s\u200b\u2060\ufeff]+", text[left:right]):
            assert not word or MARK.fullmatch(word), (word, text[left:right])


WORDS = st.sampled_from(
    [
        "Zeit", "gut", "aber", "und", "leider", "nicht", "war", "ich", "die", "Treffen", "z.B.", "usw.", "14.30", "2.",
        "1)", "-", "–", "•", "/", "+", "*wichtig*", "!!!", "...", "?", "😀", ":)", "(", ")", "„so“", '"', ",", ";",
        "gut.Leider", "Raum,Geld", "\n", "\r\n", "\u200b", "1.3.", "obwohl", "100 %", "Kolleg*innen", "d.h.", "|",
    ]
)  # fmt: skip
WHOLE = st.sampled_from(
    [
        "m.huber@firma-beispiel.de", "https://a.beispiel.de/x?y=1.5!z", "www.beispiel.de", "3,75", "12.04.2026",
        "bericht.v2.pdf", "Mitarbeiter*innen", "1.000,50", "E-Mail-Flut", "14:30",
    ]
)  # fmt: skip


@given(st.text(max_size=80))
def test_any_text_is_cut_exactly(text: str) -> None:
    spans = next(segments([text]))
    check(text, spans)
    assert bool(spans) == bool(re.sub(r"[\s\u200b\u2060\ufeff]+", "", text))


@given(st.lists(WORDS, max_size=30), st.sampled_from([" ", " ", ""]))
def test_any_mixture_of_words_and_signs_is_cut_exactly(words: list[str], between: str) -> None:
    text = between.join(words)
    check(text, next(segments([text])))


@given(st.lists(WORDS, max_size=8), WHOLE, st.lists(WORDS, max_size=8))
def test_addresses_and_numbers_stay_whole(before: list[str], whole: str, after: list[str]) -> None:
    text = " ".join([*before, whole, *after])
    place = len(" ".join([*before, ""])) if before else 0
    spans = next(segments([text]))
    assert any(start <= place and place + len(whole) <= end for start, end in spans)
