"""Which quotes are chosen, and how they are written."""

import csv
import json
import zlib
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmtext.codebook import Codebook, Theme
from rmtext.coding import Coding, Evidence, SegmentCode, ThemeCode
from rmtext.errors import RmtextError
from rmtext.quotes import Quote, check_target, select_quotes, table_rows, write_quotes
from rmtext.quotes.selection import MAX_CANDIDATES

CODEBOOK = Codebook("Probe", "de", "1", (Theme("kapazitaet", "Kapazität und Zeit"), Theme("matching", "Passung")))
SUBJECTS = ("Mein Chef", "Die Bereichsleiterin", "Unser Meister", "Die Kollegin im Einkauf", "Der Schichtleiter")
VERBS = ("hatte kaum eine freie Stunde", "sagte drei Treffen kurzfristig ab", "war ständig auf Dienstreise")
REASONS = ("wegen der Inventur", "durch den neuen Dienstplan", "im Weihnachtsgeschäft", "nach der Umstrukturierung")


def embed(texts):
    """Hashed words as unit vectors; counts nothing but what the texts hold."""
    vectors = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.lower().split():
            vectors[row, zlib.crc32(word.encode("utf-8", "replace")) % 64] += 1
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def coding(text, id="1", theme="kapazitaet", polarity="negativ", confidence=0.9, wish=False, **more):
    code = ThemeCode(theme, polarity, confidence, (Evidence(0, len(text)),))
    segments = (SegmentCode(0, len(text), "neutral" if wish else polarity, 1.0, wish),)
    return Coding(id, text, None, "neutral", 0.0, 0.9, (code,), suggestion=wish, segments=segments, **more)


def many(count=60, **more):
    """Answers of different people; 60 different texts, neighbours different in all parts."""
    return [coding(f"{SUBJECTS[i % 5]} {VERBS[i % 3]} {REASONS[i % 4]}.", id=str(i), **more) for i in range(count)]


def texts_of(quotes):
    return [quote.text for quote in quotes]


def test_quotes_are_verbatim_and_say_where_they_stand():
    answers = {c.id: c for c in many()}
    quotes = select_quotes(answers.values(), embed, n=4)
    assert len(quotes) == 4
    for quote in quotes:
        assert answers[quote.answer_id].text[quote.start : quote.end] == quote.text == quote.display
        assert (quote.theme, quote.polarity, quote.kind) == ("kapazitaet", "negativ", "Kritik")
        assert quote.evidence == ((0, len(quote.text)),)
        assert 0 < quote.typicality <= 1
        assert quote.why.endswith(" von 60 Aussagen, Konfidenz 0,90")
    assert sum(int(quote.why.split()[2]) for quote in quotes) == 60


def test_the_same_input_gives_the_same_quotes_also_from_a_generator():
    assert select_quotes(many(), embed) == select_quotes((c for c in many()), embed)


def test_each_theme_and_polarity_has_its_own():
    given_codings = many(30) + many(30, polarity="positiv", theme="matching") + many(30, polarity="neutral")
    quotes = select_quotes(given_codings, embed, n=3)
    assert [(q.theme, q.polarity) for q in quotes] == [("kapazitaet", "negativ")] * 3 + [("matching", "positiv")] * 3
    assert {q.theme for q in select_quotes(given_codings, embed, themes=["matching"])} == {"matching"}
    neutral = select_quotes(given_codings, embed, n=2, polarities=("neutral",))
    assert [q.kind for q in neutral] == ["Neutral", "Neutral"]
    ordered = select_quotes(given_codings, embed, n=1, themes=["matching", "kapazitaet", "unbekannt"])
    assert [q.theme for q in ordered] == ["matching", "kapazitaet"]


def test_at_most_one_quote_a_person():
    talkative = [coding(c.text, id="immer dieselbe") for c in many(40)]
    others = [coding("Beim Umzug der Abteilung ging jede Planung unter.", id="eine andere")]
    quotes = select_quotes(talkative + others, embed, n=10)
    assert max(Counter(quote.answer_id for quote in quotes).values()) == 1
    assert len(quotes) == 2


def test_nothing_is_said_twice():
    repeated = ["Mein Chef hatte kaum eine freie Stunde für mich."] * 5
    repeated += ["mein chef hatte kaum eine freie stunde für mich!!", "Mein Chef hatte kaum eine freie Std. für mich"]
    codings = [coding(text, id=str(i)) for i, text in enumerate(repeated)]
    codings.append(coding("Wegen der Inventur fielen alle Treffen im Herbst aus.", id="anders"))
    quotes = select_quotes(codings, embed, n=5)
    assert len(quotes) == 2
    assert "anders" in {quote.answer_id for quote in quotes}
    assert int(quotes[0].why.split()[2]) >= 6


def test_non_answers_are_never_quoted():
    assert select_quotes([coding("Dazu kann ich leider gar nichts sagen.", non_answer="keine_angabe")], embed) == []
    assert select_quotes([], embed) == []


def test_short_quotes_only_where_nothing_else_is_there():
    short = [coding(text, id=text) for text in ("Zeit fehlt", "zu viele Termine", "Stress")]
    assert not {"Zeit fehlt", "zu viele Termine", "Stress"} & set(texts_of(select_quotes(many() + short, embed)))
    quotes = select_quotes([*many(2), *short], embed, n=4)
    assert [len(text.split()) >= 6 for text in texts_of(quotes)] == [True, True, False, False]
    long = coding(" ".join(f"Wort{i}" for i in range(60)), id="lang")
    assert "lang" not in {q.answer_id for q in select_quotes([*many(), long], embed)}


def test_what_leans_on_missing_words_comes_after_what_stands_alone():
    leaning = coding("Er hatte dafür einfach nie eine freie Stunde.", id="lehnt", confidence=1.0)
    quotes = select_quotes([leaning, *many(3, confidence=0.8)], embed, n=4)
    assert quotes[-1].answer_id == "lehnt"


def test_the_same_words_serve_a_second_theme_only_in_need():
    shared = "Mit meinem Tandem passte es, nur die gemeinsame Zeit fehlte."
    first = coding(shared, id="beide")
    second = replace(first.themes[0], theme="matching")
    both = replace(first, themes=(first.themes[0], second))
    quotes = select_quotes([both, *many(12)], embed, n=3)
    assert [q.text for q in quotes if q.theme == "matching"] == [shared]
    assert shared not in [q.text for q in quotes if q.theme == "kapazitaet"]
    assert [q.theme for q in select_quotes([both], embed)] == ["kapazitaet", "matching"]


def test_doubtful_passages_are_quoted_only_where_nothing_else_is():
    doubtful = [coding(c.text, id=f"fraglich {c.id}", confidence=0.3) for c in many(4)]
    assert len(select_quotes(doubtful, embed)) == 4
    sure = coding("Zeit fehlt", id="kurz")
    assert [q.answer_id for q in select_quotes([*doubtful, sure], embed)] == ["kurz"]


def test_what_lies_far_from_the_others_comes_last():
    def two_subjects(texts):
        return np.array([[0.0, 1.0] if "Kantine" in text else [1.0, 0.0] for text in texts], dtype=np.float32)

    odd = coding("Das Kantinenessen schmeckte diesmal überraschend lecker.", id="abwegig")
    quotes = select_quotes([odd, *many(9)], two_subjects, n=20)
    assert quotes[-1].answer_id == "abwegig"
    assert quotes[-1].typicality < 0.3 < quotes[0].typicality


def test_confidence_decides_between_equals():
    sure = [coding(text, id=text, confidence=0.99) for text in ("Die Treffen fielen wegen der Inventur aus.",)]
    unsure = [coding("Die Treffen fielen wegen der Inventur aus!", id="unsicher", confidence=0.4)]
    assert [q.confidence for q in select_quotes(unsure + sure, embed)] == [0.99]


def test_wishes_are_marked_and_stand_beside_criticism():
    wishes = [coding(f"Bitte plant künftig feste Stunden {r} ein.", id=r, wish=True) for r in REASONS]
    quotes = select_quotes(many(4) + wishes, embed, n=5)
    assert {quote.kind for quote in quotes} == {"Kritik", "Wunsch"}


def test_a_thousand_pages_need_the_memory_of_one():
    largest = 0

    def counting(texts):
        nonlocal largest
        largest = max(largest, len(texts))
        return embed(texts)

    stream = (coding(f"{c.text} Fall {i}", id=str(i)) for i, c in enumerate(many(3 * MAX_CANDIDATES)))
    quotes = select_quotes(stream, counting, n=5)
    assert largest == MAX_CANDIDATES
    assert all(f"von 500 Aussagen (Stichprobe aus {3 * MAX_CANDIDATES})" in quote.why for quote in quotes)


def test_the_sample_is_uniform():
    seen = Counter()

    def noting(texts):
        seen.update(int(text.split()[-1]) // MAX_CANDIDATES for text in texts)
        return embed(texts)

    for theme in ("a", "b", "c", "d"):
        stream = [coding(f"Die Treffen fielen aus im Fall {i}", str(i), theme) for i in range(4 * MAX_CANDIDATES)]
        select_quotes(stream, noting)
    assert sum(seen.values()) == 4 * MAX_CANDIDATES
    assert all(400 < seen[quarter] < 600 for quarter in range(4))


ZEIT = "Die Zeit war viel zu knapp"


@pytest.mark.parametrize(
    ("text", "part", "shown"),
    [
        (f"Alles gut. {ZEIT}!", ZEIT, f"… {ZEIT}"),
        (f"{ZEIT}. Sonst gut.", f"{ZEIT}.", f"{ZEIT}. …"),
        (f"- {ZEIT} 😀 ", ZEIT, ZEIT),
        (f"1. {ZEIT}", ZEIT, ZEIT),
        (f"1. Gut\n2. {ZEIT}", ZEIT, f"… {ZEIT}"),
        ("Frau Müller hat nie Zeit (m@x.de).",) * 2 + ("Frau [Name] hat nie Zeit ([E-Mail]).",),
    ],
)
def test_display_marks_what_was_left_out_and_masks_people(text, part, shown):
    start = text.index(part)
    end = start + len(part)
    theme = ThemeCode("kapazitaet", "negativ", 0.9, (Evidence(start, end),))
    segments = (SegmentCode(start, end, "neutral", 1.0),)
    (quote,) = select_quotes([replace(coding(text), themes=(theme,), segments=segments)], embed)
    assert quote.display == shown
    assert quote.text == part


def test_requests_that_make_no_sense():
    with pytest.raises(RmtextError, match="at least 1"):
        select_quotes(many(), embed, n=0)
    with pytest.raises(RmtextError, match="polarity 'lob'"):
        select_quotes(many(), embed, polarities=["lob"])
    with pytest.raises(ValueError, match="shape"):
        select_quotes(many(), lambda texts: np.zeros((1, 4)))


@given(st.lists(st.tuples(st.text(max_size=40), st.sampled_from("abc")), max_size=12), st.integers(1, 4))
def test_any_text_keeps_the_promises(pairs, n):
    codings = [coding(text or "x", id=person) for text, person in pairs]
    quotes = select_quotes(codings, embed, n=n)
    assert len(quotes) <= n
    assert len({quote.answer_id for quote in quotes}) == len(quotes)
    assert all(any(quote.text in c.text for c in codings if c.id == quote.answer_id) for quote in quotes)


QUOTES = [
    Quote(
        "Frau Müller hatte *nie*\nZeit für Mentor_innen", "17", 3, 46, "kapazitaet", "negativ", 0.93, 0.81234,
        groups={"Abteilung": "F&E; Einkauf"}, question="Was fehlte?", evidence=((0, 11),), cut_before=True,
        why="steht für 3 von 9 Aussagen, Konfidenz 0,93",
    ),
    Quote('=1+1 "Mehr" Zeit, bitte \ud800', "4", 0, 26, "kapazitaet", "negativ", 0.7, 0.5, suggestion=True, why="w"),
    Quote("Wir passten gut zusammen.", "5", 0, 25, "fremd", "positiv", 0.9, 0.5),
    Quote("Zeit war immer da.", "6", 0, 18, "kapazitaet", "positiv", 0.9, 0.5),
]  # fmt: skip


def test_markdown_is_ordered_by_theme_and_kind(tmp_path):
    path = tmp_path / "zitate.md"
    write_quotes(QUOTES, path, CODEBOOK)
    text = path.read_text(encoding="utf-8")
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == [
        "# Zitate",
        "## Kapazität und Zeit",
        "### Lob",
        "### Kritik",
        "### Wünsche",
        "## fremd",
        "### Lob",
    ]
    assert "> „… Frau \\[Name\\] hatte \\*nie\\* Zeit für Mentor_innen“" in text
    assert "> Antwort 17 · Abteilung: F\\&E; Einkauf · steht für 3 von 9 Aussagen, Konfidenz 0,93" in text
    assert "Müller" not in text


def test_csv_holds_every_field_as_it_was(tmp_path):
    path = tmp_path / "zitate.csv"
    write_quotes(QUOTES, path, CODEBOOK)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[1]["text"] == QUOTES[0].text
    assert rows[1]["group_Abteilung"] == "F&E; Einkauf"
    assert (rows[1]["start"], rows[1]["end"], rows[1]["typicality"]) == ("3", "46", "0.8123")
    assert json.loads(rows[1]["evidence"]) == [{"start": 0, "end": 11}]
    assert rows[2]["text"].startswith('=1+1 "Mehr" Zeit')
    assert [row["suggestion"] for row in rows] == ["0", "0", "1", "0"]
    assert rows[0]["question"] == ""


def test_jsonl_reads_back(tmp_path):
    path = tmp_path / "zitate.jsonl"
    write_quotes(QUOTES, path, CODEBOOK)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows] == [QUOTES[i].text for i in (3, 0, 1, 2)]
    assert rows[1]["label"] == "Kapazität und Zeit"
    assert rows[1]["groups"] == {"Abteilung": "F&E; Einkauf"}
    assert rows[1]["display"].startswith("… Frau [Name]")
    assert (rows[2]["kind"], rows[2]["suggestion"]) == ("Wunsch", True)


@pytest.mark.parametrize("suffix", [".md", ".csv", ".jsonl"])
def test_no_quotes_make_a_valid_file(tmp_path, suffix):
    path = tmp_path / f"leer{suffix}"
    write_quotes([], path, CODEBOOK)
    content = path.read_text(encoding="utf-8")
    assert content == "" if suffix == ".jsonl" else len(content.splitlines()) in (1, 3)


def test_files_that_cannot_be_written(tmp_path):
    with pytest.raises(RmtextError, match=r"\.md, \.csv, \.jsonl"):
        write_quotes(QUOTES, tmp_path / "zitate.pdf", CODEBOOK)
    with pytest.raises(RmtextError, match="no folder"):
        check_target(tmp_path / "fehlt" / "zitate.md")
    assert check_target(str(tmp_path / "Zitate.MD")) == ".md"
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_survives_a_failure(tmp_path, monkeypatch):
    path = tmp_path / "zitate.md"
    path.write_text("alt", encoding="utf-8")
    monkeypatch.setattr("pathlib.Path.write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(RmtextError, match="disk is full"):
        write_quotes(QUOTES, path, CODEBOOK)
    assert path.read_text(encoding="utf-8") == "alt"
    assert list(tmp_path.iterdir()) == [path]


def test_rows_for_the_terminal():
    rows = table_rows(QUOTES, CODEBOOK)
    assert rows[0] == ("Thema", "Art", "Zitat", "Antwort", "Warum")
    assert [row[1] for row in rows[1:]] == ["Lob", "Kritik", "Wunsch", "Lob"]
    assert rows[2][2] == "… Frau [Name] hatte *nie* Zeit für Mentor_innen"
    steering = Quote("Zeit \x1b[31mfehlt\x07 sehr", "1", 0, 20, "kapazitaet", "negativ", 0.9, 0.5)
    assert table_rows([steering], CODEBOOK)[1][2] == "Zeit �[31mfehlt� sehr"
    assert table_rows([], CODEBOOK) == rows[:1]
