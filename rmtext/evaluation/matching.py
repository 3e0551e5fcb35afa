"""Matching: the same answers of several coders, and the persons who wrote them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmtext.codebook import Theme
from rmtext.coding import Coding
from rmtext.columns import match_column
from rmtext.errors import RmtextError
from rmtext.evaluation.bootstrap import numbered
from rmtext.evaluation.coders import Coder, compared_themes, restricted
from rmtext.sources import as_text, listed

WRITER = "writer"  # of a corpus's answers
_SHOWN = 60  # characters of a text that an error quotes
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An answer that at least two coders coded; ``codings`` in the coders' order, None where one did not."""

    id: str
    question: str | None
    text: str
    codings: tuple[Coding | None, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """The answers of several coders side by side.

    ``alone`` holds for each coder the ids of answers that nobody else coded. ``persons`` numbers the person of
    each item, from 0; ``person_column`` says where that comes from. ``themes`` are compared, ``left_out`` (ids) are
    not: not every coder's codebook has them.
    """

    coders: tuple[Coder, ...]
    items: tuple[Item, ...]
    alone: tuple[tuple[str, ...], ...]
    persons: np.ndarray
    person_column: str
    themes: tuple[Theme, ...]
    left_out: tuple[str, ...]

    @property
    def person_count(self) -> int:
        """How many persons wrote the items."""
        return len(np.unique(self.persons))


def match(coders: Sequence[Coder], person: str | None = None) -> Matched:
    """Answers side by side, by id, and by question too where an id is not unique.

    ``person`` names the column of persons; by default the writers of a corpus, else the id. Raises RmtextError for
    fewer than two coders, ids that stay ambiguous, an id with different texts, and where nothing matches.
    """
    if len(coders) < 2:
        raise RmtextError("Agreement is between coders: name at least two files, corpora or models.")
    themes, left_out = compared_themes(coders)
    ids = frozenset(theme.id for theme in themes)
    places = _places(coders)
    keys = dict.fromkeys(key for found in places for key in found)
    items, alone = [], [[] for _ in coders]  # type: tuple[list[Item], list[list[str]]]
    for key in keys:
        codings = tuple(found.get(key) for found in places)
        given = [coding for coding in codings if coding is not None]
        if len(given) < 2:
            alone[next(i for i, coding in enumerate(codings) if coding is not None)].append(given[0].id)
            continue
        _check_text(given, [coder.name for coder, c in zip(coders, codings, strict=True) if c is not None])
        kept = tuple(None if coding is None else restricted(coding, ids) for coding in codings)
        items.append(Item(given[0].id, next((c.question for c in given if c.question), None), given[0].text, kept))
    if not items:
        raise RmtextError(_nothing(coders, alone))
    persons, column = _persons(items, coders, person)
    return Matched(tuple(coders), tuple(items), tuple(map(tuple, alone)), persons, column, themes, left_out)


def _places(coders: Sequence[Coder]) -> list[dict[_Key, Coding]]:
    """For each coder the codings by the key that tells all answers apart."""
    unique = all(len({c.id for c in coder.codings}) == len(coder.codings) for coder in coders)
    places = []
    for coder in coders:
        keys: list[_Key] = [(c.id,) if unique else (c.id, c.question or c.column) for c in coder.codings]
        key, times = Counter(keys).most_common(1)[0]
        if times > 1:
            raise RmtextError(
                f"{coder.name} holds the answer '{key[0]}' {times} times. Name with --id the column that tells answers "
                "apart."
            )
        places.append(dict(zip(keys, coder.codings, strict=True)))
    return places


def _check_text(codings: Sequence[Coding], coders: Sequence[str]) -> None:
    first = _folded(codings[0].text)
    for coding, coder in zip(codings[1:], coders[1:], strict=True):
        if _folded(coding.text) != first:
            raise RmtextError(
                f"The answer '{coding.id}' is '{_short(codings[0].text)}' in {coders[0]} and '{_short(coding.text)}' "
                f"in {coder}: these are not the same answers. Name the column that both have with --id."
            )


def _folded(text: str) -> str:
    """The text as it survives a spreadsheet: blanks, Unicode form, the apostrophe before a formula."""
    return " ".join(unicodedata.normalize("NFC", text).removeprefix("'").split())


def _short(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text[: 4 * _SHOWN]).split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _nothing(coders: Sequence[Coder], alone: Sequence[Sequence[str]]) -> str:
    shown = "; ".join(f"{coder.name} has {_some(ids)}" for coder, ids in zip(coders, alone, strict=True) if ids)
    return f"No answer has the same id twice: {shown}. Name the column with the ids with --id."


def _some(ids: Sequence[str], most: int = 3) -> str:
    return ", ".join(map(_short, ids[:most])) + (", …" if len(ids) > most else "")


def _persons(items: Sequence[Item], coders: Sequence[Coder], asked: str | None) -> tuple[np.ndarray, str]:
    if asked is None and any(coder.kind == "corpus" for coder in coders):
        asked = WRITER
    if asked is None:
        return numbered([item.id for item in items]), "id"
    columns = dict.fromkeys(name for item in items for c in item.codings if c for name in (*c.columns, *c.groups))
    column = match_column(asked, list(columns))
    if column is None and asked.lower() == "id":
        return numbered([item.id for item in items]), "id"
    if column is None:
        raise RmtextError(f"No coder has a column '{asked}' with the persons. Columns: {listed([*columns, 'id'])}.")
    return numbered([_person(item, column) or (number,) for number, item in enumerate(items)]), column


def _person(item: Item, column: str) -> str:
    """Whom the first coder who knows it names, empty where nobody does: then the answer stands for itself."""
    cells = ((coding.columns | coding.groups).get(column) for coding in item.codings if coding is not None)
    return next((name for cell in cells if (name := as_text(cell).strip())), "")
