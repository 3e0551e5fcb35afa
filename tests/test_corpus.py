"""Corpus directories: gold answers in file order, and every mistake with its line."""

import json

import pytest

from rmtext.corpus import SEGMENT_SENTIMENTS, SPLITS, GoldAnswer, GoldSegment, read_corpus
from rmtext.errors import RmtextError
from rmtext.heads import SEGMENT_SENTIMENTS as HEAD_SENTIMENTS
from rmtext.model import root

CODEBOOK = "name: Probe\nthemes: [{id: zeit}, {id: team}]\n"
TEXT = "Das Team war toll. Zeit fehlte, bitte mehr davon."
ROW = {
    "id": "a-1",
    "writer": "a",
    "split": "train",
    "question": None,
    "text": TEXT,
    "sentiment": "gemischt",
    "segments": [
        {"start": 0, "end": 18, "sentiment": "positiv", "suggestion": False, "themes": {"team": "positiv"}},
        {"start": 19, "end": 30, "sentiment": "negativ", "suggestion": False, "themes": {"zeit": "negativ"}},
        {"start": 32, "end": 49, "sentiment": "negativ", "suggestion": True, "themes": {"zeit": "negativ"}},
    ],
}
OTHER = ROW | {"id": "b-1", "writer": "b", "split": "dev", "question": "Wie war es?"}


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")

    def corpus(*rows, **options):
        lines = [row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode("utf-8") for row in rows]
        (tmp_path / "answers.jsonl").write_bytes(b"\n".join(lines) + b"\n")
        return list(read_corpus(tmp_path, **options))

    return corpus


def test_reads_answers_in_order(corpus):
    first, second = corpus(ROW, OTHER)
    assert first == GoldAnswer(
        id="a-1",
        text=TEXT,
        question=None,
        sentiment="gemischt",
        segments=(
            GoldSegment(0, 18, "positiv", False, {"team": "positiv"}),
            GoldSegment(19, 30, "negativ", False, {"zeit": "negativ"}),
            GoldSegment(32, 49, "negativ", True, {"zeit": "negativ"}),
        ),
        writer="a",
        split="train",
    )
    assert (second.id, second.question, second.split) == ("b-1", "Wie war es?", "dev")


def test_one_split(corpus):
    assert [answer.id for answer in corpus(ROW, OTHER, split="dev")] == ["b-1"]


def test_empty_lines_and_a_byte_order_mark_are_passed_over(corpus):
    marked = b"\xef\xbb\xbf" + json.dumps(ROW).encode("utf-8")
    assert len(corpus(marked, b"", b"  \r", OTHER)) == 2


def test_themes_of_the_answer_come_from_its_segments(corpus):
    (answer,) = corpus(ROW)
    assert answer.themes == {"team": "positiv", "zeit": "negativ"}
    assert answer.suggestion


@pytest.mark.parametrize(
    ("polarities", "merged"),
    [
        (["positiv"], "positiv"),
        (["positiv", "neutral"], "positiv"),
        (["neutral", "negativ"], "negativ"),
        (["neutral"], "neutral"),
        (["negativ", "positiv"], "gemischt"),
        (["gemischt", "positiv"], "gemischt"),
        (["negativ", "gemischt"], "gemischt"),
    ],
)
def test_praise_and_criticism_of_one_theme_are_mixed(polarities, merged):
    segments = tuple(GoldSegment(i, i + 1, "neutral", False, {"zeit": p}) for i, p in enumerate(polarities))
    answer = GoldAnswer("1", "x" * len(segments), None, "neutral", segments, "a", "train")
    assert answer.themes == {"zeit": merged}
    assert not answer.suggestion


def with_segment(**fields):
    return ROW | {"segments": [ROW["segments"][0] | fields]}


WRONG = {
    "no JSON": (b"{", "Expecting"),
    "a list": ([ROW], "one JSON object"),
    "a number": (7, "one JSON object"),
    "deep": (b"[" * 100_000, "recursion"),
    "not UTF-8": ('{"id": "ü"}'.encode("latin-1"), "utf-8"),
    "missing field": ({k: v for k, v in ROW.items() if k != "writer"}, "'writer' is missing"),
    "missing field of a segment": (ROW | {"segments": [{"start": 0}]}, "'end' is missing"),
    "text null": (ROW | {"text": None}, "must be texts"),
    "id as number": (ROW | {"id": 7}, "must be texts"),
    "question as list": (ROW | {"question": ["Warum?"]}, "question must be a text"),
    "split": (ROW | {"split": "test"}, "unknown split 'test'"),
    "sentiment": (ROW | {"sentiment": "gut"}, "unknown sentiment 'gut'"),
    "no segments": (ROW | {"segments": []}, "at least one segment"),
    "segments as map": (ROW | {"segments": {"start": 0}}, "indices must be"),
    "end outside": (with_segment(end=50), "0–50 overlaps another or lies outside"),
    "negative start": (with_segment(start=-1), "-1–18 overlaps another or lies outside"),
    "empty": (with_segment(end=0), "0–0 overlaps another or lies outside"),
    "fraction": (with_segment(end=3.5), "float"),
    "overlap": (ROW | {"segments": [ROW["segments"][0], ROW["segments"][0] | {"start": 17, "end": 20}]}, "17–20"),
    "wrong order": (ROW | {"segments": ROW["segments"][::-1]}, "19–30 overlaps"),
    "mixed segment": (with_segment(sentiment="gemischt"), "unknown sentiment 'gemischt' of a segment"),
    "mixed polarity": (with_segment(themes={"zeit": "gemischt"}), "unknown polarity 'gemischt'"),
    "unknown theme": (with_segment(themes={"geld": "positiv"}), "theme 'geld' is not in the codebook"),
    "themes as list": (with_segment(themes=["zeit"]), "dictionary"),
    "id again": (OTHER, "id 'b-1' is used more than once"),
    "writer in both splits": (ROW | {"writer": "b"}, "writer 'b' is in both splits"),
}


@pytest.mark.parametrize(("row", "message"), WRONG.values(), ids=WRONG.keys())
def test_mistakes_are_named_with_their_line(corpus, row, message):
    with pytest.raises(RmtextError, match=r"answers\.jsonl, line 2: .*Mend that line\.$") as caught:
        corpus(OTHER, row)
    assert message in str(caught.value)


def test_a_mistake_in_the_other_split_is_found_too(corpus):
    with pytest.raises(RmtextError, match="unknown sentiment"):
        corpus(ROW | {"sentiment": "gut"}, OTHER, split="dev")


def test_a_folder_that_is_no_corpus(tmp_path):
    with pytest.raises(RmtextError, match="no codebook"):
        list(read_corpus(tmp_path))
    (tmp_path / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    with pytest.raises(RmtextError, match="no corpus directory"):
        list(read_corpus(tmp_path))


def test_the_heads_know_the_same_words():
    assert SEGMENT_SENTIMENTS == HEAD_SENTIMENTS


def test_the_shipped_corpus_is_sound():
    count = dict.fromkeys(SPLITS, 0)
    for answer in read_corpus(root("corpora") / "reverse_mentoring"):
        count[answer.split] += 1
        for segment in answer.segments:
            words = answer.text[segment.start : segment.end]
            assert words == words.strip(), answer.id
    assert count["train"] > 5 * count["dev"] > 2500
