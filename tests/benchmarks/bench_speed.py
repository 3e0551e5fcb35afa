"""Speed of `classify` beside a BERT-base sentiment pipeline, on the same answers, in one run.

    python tests/benchmarks/bench_speed.py [--answers 1000] [--threads 2]

Needs the extra `train` (torch, transformers) for the baseline: a BERT-base classifier of the geometry of
`germansentiment` with random weights, which compute as long as trained ones. It reads the answer only; rmtext
reads question and answer, from a CSV file to a JSONL file. Rates leave loading aside. Figures depend on the machine;
the ratios are what counts.
"""

import argparse
import csv
import itertools
import tempfile
import time
from pathlib import Path

QUESTIONS = (
    "Was hat Ihnen am Programm gefallen?",
    "Was hat Sie gestört?",
    "Was wünschen Sie sich für die nächste Runde?",
    "Möchten Sie uns noch etwas mitteilen?",
)


def corpus_answers(count):
    """(question, text) of the corpus's answers; those without a question get one of four."""
    from rmtext.corpus import read_corpus
    from rmtext.model import root

    rows = [
        (answer.question or QUESTIONS[i % len(QUESTIONS)], answer.text)
        for i, answer in enumerate(read_corpus(root("corpora") / "reverse_mentoring"))
        if not answer.writer.startswith("phrases")
    ]
    step = max(1, len(rows) // count)
    return list(itertools.islice(itertools.cycle(rows[::step]), count))


def baseline(texts, threads, batched):
    """Answers a second of the transformers pipeline."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, pipeline

    from rmtext.model import root

    torch.set_num_threads(threads)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(next((root("models") / "encoders").glob("*/tokenizer.json"))), unk_token="<unk>",
        pad_token="<pad>", cls_token="<s>", sep_token="</s>", model_max_length=512,
    )  # fmt: skip
    model = BertForSequenceClassification(BertConfig(vocab_size=len(tokenizer), num_labels=3)).eval()
    classify = pipeline("sentiment-analysis", model=model, tokenizer=tokenizer, device="cpu")
    classify(texts[:5])
    started = time.perf_counter()
    if batched:
        classify(sorted(texts, key=len), batch_size=32)
    else:
        for text in texts:
            classify(text)
    return len(texts) / (time.perf_counter() - started)


def ours(rows, threads):
    """Answers a second from CSV to JSONL, and the share of the time that the encoder's threads were not at work."""
    import rmtext
    from rmtext.answers import open_answers
    from rmtext.tables import write_codings

    analyzer = rmtext.load(threads=threads)
    analyzer.code_one("Zum Aufwärmen ein Satz, aber kein langer.")
    busy = []
    run = analyzer._encoder._read

    def timed(question, answer):
        started = time.perf_counter()
        try:
            return run(question, answer)
        finally:
            busy.append(time.perf_counter() - started)

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "antworten.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "frage", "antwort"))
            writer.writerows((i, *row) for i, row in enumerate(rows))
        started = time.perf_counter()
        answers = open_answers(source, text=("antwort",), question="frage", id="id")
        write_codings(analyzer.code(answers), Path(folder) / "out.jsonl", codebook=analyzer.codebook)
        plain = time.perf_counter() - started
        analyzer._encoder._read = timed
        started = time.perf_counter()
        write_codings(analyzer.code(answers), Path(folder) / "out.jsonl", codebook=analyzer.codebook)
        total = time.perf_counter() - started
    return len(rows) / plain, 1 - sum(busy) / threads / total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    rows = corpus_answers(args.answers)
    texts = [text for _, text in rows]
    rate, outside = ours(rows, args.threads)
    single = baseline(texts[: args.answers // 4], args.threads, batched=False)
    batch = baseline(texts, args.threads, batched=True)
    print(
        f"rmtext classify, question and answer   {rate:8.1f} answers/s, {outside:.0%} of the time outside the encoder"
    )
    print(f"BERT-base pipeline, one by one         {single:8.1f} answers/s, ratio {rate / single:.1f} (bar: 8)")
    print(f"BERT-base pipeline, batches of 32      {batch:8.1f} answers/s, ratio {rate / batch:.1f} (bar: 3)")


if __name__ == "__main__":
    main()
