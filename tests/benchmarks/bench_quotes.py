"""Measures the choice of quotes against the two obvious ones: highest confidence, nearest to the centroid.

    python tests/benchmarks/bench_quotes.py --split dev -n 5

Coverage is the mean, over all statements on a theme and polarity, of the similarity to the nearest chosen
quote; diversity is 1 − the mean similarity between chosen quotes. Both are measured where the choice was made
(the encoder's vectors) and where it was not (latent semantic analysis of character n-grams). "Right" is the
share of quotes that people coded with the theme and polarity at that place.
"""

from __future__ import annotations

import argparse
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import rmtext
from rmtext.answers import Answer
from rmtext.coding import Coding, Evidence, SegmentCode, ThemeCode
from rmtext.corpus import GoldAnswer, read_corpus
from rmtext.errors import RmtextError
from rmtext.quotes import Quote, select_quotes
from rmtext.quotes.passages import Passage, passages

CORPUS = Path(__file__).resolve().parents[2] / "corpora" / "reverse_mentoring"
POLARITIES = ("positiv", "negativ")
HASHED_WIDTH = 512
LSA_WIDTH = 100
RESAMPLES = 2_000
LEAST_CONFIDENCE = 0.8

Embed = Callable[[Sequence[str]], np.ndarray]
Key = tuple[str, str]


@dataclass(frozen=True)
class Statement:
    """A passage that could be quoted, as every method sees it."""

    answer_id: str
    text: str
    confidence: float
    passage: Passage


def gold_codings(answers: Iterator[GoldAnswer]) -> Iterator[Coding]:
    """Gold codes in the form of the model's codings, each with confidence 1."""
    for answer in answers:
        places: dict[str, list[Evidence]] = {}
        for segment in answer.segments:
            for theme, polarity in segment.themes.items():
                places.setdefault(theme, []).append(Evidence(segment.start, segment.end, polarity))
        themes = tuple(ThemeCode(t, answer.themes[t], 1.0, tuple(e)) for t, e in places.items())
        segments = tuple(SegmentCode(s.start, s.end, s.sentiment, 1.0, s.suggestion) for s in answer.segments)
        yield Coding(answer.id, answer.text, answer.question, answer.sentiment, 0.0, 1.0, themes, segments=segments)


def with_confidence(codings: list[Coding], corpus: Path, split: str) -> list[Coding]:
    """Gold codings with confidences from character TF-IDF and logistic regression on the other split.

    They lie between ``LEAST_CONFIDENCE`` and 1: the codes are right, only their order is in question.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MultiLabelBinarizer

    others = list(read_corpus(corpus, "train" if split == "dev" else "dev"))
    labels = MultiLabelBinarizer()
    truth = labels.fit_transform([list(answer.themes) for answer in others])
    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=3),
        OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear")),
    ).fit([answer.text for answer in others], truth)
    column = {theme: i for i, theme in enumerate(labels.classes_)}
    scores = LEAST_CONFIDENCE + (1 - LEAST_CONFIDENCE) * model.predict_proba([coding.text for coding in codings])
    return [
        replace(coding, themes=tuple(replace(t, confidence=float(row[column[t.theme]])) for t in coding.themes))
        for coding, row in zip(codings, scores, strict=True)
    ]


def hashed_ngrams(texts: Sequence[str]) -> np.ndarray:
    """Hashed character 3- and 4-grams with signs: float32 array (texts, 512), rows of length 1."""
    vectors = np.zeros((len(texts), HASHED_WIDTH), dtype=np.float32)
    for row, text in enumerate(texts):
        plain = f" {text.lower()} "
        for size in (3, 4):
            for start in range(len(plain) - size + 1):
                code = zlib.crc32(plain[start : start + size].encode("utf-8", "replace"))
                vectors[row, code % HASHED_WIDTH] += 1 if code >> 31 else -1
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def lsa(texts: Sequence[str]) -> Embed:
    """Latent semantic analysis of character n-grams, fitted on ``texts``."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer

    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
        TruncatedSVD(LSA_WIDTH, random_state=0),
        Normalizer(),
    ).fit(list(texts))
    return lambda some: model.transform(list(some))


def statements(codings: Sequence[Coding]) -> dict[Key, list[Statement]]:
    """All passages of each theme and polarity, in the order of the answers."""
    found: dict[Key, list[Statement]] = {}
    for coding in codings:
        for theme in coding.themes if coding.counts else ():
            for passage in passages(coding, theme):
                if passage.polarity in POLARITIES:
                    text = coding.text[passage.start : passage.end]
                    statement = Statement(coding.id, text, theme.confidence, passage)
                    found.setdefault((theme.theme, passage.polarity), []).append(statement)
    return found


def ranked(pool: Sequence[Statement], scores: Sequence[float], n: int) -> list[Statement]:
    """The n best statements of different people; readable passages that stand alone, as for ``select_quotes``."""
    chosen: dict[str, Statement] = {}
    for i in sorted(range(len(pool)), key=lambda i: (-scores[i], i)):
        fit = pool[i].passage.readable and pool[i].passage.standalone
        said = pool[i].text in {statement.text for statement in chosen.values()}
        if fit and not said and pool[i].answer_id not in chosen and len(chosen) < n:
            chosen[pool[i].answer_id] = pool[i]
    return list(chosen.values())


def right(key: Key, statement: Statement, gold: dict[str, GoldAnswer]) -> bool:
    """Whether people gave theme and polarity to a segment that the statement's evidence touches."""
    theme, polarity = key
    start = statement.passage.start
    spans = [(start + low, start + high) for low, high in statement.passage.evidence]
    return any(
        segment.themes.get(theme) == polarity and any(segment.start < e and s < segment.end for s, e in spans)
        for segment in gold[statement.answer_id].segments
    )


def coverage_and_diversity(every: np.ndarray, chosen: np.ndarray) -> tuple[float, float]:
    """Mean best similarity of all rows to a chosen one; 1 − mean similarity of pairs of chosen rows."""
    pairs = (chosen @ chosen.T)[np.triu_indices(len(chosen), 1)]
    return float((every @ chosen.T).max(axis=1).mean()), float(1 - pairs.mean())


def measure(
    pools: dict[Key, list[Statement]],
    quotes: list[Quote],
    spaces: Sequence[Embed],
    n: int,
    gold: dict[str, GoldAnswer],
) -> np.ndarray:
    """Scores, float64 array (pools, methods, 2 per space and 1); the methods as in ``METHODS``."""
    result = []
    for key, pool in sorted(pools.items()):
        texts = [statement.text for statement in pool]
        first = np.asarray(spaces[0](texts))
        shuffled = random.Random("/".join(key))
        ours = {(q.answer_id, q.start, q.end) for q in quotes if (q.theme, q.polarity) == key}
        methods = [
            [s for s in pool if (s.answer_id, s.passage.start, s.passage.end) in ours],
            ranked(pool, [statement.confidence for statement in pool], n),
            ranked(pool, (first @ first.mean(axis=0)).tolist(), n),
            ranked(pool, [shuffled.random() for _ in pool], n),
        ]
        if any(len(chosen) < n for chosen in methods):
            continue
        rows = []
        for chosen in methods:
            row: list[float] = []
            for space in spaces:
                row += coverage_and_diversity(np.asarray(space(texts)), np.asarray(space([s.text for s in chosen])))
            rows.append([*row, sum(right(key, s, gold) for s in chosen) / len(chosen)])
        result.append(rows)
    return np.array(result)


METHODS = ("rmtext", "highest confidence", "nearest to centroid", "random")


def report(scores: np.ndarray, space: str) -> None:
    """Prints means, and the gain of rmtext over each method with a 95 % bootstrap interval over the pools."""
    columns = (f"coverage {space}", f"diversity {space}", "coverage LSA", "diversity LSA", "right")
    print("| method | " + " | ".join(columns) + " |\n|---|" + "---:|" * len(columns))
    for i, method in enumerate(METHODS):
        print(f"| {method} | " + " | ".join(f"{value:.3f}" for value in scores[:, i].mean(axis=0)) + " |")
    rng = np.random.default_rng(0)
    for i, method in enumerate(METHODS[1:], 1):
        gain = scores[:, 0] - scores[:, i]
        means = gain[rng.integers(len(gain), size=(RESAMPLES, len(gain)))].mean(axis=1)
        low, high = np.quantile(means, [0.025, 0.975], axis=0)
        cells = (f"{g:+.3f} [{a:+.3f}, {b:+.3f}]" for g, a, b in zip(gain.mean(axis=0), low, high, strict=True))
        print(f"| gain over {method} | " + " | ".join(cells) + " |")


def coded(gold: Sequence[GoldAnswer], corpus: Path, split: str, model: str | None) -> tuple[list[Coding], Embed, str]:
    """Codings, the embedding to choose by and its name: the model's where there is one, else gold and hashes."""
    if model != "none":
        try:
            analyzer = rmtext.load(model)
        except (RmtextError, ImportError, AttributeError) as error:
            print(f"No model ({error}); gold codes and hashed n-grams instead.\n")
        else:
            answers = (Answer(answer.id, answer.text, answer.question) for answer in gold)
            return list(analyzer.code(answers)), analyzer.embed, "encoder"
    return with_confidence(list(gold_codings(iter(gold))), corpus, split), hashed_ngrams, "hashes"


def main() -> None:
    """Reads the arguments, measures, prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="corpus directory")
    parser.add_argument("--split", choices=("dev", "train"), default="dev")
    parser.add_argument("--model", default=None, help="model name or directory; 'none' for gold codes and hashes")
    parser.add_argument("-n", type=int, default=5, help="quotes for each theme and polarity")
    given = parser.parse_args()
    gold = list(read_corpus(given.corpus, given.split))
    codings, embed, space = coded(gold, given.corpus, given.split, given.model)
    pools = statements(codings)
    outside = lsa(sorted({statement.text for pool in pools.values() for statement in pool}))
    quotes = select_quotes(codings, embed, n=given.n, polarities=POLARITIES)
    scores = measure(pools, quotes, (embed, outside), given.n, {answer.id: answer for answer in gold})
    sizes = [len(pool) for pool in pools.values()]
    print(
        f"{len(codings)} answers ({given.split}), {len(scores)} of {len(pools)} pairs of theme and polarity with "
        f"{given.n} quotes from every method, {min(sizes)}–{max(sizes)} statements each\n"
    )
    report(scores, space)


if __name__ == "__main__":
    main()
