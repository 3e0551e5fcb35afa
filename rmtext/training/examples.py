"""Training examples: gold answers → token ids, segment membership and targets, with label-keeping augmentation."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from rmtext.corpus import GoldAnswer
from rmtext.encoder import WINDOW_TOKENS, join_ids
from rmtext.heads import ANSWER_SENTIMENTS, SEGMENT_SENTIMENTS
from rmtext.non_answers import asks

DROP_QUESTION = 0.5  # the model must also work where no question is known
ASK = 0.4  # share of answers without a question that get one: full sentences must not be swayed by what was asked
JOIN_SHORT = 0.5  # share of one-segment answers that are joined with another one
LOWER_CASE = 0.12
NO_UMLAUTS = 0.06
NO_FINAL_STOP = 0.15
TYPO = 0.10
MERGE = 0.25  # share of the cuts between segments that are undone: in use, rules cut where people would not
FRAGMENT = 6  # words up to which an answer may need its question
# Questions that ask for praise and criticism at once, or for neither; the corpus's own are mostly one-sided.
OPEN_QUESTIONS = (
    "Was lief gut, was lief schlecht?",
    "Was hat Ihnen gefallen und was nicht?",
    "Positives und Negatives",
    "Lob und Kritik",
    "Stärken und Schwächen des Programms",
    "Was war gut, was können wir besser machen?",
    "Wie haben Sie das Programm erlebt?",
    "Wie war es für Sie?",
    "Ihre Erfahrungen",
    "Möchten Sie uns noch etwas sagen?",
    "Haben Sie weitere Anmerkungen?",
    "Bitte beschreiben Sie Ihre Eindrücke.",
    "Feedback",
    "Kommentar",
    "Begründung Ihrer Bewertung",
    "Was nehmen Sie mit?",
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment's words with its codes, free of offsets, so that pieces can be joined and changed.

    ``sentiment`` is None where praise and criticism were merged: then it teaches nothing.
    """

    text: str
    sentiment: str | None
    suggestion: bool
    themes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """One training answer.

    ``ids``: token ids of the encoder's whole input. ``owner``: for each token the index of its segment, -1 for
    question and special tokens. Targets: ``themes`` float32 (segments, themes), ``polarity`` int
    (segments, themes), -1 where the theme is absent or mixed; ``sentiment`` int (segments), -1 where unknown;
    ``suggestion`` float32 (segments); ``answer`` int.
    """

    ids: list[int]
    owner: np.ndarray
    themes: np.ndarray
    polarity: np.ndarray
    sentiment: np.ndarray
    suggestion: np.ndarray
    answer: int


def pieces(answer: GoldAnswer) -> list[Piece]:
    """The answer's segments as pieces."""
    return [Piece(answer.text[s.start : s.end], s.sentiment, s.suggestion, s.themes) for s in answer.segments]


def build(
    tokenizer: Tokenizer, question: str | None, parts: Sequence[Piece], sentiment: str, theme_ids: Sequence[str]
) -> Example:
    """Tokenises one answer, given as pieces joined by a space, and lays out its targets."""
    text = " ".join(part.text for part in parts)
    ends = np.cumsum([len(part.text) + 1 for part in parts])
    encoding = tokenizer.encode(text, add_special_tokens=False)
    head = tokenizer.encode(question, add_special_tokens=False).ids if question else []
    room = WINDOW_TOKENS - len(join_ids(head, []))
    answer_ids = encoding.ids[:room]
    ids = join_ids(head, answer_ids)
    owner = np.full(len(ids), -1, dtype=np.int64)
    first = len(ids) - 1 - len(answer_ids)
    for i, (_, end) in enumerate(encoding.offsets[:room]):
        owner[first + i] = int(np.searchsorted(ends, end - 1, side="right"))
    index = {theme: i for i, theme in enumerate(theme_ids)}
    themes = np.zeros((len(parts), len(theme_ids)), dtype=np.float32)
    polarity = np.full((len(parts), len(theme_ids)), -1, dtype=np.int64)
    for i, part in enumerate(parts):
        for theme, sign in part.themes.items():
            themes[i, index[theme]] = 1.0
            if sign in SEGMENT_SENTIMENTS:
                polarity[i, index[theme]] = SEGMENT_SENTIMENTS.index(sign)
    return Example(
        ids=ids,
        owner=owner,
        themes=themes,
        polarity=polarity,
        sentiment=np.array([SEGMENT_SENTIMENTS.index(p.sentiment) if p.sentiment else -1 for p in parts]),
        suggestion=np.array([part.suggestion for part in parts], dtype=np.float32),
        answer=ANSWER_SENTIMENTS.index(sentiment),
    )


def epoch(
    answers: Sequence[GoldAnswer], tokenizer: Tokenizer, theme_ids: Sequence[str], rng: random.Random
) -> Iterator[Example]:
    """One pass over the answers in random order, each augmented anew."""
    singles = [a for a in answers if len(a.segments) == 1 and not a.question]
    asked = [*sorted({a.question for a in answers if a.question}), *OPEN_QUESTIONS * 8]
    for answer in rng.sample(list(answers), len(answers)):
        parts, sentiment = pieces(answer), answer.sentiment
        question = answer.question
        if question and rng.random() < DROP_QUESTION and _stands_alone(answer):
            question = None
        if len(parts) == 1 and not question and rng.random() < JOIN_SHORT:
            others = rng.sample(singles, min(rng.choice((1, 1, 2)), len(singles)))
            parts = parts + [piece for other in others for piece in pieces(other)]
            sentiment = joined_sentiment([piece.sentiment or "neutral" for piece in parts])
        if not question and rng.random() < ASK:
            question = _fitting_question(rng.choice(asked), parts, sentiment)
        parts = merged([_roughen(part, rng) for part in parts], rng)
        yield build(tokenizer, question, parts, sentiment, theme_ids)


def merged(parts: Sequence[Piece], rng: random.Random) -> list[Piece]:
    """The pieces with some cuts undone at random; a merged piece has the themes of both."""
    result = [parts[0]]
    for part in parts[1:]:
        if rng.random() >= MERGE:
            result.append(part)
            continue
        last = result.pop()
        themes = {t: s if last.themes.get(t, s) == s else "gemischt" for t, s in (last.themes | part.themes).items()}
        signs = {last.sentiment, part.sentiment} - {"neutral"}
        sentiment = (signs.pop() if len(signs) == 1 else None) if signs else "neutral"
        result.append(Piece(f"{last.text} {part.text}", sentiment, last.suggestion or part.suggestion, themes))
    return result


def _stands_alone(answer: GoldAnswer) -> bool:
    """Whether the words still carry the codes when the question is taken away: fragments do not."""
    return len(answer.text.split()) > FRAGMENT


def _fitting_question(question: str, parts: Sequence[Piece], sentiment: str) -> str | None:
    """The question, unless it would change what the words mean.

    Full sentences with a judgement mean the same under any question; a fragment and a plain fact only under one
    that asks for nothing in particular, or for what they say anyway.
    """
    asked = None if question in OPEN_QUESTIONS else asks(question)
    wanted = {None: None, "lob": "positiv", "kritik": "negativ", "wunsch": "negativ"}[asked]  # a wish names a lack
    long = sum(len(part.text.split()) for part in parts) > FRAGMENT
    if wanted in (None, sentiment) or (long and sentiment != "neutral"):
        return question
    return None


def joined_sentiment(sentiments: Sequence[str]) -> str:
    """The sentiment of an answer made of independent parts."""
    found = set(sentiments)
    if {"positiv", "negativ"} <= found:
        return "gemischt"
    return "positiv" if "positiv" in found else "negativ" if "negativ" in found else "neutral"


def _roughen(part: Piece, rng: random.Random) -> Piece:
    """Writes the piece as careless people do; the codes stay true."""
    text = part.text
    if rng.random() < LOWER_CASE:
        text = text.lower()
    if rng.random() < NO_UMLAUTS:
        text = text.translate(_UMLAUTS)
    if len(text) > 3 and rng.random() < NO_FINAL_STOP:
        text = text.rstrip(".!,") or text
    if len(text) > 12 and rng.random() < TYPO:
        i = rng.randrange(1, len(text) - 2)
        if text[i].isalpha() and text[i + 1].isalpha():
            text = rng.choice((text[:i] + text[i + 1] + text[i] + text[i + 2 :], text[:i] + text[i + 1 :]))
    return Piece(text, part.sentiment, part.suggestion, part.themes)
