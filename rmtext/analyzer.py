"""Analyzer: answers → codings, streaming."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from rmtext.answers import Answer
from rmtext.codebook import Codebook
from rmtext.coding import Coding
from rmtext.decision import Judgement, decide, score
from rmtext.encoder import Encoder
from rmtext.heads import Array, Heads
from rmtext.language import looks_foreign
from rmtext.model import ModelFiles, open_model
from rmtext.non_answers import non_answer
from rmtext.segment import SEGMENTER, SEGMENTER_VERSION, segments

FIRST_CHUNK = 16  # so that the first coding comes at once
CHUNK = 256  # answers in flight: enough to keep every core busy, small enough for constant memory


class Analyzer:
    """A loaded model: codes answers one by one or as a stream. Made by ``load``."""

    def __init__(self, files: ModelFiles, *, threads: int | None = None) -> None:
        """Opens encoder and heads of a checked model directory."""
        self.files = files
        self.codebook = Codebook.read(files.codebook)
        self._encoder = Encoder(files.encoder, threads=threads)
        self._heads = Heads.load(files.heads, width=self._encoder.width, themes=len(self.codebook.ids))
        self._model = {
            "name": files.name, "version": files.version, "checksum": files.checksum,
            "segmenter": f"{SEGMENTER} {SEGMENTER_VERSION}",
        }  # fmt: skip
        self._codebook = {
            "name": self.codebook.name, "version": self.codebook.version, "checksum": self.codebook.checksum,
        }  # fmt: skip

    def code(self, answers: Iterable[Answer]) -> Iterator[Coding]:
        """One coding for each answer, in order; at most 256 answers are held at a time."""
        stream, size = iter(answers), FIRST_CHUNK
        while chunk := list(itertools.islice(stream, size)):
            yield from self._code_chunk(chunk)
            size = CHUNK

    def code_one(self, answer: Answer | str) -> Coding:
        """The coding of a single answer, the same as in any file."""
        return self._code_chunk([Answer("1", answer) if isinstance(answer, str) else answer])[0]

    def embed(self, texts: Sequence[str]) -> Array:
        """Meaning of texts as vectors: float32 (texts, width), rows of length 1 (zero for an empty text)."""
        vectors = np.zeros((len(texts), self._encoder.width), dtype=np.float32)
        for start in range(0, len(texts), CHUNK):
            chunk = texts[start : start + CHUNK]
            for i, encoded in enumerate(self._encoder.encode([(None, text) for text in chunk]), start):
                if len(encoded.ends):
                    vectors[i] = encoded.vectors.mean(axis=0) - self._heads.center
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Array = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
        return unit

    def _code_chunk(self, chunk: Sequence[Answer]) -> list[Coding]:
        reasons = [non_answer(answer.text, answer.question) for answer in chunk]
        # People write the same few words again and again: each pair of question and text is coded once.
        pairs = list(dict.fromkeys((a.question, a.text) for a, r in zip(chunk, reasons, strict=True) if r is None))
        encoded = self._encoder.encode(pairs)  # runs on its threads while the segments are cut here
        spans = list(segments(text for _, text in pairs))
        ids, calibration = self.codebook.ids, self.files.calibration
        judged = {
            pair: (decide(scores, ids, calibration), scores.windows)
            for pair, scores in zip(pairs, score(self._heads, encoded, spans), strict=True)
        }
        return [
            self._silent(answer, reason) if reason else self._coding(answer, *judged[answer.question, answer.text])
            for answer, reason in zip(chunk, reasons, strict=True)
        ]

    def _coding(self, answer: Answer, judgement: Judgement, windows: int) -> Coding:
        reason = None
        if judgement.certainty < self.files.calibration.review_below:
            reason = "unsicher"
        if windows > 1:
            reason = "lang"
        if looks_foreign(answer.text):
            reason = "sprache"
        return Coding(
            id=answer.id, text=answer.text, question=answer.question,
            sentiment=judgement.sentiment, sentiment_score=judgement.sentiment_score,
            sentiment_confidence=judgement.sentiment_confidence, themes=judgement.themes,
            suggestion=judgement.suggestion, needs_review=reason is not None, review_reason=reason,
            segments=judgement.segments, groups=answer.groups, columns=answer.columns, weight=answer.weight,
            row=answer.row, column=answer.column, model=self._model, codebook=self._codebook,
        )  # fmt: skip

    def _silent(self, answer: Answer, reason: str) -> Coding:
        """The coding of an answer that says nothing: neutral, no theme, in no base."""
        return Coding(
            id=answer.id, text=answer.text, question=answer.question,
            sentiment="neutral", sentiment_score=0.0, sentiment_confidence=1.0, non_answer=reason,
            groups=answer.groups, columns=answer.columns, weight=answer.weight,
            row=answer.row, column=answer.column, model=self._model, codebook=self._codebook,
        )  # fmt: skip


def load(model: str | Path | None = None, *, threads: int | None = None) -> Analyzer:
    """The default model, a shipped one by its name, or one from a directory, ready to code.

    Raises RmtextError where there is no such model or its files are not what they were saved as.
    """
    return Analyzer(open_model(model), threads=threads)
