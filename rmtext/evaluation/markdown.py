"""An evaluation or an agreement as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rmtext.evaluation import words
from rmtext.evaluation.agreement import Agreement
from rmtext.evaluation.evaluate import Evaluation
from rmtext.evaluation.mistakes import KINDS, Mistake
from rmtext.evaluation.passages import pieces, shortened
from rmtext.report import german

# What Markdown or HTML in it would read as markup; "|" ends a cell.
_MARKUP = re.compile(r"[\\`*<>&\[\]|~#]|(?<!\w)_|_(?!\w)")


def evaluation_markdown(evaluation: Evaluation) -> str:
    """The evaluation with the worst mistakes."""
    e = evaluation
    labels = {theme.id: theme.label for theme in e.themes}
    lines = ["# Güte der Kodierung", "", *_paragraphs(words.measured_sentences(e.measured))]
    lines += ["## Auf einen Blick", "", *_table(words.main_rows(e))]
    lines += ["## Themen", "", *_table(words.figure_rows("Thema", (*e.themes, e.micro, e.macro)))]
    lines += ["## Stimmung", "", *_table(words.figure_rows("Stimmung", e.sentiments)), *_table(words.confusion_rows(e))]
    lines += ["## Wünsche und Vorschläge", "", *_table(words.figure_rows("Code", (e.suggestion,)))]
    lines += ["## Nachprüfen", "", *_paragraphs(words.review_sentences(e))]
    for kind in KINDS:
        found = [mistake for mistake in e.mistakes if mistake.kind == kind]
        if found:
            lines += [f"## {words.KINDS[kind]}", "", *(line for m in found for line in _mistake(m, labels))]
    return "\n".join(lines)


def agreement_markdown(agreement: Agreement) -> str:
    """The agreement with all disagreements."""
    labels = {theme.id: theme.label for theme in agreement.themes}
    lines = ["# Übereinstimmung", "", *_paragraphs(words.agreement_sentences(agreement))]
    lines += ["## Koeffizienten", "", *_table(words.agreement_rows(agreement))]
    lines += [f"## Verschieden kodiert ({german.number(len(agreement.disagreements))})", ""]
    for answer in agreement.disagreements:
        where = f"Antwort {_escaped(answer.id)}{_under(answer.question)}"
        lines += [f"> {_escaped(shortened(answer.text))}", "", where, ""]
        for name, coding in zip(agreement.names, answer.codings, strict=True):
            lines.append(f"- {_escaped(name)}: {_escaped(words.given_words(coding, labels))}")
        lines.append("")
    return "\n".join(lines)


def _mistake(mistake: Mistake, labels: dict[str, str]) -> list[str]:
    label = None if mistake.theme is None else labels.get(mistake.theme, mistake.theme)
    parts = (f"**{w}**" if marked and (w := _escaped(part)) else _escaped(part, strip=False)
             for part, marked in pieces(mistake.text, mistake.places))  # fmt: skip
    codes = words.theme_code(label, mistake.gold), words.theme_code(label, mistake.predicted)
    return [
        f"> {''.join(parts).strip()}",
        "",
        f"Antwort {_escaped(mistake.id)}{_under(mistake.question)}. Gold: {_escaped(codes[0])}; kodiert: "
        f"{_escaped(codes[1])}; Konfidenz {german.decimal(mistake.confidence)}",
        "",
    ]


def _under(question: str | None) -> str:
    return f", Frage: {_escaped(question)}" if question else ""


def _paragraphs(sentences: Sequence[str]) -> list[str]:
    return [line for sentence in sentences for line in (_escaped(sentence), "")]


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    head, *body = ["| " + " | ".join(map(_escaped, row)) + " |" for row in rows]
    return [head, "|---" * len(rows[0]) + "|", *body, ""]


def _escaped(text: str, *, strip: bool = True) -> str:
    """The text in one line, without characters that steer a terminal, nothing in it read as markup."""
    visible = "".join(char if char.isprintable() or char.isspace() else "\ufffd" for char in text)
    line = re.sub(r"\s+", " ", visible)
    return _MARKUP.sub(r"\\\g<0>", line.strip() if strip else line)
