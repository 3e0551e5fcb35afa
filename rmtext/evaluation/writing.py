"""Writing: an evaluation or an agreement as a file, complete or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from rmtext.errors import RmtextError
from rmtext.evaluation.agreement import Agreement
from rmtext.evaluation.evaluate import Evaluation
from rmtext.evaluation.html import render_agreement, render_evaluation
from rmtext.evaluation.markdown import agreement_markdown, evaluation_markdown
from rmtext.tables.target import check_writable, replacing

SUFFIXES = (".html", ".md", ".json")


def check_target(path: Path | str) -> str:
    """The format that ``path`` asks for, one of ``SUFFIXES``, once it is sure that it can be written.

    Raises RmtextError for another ending, a missing folder, and a path that cannot be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise RmtextError(f"{path}: figures are written as {', '.join(SUFFIXES)}. Name the file like guete.html.")
    check_writable(Path(path))
    return suffix


def write_figures(result: Evaluation | Agreement, path: Path | str) -> None:
    """Writes ``result`` to ``path`` in the format of its ending. Raises RmtextError where it cannot be written."""
    content = rendered(result, check_target(path)).encode("utf-8", "backslashreplace")
    with replacing(Path(path)) as beside:
        beside.write_bytes(content)


def rendered(result: Evaluation | Agreement, suffix: str) -> str:
    """``result`` as text in the format of ``suffix``, one of ``SUFFIXES``."""
    if suffix == ".json":
        return json.dumps(result.to_json(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    if isinstance(result, Evaluation):
        return render_evaluation(result) if suffix == ".html" else evaluation_markdown(result)
    return render_agreement(result) if suffix == ".html" else agreement_markdown(result)
