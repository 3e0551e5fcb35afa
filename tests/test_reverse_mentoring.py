"""The corpus that ships: it reads, its parts fit together, and its splits do not leak."""

import csv
import importlib.util
import json
import random
import re
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from rmtext.codebook import Codebook
from rmtext.corpus import SPLITS, GoldAnswer, read_corpus
from rmtext.non_answers import non_answer

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "reverse_mentoring"
EXAMPLE_ROWS = 124
DEV_WRITERS = {
    "answers_05", "answers_10", "answers_17", "answers_19", "answers_29", "answers_33", "answers_34",
    "questions_3", "questions_8",
}  # fmt: skip
THEMES = {
    "gegenseitiges_lernen",
    "beruehrungsangst_abbau",
    "kapazitaet",
    "gespraechsfuehrung",
    "perspektivwechsel",
    "vorbereitung",
    "rollenverstaendnis",
    "digitalkompetenz",
    "erneute_teilnahme",
    "vernetzung",
    "wertschaetzung",
    "matching",
    "organisation",
    "entwicklung",
}
DOMAIN = re.compile(r"@[\w.-]+\.(\w+)|\b(?:https?://|www\.)\S+?\.(\w+)(?=[/\s]|$)")
RESERVED = {"example", "invalid", "test", "localhost"}  # RFC 2606: never anyone's
PHONE = re.compile(r"(?<![\d.,])(?:\+49|0)[\d /()-]{7,}\d")
FICTIONAL_PHONE = "0171 39200"  # set aside for films by the Bundesnetzagentur, two digits follow


@pytest.fixture(scope="module")
def answers() -> list[GoldAnswer]:
    return list(read_corpus(CORPUS))


@pytest.fixture(scope="module")
def example() -> list[dict[str, str]]:
    with (CORPUS / "beispiel.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def statistics():
    """tests/benchmarks/corpus_statistics.py: a script beside the tests, not a module of the package."""
    path = ROOT / "tests" / "benchmarks" / "corpus_statistics.py"
    spec = importlib.util.spec_from_file_location("corpus_statistics", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower())) or text.strip()


def test_the_corpus_is_read_whole(answers):
    with (CORPUS / "answers.jsonl").open(encoding="utf-8") as lines:
        assert len(answers) == sum(1 for _ in lines) > 21_000


def test_ids_are_unique_and_name_their_writer(answers):
    assert [i for i, n in Counter(answer.id for answer in answers).items() if n > 1] == []
    assert [answer.id for answer in answers if not re.fullmatch(rf"{answer.writer}-\d{{4}}", answer.id)] == []


def test_a_writer_belongs_to_one_split(answers):
    splits = defaultdict(set)
    for answer in answers:
        splits[answer.split].add(answer.writer)
    assert set(splits) == set(SPLITS)
    assert splits["dev"] == DEV_WRITERS
    assert not splits["dev"] & splits["train"]


def test_no_answer_is_there_twice_under_the_same_question(answers):
    assert [key for key, n in Counter((answer.question, answer.text) for answer in answers).items() if n > 1] == []


def test_no_development_answer_was_trained_on(answers):
    trained = {(a.question, folded(a.text)) for a in answers if a.split == "train" and len(a.text.split()) > 3}
    dev = [(a.question, folded(a.text)) for a in answers if a.split == "dev"]
    assert [key for key in dev if key in trained or (None, key[1]) in trained] == []


def test_segments_cover_the_text_in_order(answers):
    broken = []
    for answer in answers:
        places = [(segment.start, segment.end) for segment in answer.segments]
        ordered = all(before[1] <= after[0] for before, after in pairwise(places))
        joined = "".join(answer.text[start:end] for start, end in places)
        if not ordered or "".join(joined.split()) != "".join(answer.text.split()):
            broken.append(answer.id)
    assert broken == []


def test_segments_have_no_whitespace_at_their_ends(answers):
    texts = ((answer.id, answer.text[s.start : s.end]) for answer in answers for s in answer.segments)
    assert [id_ for id_, text in texts if text != text.strip() or not text] == []


def test_segments_are_never_mixed(answers):
    assert {segment.sentiment for answer in answers for segment in answer.segments} == {
        "positiv",
        "negativ",
        "neutral",
    }


def test_a_mixed_answer_has_praise_and_criticism(answers):
    mixed = [answer for answer in answers if answer.sentiment == "gemischt"]
    assert [a.id for a in mixed if not {"positiv", "negativ"} <= {s.sentiment for s in a.segments}] == []


def test_non_answers_carry_no_theme(answers):
    silent = [answer for answer in answers if answer.text.strip(" .").lower() in ("k.a", "keine angabe", "-", "xxx")]
    assert silent
    assert [(answer.id, answer.themes) for answer in silent if answer.themes or answer.sentiment != "neutral"] == []


@pytest.mark.parametrize("split", SPLITS)
def test_every_theme_is_praised_and_criticised(answers, split):
    seen = {(theme, p) for a in answers if a.split == split for theme, p in a.themes.items()}
    assert {(theme, p) for theme in THEMES for p in ("positiv", "negativ")} - seen == set()


def test_the_codebook_has_its_themes_and_each_says_what_it_means():
    codebook = Codebook.read(CORPUS / "codebook.yaml")
    assert set(codebook.ids) == THEMES
    assert len(codebook.ids) == len(THEMES)
    incomplete = [t.id for t in codebook.themes if not (t.label and t.definition and t.include and t.exclude)]
    assert incomplete == []
    assert [theme.id for theme in codebook.themes if len(theme.examples) < 2] == []


def test_the_labels_that_exclusions_point_to_exist():
    codebook = Codebook.read(CORPUS / "codebook.yaml")
    labels = {theme.label for theme in codebook.themes}
    named = {m for t in codebook.themes for line in t.exclude for m in re.findall(r"\(([^()]+)\)$", line)}
    assert {name for name in named if name[0].isupper()} - labels == set()
    assert len(named) > len(THEMES) / 2


def test_the_example_reads(example):
    assert len(example) == EXAMPLE_ROWS
    assert len({row["id"] for row in example}) == EXAMPLE_ROWS
    assert list(example[0]) == ["id", "welle", "abteilung", "rolle", "standort", "antwort"]
    assert sum(not row["antwort"] for row in example) == 4
    assert [row["id"] for row in example if None in row or None in row.values()] == []


def test_the_example_is_nobody_s_training_data(answers, example):
    known = {folded(answer.text) for answer in answers}
    said = [row["antwort"] for row in example if row["antwort"] and non_answer(row["antwort"]) is None]
    assert len(said) > 100
    assert [text for text in said if folded(text) in known] == []


def test_addresses_and_numbers_are_nobody_s(answers, example):
    texts = [answer.text for answer in answers] + [row["antwort"] for row in example]
    endings = {ending for text in texts for match in DOMAIN.finditer(text) for ending in match.groups() if ending}
    assert endings == {"example"} <= RESERVED
    numbers = {match.group() for text in texts for match in PHONE.finditer(text)}
    assert numbers
    assert {number for number in numbers if not number.startswith(FICTIONAL_PHONE)} == set()


def test_near_duplicates_are_those_of_comparing_all_with_all(answers, statistics):
    texts = [(a.question, a.text) for a in random.Random(3).sample(answers, 300)]
    texts += [(question, text.replace("e", "ee", 1)) for question, text in texts[:100]]
    texts += [(None, "Die Termine bitte früher bekannt geben."), (None, "Bitte die Termine früher bekannt geben")]
    sets = [statistics.grams(text) for _, text in texts]
    expected = {
        (i, j)
        for i, j in combinations(range(len(texts)), 2)
        if min(len(texts[i][1].split()), len(texts[j][1].split())) >= statistics.MIN_WORDS
        and (texts[i][0] is None or texts[j][0] is None or texts[i][0] == texts[j][0])
        and len(sets[i] & sets[j]) / len(sets[i] | sets[j]) >= statistics.SIMILAR
    }
    assert len(expected) > 20
    assert {(i, j) for i, j, _ in statistics.near_duplicates(texts)} == expected


def test_the_datasheet_has_the_figures_of_the_data(answers, statistics):
    datasheet = (CORPUS / "DATASHEET.md").read_text(encoding="utf-8")
    codebook = Codebook.read(CORPUS / "codebook.yaml")
    tables = statistics.composition, statistics.sentiments, statistics.lengths
    for table in (*(make(answers) for make in tables), statistics.themes(answers, codebook)):
        assert statistics.markdown(table) in datasheet
    assert statistics.markdown(statistics.agreement(CORPUS)) in datasheet


def test_a_third_of_the_answers_has_a_question(answers):
    own = [answer for answer in answers if not answer.writer.startswith("phrases")]
    assert sum(answer.question is not None for answer in own) / len(own) > 1 / 3


def test_a_tenth_of_each_writer_was_coded_twice(answers):
    lines = (CORPUS / "double_coding" / "second.jsonl").read_text(encoding="utf-8").splitlines()
    twice = Counter(json.loads(line)["id"].rsplit("-", 1)[0] for line in lines)
    written = Counter(answer.writer for answer in answers)
    assert {writer for writer, n in written.items() if twice[writer] < round(0.095 * n)} == set()
