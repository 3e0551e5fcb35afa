"""Boundaries of the rules against those of the people who wrote the corpus, by split and by writer.

    python tests/benchmarks/bench_segments.py

A boundary counts as found where the same word begins a segment; list marks and strokes before it are passed over.
"""

import re
from collections import defaultdict

from rmtext.corpus import read_corpus
from rmtext.evaluation import f1
from rmtext.model import root
from rmtext.segment import segments

MARKS = re.compile(r"[\s\-–•*/+]*")


def begins(text, places):
    return {place + MARKS.match(text[place:]).end() for place in places}


def main():
    answers = list(read_corpus(root("corpora") / "reverse_mentoring"))
    counts = defaultdict(lambda: [0, 0, 0])
    for answer, spans in zip(answers, segments(a.text for a in answers), strict=True):
        gold = begins(answer.text, [s.start for s in answer.segments[1:]])
        found = begins(answer.text, [start for start, _ in spans[1:]])
        for key in (answer.split, answer.writer if answer.split == "dev" else ""):
            for i, n in enumerate((len(gold & found), len(found), len(gold))):
                counts[key][i] += n
    for key, (hits, found, gold) in sorted(counts.items()):
        if key and gold:
            print(
                f"{key:12} precision {hits / max(1, found):.3f} recall {hits / gold:.3f} F1 {f1(hits, found, gold):.3f}"
            )


if __name__ == "__main__":
    main()
