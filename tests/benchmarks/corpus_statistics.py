"""Tables of a corpus's datasheet: `python tests/benchmarks/corpus_statistics.py corpora/reverse_mentoring`."""

from __future__ import annotations

import csv
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from rmtext.codebook import Codebook
from rmtext.coding import SENTIMENTS
from rmtext.corpus import SPLITS, GoldAnswer, read_corpus
from rmtext.evaluation import agree, read_coder

GRAM = 3  # characters
SIMILAR = 0.8  # Jaccard similarity of the sets of character trigrams from which two texts count as near-duplicates
MIN_WORDS = 4  # shorter texts are everyday phrases, which recur in any survey
THEME_POLARITIES = ("positiv", "negativ", "gemischt", "neutral")

Comparable = tuple[str | None, str]  # (question, text)


def grams(text: str) -> frozenset[str]:
    """Character trigrams of a text, lower-cased, runs of whitespace as one space."""
    plain = " ".join(text.lower().split())
    return frozenset(plain[i : i + GRAM] for i in range(max(1, len(plain) - GRAM + 1)))


def near_duplicates(answers: Sequence[Comparable]) -> Iterator[tuple[int, int, float]]:
    """Index pairs (i, j), i < j, of near-duplicates of at least MIN_WORDS words each, and their similarity.

    Two answers are compared when they have the same question or one of them has none. Exact: by prefix filtering
    (Chaudhuri, Ganti & Kaushik 2006) two sets at or above the threshold share a gram among their rarest few.
    """
    sets = {i: grams(text) for i, (_, text) in enumerate(answers) if len(text.split()) >= MIN_WORDS}
    frequency = Counter(chain.from_iterable(sets.values()))
    index: dict[str, list[int]] = defaultdict(list)
    for j, own in sets.items():
        rarest = sorted(own, key=lambda gram: (frequency[gram], gram))
        # Similar sets share at least SIMILAR * len(own) grams, so one of them is among all but that many, less one.
        prefix = rarest[: len(own) - math.ceil(SIMILAR * len(own) - 1e-9) + 1]
        for i in sorted({i for gram in prefix for i in index[gram]}):
            if not _comparable(answers[i][0], answers[j][0]):
                continue
            shared = len(own & sets[i])
            similarity = shared / (len(own) + len(sets[i]) - shared)
            if similarity >= SIMILAR:
                yield i, j, similarity
        for gram in prefix:
            index[gram].append(j)


def _comparable(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def group(writer: str) -> str:
    """The group of a writer: the name up to its number."""
    return re.sub(r"_\d+$", "", writer)


def composition(answers: Sequence[GoldAnswer]) -> Iterator[list[str | int]]:
    """Rows of the table of writer groups: group, split, writers, answers, segments, with question, suggestions."""
    yield ["group", "split", "writers", "answers", "segments", "with question", "without", "with suggestion"]
    keys = sorted(
        {(group(answer.writer), answer.split) for answer in answers}, key=lambda k: (k[0], -SPLITS.index(k[1]))
    )
    for name, split in [*keys, *(("all", split) for split in SPLITS), ("all", "both")]:
        lines = [a for a in answers if name in (group(a.writer), "all") and split in (a.split, "both")]
        asked = sum(answer.question is not None for answer in lines)
        segments = sum(len(answer.segments) for answer in lines)
        wishes = sum(answer.suggestion for answer in lines)
        writers = len({answer.writer for answer in lines})
        yield [name, split, writers, len(lines), segments, asked, len(lines) - asked, wishes]


def sentiments(answers: Sequence[GoldAnswer]) -> Iterator[list[str | int]]:
    """Rows of the table of answer sentiment by split."""
    yield ["split", *SENTIMENTS, "without theme", "two themes or more"]
    for split in (*SPLITS, "both"):
        lines = [answer for answer in answers if split in (answer.split, "both")]
        counts = Counter(answer.sentiment for answer in lines)
        bare = sum(not answer.themes for answer in lines)
        several = sum(len(answer.themes) > 1 for answer in lines)
        yield [split, *(counts[sentiment] for sentiment in SENTIMENTS), bare, several]


def themes(answers: Sequence[GoldAnswer], codebook: Codebook) -> Iterator[list[str | int]]:
    """Rows of the table of themes: answers per polarity and split."""
    yield ["theme", *(f"{split} {polarity}" for split in SPLITS for polarity in THEME_POLARITIES), "all"]
    counts = Counter((a.split, theme, polarity) for a in answers for theme, polarity in a.themes.items())
    for theme in codebook.ids:
        row = [counts[split, theme, polarity] for split in SPLITS for polarity in THEME_POLARITIES]
        yield [theme, *row, sum(row)]


def lengths(answers: Sequence[GoldAnswer]) -> Iterator[list[str | int]]:
    """Rows of the table of answer length in words by split."""
    bounds = ((1, 3), (4, 15), (16, 40), (41, 1000))
    yield ["split", *(f"{low}–{high}" if high < 1000 else f"{low} and more" for low, high in bounds)]
    for split in SPLITS:
        words = [len(answer.text.split()) for answer in answers if answer.split == split]
        yield [split, *(sum(low <= n <= high for n in words) for low, high in bounds)]


def duplicates(answers: Sequence[GoldAnswer], example: Sequence[Comparable]) -> Iterator[list[str | int]]:
    """Rows of the table of near-duplicate pairs."""
    places = [answer.split for answer in answers] + ["example"] * len(example)
    texts = [(answer.question, answer.text) for answer in answers] + list(example)
    found = Counter("–".join(sorted({places[i], places[j]})) for i, j, _ in near_duplicates(texts))
    yield ["near-duplicate pairs", "count"]
    yield ["within train", found["train"]]
    yield ["within dev", found["dev"]]
    yield ["between dev and train", found["dev–train"]]
    yield ["between beispiel.csv and the corpus", found["example–train"] + found["dev–example"]]
    trained = {(answer.question, answer.text.lower()) for answer in answers if answer.split == "train"}
    dev = [answer for answer in answers if answer.split == "dev" and len(answer.text.split()) < MIN_WORDS]
    twins = sum((a.question, a.text.lower()) in trained or (None, a.text.lower()) in trained for a in dev)
    yield ["dev answers under 4 words that train has too (kept)", twins]


def agreement(directory: Path) -> Iterator[list[str | int]]:
    """Rows of the table of the second coding: how often each coder gave a code, and Cohen's κ, writers resampled."""
    coders = [read_coder(directory / "double_coding" / f"{name}.jsonl") for name in ("first", "second")]
    found = agree(coders, person="writer")
    yield ["code", "first", "second", "κ", "95 % interval"]
    for theme in found.themes:
        first, second = theme.given or (0, 0)
        yield [theme.id, first, second, f"{theme.kappa.value:.2f}", f"{theme.kappa.low:.2f}–{theme.kappa.high:.2f}"]
    n = found.answers
    for name, score in (
        ("mean over the themes", found.mean.kappa),
        ("all themes of an answer, α with MASI", found.themes_alpha),
        ("sentiment", found.sentiment.kappa),
        ("suggestion", found.suggestion.kappa),
    ):
        yield [name, n, n, f"{score.value:.2f}", f"{score.low:.2f}–{score.high:.2f}"]


def read_example(directory: Path) -> list[Comparable]:
    """The answers of ``directory/beispiel.csv`` as (None, text), empty ones left out."""
    with (directory / "beispiel.csv").open(encoding="utf-8", newline="") as lines:
        return [(None, row["antwort"]) for row in csv.DictReader(lines) if row["antwort"].strip()]


def markdown(rows: Iterable[Sequence[str | int]]) -> str:
    """A Markdown table, the first row as its header, numbers on the right."""
    header, *body = rows
    rule = ["---" if isinstance(cell, str) else "---:" for cell in body[0]]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in (header, rule, *body))


def main(directory: Path) -> None:
    answers = list(read_corpus(directory))
    tables = (
        composition(answers),
        sentiments(answers),
        themes(answers, Codebook.read(directory / "codebook.yaml")),
        lengths(answers),
        duplicates(answers, read_example(directory)),
        agreement(directory),
    )
    print("\n\n".join(markdown(table) for table in tables))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
