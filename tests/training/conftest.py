"""A network, a tokenizer and answers small enough to train in a second. Collected only where torch is installed."""

import importlib.util
import random
import string

import pytest
from tokenizers import Tokenizer

from rmtext.corpus import GoldAnswer, GoldSegment

collect_ignore_glob = ["test_*.py"] if importlib.util.find_spec("torch") is None else []

THEMES = ("zeit", "team", "geld")
NAMES = {"zeit": ("die Termine", "die Zeit"), "team": ("das Team", "die Gruppe"), "geld": ("der Lohn", "das Geld")}
WORDS = {"positiv": ("war toll", "hat gefallen"), "negativ": ("war schlecht", "hat gefehlt"), "neutral": ("gab es",)}
WHOLE = (
    "Team",
    "Zeit",
    "Geld",
    "Gruppe",
    "toll",
    "schlecht",
    "gefallen",
    "gefehlt",
    "Termine",
    "Lohn",
    "war",
    "hat",
    "die",
    "das",
)


@pytest.fixture(scope="session")
def themes() -> tuple[str, ...]:
    return THEMES


@pytest.fixture(scope="session")
def vocabulary() -> list[tuple[str, float]]:
    """Single characters, and whole words that are likelier than their letters."""
    letters = string.ascii_letters + string.digits + "äöüÄÖÜß.,!?-"
    special = [(piece, 0.0) for piece in ("<s>", "<pad>", "</s>", "<unk>")]
    return special + [("▁", -4.0)] + [(c, -8.0) for c in letters] + [(f"▁{word}", -5.0) for word in WHOLE]


@pytest.fixture(scope="session")
def tokenizer(vocabulary) -> Tokenizer:
    from rmtext.training.weights import make_tokenizer

    return make_tokenizer(vocabulary)


@pytest.fixture
def network(vocabulary):
    """An untrained network with two layers, 48 wide, the same at every call."""
    import torch
    from transformers import BertConfig, BertModel

    from rmtext.training.network import Network

    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96,
        max_position_embeddings=300, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    return Network(BertModel(config, add_pooling_layer=False), 48, len(THEMES))


def make_answer(number: int, rng: random.Random, split: str) -> GoldAnswer:
    text, segments = "", []
    for theme in rng.sample(THEMES, rng.choice((1, 1, 2))):
        polarity = rng.choice(("positiv", "negativ", "negativ", "neutral"))
        part = f"{rng.choice(NAMES[theme])} {rng.choice(WORDS[polarity])}."
        start = len(text) + bool(text)
        text = f"{text} {part}".strip()
        segments.append(GoldSegment(start, len(text), polarity, polarity == "negativ", {theme: polarity}))
    found = {segment.sentiment for segment in segments}
    mixed = {"positiv", "negativ"} <= found
    sentiment = "gemischt" if mixed else next((s for s in ("positiv", "negativ") if s in found), "neutral")
    question = rng.choice((None, None, "Wie war es?"))
    return GoldAnswer(f"{split}-{number}", text, question, sentiment, tuple(segments), f"{split}{number % 4}", split)


@pytest.fixture(scope="session")
def answers() -> list[GoldAnswer]:
    """Forty answers about time, team and money."""
    rng = random.Random(11)
    return [make_answer(i, rng, "train") for i in range(40)]


@pytest.fixture(scope="session")
def development() -> list[GoldAnswer]:
    rng = random.Random(12)
    return [make_answer(i, rng, "dev") for i in range(24)]


@pytest.fixture
def one_thread():
    """Sums on one thread, in one order: then equal runs are equal to the bit."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
