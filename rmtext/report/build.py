"""Building a report: codings, codebook and quotes → plain report data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from typing import Any

from rmtext.codebook import Codebook
from rmtext.coding import NON_ANSWERS, POLARITIES, SENTIMENTS, Coding
from rmtext.privacy import MIN_GROUP, withheld_groups
from rmtext.quotes import Quote
from rmtext.report import german
from rmtext.report.cards import quote_card
from rmtext.report.findings import findings
from rmtext.report.model import Difference, Group, Grouping, Quality, QuestionReport, QuoteCard, Report, ThemeFigures
from rmtext.report.tally import GroupTally, QuestionTally, ReportTally, ThemeTally
from rmtext.statistics import LEVEL, Share, Tally, share

NO_GROUP = "ohne Angabe"
NO_QUESTION = "Ohne Frage"


def build_report(
    codings: Iterable[Coding],
    codebook: Codebook,
    quotes: Sequence[Quote],
    *,
    title: str,
    model_card: Mapping[str, Any],
    date: Date | None = None,
) -> Report:
    """The report on codings, read once, in memory that does not grow with their number (but for 8 bytes a person).

    Questions are never pooled. Groups below MIN_GROUP people are withheld, with a second one where subtraction
    would give them away. ``model_card`` is the model's own description; what it lacks is left out.
    """
    tally = ReportTally()
    for coding in codings:
        tally.add(coding)
    questions = []
    for asked, counted in tally.questions.items():
        here = [quote for quote in quotes if quote.question == asked]
        question = _question(asked, counted, tally, codebook, here)
        questions.append(replace(question, findings=findings(question)))
    return Report(
        title=german.plain(title) or "Auswertung offener Antworten",
        date=date,
        people=len(tally.people),
        answers=tally.answers,
        questions=tuple(questions),
        beyond=tally.beyond,
        groups=_who_answered(tally),
        dropped_groups=tuple(_variable_name(name) for name in tally.variables or () if name in tally.overflowing),
        codebook=german.plain(codebook.name),
        codebook_version=german.plain(codebook.version, 20),
        theme_count=len(codebook.themes),
        model=german.plain(str(tally.model.get("name") or model_card.get("name") or ""), 60),
        model_version=german.plain(str(tally.model.get("version") or model_card.get("version") or ""), 20),
        quality=_quality(model_card),
    )


def _question(
    asked: str | None, tally: QuestionTally, report: ReportTally, codebook: Codebook, quotes: Sequence[Quote]
) -> QuestionReport:
    base = tally.base.base
    themes = _themes(tally, base, codebook)
    hidden: dict[str, frozenset[str]] = {}
    groupings = []
    for variable in report.variables or ():
        if variable not in report.overflowing and tally.groups.get(variable):
            values = tally.groups[variable]
            hidden[variable] = _withheld(values)
            groupings.append(_grouping(variable, hidden[variable], tally, themes))
    cards: dict[str, tuple[QuoteCard, ...]] = {}
    for quote in quotes:
        card = quote_card(quote, tally, hidden)
        cards[quote.theme] = (*cards.get(quote.theme, ()), card)
    for theme, found in cards.items():
        cards[theme] = tuple(sorted(found, key=lambda card: (card.kind == "Wunsch", POLARITIES.index(card.polarity))))
    known = {figures.id for figures in themes}
    return QuestionReport(
        question=asked,
        title=NO_QUESTION if asked is None else german.plain(asked, 240) or NO_QUESTION,
        answers=tally.answers,
        people=len(tally.people),
        few_people=len(tally.base.people) < MIN_GROUP,
        silent={reason: tally.silent[reason] for reason in NON_ANSWERS if tally.silent[reason]},
        base=base.n,
        effective_n=base.effective_n,
        weighted=tally.weighted,
        unweighted=tally.unweighted if tally.weighted else 0,
        sentiments=_shares({name: tally.base.sentiments.get(name, Tally()) for name in SENTIMENTS}, base),
        themes=themes,
        without_theme=share(tally.without_theme, base),
        suggestion=share(tally.suggestion, base),
        groupings=tuple(groupings),
        review=dict(tally.review),
        checked=tally.checked,
        quotes={
            theme: cards[theme] for theme in [*(f.id for f in themes), *cards] if theme in cards and theme in known
        },
    )


def _themes(tally: QuestionTally, base: Tally, codebook: Codebook) -> tuple[ThemeFigures, ...]:
    """All themes of the codebook and any that only the codings know, the most named first."""
    ids = [*codebook.ids, *sorted(set(tally.themes) - set(codebook.ids))]
    figures = []
    for theme in ids:
        counted = tally.themes.get(theme, ThemeTally())
        parts = (counted.named, counted.praise, counted.criticism, counted.wish, counted.neutral)
        shares = [share(part, base) for part in parts]
        if all(found is not None for found in shares):
            figures.append(ThemeFigures(theme, german.plain(codebook.label(theme), 80) or theme, *filter(None, shares)))
    return tuple(sorted(figures, key=lambda found: -found.named.value))


def _shares(parts: Mapping[str, Tally], base: Tally) -> dict[str, Share]:
    shares = {name: share(part, base) for name, part in parts.items()}
    return {name: found for name, found in shares.items() if found is not None}


def _withheld(values: Mapping[str, GroupTally]) -> frozenset[str]:
    people = {value: group.people for value, group in values.items()}
    return withheld_groups(people, {value: group.base.n for value, group in values.items()})


def _grouping(variable: str, hidden: frozenset[str], tally: QuestionTally, themes: Sequence[ThemeFigures]) -> Grouping:
    values = tally.groups[variable]
    shown = {value: group for value, group in values.items() if value not in hidden and group.base.weight > 0}
    by_size = sorted(shown.items(), key=lambda item: (item[0] == "", -item[1].base.n, item[0]))
    ids = [figures.id for figures in themes]
    groups = []
    for value, group in by_size:
        shares = _shares({theme: group.themes.get(theme, Tally()) for theme in ids}, group.base)
        mood = _shares({name: group.sentiments.get(name, Tally()) for name in ("positiv", "negativ")}, group.base)
        groups.append(Group(_group_name(value), group.base.n, shares, mood["positiv"], mood["negativ"]))
    sums = {theme: tally.themes.get(theme, ThemeTally()).named for theme in ids}
    sums |= {name: tally.base.sentiments.get(name, Tally()) for name in ("positiv", "negativ")}
    return Grouping(
        variable=_variable_name(variable),
        groups=tuple(groups),
        withheld=tuple(sorted(_group_name(value) for value in hidden)),
        withheld_n=sum(values[value].base.n for value in hidden),
        differences=_differences(_variable_name(variable), by_size, sums, tally.base.base),
    )


def _differences(
    variable: str, groups: Sequence[tuple[str, GroupTally]], sums: Mapping[str, Tally], base: Tally
) -> tuple[Difference, ...]:
    """Where a group and all other answers differ, largest gap first.

    Both intervals are widened by Bonferroni's correction for the number of comparisons, so that fewer than
    one report in twenty shows a difference that is chance; they must have no point in common.
    """
    level = 1 - (1 - LEVEL) / max(1, len(groups) * len(sums))
    found = []
    for value, group in groups:
        if not value:
            continue
        others = base.without(group.base)
        for name, all_hits in sums.items():
            hits = group.themes.get(name, Tally()) if name not in SENTIMENTS else group.sentiments.get(name, Tally())
            wide = share(hits, group.base, level), share(all_hits.without(hits), others, level)
            if wide[0] and wide[1] and (wide[0].clearly_above(wide[1]) or wide[1].clearly_above(wide[0])):
                here, elsewhere = share(hits, group.base), share(all_hits.without(hits), others)
                if here and elsewhere:
                    found.append(Difference(variable, _group_name(value), name, here, elsewhere))
    return tuple(sorted(found, key=lambda difference: -abs(difference.gap)))


def _variable_name(column: str) -> str:
    """A group column's name as a heading; it is a noun, however the file spells it ("abteilung")."""
    name = german.plain(column, 60)
    return name[:1].upper() + name[1:]


def _group_name(value: str) -> str:
    return german.plain(value, 60) or NO_GROUP


def _who_answered(tally: ReportTally) -> dict[str, tuple[tuple[str, int], ...]]:
    """For each group column the groups that may be shown, with their answers to all questions, the largest first."""
    found = {}
    for variable in tally.variables or ():
        people: dict[str, set[str]] = {}
        answers: dict[str, int] = {}
        for question in tally.questions.values() if variable not in tally.overflowing else ():
            for value, group in question.groups.get(variable, {}).items():
                people[value] = people.get(value, set()) | group.people
                answers[value] = answers.get(value, 0) + group.base.n
        shown = sorted(set(answers) - withheld_groups(people, answers), key=lambda value: (-answers[value], value))
        if shown:
            found[_variable_name(variable)] = tuple((_group_name(value), answers[value]) for value in shown)
    return found


def _quality(card: Mapping[str, Any]) -> tuple[Quality, ...]:
    scores = card.get("scores")
    found = []
    for key, entry in scores.items() if isinstance(scores, Mapping) else ():
        entry = entry if isinstance(entry, Mapping) else {"value": entry}
        numbers = {name: entry.get(name) for name in ("value", "low", "high", "n")}
        if isinstance(numbers["value"], int | float):
            n = numbers["n"]
            low, high = (float(v) if isinstance(v, int | float) else None for v in (numbers["low"], numbers["high"]))
            found.append(Quality(str(key), float(numbers["value"]), low, high, n if isinstance(n, int) else None))
    return tuple(found)
