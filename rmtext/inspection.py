"""What would be read from a file of answers, before anything is coded."""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rmtext.answers import AnswerFile, Layout, answers_of, count_repeated, names, open_table, text_hash
from rmtext.columns import Profile, profiles, text_candidates
from rmtext.errors import RmtextError

EXAMPLES = 3
EXAMPLE_WORDS = range(4, 41)  # a length that shows how people write and still fits on a line or two
EXAMPLE_CHARACTERS = 300
LANGUAGE_SAMPLE = 5_000  # answers whose language is judged: a share needs no more, and judging takes its time
SHOWN_COLUMNS = 40

_DELIMITERS = {"\t": "tab", ";": "semicolon (;)", ",": "comma (,)", "|": "bar (|)"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what its first cells hold (see ``Profile.kind``), and what it is taken for, if anything."""

    name: str
    kind: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lengths:
    """Words in the answers that are not empty: median, 90th percentile, longest."""

    median: int
    p90: int
    longest: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """What would be read from a file.

    ``rows`` are the file's, ``answers`` one for each row and text column; ``empty`` of them have no text,
    ``repeated`` a text that occurred before. ``non_answers`` counts those that say nothing, by kind, the
    empty ones as ``leer``. Of the first ``language_checked`` answers ``foreign`` do not look German.
    ``questions`` maps text columns to their question. Where the text column is not clear, ``problem`` says
    so and the answers are not counted.
    """

    file: str
    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    columns: tuple[Column, ...]
    rows: int | None
    problem: str | None = None
    answers: int = 0
    empty: int = 0
    repeated: int = 0
    non_answers: dict[str, int] = field(default_factory=dict)
    foreign: int = 0
    language_checked: int = 0
    lengths: Lengths | None = None
    examples: tuple[str, ...] = ()
    questions: dict[str, str | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Everything as plain dicts, lists, text and numbers."""
        return asdict(self)


def inspect_answers(
    path: Path | str,
    *,
    text: str | Sequence[str] = (),
    id: str | None = None,
    question: str | None = None,
    group: str | Sequence[str] = (),
    weight: str | None = None,
    format: str | None = None,
    sheet: str | None = None,
) -> Inspection:
    """What ``open_answers`` with the same arguments would read. Reads the whole file once more, codes nothing.

    Raises RmtextError where the file cannot be read or has no column of a given name; a file whose text
    column is not obvious is shown with its columns and the problem.
    """
    texts = names(text)
    source = open_table(path, text=texts, format=format, sheet=sheet)
    columns = profiles(source)
    try:
        answers = answers_of(source, columns, text=texts, id=id, question=question, group=group, weight=weight)
    except RmtextError as error:
        if texts or len(text_candidates(columns)) == 1:
            raise
        found: dict[str, Any] = {"problem": str(error), "rows": source.total}
        layout = None
    else:
        found = _contents(answers)
        layout = answers.layout
    return Inspection(
        file=source.name,
        format=source.format,
        encoding=source.encoding,
        delimiter=source.delimiter,
        sheet=source.sheet,
        columns=tuple(_column(profile, layout) for profile in columns),
        notes=tuple(source.notes),
        **found,
    )


def _column(profile: Profile, layout: Layout | None) -> Column:
    if layout is None:
        return Column(profile.name, profile.kind)
    taken = {
        "text": profile.name in layout.texts,
        "id": profile.name == layout.id,
        "question": profile.name == layout.question,
        "group": profile.name in layout.groups,
        "weight": profile.name == layout.weight,
    }
    return Column(profile.name, profile.kind, tuple(role for role, is_taken in taken.items() if is_taken))


def _contents(answers: AnswerFile) -> dict[str, Any]:
    """The counts of one pass over the answers; 8 bytes an answer are kept, to find repeated ones."""
    from rmtext.language import looks_foreign
    from rmtext.non_answers import non_answer

    hashes, lengths, kinds = array("Q"), Counter[int](), Counter[str]()
    total = empty = foreign = checked = 0
    examples: list[tuple[int, int, str]] = []  # a heap: (−hash, row, text), the smallest hashes stay
    for answer in answers:
        total += 1
        kind = non_answer(answer.text, answer.question)
        if kind is not None:
            kinds[kind] += 1
        if not answer.text.strip():
            empty += 1
            continue
        words = len(answer.text.split())
        lengths[words] += 1
        digest = text_hash(answer.text)
        hashes.append(digest)
        if kind is not None:
            continue
        if checked < LANGUAGE_SAMPLE:
            checked += 1
            foreign += looks_foreign(answer.text)
        # By hash, not the first ones: a sample of the whole file, and the same one every time.
        far = digest if words in EXAMPLE_WORDS else digest + 2**64
        _keep(examples, (-far, answer.row, answer.text[:EXAMPLE_CHARACTERS]))
    return {
        "rows": answers.total,
        "answers": total,
        "empty": empty,
        "repeated": count_repeated(hashes),
        "non_answers": dict(kinds.most_common()),
        "foreign": foreign,
        "language_checked": checked,
        "lengths": _lengths(lengths),
        "examples": tuple(text for _, _, text in sorted(examples, key=lambda example: example[1])),
        "questions": dict(answers.questions),
    }


def _keep(examples: list[tuple[int, int, str]], example: tuple[int, int, str]) -> None:
    if any(example[0] == kept[0] for kept in examples):
        return  # the same text again
    if len(examples) < EXAMPLES:
        heapq.heappush(examples, example)
    else:
        heapq.heappushpop(examples, example)


def _lengths(counts: Counter[int]) -> Lengths | None:
    total = counts.total()
    return Lengths(_quantile(counts, 0.5), _quantile(counts, 0.9), max(counts)) if total else None


def _quantile(counts: Counter[int], share: float) -> int:
    """The smallest length that at least ``share`` of the answers do not exceed."""
    needed, seen = share * counts.total(), 0
    for length in sorted(counts):
        seen += counts[length]
        if seen >= needed:
            return length
    return 0


def describe(inspection: Inspection) -> str:
    """The inspection as lines of plain text, for people."""
    lines = [_line("File", inspection.file), _line("Format", _format(inspection))]
    if inspection.rows is not None:
        lines.append(_line("Rows", f"{inspection.rows:,}"))
    lines += _block("Columns", _columns(inspection.columns))
    if inspection.problem is None:
        lines += _answers(inspection)
    lines += _block("Notes", inspection.notes)
    if inspection.problem is not None:
        lines += _block("Problem", [inspection.problem])
    return "\n".join(lines)


def _format(inspection: Inspection) -> str:
    parts = [inspection.format]
    if inspection.encoding:
        parts.append(f"encoding {inspection.encoding}")
    if inspection.delimiter:
        parts.append(f"delimiter {_DELIMITERS.get(inspection.delimiter, repr(inspection.delimiter))}")
    if inspection.sheet:
        parts.append(f"sheet '{inspection.sheet}'")
    return ", ".join(parts)


def _columns(columns: Sequence[Column]) -> list[str]:
    shown = [column for place, column in enumerate(columns) if place < SHOWN_COLUMNS or column.roles]
    lines = [f"{c.name} ({c.kind})" + (f": {', '.join(c.roles)}" if c.roles else "") for c in shown]
    return lines + ([f"… and {len(columns) - len(shown):,} more"] if len(shown) < len(columns) else [])


def _answers(inspection: Inspection) -> list[str]:
    lines = [_line("Answers", f"{inspection.answers:,}")]
    lines.append(_line("Empty", f"{inspection.empty:,}"))
    lines.append(_line("Repeated", f"{inspection.repeated:,}"))
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in inspection.non_answers.items())
    lines.append(_line("Non-answers", f"{sum(inspection.non_answers.values()):,}" + (f" ({kinds})" if kinds else "")))
    of = f" of the first {inspection.language_checked:,}" if inspection.language_checked == LANGUAGE_SAMPLE else ""
    lines.append(_line("Not German", f"{inspection.foreign:,}{of}"))
    if inspection.lengths is not None:
        words = inspection.lengths
        lines.append(_line("Words", f"median {words.median:,}, 90 % up to {words.p90:,}, longest {words.longest:,}"))
    lines += _block("Questions", [f"{name}: {asked or '(none)'}" for name, asked in inspection.questions.items()])
    return lines + _block("Examples", [" ".join(f"„{text}“".split()) for text in inspection.examples])


def _line(label: str, value: str) -> str:
    return f"{label + ':' if label else '':<13}{value}"


def _block(label: str, items: Iterable[str]) -> list[str]:
    return [_line(label if number == 0 else "", item) for number, item in enumerate(items)]
