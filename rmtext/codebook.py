"""Codebooks: the themes that answers are coded by, as YAML files that people write."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rmtext.errors import RmtextError

MAX_BYTES = 1_000_000  # a codebook is a page or two; anything larger is no codebook
MAX_DEPTH = 10  # a codebook nests four levels; thousands would exhaust the reader's stack
_ID = re.compile(r"[a-z0-9_]+")
_FIELDS = {"id", "label", "definition", "include", "exclude", "examples", "parent"}
_NOTHING = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Theme:
    """One code: what it is called, when it applies and when not."""

    id: str
    label: str
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Codebook:
    """Themes in the order in which people read them."""

    name: str
    language: str
    version: str
    themes: tuple[Theme, ...]
    checksum: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Theme ids, in order."""
        return tuple(theme.id for theme in self.themes)

    def label(self, theme_id: str) -> str:
        """The label of a theme; the id itself where the codebook does not have it."""
        return next((theme.label for theme in self.themes if theme.id == theme_id), theme_id)

    @classmethod
    def read(cls, path: Path) -> Codebook:
        """The codebook in a YAML file. Raises RmtextError with the place of the first mistake."""
        if not path.is_file():
            raise RmtextError(f"There is no codebook at {path}.")
        try:
            if path.stat().st_size > MAX_BYTES:
                raise RmtextError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB: that is no codebook.")
            raw = path.read_bytes()
        except OSError as error:
            raise RmtextError(f"{path} cannot be read: {error.strerror}.") from error
        return cls._from_yaml(_load(raw, path), path, hashlib.sha256(raw).hexdigest()[:16])

    @classmethod
    def _from_yaml(cls, content: Any, path: Path, checksum: str) -> Codebook:
        if not isinstance(content, dict) or not isinstance(content.get("themes"), list) or not content["themes"]:
            raise RmtextError(f"{path} has no list 'themes'. A codebook needs name and themes.")
        themes = tuple(_theme(entry, number, path) for number, entry in enumerate(content["themes"], 1))
        _check_tree(themes, path)
        where = str(path)
        return cls(
            name=_text(content, "name", where) or path.stem,
            language=_text(content, "language", where) or "de",
            version=_text(content, "version", where) or "1",
            themes=themes,
            checksum=checksum,
        )


def _load(raw: bytes, path: Path) -> Any:
    """The YAML document as dicts, lists and strings; nothing in it is turned into a date, a number or an object."""
    import yaml

    # Plain strings: a version 1.10 stays 1.10, an id "no" does not become False.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    depth = 0
    try:
        text = raw.decode("utf-8-sig")
        for event in yaml.parse(text, Loader=loader):
            # Aliases let a small file unfold into gigabytes; a codebook needs none.
            if isinstance(event, yaml.AliasEvent):
                raise RmtextError(f"{path} uses YAML aliases (*name), which codebooks may not. Write them out.")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise RmtextError(f"{path} nests more than {MAX_DEPTH} levels deep: that is no codebook.")
        return yaml.load(text, Loader=loader)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise RmtextError(f"{path} is no readable YAML: {error}") from error


def _check_tree(themes: tuple[Theme, ...], path: Path) -> None:
    """Raises RmtextError for ids used twice, unknown parents, and parents that lead back to the theme."""
    parents: dict[str, str | None] = {}
    for theme in themes:
        if theme.id in parents:
            raise RmtextError(f"{path}: the id '{theme.id}' is used more than once. Give each theme its own.")
        parents[theme.id] = theme.parent
    for theme in themes:
        if theme.parent is not None and theme.parent not in parents:
            raise RmtextError(f"{path}: theme '{theme.id}' names the parent '{theme.parent}', which is no theme.")
    sound: set[str] = set()
    for theme in themes:
        line: set[str] = set()
        above: str | None = theme.id
        while above is not None and above not in sound:
            if above in line:
                raise RmtextError(f"{path}: theme '{above}' is its own ancestor. Remove one 'parent' of the circle.")
            line.add(above)
            above = parents[above]
        sound |= line


def _theme(entry: Any, number: int, path: Path) -> Theme:
    where = f"{path}, theme {number}"
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise RmtextError(f"{where}: needs an 'id'.")
    if not _ID.fullmatch(entry["id"]):
        raise RmtextError(f"{where}: the id '{entry['id']}' may hold only a–z, 0–9 and _.")
    unknown = sorted(set(map(str, entry)) - _FIELDS)
    if unknown:
        raise RmtextError(
            f"{where} ('{entry['id']}'): unknown field '{unknown[0]}'. Known: {', '.join(sorted(_FIELDS))}."
        )
    return Theme(
        id=entry["id"],
        label=_text(entry, "label", where) or entry["id"],
        definition=_text(entry, "definition", where),
        include=_strings(entry, "include", where),
        exclude=_strings(entry, "exclude", where),
        examples=_strings(entry, "examples", where),
        parent=_text(entry, "parent", where) or None,
    )


def _text(entry: dict[str, Any], field: str, where: str) -> str:
    """A field's words, empty where it is missing or null."""
    value = entry.get(field, "")
    if not isinstance(value, str):
        raise RmtextError(f"{where}: '{field}' must be one text. Put quotes around it if it holds ': ' or brackets.")
    return "" if value in _NOTHING else value.strip()


def _strings(entry: dict[str, Any], field: str, where: str) -> tuple[str, ...]:
    value = entry.get(field, "")
    if isinstance(value, str):
        value = [value] if value not in _NOTHING else []
    if not isinstance(value, list):
        raise RmtextError(f"{where}: '{field}' must be a list of sentences.")
    return tuple(_sentence(item, field, where) for item in value if item not in _NOTHING)


def _sentence(item: Any, field: str, where: str) -> str:
    # "- Räume, Ablauf: alles gut" is a map to YAML and a sentence to the one who wrote it.
    if isinstance(item, dict) and len(item) == 1:
        (before, after), *_ = item.items()
        item = f"{before}: {after}" if isinstance(before, str) and isinstance(after, str) else item
    if not isinstance(item, str):
        raise RmtextError(f"{where}: '{field}' must be a list of sentences. Put quotes around those with brackets.")
    return item
