"""Real texts that nobody of this project wrote: praise told from criticism, suggestions told from other sentences.

    python tests/benchmarks/bench_public.py germeval2017/dev.csv xlmt_german/val.csv cimt/*.tsv

A CSV file has the columns `text` and `sentiment`, whose values begin with "posi", "nega" or something else; only the
first two count, and the sign of `sentiment_score` is measured. A TSV file has the columns `content` and `code`, where
"mpos" is a proposal; 500 sentences of it, drawn at random, are asked for the suggestion. The data are not part of this
project (GermEval 2017, Wojatzki et al. 2017; SB10k, Cieliebak et al. 2017, in the split of XLM-T; CIMT PartEval,
Romberg & Conrad 2021): bring your own copies.
"""

import argparse
import csv
import random
from pathlib import Path

import numpy as np

import rmtext
from rmtext.answers import Answer
from rmtext.evaluation import f1

SENTENCES = 500


def signs(analyzer, path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["sentiment"][:4].lower() in ("posi", "nega")]
    praise = np.array([row["sentiment"].lower().startswith("posi") for row in rows])
    codings = analyzer.code(Answer(str(i), row["text"]) for i, row in enumerate(rows))
    positive = np.array([coding.sentiment_score for coding in codings]) > 0
    balanced = (positive[praise].mean() + (~positive[~praise]).mean()) / 2
    print(f"{path.name}: {len(rows)} texts, sign right {(positive == praise).mean():.3f}, balanced {balanced:.3f}")


def suggestions(analyzer, path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    rows = random.Random(0).sample(rows, min(SENTENCES, len(rows)))
    gold = np.array([row["code"].strip() == "mpos" for row in rows])
    codings = analyzer.code(Answer(str(i), row["content"]) for i, row in enumerate(rows))
    found = np.array([coding.suggestion for coding in codings])
    print(f"{path.name}: {len(rows)} sentences, suggestions F1 {f1((gold & found).sum(), found.sum(), gold.sum()):.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    analyzer = rmtext.load()
    csv.field_size_limit(2**24)
    for path in parser.parse_args().files:
        (suggestions if path.suffix == ".tsv" else signs)(analyzer, path)


if __name__ == "__main__":
    main()
