"""The encoder: question and answer → one vector per token of the answer (ONNX Runtime, no torch)."""

from __future__ import annotations

import json
import os
import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rmtext.errors import RmtextError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BOS, PAD, EOS = 0, 1, 2
QUESTION_TOKENS = 48  # a question's end seldom changes what it asks for; the answer needs the room
WINDOW_TOKENS = 256  # what training saw; longer inputs go through in overlapping windows
OVERLAP_TOKENS = 64  # enough for a sentence on either side of a window's edge
MAX_THREADS = 8
HELD_TOKENS = 50_000  # token vectors that may wait to be fetched: 77 MB at 384 numbers each

Vectors = NDArray[np.float32]
Span = tuple[int, int]
Job = tuple[list[int], list[int], NDArray[np.int64]]
Started = tuple[list[Span], "deque[Future[Vectors]]", NDArray[np.int64]]
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Encoded:
    """An answer's tokens. ``vectors``: float32 (tokens, width); ``ends``: end offsets of the tokens, ascending."""

    vectors: Vectors
    ends: NDArray[np.int64]
    windows: int

    def between(self, start: int, end: int) -> Vectors:
        """The vectors of the tokens that end within ``(start, end]``: float32 (tokens, width), maybe none.

        Taken after the encoder has read the whole answer ("late pooling"): a segment keeps its context.
        """
        first, last = np.searchsorted(self.ends, (start, end), side="right")
        return self.vectors[first:last]


def join_ids(question: Sequence[int], answer: Sequence[int]) -> list[int]:
    """The encoder's input: ``<s> question </s> answer </s>``, or ``<s> answer </s>`` without a question."""
    head = [BOS, *question[:QUESTION_TOKENS], EOS] if question else [BOS]
    return [*head, *answer, EOS]


def windows(tokens: int, room: int) -> list[Span]:
    """Overlapping windows of at most ``room`` tokens that together cover ``tokens``."""
    if tokens <= room:
        return [(0, tokens)]
    step = room - OVERLAP_TOKENS
    starts = list(range(0, tokens - OVERLAP_TOKENS, step))
    return [(start, min(start + room, tokens)) for start in starts]


class Encoder:
    """A transformer in an encoder directory (``encoder.onnx``, ``tokenizer.json``, ``encoder.json``).

    Every answer runs through the network alone: int8 activations are scaled over a whole batch, so that in a
    batch an answer's codes would depend on its neighbours. Several answers run side by side on threads
    instead, each on one core, which costs nothing and needs no padding.
    """

    def __init__(self, directory: Path, *, threads: int | None = None) -> None:
        """Opens the network. ``threads``: cores to use; all of them, at most eight, by default."""
        import onnxruntime
        from tokenizers import Tokenizer

        self.directory = directory
        self.threads = threads or min(_cores(), MAX_THREADS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self.width = int(json.loads((directory / "encoder.json").read_text(encoding="utf-8"))["width"])
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
            self._tokenizer.no_truncation()
            self._tokenizer.no_padding()
            self._session: Any = onnxruntime.InferenceSession(
                str(directory / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
            # The last piece shows whether network and tokenizer belong together.
            probe = self._run([BOS, self._tokenizer.get_vocab_size() - 1, EOS])
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise RmtextError(f"The encoder in {directory} cannot be used: {error}") from error
        if probe.shape != (3, self.width) or probe.dtype != np.float32:
            raise RmtextError(f"The encoder in {directory} gives other vectors than its encoder.json says.")
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="rmtext-encoder")
        self._questions: dict[str, list[int]] = {}

    def encode(self, pairs: Sequence[tuple[str | None, str]]) -> Iterator[Encoded]:
        """Token vectors of each (question, answer), in order, computed side by side from this call on."""
        encodings = self._tokenizer.encode_batch([_readable(text) for _, text in pairs], add_special_tokens=False)
        jobs: deque[Job] = deque(
            (self._question_ids(question), encoding.ids, np.array([end for _, end in encoding.offsets], dtype=np.int64))
            for (question, _), encoding in zip(pairs, encodings, strict=True)
        )
        running: deque[Started] = deque()

        def start(held: int) -> int:
            """Puts answers on the threads until enough tokens are under way; how many are."""
            while jobs and held < HELD_TOKENS:
                held += len(jobs[0][1])
                running.append(self._start(*jobs.popleft()))
            return held

        def fetch(held: int) -> Iterator[Encoded]:
            while running:
                encoded = _assembled(*running.popleft(), width=self.width)
                held = start(held - len(encoded.ends))
                yield encoded

        return fetch(start(0))

    def _question_ids(self, question: str | None) -> list[int]:
        if not question:
            return []
        if question not in self._questions:
            if len(self._questions) > 1000:
                self._questions.clear()  # a file whose "question" column is free text must not fill the memory
            encoding = self._tokenizer.encode(_readable(question), add_special_tokens=False)
            self._questions[question] = encoding.ids[:QUESTION_TOKENS]
        return self._questions[question]

    def _run(self, ids: list[int]) -> Vectors:
        """The network's vector for each token, float32 (tokens, width)."""
        batch = np.array([ids], dtype=np.int64)
        hidden: Vectors = self._session.run(None, {"input_ids": batch, "attention_mask": np.ones_like(batch)})[0][0]
        return hidden

    def _start(self, question: list[int], answer: list[int], ends: NDArray[np.int64]) -> Started:
        """Puts an answer's windows on the threads, each by itself: one long answer keeps all cores busy."""
        spans = windows(len(answer), WINDOW_TOKENS - len(join_ids(question, [])))
        parts = deque(self._pool.submit(self._read, question, answer[start:end]) for start, end in spans)
        return spans, parts, ends

    def _read(self, question: list[int], answer: list[int]) -> Vectors:
        """Vectors of the answer's tokens in one window: float32 (tokens, width)."""
        return self._run(join_ids(question, answer))[-1 - len(answer) : -1]


def _assembled(spans: list[Span], parts: deque[Future[Vectors]], ends: NDArray[np.int64], *, width: int) -> Encoded:
    vectors = np.zeros((len(ends), width), dtype=np.float32)
    for i, (start, end) in enumerate(spans):
        # Of two windows that overlap, each gives the tokens nearer to its middle. A part that is copied is let go:
        # an answer of a megabyte has hundreds of megabytes of them.
        skip = OVERLAP_TOKENS // 2 if i else 0
        vectors[start + skip : end] = parts.popleft().result()[skip:]
    return Encoded(vectors, ends, len(spans))


def _readable(text: str) -> str:
    """The text without lone surrogates, which no tokenizer takes; every offset stays where it was."""
    return _SURROGATE.sub("\ufffd", text)


def _cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
