"""Coders: who gave codes to answers - a file, a corpus, people, a model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rmtext.analyzer import Analyzer
from rmtext.answers import Answer
from rmtext.codebook import Codebook, Theme
from rmtext.coding import Coding
from rmtext.corpus import SPLITS, read_corpus
from rmtext.errors import RmtextError
from rmtext.evaluation.counts import gold_coding
from rmtext.model import DEFAULT, find, names, root
from rmtext.tables import read_codings
from rmtext.tables.columns import MODEL_CODER

Track = Callable[[Iterable[Coding]], Iterator[Coding]]


@dataclass(frozen=True, slots=True)
class Coder:
    """The codes of one coder, empty answers left out.

    ``kind``: "model", "corpus", "people" (rows that people coded or checked) or "file". ``rows`` is how many
    answers the file holds, those that do not count included. ``codebook`` is None where the file does not say.
    ``model`` and ``checksum`` (of the codebook) name what coded, empty where it is not known. ``cross_fitted``: a
    model's own figures for its development answers, each half measured with thresholds that the other half chose.
    """

    name: str
    kind: str
    codings: tuple[Coding, ...]
    rows: int
    codebook: Codebook | None = None
    path: Path | None = None
    split: str | None = None
    model: str = ""
    checksum: str = ""
    cross_fitted: dict[str, float] = field(default_factory=dict)


def is_model(what: str | Path) -> bool:
    """Whether ``what`` names a model, not a file of codings or a corpus.

    Raises RmtextError where it is none of these.
    """
    path = Path(what)
    with suppress(OSError, ValueError):
        if path.is_file() or ((path / "answers.jsonl").is_file() and not (path / "model.json").is_file()):
            return False
    try:
        find(what)
    except RmtextError as error:
        if path.is_dir():
            raise RmtextError(f"{what} has neither model.json nor answers.jsonl: no model, no corpus.") from error
        raise RmtextError(
            f"There is no file '{what}', and no model of that name. Shipped models: {', '.join(names()) or 'none'}."
        ) from error
    return True


def read_coder(what: str | Path, *, split: str | None = None, people: bool | None = None, **columns: Any) -> Coder:
    """The codes in a corpus directory (of one split or all) or in a file of codings.

    ``people``: only what people coded or checked counts (True), all does (False), or the former where there is any
    (None). ``columns`` are the arguments of ``read_codings``. Raises RmtextError where nothing is left.
    """
    path = Path(what)
    if path.is_dir():
        return _corpus(path, split)
    codings = list(read_codings(path, **columns))
    checked = [coding for coding in codings if coding.checked or coding.coder != MODEL_CODER]
    if people and not checked:
        raise RmtextError(
            f"{path.name} has no row that people checked: put a mark or a name into its column 'geprueft', row by row."
        )
    only_people = bool(checked) and people is not False
    kept = _with_text(checked if only_people else codings)
    if not kept:
        raise RmtextError(f"{path.name} holds no codes of answers that say anything.")
    return Coder(
        path.name, "people" if only_people else "file", kept, len(codings), path=path,
        model=_common([coding.model.get("name", "") for coding in codings]),
        checksum=_common([coding.codebook.get("checksum", "") for coding in codings]),
    )  # fmt: skip


def model_coder(analyzer: Analyzer, like: Coder, track: Track = iter) -> Coder:
    """What a model gives the answers of another coder; ``track`` sees the codings pass."""
    answers = (
        Answer(c.id, c.text, c.question, groups=c.groups, columns=c.columns, row=number, column=c.column)
        for number, c in enumerate(like.codings, 1)
    )
    codings = tuple(track(analyzer.code(answers)))
    return Coder(
        f"{analyzer.files.name} {analyzer.files.version}", "model", codings, len(codings), analyzer.codebook,
        analyzer.files.directory, model=analyzer.files.name, checksum=analyzer.codebook.checksum,
        cross_fitted=_scores(analyzer.files.card),
    )  # fmt: skip


def compared_themes(coders: Sequence[Coder]) -> tuple[tuple[Theme, ...], tuple[str, ...]]:
    """The themes that all coders could give, in order, and the ids of those that only some could.

    Files do not say which themes their coders had to choose from; where no codebook is known, the themes are those
    of the shipped codebook if it has all that were given, else those that were given.
    Raises RmtextError where codebooks have no theme in common.
    """
    given = dict.fromkeys(theme.theme for coder in coders for coding in coder.codings for theme in coding.themes)
    books = [coder.codebook for coder in coders if coder.codebook is not None]
    if not books:
        shipped = Codebook.read(root("models") / DEFAULT / "codebook.yaml")
        themes = shipped.themes if given.keys() <= set(shipped.ids) else tuple(Theme(id, id) for id in given)
        return themes, ()
    shared = set(books[0].ids).intersection(*(book.ids for book in books))
    if not shared:
        named = " and ".join(f"'{book.name}'" for book in books)
        raise RmtextError(f"The codebooks {named} have no theme in common: there is nothing to compare.")
    themes = tuple(theme for theme in books[0].themes if theme.id in shared)
    others = dict.fromkeys((*(theme for book in books for theme in book.ids), *given))
    return themes, tuple(theme for theme in others if theme not in shared)


def basis(predicted: Coder, gold: Coder) -> str:
    """What is known of how the model came to be measured on these answers.

    "thresholds": its thresholds were chosen on them; "trained": it was trained on them; "same codebook": gold is
    a corpus with the model's own codebook; "unknown" otherwise.
    """
    if gold.kind != "corpus" or gold.path is None:
        return "unknown"
    own = root("corpora") / predicted.model / "answers.jsonl"
    if predicted.model and own.is_file() and _sum(own) == _sum(gold.path / "answers.jsonl"):
        return "thresholds" if gold.split == "dev" else "trained"
    same = gold.codebook is not None and predicted.checksum == gold.codebook.checksum
    return "same codebook" if same else "unknown"


def _corpus(path: Path, split: str | None) -> Coder:
    if split is not None and split not in SPLITS:
        raise RmtextError(f"There is no split '{split}'. The splits of a corpus are: {', '.join(SPLITS)}.")
    codebook = Codebook.read(path / "codebook.yaml")
    codings = _with_text([gold_coding(answer) for answer in read_corpus(path, split)])
    if not codings:
        raise RmtextError(f"{path} has no answers in the split '{split}'." if split else f"{path} has no answers.")
    return Coder(path.resolve().name, "corpus", codings, len(codings), codebook, path, split)


def _with_text(codings: Iterable[Coding]) -> tuple[Coding, ...]:
    """Without empty answers: nobody can disagree about them."""
    return tuple(coding for coding in codings if coding.text.strip())


def restricted(coding: Coding, theme_ids: frozenset[str]) -> Coding:
    """The coding with only the themes that are compared."""
    themes = tuple(theme for theme in coding.themes if theme.theme in theme_ids)
    return coding if len(themes) == len(coding.themes) else replace(coding, themes=themes)


def _scores(card: dict[str, Any]) -> dict[str, float]:
    """The figures in model.json, as far as they are numbers: a team's own may look different."""
    entries = card.get("scores")
    values = {k: e.get("value") for k, e in entries.items() if isinstance(e, dict)} if isinstance(entries, dict) else {}
    return {name: float(value) for name, value in values.items() if isinstance(value, int | float)}


def _common(words: Sequence[str]) -> str:
    return words[0] if words and len(set(words)) == 1 else ""


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
