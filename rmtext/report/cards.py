"""Quote cards: quotes masked, with their evidence marked and only such groups as hide a person."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from rmtext.privacy import MIN_GROUP, mask_spans
from rmtext.quotes import Quote
from rmtext.report import german
from rmtext.report.model import QuoteCard
from rmtext.report.tally import QuestionTally, group_value

ELLIPSIS = "…"
MAX_QUOTE = 1_500  # characters of one quote; nobody reads a longer one in a report


def quote_card(quote: Quote, tally: QuestionTally, hidden: Mapping[str, frozenset[str]]) -> QuoteCard:
    """The card of a quote; ``hidden`` are the groups withheld of each group column that is shown."""
    return QuoteCard(_pieces(quote), quote.polarity, quote.kind, _shown_groups(quote, tally, hidden))


def _shown_groups(quote: Quote, tally: QuestionTally, hidden: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The groups printed below a quote: one after the other as long as five people share them all."""
    carried: tuple[str, ...] = ()
    shown: list[str] = []
    for variable, withheld in hidden.items():
        value = group_value(quote.groups, variable)
        carried = (*carried, value)
        if value in withheld or len(tally.carriers.get(carried, ())) < MIN_GROUP:
            break
        if value:
            shown.append(german.plain(value, 60))
    return tuple(shown)


def _pieces(quote: Quote) -> tuple[tuple[str, bool], ...]:
    """The quote as shown, cut where evidence or a mask begins or ends."""
    text = quote.text[:MAX_QUOTE]
    before = f"{ELLIPSIS} " if quote.cut_before else ""
    after = f" {ELLIPSIS}" if quote.cut_after or len(quote.text) > MAX_QUOTE else ""
    masks = {start: (end, replacement) for start, end, replacement in mask_spans(text)}
    evidence = [(min(start, len(text)), min(end, len(text))) for start, end in quote.evidence]
    covered = [(start, end) for start, (end, _) in masks.items()]
    inner = [edge for span in evidence for edge in span if not any(start < edge < end for start, end in covered)]
    edges = sorted({0, len(text), *inner, *(edge for span in covered for edge in span)})
    pieces: list[tuple[str, bool]] = [(before, False)] if before else []
    for start, end in pairwise(edges):
        words = masks[start][1] if start in masks else text[start:end]
        marked = any(low < end and start < high for low, high in evidence)
        if pieces and pieces[-1][1] == marked:
            words = pieces.pop()[0] + words
        pieces.append((words, marked))
    return tuple((german.clean(words), marked) for words, marked in [*pieces, (after, False)] if words)
