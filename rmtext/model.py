"""A model directory: find it, check it, describe it. It is data; nothing in it is executed."""

from __future__ import annotations

import hashlib
import json
import math
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rmtext.codebook import Codebook
from rmtext.errors import RmtextError

FORMAT = 2
DEFAULT = "reverse_mentoring"
ENCODER_FILES = ("encoder.onnx", "tokenizer.json", "encoder.json")
MAX_JSON_BYTES = 1_000_000
MAX_LABEL = 100  # characters of a model's name or version: they stand in tables and reports
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

    A ``Path`` is always a directory. Raises RmtextError that lists the shipped models where there is none.
    """
    text = str(model or DEFAULT)
    places = [root("models") / text] if _NAME.fullmatch(text) and not isinstance(model, Path) else []
    for place in (*places, Path(text)):
        # A text may also be too long for a path, or hold what no path holds.
        with suppress(OSError, ValueError):
            if (place / "model.json").is_file():
                return place
    with suppress(OSError, ValueError):
        if Path(text).is_dir():
            raise RmtextError(f"{text} has no model.json: it is no model directory.")
    shown = "".join(c if c.isprintable() else "?" for c in text[:MAX_LABEL])
    raise RmtextError(
        f"There is no model '{shown}'. Shipped models: {', '.join(names()) or 'none'}; or give a directory."
    )


def open_model(model: str | Path | None = None) -> ModelFiles:
    """Finds a model and checks format, fields and checksums of all its files.

    Raises RmtextError with one sentence for whatever is missing, changed or of another format.
    """
    directory = find(model)
    path = directory / "model.json"
    content, checksum = _json(path)
    if content.get("format") != FORMAT:
        raise RmtextError(f"{path} has format {content.get('format')!r}; this version of rmtext reads format {FORMAT}.")
    try:
        files = {str(name): str(value) for name, value in content["files"].items()}
        encoder_name, encoder_sums = _label(content["encoder"], "name"), dict(content["encoder"]["files"])
        calibration = _calibration(content["calibration"])
        segmenter = {str(k): str(v) for k, v in content["segmenter"].items()}
        name, version = _label(content, "name"), _label(content, "version")
    except KeyError as error:
        raise RmtextError(f"{path} lacks the field {error}.") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise RmtextError(f"{path} holds a wrong field: {error}.") from error
    for needed in ("heads.safetensors", "codebook.yaml"):
        _check_sum(directory, needed, files.get(needed))
    codebook = directory / "codebook.yaml"
    for theme in Codebook.read(codebook).ids:
        if theme not in calibration.thresholds:
            raise RmtextError(f"{path} has no threshold for the theme '{theme}' of its codebook.")
    encoder = _encoder(directory, encoder_name)
    for needed in ENCODER_FILES:
        _check_sum(encoder, needed, encoder_sums.get(needed))
    return ModelFiles(
        directory, encoder, codebook, directory / "heads.safetensors",
        name, version, segmenter, calibration, content, checksum,
    )  # fmt: skip


def _json(path: Path) -> tuple[dict[str, Any], str]:
    """The description in ``model.json`` and its checksum."""
    if path.is_symlink():
        raise RmtextError(f"{path} is a link. A model directory must hold its files itself: copy the file.")
    try:
        if path.stat().st_size > MAX_JSON_BYTES:
            raise RmtextError(f"{path} is larger than 1 MB: that is no model description.")
        raw = path.read_bytes()
        content = json.loads(raw.decode("utf-8"), parse_float=_finite, parse_constant=_finite)
    except (OSError, ValueError, RecursionError) as error:
        raise RmtextError(f"{path} is no readable JSON: {error}") from error
    if not isinstance(content, dict):
        raise RmtextError(f"{path} must hold one JSON object.")
    return content, hashlib.sha256(raw).hexdigest()[:16]


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number")
    return number


def _label(row: dict[str, Any], field: str) -> str:
    value = row[field]
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= MAX_LABEL:
        raise ValueError(f"'{field}' must be a text of 1 to {MAX_LABEL} printable characters")
    return value


def _calibration(row: dict[str, Any]) -> Calibration:
    def number(row: dict[str, Any], field: str, low: float = -1e6, high: float = 1e6) -> float:
        value = row[field]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"'{field}' must be a number from {low:g} to {high:g}")
        return float(value)

    return Calibration(
        theme_slope=number(row, "theme_slope"),
        theme_offset=number(row, "theme_offset"),
        thresholds={str(theme): number(row["thresholds"], theme, 0, 1) for theme in row["thresholds"]},
        evidence_threshold=number(row, "evidence_threshold", 0, 1),
        temperature=number(row, "temperature", 0.01),
        suggestion_threshold=number(row, "suggestion_threshold", 0, 1),
        review_below=number(row, "review_below", 0, 1),
    )


def _encoder(directory: Path, name: str) -> Path:
    """The encoder beside the heads (a team's own model carries it), else the shipped one of that name."""
    if not _NAME.fullmatch(name):
        raise RmtextError(f"{directory / 'model.json'} names an encoder '{name}', which is no valid name.")
    own = directory / "encoder"
    if own.is_symlink():
        raise RmtextError(f"{own} is a link. A model directory must hold its files itself: copy the folder.")
    if own.is_dir():
        return own
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
    try:
        found = sha256(path)
    except OSError as error:
        raise RmtextError(f"{path} cannot be read: {error.strerror}.") from error
    if expected is None or found != expected:
        raise RmtextError(f"{path} is not the file that the model was saved with (its checksum differs).")


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
