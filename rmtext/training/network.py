"""The network that is trained: encoder, late pooling, linear heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rmtext.encoder import PAD
from rmtext.errors import RmtextError
from rmtext.heads import ANSWER_SENTIMENTS, SEGMENT_SENTIMENTS
from rmtext.training.examples import Example

THEME_WEIGHT = 10.0  # the mean over many mostly negative themes is small beside a softmax loss
POSITIVE_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded examples. ``pool``: float32 (rows, segments + 1, tokens), each row a mean; the last is the answer."""

    ids: Tensor
    mask: Tensor
    pool: Tensor
    real: Tensor
    themes: Tensor
    polarity: Tensor
    sentiment: Tensor
    suggestion: Tensor
    answer: Tensor


def collate(examples: Sequence[Example]) -> Batch:
    """Pads examples to one batch; padded segments are False in ``real``."""
    rows, tokens = len(examples), max(len(e.ids) for e in examples)
    segments, themes = max(len(e.sentiment) for e in examples), examples[0].themes.shape[1]
    ids = torch.full((rows, tokens), PAD)
    pool = torch.zeros(rows, segments + 1, tokens)
    real = torch.zeros(rows, segments, dtype=torch.bool)
    target = torch.zeros(rows, segments, themes)
    polarity, sentiment = torch.full((rows, segments), -1), torch.full((rows, segments), -1)
    suggestion = torch.zeros(rows, segments)
    for i, e in enumerate(examples):
        n = len(e.sentiment)
        ids[i, : len(e.ids)] = torch.tensor(e.ids)
        owner = torch.from_numpy(e.owner)
        for s in range(n):
            pool[i, s, : len(e.ids)] = (owner == s).float()
            real[i, s] = bool((owner == s).any())
        pool[i, segments, : len(e.ids)] = (owner >= 0).float()
        target[i, :n] = torch.from_numpy(e.themes)
        polarity[i, :n] = torch.from_numpy(e.polarity)
        sentiment[i, :n] = torch.from_numpy(e.sentiment)
        suggestion[i, :n] = torch.from_numpy(e.suggestion)
    pool /= pool.sum(-1, keepdim=True).clamp(min=1.0)
    answer = torch.tensor([e.answer for e in examples])
    return Batch(ids, (ids != PAD).long(), pool, real, target, polarity, sentiment, suggestion, answer)


class Network(nn.Module):
    """Encoder with heads on segments and on the answer as a whole.

    ``themes`` and ``suggestion`` serve both; polarity is a segment's, since 99.9 % of the coded segments
    carry one polarity for all their themes.
    """

    center: Tensor
    scale: Tensor

    def __init__(self, encoder: nn.Module, width: int, themes: int) -> None:
        """Puts untrained heads on ``encoder``, whose vectors are ``width`` wide."""
        super().__init__()
        self.encoder = encoder
        self.register_buffer("center", torch.zeros(width))
        self.register_buffer("scale", torch.ones(()))
        self.dropout = nn.Dropout(0.1)
        self.themes = nn.Linear(width, themes)
        self.answer_themes = nn.Linear(width, themes)
        self.polarity = nn.Linear(width, len(SEGMENT_SENTIMENTS))
        self.sentiment = nn.Linear(width, len(SEGMENT_SENTIMENTS))
        self.suggestion = nn.Linear(width, 1)
        self.answer_sentiment = nn.Linear(width, len(ANSWER_SENTIMENTS))
        self.answer_suggestion = nn.Linear(width, 1)
        for head in self.heads():
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)
        for head in (self.themes, self.answer_themes):
            nn.init.constant_(head.bias, -2.5)  # about one theme in thirteen applies

    def heads(self) -> list[nn.Linear]:
        """The linear heads, in the order of their declaration."""
        return [m for m in self.children() if isinstance(m, nn.Linear)]

    def pooled(self, ids: Tensor, mask: Tensor, pool: Tensor) -> Tensor:
        """Vectors of all segments and, last, of the answer: (rows, segments + 1, width), centred, scaled."""
        hidden: Tensor = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return (pool @ hidden - self.center) / self.scale

    def calibrate(self, batches: Sequence[Batch]) -> None:
        """Sets centre and scale from the untrained encoder's vectors, once, before training."""
        with torch.no_grad():
            plain = [self.encoder(input_ids=b.ids, attention_mask=b.mask).last_hidden_state for b in batches]
            vectors = torch.cat([(b.pool[:, -1:] @ h).squeeze(1) for b, h in zip(batches, plain, strict=True)])
            self.center.copy_(vectors.mean(0))
            self.scale.copy_((vectors - self.center).std())

    def loss(self, batch: Batch) -> Tensor:
        """Weighted sum of the tasks' losses on one batch."""
        vectors = self.dropout(self.pooled(batch.ids, batch.mask, batch.pool))
        real = batch.real
        segment, answer = vectors[:, :-1][real], vectors[:, -1]
        positive = torch.full((batch.themes.shape[-1],), POSITIVE_WEIGHT)
        bce = F.binary_cross_entropy_with_logits
        answer_themes = (batch.themes * real.unsqueeze(-1)).amax(1)  # what was cut off cannot be found
        theme_loss = bce(self.themes(segment), batch.themes[real], pos_weight=positive)
        theme_loss = theme_loss + bce(self.answer_themes(answer), answer_themes, pos_weight=positive)
        coded, felt = batch.polarity[real] >= 0, batch.sentiment[real] >= 0
        loss = THEME_WEIGHT * theme_loss
        loss = loss + F.cross_entropy(self.answer_sentiment(answer), batch.answer)
        loss = loss + bce(self.suggestion(segment).squeeze(-1), batch.suggestion[real])
        loss = loss + bce(self.answer_suggestion(answer).squeeze(-1), (batch.suggestion * real).amax(1))
        # The mean over nothing is no number, and would spoil every weight.
        if felt.any():
            loss = loss + F.cross_entropy(self.sentiment(segment[felt]), batch.sentiment[real][felt])
        if coded.any():
            loss = loss + F.cross_entropy(self.polarity(segment[coded]), batch.polarity[real][coded])
        return loss


def load_encoder(directory: Path) -> nn.Module:
    """The transformer in a Hugging Face directory on disk, float32. Nothing is fetched."""
    from transformers import AutoModel

    if not (directory / "config.json").is_file():
        raise RmtextError(
            f"{directory} has no config.json: it is no Hugging Face directory. See rmtext.training.weights."
        )
    encoder: nn.Module = AutoModel.from_pretrained(
        directory, dtype=torch.float32, attn_implementation="sdpa", local_files_only=True, add_pooling_layer=False
    )
    return encoder
