"""Words: what an evaluation and an agreement say, as German sentences and rows of tables, for every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rmtext.coding import SENTIMENTS, Coding
from rmtext.evaluation.agreement import Agreement, Coefficients
from rmtext.evaluation.bootstrap import Score
from rmtext.evaluation.calibration import LEAST_CERTAIN, Reliability
from rmtext.evaluation.charts import interval_words
from rmtext.evaluation.evaluate import SHOWN, Evaluation, Measured
from rmtext.evaluation.figures import Figures
from rmtext.evaluation.matching import WRITER
from rmtext.report import german

FEW_PERSONS = 20  # below, the intervals of a cluster bootstrap are too narrow (Cameron, Gelbach & Miller 2008)
Rows = list[tuple[str, ...]]

KINDS = {
    "extra": "Themen zu viel", "missed": "Übersehene Themen", "polarity": "Falsche Polarität eines Themas",
    "sentiment": "Falsche Stimmung",
}  # fmt: skip
_TUNED = {
    "thresholds": "Die Schwellen des Modells wurden an eben diesen Antworten gewählt: Die Zahlen fallen zu gut aus.",
    "trained": "Mit eben diesen Antworten wurde das Modell trainiert: Über neue Antworten sagen die Zahlen nichts.",
    "same codebook": "Das Korpus hat das Codebuch des Modells. Ob Modell oder Schwellen diese Antworten schon kannten, "
    "ist nicht bekannt; wenn ja, fallen die Zahlen zu gut aus.",
    "unknown": "Ob das Modell oder seine Schwellen diese Antworten schon kannten, ist nicht bekannt.",
}  # fmt: skip
_CROSS = {"theme_micro_f1": "Themen micro-F1", "sentiment_macro_f1": "Stimmung macro-F1"}


def measured_sentences(measured: Measured) -> list[str]:
    """What was measured on what, and what to know before the figures are used."""
    return [base_sentence(measured), *known_sentences(measured), *measured_remarks(measured)]


def known_sentences(measured: Measured) -> list[str]:
    """Whether the model knew the answers before, and its figures with thresholds from others where it did."""
    figures = measured.cross_fitted
    known = [f"{label} {german.decimal(figures[name])}" for name, label in _CROSS.items() if name in figures]
    cross = [f"Mit Schwellen, die je die andere Hälfte wählte (model.json): {german.listed(known)}."] if known else []
    return [_TUNED[measured.tuned], *cross]


def measured_remarks(measured: Measured) -> list[str]:
    """What else to know before the figures are used."""
    found = []
    if measured.gold_kind == "people":
        found.append(
            "Werden Codes des Modells nur durchgesehen, bleibt mancher stehen, den sonst niemand vergeben hätte: Ein "
            "so geprüftes Gold fällt zu gut für das Modell aus."
        )
    alone = [
        f"{_answers(len(ids))} nur in {german.quoted(name)} ({_ids(ids)})"
        for ids, name in ((measured.without_gold, measured.name), (measured.without_codes, measured.gold))
        if ids
    ]
    if alone:
        found.append(f"Nicht verglichen: {german.listed(alone)}.")
    if measured.checked:
        checked = f"{_answers(measured.checked, capital=True)} in {german.quoted(measured.name)}"
        found.append(
            f"{checked} {_have(measured.checked)} Menschen geprüft: Dort misst der Vergleich nicht nur das Modell."
        )
    return [*found, *_remarks(measured.left_out, measured.persons, measured.answers, measured.person_column)]


def agreement_sentences(agreement: Agreement) -> list[str]:
    """Who is compared on what, and what to know before the figures are used."""
    return [compared_sentence(agreement), *agreement_remarks(agreement)]


def compared_sentence(agreement: Agreement) -> str:
    """Who is compared on how many answers."""
    names = german.listed([german.quoted(name) for name in agreement.names])
    return f"Verglichen: {names}, {_answers(agreement.answers)}."


def agreement_remarks(agreement: Agreement) -> list[str]:
    """What to know before the figures are used."""
    found = [
        f"Von {german.quoted(side.name)} zählen nur die {german.number(side.answers)} von {german.number(side.rows)} "
        "Antworten, die Menschen kodiert oder geprüft haben."
        for side in agreement.coders
        if side.kind == "people" and side.answers < side.rows
    ]
    alone = [
        f"{_answers(len(side.alone))} nur bei {german.quoted(side.name)} ({_ids(side.alone)})"
        for side in agreement.coders
        if side.alone
    ]
    if alone:
        found.append(f"Nicht verglichen: {german.listed(alone)}.")
    return [*found, *_remarks(agreement.left_out, agreement.persons, agreement.answers, agreement.person_column)]


def console_parts(result: Evaluation | Agreement) -> list[str | Rows]:
    """What a terminal shows: sentences and tables, in order."""
    if isinstance(result, Agreement):
        return [*agreement_sentences(result), agreement_rows(result)]
    figures = (*result.themes, result.micro, result.macro)
    return [
        *measured_sentences(result.measured), main_rows(result), figure_rows("Thema", figures), confusion_rows(result),
        *review_sentences(result),
    ]  # fmt: skip


def main_rows(evaluation: Evaluation) -> Rows:
    """The main figures with a header."""
    e = evaluation
    scores = [
        ("Themen, micro-F1", e.micro.f1), ("Themen, macro-F1", e.macro.f1), ("Themen, Cohens κ (micro)", e.micro.kappa),
        ("Stimmung, macro-F1", e.sentiment_macro_f1), ("Stimmung, Anteil richtig", e.accuracy),
        ("Stimmung, Cohens κ", e.sentiment_kappa),
        (f"Polarität gefundener Themen, Anteil richtig (n = {german.number(e.found)})", e.polarity),
        ("Belege, F1 nach Zeichen", e.evidence), ("Wünsche und Vorschläge, F1", e.suggestion.f1),
    ]  # fmt: skip
    rows = [(name, interval_words(score)) for name, score in scores]
    rows.append(("Kalibrierung der Themen (ECE)", _error(e.theme_reliability)))
    rows.append(("Kalibrierung der Stimmung (ECE)", _error(e.sentiment_reliability)))
    return [("Maß", "Wert (95-%-Bereich)"), *rows]


def figure_rows(heading: str, figures: Sequence[Figures]) -> Rows:
    """Precision, recall, F1 and κ of each, with a header."""
    head = (heading, "Gold", "kodiert", "Precision", "Recall", "F1", "κ")
    return [head, *(
        (german.plain(f.label), german.number(f.gold), german.number(f.predicted),
         *(interval_words(score) for score in (f.precision, f.recall, f.f1, f.kappa))) for f in figures
    )]  # fmt: skip


def confusion_rows(evaluation: Evaluation) -> Rows:
    """The confusion matrix of sentiment with a header; gold in rows."""
    head = ("Gold ↓ kodiert →", *SENTIMENTS)
    rows = zip(SENTIMENTS, evaluation.confusion, strict=True)
    return [head, *((name, *map(german.number, row)) for name, row in rows)]


def agreement_rows(agreement: Agreement) -> Rows:
    """All coefficients with a header: themes, their mean, their sets, sentiment, suggestions."""
    head = ("Code", *(f"n {german.plain(name, 40)}" for name in agreement.names), "Übereinstimmung", "κ", "α", "AC1")
    rows = [_coefficient_row(c, agreement) for c in (*agreement.themes, agreement.mean)]
    nothing = ("",) * len(agreement.names)
    same, alpha = interval_words(agreement.same_themes), interval_words(agreement.themes_alpha)
    rows.append(("Themen einer Antwort, als Menge (MASI)", *nothing, same, "", alpha, ""))
    rows += [_coefficient_row(c, agreement) for c in (agreement.sentiment, agreement.suggestion)]
    return [head, *rows]


def review_sentences(evaluation: Evaluation) -> list[str]:
    """How much is wrong, and how much of it ``needs_review`` and the least certain fifth catch."""
    review = evaluation.review
    if not review.wrong_answers:
        return ["Keine Antwort hat ein falsches Thema oder eine falsche Stimmung."]
    wrong = f"{_answers(review.wrong_answers)}, {german.number(review.wrong_codes)} falsche Codes"
    found = [
        f"{german.percent(review.wrong_answers / review.answers)} der Antworten haben ein falsches Thema oder eine "
        f"falsche Stimmung ({wrong}).",
        f"„needs_review“ markiert {german.percent(review.marked / review.answers)} der Antworten; darin liegen "
        f"{german.percent(review.caught_answers / review.wrong_answers)} der falschen Antworten und "
        f"{german.percent(review.caught_codes / review.wrong_codes)} der falschen Codes.",
    ]  # fmt: skip
    if review.by_certainty is not None:
        found.append(
            f"Unter den {german.percent(LEAST_CERTAIN)} der Antworten mit der kleinsten Konfidenz liegen "
            f"{german.percent(review.by_certainty)} der falschen."
        )
    return found


def given_words(coding: Coding | None, labels: dict[str, str]) -> str:
    """What a coder gave an answer: sentiment, then themes with polarity."""
    if coding is None:
        return "nicht kodiert"
    themes = [f"{labels.get(t.theme, t.theme)} ({t.polarity})" for t in coding.themes] or ["kein Thema"]
    return "; ".join([coding.sentiment, *sorted(themes), *(["Wunsch"] if coding.suggestion else [])])


def theme_code(label: str | None, polarity: str | None) -> str:
    """A code as a mistake names it: "Kapazität und Zeit (negativ)", a sentiment, or "nicht vergeben"."""
    if polarity is None:
        return "nicht vergeben"
    return polarity if label is None else f"{label} ({polarity})"


def base_sentence(measured: Measured) -> str:
    """What was measured on what."""
    of = f"{_answers(measured.answers)}"
    if measured.gold_kind == "corpus":
        what = f"des Korpus {german.quoted(measured.gold)}, Teil {german.quoted(measured.split or 'alle')}"
    else:
        what = (
            f"aus {german.quoted(measured.gold)}, die Menschen kodiert oder geprüft haben "
            f"({german.number(measured.gold_rows)} von {german.number(measured.rows)} Zeilen)"
        )
    return f"{german.plain(measured.name)}, gemessen an {of} {what}."


def _remarks(left_out: Sequence[str], persons: int, answers: int, column: str) -> Iterator[str]:
    if left_out:
        yield f"Nicht verglichen, weil nicht in jedem Codebuch: {german.listed([german.plain(id) for id in left_out])}."
    who = "Schreibenden" if column == WRITER else "Personen"
    if persons == 1 < answers:
        yield "Alle Antworten sind von einer Person: Vertrauensbereiche gibt es nicht."
    elif persons < answers:
        rough = " Bei so wenigen sind die Vertrauensbereiche eher zu schmal." if persons < FEW_PERSONS else ""
        yield f"Die Antworten sind von {german.number(persons)} {who}; sie werden gemeinsam gezogen.{rough}"


def _coefficient_row(c: Coefficients, agreement: Agreement) -> tuple[str, ...]:
    given = ("",) * len(agreement.names) if c.given is None else tuple(german.number(n) for n in c.given)
    return german.plain(c.label), *given, *(interval_words(score) for score in _four(c))


def _four(c: Coefficients) -> tuple[Score, ...]:
    return c.percent, c.kappa, c.alpha, c.ac1


def _error(reliability: Reliability | None) -> str:
    return "nicht in der Datei" if reliability is None else german.decimal(reliability.error)


def _answers(n: int, *, capital: bool = False) -> str:
    words = german.some(n, "eine Antwort", "Antworten")
    return words[:1].upper() + words[1:] if capital else words


def _have(n: int) -> str:
    return "hat" if n == 1 else "haben"


def _ids(ids: Sequence[str]) -> str:
    shown = [german.plain(id, 40) for id in ids[:SHOWN]]
    return ", ".join(shown) + (", …" if len(ids) > SHOWN else "")
