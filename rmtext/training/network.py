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
TOKEN_FLOOR = 1e-6  # where no token speaks of a theme, all count alike


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
    polarity, sentiment = torch.full((rows, segments, themes), -1), torch.full((rows, segments), -1)
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
    """Encoder with heads on tokens, segments and the answer as a whole.

    A head is linear, so a segment's score is the mean of its tokens' scores. Two decisions look closer than a
    mean: whether the answer speaks of a theme at all (a smooth maximum over its tokens, so that one item of a
    list counts), and a theme's polarity (read at the tokens that speak of that theme).
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

    def tokens(self, batch: Batch) -> Tensor:
        """Vectors of all tokens (rows, tokens, width), centred and scaled."""
        hidden: Tensor = self.encoder(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
        return (hidden - self.center) / self.scale

    def calibrate(self, batches: Sequence[Batch]) -> None:
        """Sets centre and scale from the untrained encoder's vectors, once, before training."""
        with torch.no_grad():
            plain = [self.encoder(input_ids=b.ids, attention_mask=b.mask).last_hidden_state for b in batches]
            vectors = torch.cat([(b.pool[:, -1:] @ h).squeeze(1) for b, h in zip(batches, plain, strict=True)])
            self.center.copy_(vectors.mean(0))
            self.scale.copy_((vectors - self.center).std())

    def loss(self, batch: Batch) -> Tensor:
        """Weighted sum of the tasks' losses on one batch."""
        tokens = self.tokens(batch)
        vectors = self.dropout(batch.pool @ tokens)
        real = batch.real
        segment, answer = vectors[:, :-1][real], vectors[:, -1]
        bce = F.binary_cross_entropy_with_logits
        loss = THEME_WEIGHT * self._theme_loss(batch, tokens, segment)
        loss = loss + F.cross_entropy(self.answer_sentiment(answer), batch.answer)
        loss = loss + bce(self.suggestion(segment).squeeze(-1), batch.suggestion[real])
        loss = loss + bce(self.answer_suggestion(answer).squeeze(-1), (batch.suggestion * real).amax(1))
        felt = batch.sentiment[real] >= 0
        if felt.any():  # the mean over nothing is no number, and would spoil every weight
            loss = loss + F.cross_entropy(self.sentiment(segment[felt]), batch.sentiment[real][felt])
        coded = (batch.polarity >= 0) & real.unsqueeze(-1)
        if coded.any():
            places = self.dropout(self._places(batch, tokens, coded))
            loss = loss + F.cross_entropy(self.polarity(places), batch.polarity[coded])
        return loss

    def _theme_loss(self, batch: Batch, tokens: Tensor, segment: Tensor) -> Tensor:
        positive = torch.full((batch.themes.shape[-1],), POSITIVE_WEIGHT)
        bce = F.binary_cross_entropy_with_logits
        answer_themes = (batch.themes * batch.real.unsqueeze(-1)).amax(1)  # what was cut off cannot be found
        whole = smooth_maximum(self.answer_themes(self.dropout(tokens)), batch.pool[:, -1] > 0)
        loss = bce(self.themes(segment), batch.themes[batch.real], pos_weight=positive)
        return loss + bce(whole, answer_themes, pos_weight=positive)

    def _places(self, batch: Batch, tokens: Tensor, coded: Tensor) -> Tensor:
        """For each coded (row, segment, theme) the mean of the segment's tokens, weighted as in use (n, width)."""
        row, part, theme = torch.nonzero(coded, as_tuple=True)
        speaks = torch.sigmoid(self.themes(tokens).detach())[row, :, theme] + TOKEN_FLOOR
        weights = speaks * (batch.pool[row, part] > 0)
        weights = weights / weights.sum(1, keepdim=True)
        return torch.einsum("nt,ntw->nw", weights, tokens[row])


def smooth_maximum(scores: Tensor, inside: Tensor) -> Tensor:
    """Smooth maximum over the tokens ``inside`` (rows, tokens) of ``scores`` (rows, tokens, themes): (rows, themes).

    log-mean-exp: between the mean and the maximum. Rows without a token get the score of nothing, -log(count).
    """
    count = inside.sum(1, keepdim=True).clamp(min=1)
    return torch.logsumexp(scores.masked_fill(~inside.unsqueeze(-1), -1e4), 1) - torch.log(count)


def load_encoder(directory: Path) -> nn.Module:
    """The transformer in a Hugging Face directory on disk, float32. Nothing is fetched."""
    from transformers import AutoModel

    if not (directory / "config.json").is_file():
        raise RmtextError(
            f"{directory} has no config.json: it is no Hugging Face directory. See rmtext.training.weights."
        )
    encoder: nn.Module = AutoModel.from_pretrained(
        directory,
        dtype=torch.float32,
        attn_implementation="sdpa",
        local_files_only=True,
        add_pooling_layer=False,
        attention_probs_dropout_prob=0.0,  # without it attention is one fused kernel, a quarter of the time less
    )
    return encoder
