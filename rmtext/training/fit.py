"""Fine-tuning: answers in, trained network out; checkpoints after every epoch, resumable."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer

from rmtext.corpus import GoldAnswer
from rmtext.training.examples import Example, build, epoch, pieces
from rmtext.training.network import Batch, Network, collate

log = logging.getLogger(__name__)

BATCH = 16
ENCODER_RATE = 2e-4
HEAD_RATE = 5e-3
WARM_UP = 0.1
WEIGHT_DECAY = 0.01
LAYER_DECAY = 0.95  # lower layers learn a little slower
POOL = 50  # batches that are sorted by length together


def batches(examples: Iterator[Example], rng: random.Random) -> Iterator[Batch]:
    """Batches of examples of similar length, in random order within a pool."""
    pool: list[Example] = []
    for example in examples:
        pool.append(example)
        if len(pool) == BATCH * POOL:
            yield from _drain(pool, rng)
            pool = []
    yield from _drain(pool, rng)


def _drain(pool: list[Example], rng: random.Random) -> Iterator[Batch]:
    pool = sorted(pool, key=lambda e: len(e.ids))
    starts = list(range(0, len(pool), BATCH))
    for start in rng.sample(starts, len(starts)):
        yield collate(pool[start : start + BATCH])


def fit(
    network: Network,
    answers: Sequence[GoldAnswer],
    tokenizer: Tokenizer,
    theme_ids: Sequence[str],
    *,
    epochs: int,
    seed: int,
    checkpoint: Path,
) -> float:
    """Trains ``network`` in place; goes on from ``checkpoint`` where that file exists.

    Returns the seconds that all its epochs took, those before an interruption included.
    """
    torch.manual_seed(seed)
    optimizer = torch.optim.AdamW(_parameter_groups(network), weight_decay=WEIGHT_DECAY, fused=True)
    steps = epochs * -(-len(answers) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (WARM_UP * steps), max(0.0, 1 - step / steps) / (1 - WARM_UP))
    )
    first, seconds = 0, 0.0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        torch.set_rng_state(state["random"])
        first, seconds = state["epoch"], state["seconds"]
    else:
        sample = random.Random(seed).sample(list(answers), min(256, len(answers)))
        plain = [build(tokenizer, a.question, pieces(a), a.sentiment, theme_ids) for a in sample]
        network.eval()
        network.calibrate([collate(plain[i : i + BATCH]) for i in range(0, len(plain), BATCH)])
    for number in range(first, epochs):
        # A generator of its own for each epoch, so that a resumed run sees what an unbroken one would have.
        rng = random.Random(seed * 1000 + number)
        network.train()
        started, total, count = time.monotonic(), 0.0, 0
        for batch in batches(epoch(answers, tokenizer, theme_ids, rng), rng):
            loss = network.loss(batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total, count = total + loss.item(), count + 1
            if count % 50 == 0:
                log.info(
                    "epoch %d step %d loss %.3f %.0f s", number + 1, count, total / count, time.monotonic() - started
                )
        seconds += time.monotonic() - started
        log.info("epoch %d loss %.3f %.0f s", number + 1, total / max(1, count), time.monotonic() - started)
        _save(checkpoint, network, optimizer, schedule, number + 1, seconds)
    return seconds


def _parameter_groups(network: Network) -> list[dict[str, object]]:
    layers = list(network.encoder.encoder.layer)  # type: ignore[union-attr, arg-type]
    groups: list[dict[str, object]] = [
        {"params": [p for h in network.heads() for p in h.parameters()], "lr": HEAD_RATE}
    ]
    for depth, layer in enumerate(layers):
        rate = ENCODER_RATE * LAYER_DECAY ** (len(layers) - 1 - depth)
        groups.append({"params": list(layer.parameters()), "lr": rate})
    embeddings = list(network.encoder.embeddings.parameters())  # type: ignore[union-attr]
    groups.append({"params": embeddings, "lr": ENCODER_RATE * LAYER_DECAY ** len(layers)})
    return groups


def _save(
    path: Path,
    network: Network,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    done: int,
    seconds: float,
) -> None:
    state = {
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "random": torch.get_rng_state(),
        "epoch": done,
        "seconds": seconds,
    }
    beside = path.with_suffix(".tmp")
    torch.save(state, beside)
    beside.replace(path)
