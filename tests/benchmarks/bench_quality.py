"""Quality of the shipped model on the development answers, in all and by kind of answer.

    python tests/benchmarks/bench_quality.py

Thresholds are cross-fitted as in training: each half of the development writers is coded with numbers that the other
half chose. Needs scikit-learn (extra `dev`). Prints the tables of docs/quality.md.
"""

from collections import defaultdict

import numpy as np

import rmtext
from rmtext.coding import SENTIMENTS
from rmtext.corpus import read_corpus
from rmtext.decision import score
from rmtext.evaluation import confusion, scores, theme_figures
from rmtext.evaluation.calibration import review
from rmtext.evaluation.counts import gold_coding
from rmtext.model import root
from rmtext.non_answers import asks, non_answer
from rmtext.segment import segments
from rmtext.training.calibrate import Scored, cross_fitted

KINDS = {
    "answers_17": "ordinary answers",
    "answers_29": "mixed answers",
    "answers_05": "subtle answers",
    "answers_10": "subtle answers",
    "answers_19": "work, courses, services",
    "answers_33": "employees about their employer",
    "answers_34": "students about each other's work",
    "questions_3": "fragments under a question",
    "questions_8": "fragments under a question",
}
OTHER = ("answers_19", "answers_33", "answers_34")  # not about mentoring


def kind_of(pair):
    return KINDS[pair[0].writer]


def development_pairs(*, asked=True):
    """Gold answers beside cross-fitted codings, read with their questions or, not ``asked``, without."""
    analyzer = rmtext.load()
    dev = list(read_corpus(root("corpora") / "reverse_mentoring", "dev"))
    encoded = analyzer._encoder.encode([(a.question if asked else None, a.text) for a in dev])
    spans = list(segments(a.text for a in dev))
    scored = [Scored(a, s) for a, s in zip(dev, score(analyzer._heads, encoded, spans), strict=True)]
    return cross_fitted(scored, analyzer.codebook.ids), analyzer.codebook


def row(name, pairs):
    figures = scores(pairs)
    cells = [f"{figure.value:.3f} ({figure.low:.2f}–{figure.high:.2f})" for figure in figures.values()]
    print(f"| {name} | {len(pairs)} | " + " | ".join(cells) + " |")


def right(pairs):
    return f"{np.mean([g.sentiment == c.sentiment for g, c in pairs]):.3f} | {len(pairs)}"


def sign_right(pairs):
    plain = [(g, c) for g, c in pairs if g.sentiment in ("positiv", "negativ")]
    judged = [(g.sentiment == "positiv", c.sentiment_score > 0) for g, c in plain]
    return f"{np.mean([gold == coded for gold, coded in judged]):.3f} | {len(judged)}" if judged else " | "


def main():
    pairs, codebook = development_pairs()
    print("| answers | n | themes, micro-F1 | sentiment, macro-F1 | polarity | evidence, F1 | suggestion, F1 |")
    print("|---|---:|---|---|---|---|---|")
    row("all", pairs)
    row("about mentoring", [p for p in pairs if p[0].writer not in OTHER])
    by_kind = defaultdict(list)
    for pair in pairs:
        by_kind[kind_of(pair)].append(pair)
    for kind, some in by_kind.items():
        row(kind, some)

    same_words = defaultdict(list)
    for gold, coding in pairs:
        if gold.question:
            same_words[gold.text.lower().strip()].append((gold, coding))
    contrast = [p for some in same_words.values() if len({g.sentiment for g, _ in some}) > 1 for p in some]
    turned = {("lob", "negativ"), ("kritik", "positiv")}
    against = [
        p
        for p in pairs
        if p[0].question and (asks(p[0].question), p[0].sentiment) in turned and len(p[0].text.split()) > 2
    ]
    silent = [p for p in pairs if non_answer(p[0].text, p[0].question) and not p[0].themes]
    plain = [p for p in pairs if p[0].question and p[0].sentiment == "neutral" and not p[0].themes]
    print("\n| under a question | sentiment right | n |\n|---|---:|---:|")
    print(f"| the same words under questions that change their sentiment | {right(contrast)} |")
    print(f"| three words and more against the question | {right(against)} |")
    print(f"| neutral, no theme (non-answers and remarks) | {right(plain)} |")
    print(f"| non-answers by the rule, with or without a question | {right(silent)} |")

    print("\n| praise told from criticism by the sign | as they stand | n | those with a question | without it | n |")
    print("|---|---:|---:|---:|---:|---:|")
    alone, _ = development_pairs(asked=False)
    for writer in OTHER:
        with_question = [p for p in pairs if p[0].writer == writer and p[0].question]
        without = [p for p in alone if p[0].writer == writer and p[0].question]
        rights = [sign_right([p for p in pairs if p[0].writer == writer]), sign_right(with_question)]
        print(f"| {KINDS[writer]} | {rights[0]} | {rights[1].split(' |')[0]} | {sign_right(without)} |")

    print("\n| theme | precision | recall | F1 | answers |\n|---|---:|---:|---:|---:|")
    for theme in theme_figures(pairs, {theme.id: theme.label for theme in codebook.themes}):
        print(
            f"| {theme.label} | {theme.precision.value:.2f} | {theme.recall.value:.2f} | {theme.f1.value:.2f} |"
            f" {theme.gold} |"
        )

    print("\n| gold ↓ coded → | " + " | ".join(SENTIMENTS) + " |\n|---|" + "---:|" * 4)
    for name, counts in zip(SENTIMENTS, confusion(pairs), strict=True):
        print(f"| {name} | " + " | ".join(map(str, counts)) + " |")

    checks = review([(gold_coding(gold), coding) for gold, coding in pairs])
    wrong, marked = checks.wrong_answers / len(pairs), checks.marked / len(pairs)
    print(
        f"\n{wrong:.0%} of the answers have a wrong theme or sentiment; `needs_review` marks {marked:.0%}"
        f" of all, and in them lie {checks.caught_answers / checks.wrong_answers:.0%} of the wrong answers and"
        f" {checks.caught_codes / checks.wrong_codes:.0%} of the wrong codes."
    )


if __name__ == "__main__":
    main()
