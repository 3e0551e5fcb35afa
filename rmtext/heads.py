"""Heads: vectors → calibrated labels. Linear maps stored as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rmtext.errors import RmtextError

Array = NDArray[np.float32]

SEGMENT_SENTIMENTS = ("positiv", "negativ", "neutral")
ANSWER_SENTIMENTS = ("positiv", "negativ", "neutral", "gemischt")
# Head → its number of outputs; None stands for the number of themes.
HEADS: Mapping[str, int | None] = {
    "themes": None,
    "answer_themes": None,
    "polarity": len(SEGMENT_SENTIMENTS),
    "sentiment": len(SEGMENT_SENTIMENTS),
    "suggestion": 1,
    "answer_sentiment": len(ANSWER_SENTIMENTS),
    "answer_suggestion": 1,
}


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights (outputs, width) and biases (outputs,) of each head, and the encoder's mean vector (width,)."""

    weights: dict[str, Array]
    biases: dict[str, Array]
    center: Array

    def logits(self, name: str, vectors: Array) -> Array:
        """Scores of one head: float32 (rows, outputs) for vectors (rows, width)."""
        scores: Array = vectors @ self.weights[name].T + self.biases[name]
        return scores

    def save(self, path: Path) -> None:
        """Writes the numbers as safetensors."""
        from safetensors.numpy import save

        tensors = {"center": self.center}
        for name in HEADS:
            tensors[f"{name}.weight"] = self.weights[name]
            tensors[f"{name}.bias"] = self.biases[name]
        # save_file would make a file that only its owner can read.
        path.write_bytes(save({name: np.ascontiguousarray(t, dtype=np.float32) for name, t in tensors.items()}))

    @classmethod
    def load(cls, path: Path, *, width: int, themes: int) -> Heads:
        """Reads what ``save`` wrote. Raises RmtextError for missing numbers and wrong shapes."""
        from safetensors import SafetensorError, safe_open

        shapes: dict[str, tuple[int, ...]] = {"center": (width,)}
        for name, outputs in HEADS.items():
            rows = themes if outputs is None else outputs
            shapes[f"{name}.weight"] = (rows, width)
            shapes[f"{name}.bias"] = (rows,)
        tensors: dict[str, Array] = {}
        try:
            # Shapes and types are looked at before anything is read: a file may claim any.
            with safe_open(path, framework="numpy") as file:
                present = set(file.keys())
                for name, shape in shapes.items():
                    place = file.get_slice(name) if name in present else None
                    if place is not None and place.get_dtype() == "F32" and tuple(place.get_shape()) == shape:
                        tensors[name] = file.get_tensor(name)
        except (OSError, SafetensorError) as error:
            raise RmtextError(f"{path} cannot be read as heads: {error}") from error
        for name, shape in shapes.items():
            if name not in tensors or not np.isfinite(tensors[name]).all():
                raise RmtextError(f"{path}: '{name}' must be finite float32 numbers of shape {shape}.")
        return cls(
            {name: tensors[f"{name}.weight"] for name in HEADS},
            {name: tensors[f"{name}.bias"] for name in HEADS},
            tensors["center"],
        )


def sigmoid(scores: Array) -> Array:
    """Logistic function, stable for large scores of either sign."""
    probabilities: Array = 0.5 * (1 + np.tanh(0.5 * scores))
    return probabilities


def logit(probabilities: Array) -> Array:
    """Inverse of ``sigmoid``, finite at 0 and 1."""
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6).astype(np.float32)
    scores: Array = np.log(clipped / (1 - clipped))
    return scores


def smooth_maximum(scores: Array) -> Array:
    """log-mean-exp over the rows: float32 (outputs,) for (rows, outputs), between their mean and their maximum."""
    top = scores.max(axis=0)
    value: Array = top + np.log(np.exp(scores - top).mean(axis=0))
    return value


def softmax(scores: Array) -> Array:
    """Probabilities over the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return probabilities
