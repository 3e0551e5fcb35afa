"""Where the codes stand in a table that somebody hands in: understood from its header and first rows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from rmtext.columns import TEXT_NAMES, normalised
from rmtext.errors import RmtextError
from rmtext.sources import Row, Source, listed
from rmtext.tables.columns import FACETS, SEPARATOR, TAKEN, VERDICT

_SAMPLE_WORDS = 200  # places of evidence after which the column of the answers is certain
_THEME, *_OTHER_FACETS = FACETS
_SENTIMENT = VERDICT[0]


@dataclass(frozen=True, slots=True)
class Block:
    """The coded columns of one text column, by the names that they have in the header.

    ``prefix`` names that text column, empty where only one was coded; ``verdict`` maps ``sentiment``,
    ``vorschlag`` … to columns, ``themes`` a theme's id to the columns of its facets.
    """

    prefix: str
    verdict: dict[str, str]
    themes: dict[str, dict[str, str]]

    @property
    def columns(self) -> frozenset[str]:
        """The names of all columns of the block."""
        return frozenset(self.verdict.values()).union(*(facets.values() for facets in self.themes.values()))


def bare(name: str) -> str:
    """A column's name without the suffix that it got because the input already used it."""
    while name.endswith(TAKEN):
        name = name.removesuffix(TAKEN)
    return name


def rightmost(name: str, header: Sequence[str]) -> str | None:
    """The column called ``name``, with or without suffix; of several the one further right, None without any."""
    return next((column for column in reversed(header) if bare(column).lower() == name), None)


def coded_blocks(header: Sequence[str]) -> tuple[Block, ...]:
    """The blocks of coded columns, one a text column; none where the table holds no codings.

    A block has a column ``sentiment`` and for at least one theme ``thema_<id>`` with another column of that
    theme. Coded columns stand to the right of the input's, so of ``sentiment`` and ``sentiment_rmtext`` the
    one further right counts.
    """
    columns = {bare(name): name for name in header}  # the last of several stays
    prefixes = [name for name in header if f"{name}_{_SENTIMENT}" in columns]
    found = [_block(prefix, columns) for prefix in ("", *prefixes)]
    blocks = [block for block in found if block.themes and _SENTIMENT in block.verdict]
    if not blocks:
        return ()
    last = max(blocks, key=lambda block: header.index(block.verdict[_SENTIMENT]))
    return (last,) if not last.prefix else tuple(block for block in blocks if block.prefix)


def _block(prefix: str, columns: dict[str, str]) -> Block:
    before = f"{prefix}_" if prefix else ""
    own = {name.removeprefix(before): column for name, column in columns.items() if name.startswith(before)}
    themes = {}
    for name in own:
        theme = name.removeprefix(f"{_THEME}_")
        # One name alone proves nothing: "thema_dauer" may be a question, "Team_thema" another text column.
        if theme != name and any(f"{facet}_{theme}" in own for facet in _OTHER_FACETS):
            themes[theme] = {facet: own[f"{facet}_{theme}"] for facet in FACETS if f"{facet}_{theme}" in own}
    return Block(prefix, {name: own[name] for name in VERDICT if name in own}, themes)


def text_column(source: Source, block: Block, sample: Iterable[Row], not_text: Container[str | None]) -> str:
    """The column with the answers of a table with one block.

    The column in which the words of evidence occur most often; among equals one with a usual name, then the
    one with the longest text. Raises RmtextError where no column holds text.
    """
    header = source.header
    candidates = [place for place, name in enumerate(header) if name not in not_text]
    evidence = [header.index(facets["beleg"]) for facets in block.themes.values() if "beleg" in facets]
    hits = dict.fromkeys(candidates, 0)
    lengths = dict.fromkeys(candidates, 0)
    seen = 0
    for row in sample:
        words = _words(row, evidence) if seen < _SAMPLE_WORDS else []
        seen += len(words)
        for place in candidates:
            cell = row[place]
            if isinstance(cell, str):
                lengths[place] += len(cell)
                hits[place] += sum(word in cell for word in words)

    def rank(place: int) -> tuple[int, bool, int]:
        return hits[place], normalised(bare(header[place])) in TEXT_NAMES, lengths[place]

    best = max(candidates, key=rank, default=None)
    if best is None or not any(rank(best)):
        raise RmtextError(
            f"{source.name}: no column holds the answers that were coded. Its columns: {listed(header)}. "
            "Say which with --text COLUMN."
        )
    return header[best]


def _words(row: Row, evidence: Iterable[int]) -> list[str]:
    cells = (row[place] for place in evidence)
    return [words for cell in cells if isinstance(cell, str) for words in cell.split(SEPARATOR) if words]
