"""Fine-tunes a model on a corpus and writes its directory.

python -m rmtext.training corpora/reverse_mentoring --encoder HF_DIR --work WORK --models models

The first call trains for a while (about an hour on two cores), with a checkpoint after every epoch in WORK;
called again, it goes on where it stopped. With a finished checkpoint it only exports, calibrates and measures.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from rmtext.training.build import build_model


def main() -> None:
    """Parses the command line and builds the model."""
    parser = argparse.ArgumentParser(
        prog="python -m rmtext.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="corpus directory with codebook.yaml and answers.jsonl")
    parser.add_argument(
        "--encoder", type=Path, required=True, help="Hugging Face directory of the encoder to start from"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoint and log")
    parser.add_argument("--models", type=Path, required=True, help="folder to write encoders/NAME and NAME into")
    parser.add_argument("--name", default="reverse_mentoring", help="name of the model (default: %(default)s)")
    parser.add_argument("--encoder-name", default="e5-klein", help="name of its encoder (default: %(default)s)")
    parser.add_argument("--version", default="2.0", help="version of the model (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=5, help="passes over the corpus (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all chance (default: %(default)s)")
    parser.add_argument("--experiments", type=Path, help="Markdown for the model card: what was tried")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", filename=args.work / "log.txt")
    build_model(
        args.corpus, args.encoder, args.work, args.models, name=args.name, encoder_name=args.encoder_name,
        version=args.version, epochs=args.epochs, seed=args.seed, experiments=args.experiments,
    )  # fmt: skip


if __name__ == "__main__":
    main()
