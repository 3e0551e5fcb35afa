"""Peak memory of `classify` for a small and a large file, and the time to the first coding.

    python tests/benchmarks/bench_memory.py [--small 1000] [--large 50000]

The large file repeats the corpus's answers, each made different by a running number, so that nothing is coded
once for many. Runs the command as its own process; peak memory is the operating system's own figure (Linux, macOS).
"""

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_speed import corpus_answers

MEASURE = (
    "import resource, sys; from rmtext.cli import app; "
    "app(sys.argv[1:], standalone_mode=False); "
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
)
FIRST = "import rmtext; next(rmtext.load().code(rmtext.read_answers(__import__('sys').argv[1], text='antwort')))"


def write(path, count, distinct):
    rows = corpus_answers(min(count, 8000))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "frage", "antwort"))
        for i in range(count):
            question, text = rows[i % len(rows)]
            writer.writerow((i, question, f"{text} ({i})" if distinct else text))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=50000)
    args = parser.parse_args()
    unit = 1 if sys.platform == "darwin" else 1024
    with tempfile.TemporaryDirectory() as folder:
        for count in (args.small, args.large):
            source = Path(folder) / f"{count}.csv"
            write(source, count, distinct=True)
            command = [sys.executable, "-c", MEASURE, "classify", source, "--text", "antwort", "--question", "frage"]
            started = time.perf_counter()
            done = subprocess.run(
                [*map(str, command), "--quiet", "-o", str(source.with_suffix(".jsonl"))],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            peak = int(done.stderr.split()[-1]) * unit / 1e6
            print(f"{count:7} answers: peak {peak:5.0f} MB, {time.perf_counter() - started:6.1f} s", flush=True)
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", FIRST, str(Path(folder) / f"{args.small}.csv")], check=True)
        print(f"first coding {time.perf_counter() - started:.1f} s after the start of the process")
        print(f"(this script itself: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6:.0f} MB)")


if __name__ == "__main__":
    main()
