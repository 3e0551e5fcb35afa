"""Findings: the three to five sentences about a question that its figures support.

What is called more or most has a confidence interval that no rival's reaches; what is said of most of a
theme's answers has one that stays above a half. Nothing is said about causes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from rmtext.report import german
from rmtext.report.model import Difference, Finding, QuestionReport, ThemeFigures
from rmtext.statistics import LEVEL, Share, wilson_interval

MIN_BASE = 20  # answers; below it intervals are so wide that people should read instead of count
MOST, FEWEST = 5, 3
MAX_LEADERS = 3

Pick = Callable[[ThemeFigures], Share]


def findings(question: QuestionReport) -> tuple[Finding, ...]:
    """Up to five findings, the most important first; none where the base is too small."""
    if question.base < MIN_BASE or not question.sentiments:
        return ()
    most_named = _named(question)
    told = set(most_named.themes) if most_named else set()
    candidates = [
        most_named,
        _sentiment(question),
        _judged(question, "kritik") or _mostly(question, "kritik", told),
        _judged(question, "lob") or _mostly(question, "lob", told),
        _difference(question),
        _wished(question),
    ]
    found = [finding for finding in candidates if finding is not None and not _repeats(finding, most_named)][:MOST]
    for fill in (_undecided, _suggestions, _without_theme):
        if len(found) < FEWEST and (finding := fill(question)) is not None:
            found.append(finding)
    return tuple(found)


def _repeats(finding: Finding, first: Finding | None) -> bool:
    """Whether the first finding already says of the same theme that it is mostly praised, criticised or wished."""
    return first is not None and first.kind == f"thema_{finding.kind}" and first.themes == finding.themes


def leaders(themes: Sequence[ThemeFigures], pick: Pick) -> tuple[ThemeFigures, ...]:
    """The one to three themes whose share lies clearly above that of every other theme; else none."""
    ranked = sorted(themes, key=lambda figures: -pick(figures).value)
    for size in range(1, min(MAX_LEADERS, len(ranked) - 1) + 1):
        lowest = min(pick(figures).low for figures in ranked[:size])
        highest = max(pick(figures).high for figures in ranked[size:])
        if lowest > highest:
            return tuple(ranked[:size])
    return ()


def leaning(figures: ThemeFigures, level: float = LEVEL) -> tuple[str, Share] | None:
    """What most answers that name a theme do: ("kritik" | "lob" | "wunsch", its share among them), else None."""
    for name, part in (("kritik", figures.criticism), ("lob", figures.praise), ("wunsch", figures.wish)):
        within = _within(part, figures.named, level)
        if within is not None and within.low > 0.5:
            return name, _within(part, figures.named, LEVEL) or within
    return None


def _within(part: Share, whole: Share, level: float) -> Share | None:
    """A share of the answers that name a theme. Their weights make them worth less in the same measure as the whole."""
    if whole.hits == 0 or whole.value == 0:
        return None
    worth = whole.effective_n * whole.hits / whole.n
    value = part.hits / whole.hits if whole.effective_n == whole.n else min(1.0, part.value / whole.value)
    low, high = wilson_interval(value * worth, worth, level)
    return Share(value, min(low, value), max(high, value), part.hits, whole.hits, worth)


def leaning_words(figures: ThemeFigures) -> str:
    """How most mentions of a theme are meant, as the end of a sentence: ", rund neun von zehn davon kritisch"."""
    found = leaning(figures)
    if found is None:
        return ""
    name, part = found
    word = {"kritik": "kritisch", "lob": "lobend", "wunsch": "als Wunsch"}[name]
    return f", {german.proportion(part)} davon {word}"


def basis(share: Share) -> str:
    """What a share stands on: n of the base, and the interval."""
    weighted = "" if share.effective_n == share.n else ", gewichtet"
    sample = f"{german.count(share.hits)} von {german.number(share.n)}{weighted}"
    return f"{sample}, 95-%-Vertrauensbereich {german.interval(share)}"


def _named(question: QuestionReport) -> Finding | None:
    top = leaders(question.themes, lambda figures: figures.named)
    if not top:
        return None
    names = german.listed([german.quoted(figures.label) for figures in top])
    shares = tuple(figures.named for figures in top)
    if len(top) > 1:
        rest = f"{german.listed([german.percent(found.value) for found in shares])} der Antworten nennen sie."
        return _finding("themen", f"{names} sind die häufigsten Themen.", rest, top, shares)
    lean = leaning(top[0])
    kind = f"thema_{lean[0]}" if lean else "thema"
    rest = f"{german.percent(shares[0].value)} der Antworten nennen es{leaning_words(top[0])}."
    return _finding(kind, f"{names} ist das häufigste Thema.", rest, top, shares)


def _sentiment(question: QuestionReport) -> Finding | None:
    good, bad = question.sentiments["positiv"], question.sentiments["negativ"]
    if not (good.clearly_above(bad) or bad.clearly_above(good)):
        return None
    (more, word), (less, other) = sorted([(good, "positiv"), (bad, "negativ")], key=lambda pair: -pair[0].value)
    lead = f"Die meisten Antworten sind {word}." if more.low > 0.5 else f"Mehr Antworten sind {word} als {other}."
    rest = f"{german.percent(more.value)} sind {word}, {german.percent(less.value)} {other}."
    return _finding("stimmung", lead, rest, (), (more, less))


def _judged(question: QuestionReport, kind: str) -> Finding | None:
    picks: dict[str, tuple[Pick, Pick]] = {
        "lob": (lambda figures: figures.praise, lambda figures: figures.criticism),
        "kritik": (lambda figures: figures.criticism, lambda figures: figures.praise),
    }
    this, other = picks[kind]
    top = leaders(question.themes, this)
    if not top:
        return None
    names = german.listed([german.quoted(figures.label) for figures in top])
    word, opposite = ("Lob", "Kritik") if kind == "lob" else ("Kritik", "Lob")
    shares = tuple(this(figures) for figures in top)
    rest = f"{german.listed([german.percent(found.value) for found in shares])} der Antworten enthalten {word} dazu"
    if len(top) == 1:
        rest += f", {german.percent(other(top[0]).value)} {opposite}"
    return _finding(kind, f"Am meisten {word} gibt es zu {names}.", f"{rest}.", top, shares)


def _mostly(question: QuestionReport, kind: str, told: Collection[str]) -> Finding | None:
    """Where no theme stands out: the first of the commonest ones whose answers mostly praise, or criticise."""
    if not question.themes:
        return None
    common = question.themes[:MOST]
    level = 1 - (1 - LEVEL) / len(common)  # one of several themes leans by chance
    for figures in common:
        lean = leaning(figures, level)
        if lean is None or lean[0] != kind or figures.id in told:
            continue
        word = "Kritik" if kind == "kritik" else "Lob"
        lead = f"Wo es um {german.quoted(figures.label)} geht, überwiegt {word}."
        rest = f"{german.percent(lean[1].value)} dieser Antworten enthalten {word}."
        return _finding(f"meist_{kind}", lead, rest, (figures,), (lean[1],))
    return None


def _wished(question: QuestionReport) -> Finding | None:
    top = leaders(question.themes, lambda figures: figures.wish)
    if not top:
        return None
    names = german.listed([german.quoted(figures.label) for figures in top])
    shares = tuple(figures.wish for figures in top)
    rest = f"{german.listed([german.percent(found.value) for found in shares])} der Antworten wünschen sich etwas dazu."
    return _finding("wunsch", f"Die meisten Wünsche betreffen {names}.", rest, top, shares)


def _difference(question: QuestionReport) -> Finding | None:
    found = [difference for grouping in question.groupings for difference in grouping.differences]
    if not found:
        return None
    largest = max(found, key=lambda difference: abs(difference.gap))
    lead, rest = difference_words(largest, question)
    stands_on = f"{basis(largest.here)}; alle anderen: {basis(largest.elsewhere)}"
    return Finding("gruppe", lead, rest, stands_on, (largest.theme,), (largest.here, largest.elsewhere))


def difference_words(difference: Difference, question: QuestionReport) -> tuple[str, str]:
    """A difference between a group and the others in two sentences."""
    where = f"In der Gruppe {german.quoted(difference.group)} ({difference.variable})"
    here, elsewhere = german.percent(difference.here.value), german.percent(difference.elsewhere.value)
    more = "häufiger" if difference.gap > 0 else "seltener"
    if difference.theme in ("positiv", "negativ"):
        lead = f"{where} sind Antworten {more} {difference.theme} als in den übrigen."
        return lead, f"{here} der Antworten dort sind {difference.theme}, {elsewhere} aller anderen."
    lead = f"{where} geht es {more} um {german.quoted(question.label(difference.theme))} als in den übrigen."
    return lead, f"{here} der Antworten dort nennen das Thema, {elsewhere} aller anderen."


def _undecided(question: QuestionReport) -> Finding | None:
    good, bad = question.sentiments["positiv"], question.sentiments["negativ"]
    if good.clearly_above(bad) or bad.clearly_above(good):
        return None
    lead = "Ob positive oder negative Antworten überwiegen, ist offen."
    rest = f"{german.percent(good.value)} sind positiv, {german.percent(bad.value)} negativ; die Vertrauensbereiche"
    return _finding("offen", lead, f"{rest} überschneiden sich.", (), (good, bad))


def _suggestions(question: QuestionReport) -> Finding | None:
    share = question.suggestion
    if share is None or share.hits == 0:
        return None
    lead = f"{german.percent(share.value)} der Antworten enthalten einen Wunsch oder Vorschlag."
    return _finding("vorschlag", lead[0].upper() + lead[1:], "", (), (share,))


def _without_theme(question: QuestionReport) -> Finding | None:
    share = question.without_theme
    if share is None or share.hits == share.n:
        return None
    rest = Share(1 - share.value, 1 - share.high, 1 - share.low, share.n - share.hits, share.n, share.effective_n)
    lead = f"{german.percent(rest.value)} der Antworten nennen mindestens ein Thema des Codebuchs."
    return _finding("thema_genannt", lead[0].upper() + lead[1:], "", (), (rest,))


def _finding(kind: str, lead: str, rest: str, themes: Sequence[ThemeFigures], shares: tuple[Share, ...]) -> Finding:
    stands_on = "; ".join(basis(share) for share in shares)
    return Finding(kind, lead, rest, stands_on, tuple(figures.id for figures in themes), shares)
