"""Selection: from codings to the quotes that represent each theme and polarity."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rmtext.coding import POLARITIES, Coding, ThemeCode
from rmtext.errors import RmtextError
from rmtext.quotes.facility import Floats, Objective, contrast, kmeans, lazy_greedy, similarities
from rmtext.quotes.passages import MAX_WORDS, Passage, passages
from rmtext.quotes.quote import Quote

Embed = Callable[[Sequence[str]], Floats]

# A uniform sample of this size estimates the share of any kind of statement within ± 4.4 points (95 %), and
# its similarity matrix is 1 MB: memory and time stay the same however many answers there are.
MAX_CANDIDATES = 500
GROUPS_PER_QUOTE = 2  # with as many groups as quotes k-means lumps what differs; more hardly reward at all
NEAR_DUPLICATE = 0.5  # share of common character trigrams from which two quotes read the same, by eye on the corpus
DOUBTFUL = 0.5  # below this certainty a passage more likely does not say what it is quoted for
SURE = 0.7  # from here on 95 of 100 chosen quotes are right on the development part; higher costs diversity
ATYPICAL = 0.25  # the quarter of the statements farthest from their mean holds most of those coded wrongly
LEAST_WEIGHT = 0.05  # some weight for the least certain, since all may be
_DOUBTFUL_TIER = 5
COMFORTABLE_WORDS = 25  # up to here a quote is read at a glance
_COLUMNS = 2_048  # trigrams of two ordinary quotes rarely meet in as many
_WORD = re.compile(r"[^\W_]+")
_LIST_MARK = re.compile(r"\s*(?:\d{1,2}[.)]|[a-zA-Z]\))?\s*")


@dataclass(frozen=True, slots=True)
class _Candidate:
    quote: Quote
    passage: Passage
    order: int


@dataclass(slots=True)
class _Pool:
    """A uniform sample of all candidates of one theme and polarity (reservoir, Vitter's algorithm R)."""

    random: random.Random
    sample: list[_Candidate] = field(default_factory=list)
    seen: int = 0

    def offer(self, coding: Coding, theme: ThemeCode, passage: Passage) -> None:
        self.seen += 1
        if len(self.sample) < MAX_CANDIDATES:
            self.sample.append(_Candidate(_quote(coding, theme, passage), passage, self.seen))
        elif (place := self.random.randrange(self.seen)) < MAX_CANDIDATES:
            self.sample[place] = _Candidate(_quote(coding, theme, passage), passage, self.seen)


def select_quotes(
    codings: Iterable[Coding],
    embed: Embed,
    *,
    n: int = 5,
    themes: Sequence[str] | None = None,
    polarities: Sequence[str] = ("positiv", "negativ"),
) -> list[Quote]:
    """At most ``n`` quotes for each theme and polarity, the most representative first.

    ``embed`` turns texts into a float32 array (texts, width) with rows of length 1. The codings are read once.
    Quotes of one theme and polarity come from different people and do not repeat each other; the same words
    serve a second theme only where it has nothing else of readable length. The order is that of ``themes``,
    else of their first appearance. Raises RmtextError for ``n`` below 1 and for unknown polarities.
    """
    if n < 1:
        raise RmtextError(f"{n} quotes for each theme are none. Ask for at least 1.")
    for polarity in polarities:
        if polarity not in POLARITIES:
            raise RmtextError(f"There is no polarity '{polarity}'. Choose from {', '.join(POLARITIES)}.")
    pools = _pools(codings, themes, polarities)
    names = list(dict.fromkeys(themes if themes is not None else (theme for theme, _ in pools)))
    chosen: dict[tuple[str, str], list[Quote]] = {}
    taken: list[str] = []
    # Themes with few statements choose first, so that they need not repeat what a rich theme could spare.
    for key in sorted(pools, key=lambda key: pools[key].seen):
        chosen[key] = _choose(pools[key], embed, n, taken)
        taken += [quote.text for quote in chosen[key]]
    keys = [(theme, polarity) for theme in names for polarity in dict.fromkeys(polarities)]
    return [quote for key in keys for quote in chosen.get(key, [])]


def _pools(
    codings: Iterable[Coding], themes: Sequence[str] | None, polarities: Sequence[str]
) -> dict[tuple[str, str], _Pool]:
    pools: dict[tuple[str, str], _Pool] = {}
    for coding in codings:
        if coding.non_answer is not None:
            continue
        for theme in coding.themes:
            if themes is not None and theme.theme not in themes:
                continue
            for passage in passages(coding, theme):
                if passage.polarity not in polarities:
                    continue
                key = (theme.theme, passage.polarity)
                if key not in pools:
                    pools[key] = _Pool(random.Random("/".join(key)))
                pools[key].offer(coding, theme, passage)
    return pools


def _quote(coding: Coding, theme: ThemeCode, passage: Passage) -> Quote:
    text, start, end = coding.text, passage.start, passage.end
    mark = _LIST_MARK.match(text)
    return Quote(
        text=text[start:end],
        answer_id=coding.id,
        start=start,
        end=end,
        theme=theme.theme,
        polarity=passage.polarity,
        confidence=theme.confidence,
        typicality=0.0,
        groups=coding.groups,
        question=coding.question,
        suggestion=passage.suggestion,
        evidence=passage.evidence,
        cut_before=any(map(str.isalnum, text[mark.end() if mark else 0 : start])),
        cut_after=any(map(str.isalnum, text[end:])),
    )


def _choose(pool: _Pool, embed: Embed, n: int, taken: Sequence[str]) -> list[Quote]:
    """The quotes of one theme and polarity; ``taken`` are the texts that stand elsewhere already."""
    candidates = sorted(pool.sample, key=lambda candidate: candidate.order)
    texts = [candidate.quote.text for candidate in candidates]
    vectors = np.asarray(embed(texts), dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != len(texts):
        raise ValueError(f"embed returned the shape {vectors.shape} for {len(texts)} texts")
    # A statement that more likely speaks of something else should hardly shape what is typical or covered.
    certainty = np.array([candidate.passage.certainty for candidate in candidates], dtype=np.float32)
    weights: Floats = np.clip(certainty, LEAST_WEIGHT, 1) ** 2
    typicality = _typicality(vectors, weights)
    prints = _trigrams(texts)
    tiers = _tiers(candidates, typicality, prints, _trigrams(taken))
    quality = np.array([_quality(candidate) for candidate in candidates], dtype=np.float32)
    eligible = _distinct(candidates, prints, tiers, quality)

    meaning, wording = contrast(vectors), contrast(_unit(prints))
    groups = np.stack([kmeans(space, GROUPS_PER_QUOTE * n) for space in (meaning, wording)])
    groups[0] = 2 * groups[0] + [candidate.passage.suggestion for candidate in candidates]  # a wish is no complaint
    objective = Objective(similarities(meaning), weights, groups, quality, n)
    chosen: list[int] = []
    for tier in sorted({tiers[i] for i in eligible}):
        if tier < _DOUBTFUL_TIER or not chosen:
            chosen = lazy_greedy(objective, [i for i in eligible if tiers[i] == tier], n, chosen)
    return _explained(chosen, candidates, typicality, objective, pool.seen)


def _typicality(vectors: Floats, weights: Floats) -> Floats:
    """Cosine of each vector with the weighted mean of all, negative ones as 0: float32 array (candidates,)."""
    mean = _unit((weights @ vectors)[None, :])[0]
    typicality: Floats = np.clip(vectors @ mean, 0, 1)
    return typicality


def _unit(rows: Floats) -> Floats:
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return unit


def _tiers(candidates: Sequence[_Candidate], typicality: Floats, prints: Floats, taken: Floats) -> list[int]:
    """0 for what a report wants; a higher tier serves only where the lower ones leave room.

    The last one, for passages that more likely than not say something else, serves only where nothing else is.
    """
    again = _resemblance(prints, taken) >= NEAR_DUPLICATE
    least = np.sort(typicality)[int(ATYPICAL * (len(typicality) - 1))]
    tiers = []
    for i, candidate in enumerate(candidates):
        passage = candidate.passage
        reasons = (
            (_DOUBTFUL_TIER, passage.certainty < DOUBTFUL),
            (4, not passage.readable),
            (3, passage.certainty < SURE or typicality[i] < least),
            (2, not passage.standalone),
            (1, bool(again[i].any())),
        )
        tiers.append(next((tier for tier, applies in reasons if applies), 0))
    return tiers


def _quality(candidate: _Candidate) -> float:
    """Certainty, less where other words take up the quote and where it is long; in [0, 1]."""
    passage, quote = candidate.passage, candidate.quote
    shown = sum(end - start for start, end in passage.evidence) if passage.evidence else len(quote.text)
    excess = (passage.words - COMFORTABLE_WORDS) / (MAX_WORDS - COMFORTABLE_WORDS)
    parts = (1.0, shown / len(quote.text), 1 - excess)
    share = sum(min(1.0, max(0.0, part)) for part in parts) / len(parts)
    return share * min(1.0, max(0.0, passage.certainty))


def _distinct(candidates: Sequence[_Candidate], prints: Floats, tiers: Sequence[int], quality: Floats) -> list[int]:
    """Candidates of which no two are one person's or read the same, the better ones kept.

    Done before the choice: a choice restricted in its number alone keeps the bound of the greedy method.
    """
    alike = _resemblance(prints, prints) >= NEAR_DUPLICATE
    kept: list[int] = []
    people: set[str] = set()
    for i in sorted(range(len(candidates)), key=lambda i: (tiers[i], -quality[i], i)):
        person = candidates[i].quote.answer_id
        if person not in people and not alike[i, kept].any():
            kept.append(i)
            people.add(person)
    return sorted(kept)


def _trigrams(texts: Sequence[str]) -> Floats:
    """Which character trigrams a text has, case and punctuation aside: float32 array (texts, columns) of 0 and 1."""
    prints = np.zeros((len(texts), _COLUMNS), dtype=np.float32)
    for row, text in enumerate(texts):
        plain = " ".join(["", *_WORD.findall(text.casefold()), ""])
        columns = {zlib.crc32(plain[i : i + 3].encode("utf-8", "replace")) % _COLUMNS for i in range(len(plain) - 2)}
        prints[row, list(columns)] = 1
    return prints


def _resemblance(left: Floats, right: Floats) -> Floats:
    """Jaccard index of the trigrams of each pair: float32 array (left, right)."""
    common = left @ right.T
    union = left.sum(axis=1)[:, None] + right.sum(axis=1)[None, :] - common
    return np.asarray(common / np.maximum(union, 1), dtype=np.float32)


def _explained(
    chosen: Sequence[int], candidates: Sequence[_Candidate], typicality: Floats, objective: Objective, seen: int
) -> list[Quote]:
    """The chosen quotes with typicality and reason: how many statements are nearer to each than to the others."""
    near = objective.similarity[:, list(chosen)]
    counts = np.bincount(near.argmax(axis=1)[near.max(axis=1) > 0], minlength=len(chosen))
    total = f"{len(candidates)} {'Aussage' if len(candidates) == 1 else 'Aussagen'}"
    if seen > len(candidates):
        total += f" (Stichprobe aus {seen})"
    quotes = []
    for i, count in zip(chosen, counts, strict=True):
        quote = candidates[i].quote
        confidence = f"{quote.confidence:.2f}".replace(".", ",")
        why = f"steht für {count} von {total}, Konfidenz {confidence}"
        quotes.append(replace(quote, typicality=float(typicality[i]), why=why))
    return quotes
