"""Praise told from criticism on real texts that nobody of this project wrote, by the sign of `sentiment_score`.

    python tests/benchmarks/bench_public.py germeval2017/dev.csv xlmt_german/val.csv

Each file is CSV with the columns `text` and `sentiment`, whose values begin with "posi", "nega" or something else;
only the first two count. The data are not part of this project (GermEval 2017, Wojatzki et al. 2017; SB10k, Cieliebak
et al. 2017, in the split of XLM-T): bring your own copies.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

import rmtext
from rmtext.answers import Answer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    analyzer = rmtext.load()
    csv.field_size_limit(2**24)
    for path in parser.parse_args().files:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["sentiment"][:4].lower() in ("posi", "nega")]
        praise = np.array([row["sentiment"].lower().startswith("posi") for row in rows])
        codings = analyzer.code(Answer(str(i), row["text"]) for i, row in enumerate(rows))
        positive = np.array([coding.sentiment_score for coding in codings]) > 0
        balanced = (positive[praise].mean() + (~positive[~praise]).mean()) / 2
        print(f"{path}: {len(rows)} texts, sign right {(positive == praise).mean():.3f}, balanced {balanced:.3f}")


if __name__ == "__main__":
    main()
