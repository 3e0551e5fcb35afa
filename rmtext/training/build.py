"""From corpus to model directory: fit, export, calibrate, measure, describe."""

from __future__ import annotations

import json
import logging
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from rmtext.codebook import Codebook
from rmtext.coding import Coding
from rmtext.corpus import GoldAnswer, read_corpus
from rmtext.decision import score
from rmtext.encoder import Encoder
from rmtext.evaluation import scores
from rmtext.evaluation.calibration import review, sentiment_reliability, theme_reliability
from rmtext.evaluation.counts import gold_coding
from rmtext.heads import Heads
from rmtext.model import ENCODER_FILES, FORMAT, Calibration, sha256
from rmtext.segment import SEGMENTER, SEGMENTER_VERSION, segments
from rmtext.training.calibrate import Scored, calibrate, cross_fitted
from rmtext.training.card import ENCODER_LICENSE, MODEL_LICENSE, write_card
from rmtext.training.export import export_encoder, export_heads
from rmtext.training.fit import fit
from rmtext.training.network import Network, load_encoder

log = logging.getLogger(__name__)

CENTER_SAMPLE = 500


def build_model(
    corpus: Path, start: Path, work: Path, models: Path, *,
    name: str, encoder_name: str, version: str, epochs: int, seed: int, experiments: Path | None = None,
) -> None:  # fmt: skip
    """Trains on the corpus's training split and writes ``models/NAME`` and ``models/encoders/ENCODER_NAME``.

    ``start``: Hugging Face directory of the encoder to start from; ``work``: folder of checkpoint and log;
    ``experiments``: Markdown for the model card, as tests/benchmarks/bench_recipe.py prints it.
    Figures in the description come from the development split; no training answer takes part in them.
    """
    codebook = Codebook.read(corpus / "codebook.yaml")
    train, dev = list(read_corpus(corpus, "train")), list(read_corpus(corpus, "dev"))
    torch.manual_seed(seed)
    body: Any = load_encoder(start)
    network = Network(body, body.config.hidden_size, len(codebook.ids))
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    seconds = fit(network, train, tokenizer, codebook.ids, epochs=epochs, seed=seed, checkpoint=work / "checkpoint.pt")
    network.eval()

    encoder_directory = models / "encoders" / encoder_name
    export_encoder(network.encoder, start / "tokenizer.json", encoder_directory, license_text=ENCODER_LICENSE)
    encoder = Encoder(encoder_directory)
    heads = export_heads(network, _center(encoder, random.Random(seed).sample(train, min(CENTER_SAMPLE, len(train)))))
    scored = score_answers(encoder, heads, dev)
    calibration = calibrate(scored, codebook.ids)
    pairs = cross_fitted(scored, codebook.ids)
    export_encoder(network.encoder, start / "tokenizer.json", work / "float32", license_text="", int8=False)
    exact = cross_fitted(score_answers(Encoder(work / "float32"), heads, dev), codebook.ids)

    directory = models / name
    directory.mkdir(parents=True, exist_ok=True)
    heads.save(directory / "heads.safetensors")
    shutil.copyfile(corpus / "codebook.yaml", directory / "codebook.yaml")
    training = {
        "answers": len(train), "development_answers": len(dev), "corpus_sha256": sha256(corpus / "answers.jsonl"),
        "epochs": epochs, "seed": seed, "seconds": round(seconds), "threads": torch.get_num_threads(),
    }  # fmt: skip
    write_model(
        directory, encoder_directory, codebook, calibration, measure(pairs, exact), name=name, version=version,
        training=training,
    )  # fmt: skip
    (directory / "LICENSE").write_text(MODEL_LICENSE, encoding="utf-8")
    write_card(directory, experiments.read_text(encoding="utf-8") if experiments else "")


def measure(pairs: Sequence[tuple[GoldAnswer, Coding]], exact: Sequence[tuple[GoldAnswer, Coding]]) -> dict[str, Any]:
    """What model.json says of the quality: figures, those in float32 (``exact``), confidences, ``needs_review``."""
    figures = scores(pairs)
    log.info("development figures: %s", {key: value.to_json() for key, value in figures.items()})
    compared = [(gold_coding(gold), coding) for gold, coding in pairs]
    confidence = {"themes": theme_reliability(compared), "sentiment": sentiment_reliability(compared)}
    return {
        "scores": {key: figure.to_json() for key, figure in figures.items()},
        "scores_float32": {key: figure.to_json() for key, figure in scores(exact).items()},
        "confidence": {key: value.to_json() for key, value in confidence.items() if value},
        "review": review(compared).to_json(),
    }


def score_answers(encoder: Encoder, heads: Heads, answers: Sequence[GoldAnswer]) -> list[Scored]:
    """The model's raw probabilities of gold answers, with the question and with segments cut as in use."""
    spans = list(segments(answer.text for answer in answers))
    encoded = encoder.encode([(answer.question, answer.text) for answer in answers])
    return [Scored(a, s) for a, s in zip(answers, score(heads, encoded, spans), strict=True)]


def write_model(
    directory: Path, encoder: Path, codebook: Codebook, calibration: Calibration, measured: dict[str, Any], *,
    name: str, version: str, training: dict[str, Any],
) -> None:  # fmt: skip
    """Writes ``model.json``: what the model is, its numbers, its figures, and checksums of all its files."""
    description = {
        "format": FORMAT,
        "name": name,
        "version": version,
        "codebook": {"name": codebook.name, "version": codebook.version},
        "segmenter": {"name": SEGMENTER, "version": SEGMENTER_VERSION},
        "encoder": {"name": encoder.name, "files": {file: sha256(encoder / file) for file in ENCODER_FILES}},
        "files": {file: sha256(directory / file) for file in ("heads.safetensors", "codebook.yaml")},
        "calibration": {
            "theme_slope": calibration.theme_slope,
            "theme_offset": calibration.theme_offset,
            "thresholds": calibration.thresholds,
            "evidence_threshold": calibration.evidence_threshold,
            "temperature": calibration.temperature,
            "suggestion_threshold": calibration.suggestion_threshold,
            "review_below": calibration.review_below,
        },
        **measured,
        "training": training,
    }
    text = json.dumps(description, indent=1, ensure_ascii=False) + "\n"
    (directory / "model.json").write_text(text, encoding="utf-8")


def _center(encoder: Encoder, answers: Sequence[GoldAnswer]) -> np.ndarray:
    pairs = [(None, answer.text) for answer in answers]
    vectors = [encoded.vectors.mean(axis=0) for encoded in encoder.encode(pairs) if len(encoded.ends)]
    center: np.ndarray = np.mean(vectors, axis=0)
    return center
