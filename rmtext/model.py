"""A model directory: find it, check it, describe it. It is data; nothing in it is executed."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rmtext.errors import RmtextError

FORMAT = 1
DEFAULT = "reverse_mentoring"
ENCODER_FILES = ("encoder.onnx", "tokenizer.json", "encoder.json")
MAX_JSON_BYTES = 1_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Numbers chosen on development data.

    ``theme_slope``, ``theme_offset``: Platt scaling of a theme's logit. ``thresholds``: theme id →
    probability from which it is coded. ``evidence_threshold``: probability from which a further segment is
    evidence. ``temperature`` divides the answer's sentiment scores. ``review_below``: certainty under which
    a person should look.
    """

    theme_slope: float
    theme_offset: float
    thresholds: dict[str, float]
    evidence_threshold: float
    temperature: float
    suggestion_threshold: float
    review_below: float


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A checked model directory: where its parts lie and what its ``model.json`` says."""

    directory: Path
    encoder: Path
    codebook: Path
    heads: Path
    name: str
    version: str
    segmenter: dict[str, str]
    calibration: Calibration
    card: dict[str, Any]
    checksum: str


def root(kind: str) -> Path:
    """The folder of the shipped ``models`` or ``corpora``: packaged, else in the checkout beside the package."""
    package = Path(__file__).resolve().parent
    packaged = package / f"_{kind}"
    return packaged if packaged.is_dir() else package.parent / kind


def names() -> list[str]:
    """The shipped models."""
    return sorted(path.parent.name for path in root("models").glob("*/model.json"))


def find(model: str | Path | None = None) -> Path:
    """The directory of a model: the default, a shipped one by its name, or a directory of the user's.

    Raises RmtextError that lists the shipped models where there is none.
    """
    text = str(model or DEFAULT)
    if _NAME.fullmatch(text) and (root("models") / text / "model.json").is_file():
        return root("models") / text
    directory = Path(text)
    if (directory / "model.json").is_file():
        return directory
    if directory.is_dir():
        raise RmtextError(f"{directory} has no model.json: it is no model directory.")
    raise RmtextError(
        f"There is no model '{text}'. Shipped models: {', '.join(names()) or 'none'}; or give a directory."
    )


def open_model(model: str | Path | None = None) -> ModelFiles:
    """Finds a model and checks format, fields and checksums of all its files.

    Raises RmtextError with one sentence for whatever is missing, changed or of another format.
    """
    directory = find(model)
    path = directory / "model.json"
    content = _json(path)
    if content.get("format") != FORMAT:
        raise RmtextError(f"{path} has format {content.get('format')!r}; this version of rmtext reads format {FORMAT}.")
    try:
        files = {str(name): str(value) for name, value in content["files"].items()}
        encoder_name, encoder_sums = str(content["encoder"]["name"]), dict(content["encoder"]["files"])
        calibration = _calibration(content["calibration"])
        segmenter = {str(k): str(v) for k, v in content["segmenter"].items()}
        name, version = str(content["name"]), str(content["version"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RmtextError(f"{path} lacks a field or holds a wrong one ({error}).") from error
    for needed in ("heads.safetensors", "codebook.yaml"):
        _check_sum(directory, needed, files.get(needed))
    encoder = _encoder(directory, encoder_name)
    for needed in ENCODER_FILES:
        _check_sum(encoder, needed, encoder_sums.get(needed))
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return ModelFiles(
        directory, encoder, directory / "codebook.yaml", directory / "heads.safetensors",
        name, version, segmenter, calibration, content, checksum,
    )  # fmt: skip


def _json(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_JSON_BYTES:
        raise RmtextError(f"{path} is larger than 1 MB: that is no model description.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise RmtextError(f"{path} is no readable JSON: {error}") from error
    if not isinstance(content, dict):
        raise RmtextError(f"{path} must hold one JSON object.")
    return content


def _calibration(row: dict[str, Any]) -> Calibration:
    thresholds = {str(theme): float(value) for theme, value in row["thresholds"].items()}
    return Calibration(
        theme_slope=float(row["theme_slope"]),
        theme_offset=float(row["theme_offset"]),
        thresholds=thresholds,
        evidence_threshold=float(row["evidence_threshold"]),
        temperature=float(row["temperature"]),
        suggestion_threshold=float(row["suggestion_threshold"]),
        review_below=float(row["review_below"]),
    )


def _encoder(directory: Path, name: str) -> Path:
    """The encoder beside the heads (a team's own model carries it), else the shipped one of that name."""
    own = directory / "encoder"
    if own.is_dir():
        return own
    if not _NAME.fullmatch(name):
        raise RmtextError(f"{directory / 'model.json'} names an encoder '{name}', which is no valid name.")
    shipped = root("models") / "encoders" / name
    if not shipped.is_dir():
        raise RmtextError(
            f"The model in {directory} needs the encoder '{name}', which this installation does not have."
        )
    return shipped


def _check_sum(directory: Path, name: str, expected: str | None) -> None:
    path = directory / name
    if path.is_symlink() or not path.is_file():
        raise RmtextError(f"{directory} has no file {name}.")
    if expected is None or sha256(path) != expected:
        raise RmtextError(f"{path} is not the file that the model was saved with (its checksum differs).")


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
