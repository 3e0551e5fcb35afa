"""The network: pooling, losses that ignore what is not there, and weights from disk."""

import dataclasses
import random

import numpy as np
import pytest
import torch

from rmtext.encoder import PAD
from rmtext.errors import RmtextError
from rmtext.training.examples import Example, Piece, build, epoch
from rmtext.training.network import Network, collate, load_encoder, smooth_maximum

THEMES = ("zeit", "team", "geld")
FIRST = Piece("das Team war toll.", "positiv", False, {"team": "positiv"})
SECOND = Piece("die Zeit hat gefehlt, bitte mehr.", "negativ", True, {"zeit": "negativ"})


@pytest.fixture
def examples(tokenizer) -> list[Example]:
    return [
        build(tokenizer, None, [FIRST], "positiv", THEMES),
        build(tokenizer, "Wie war es?", [FIRST, SECOND], "gemischt", THEMES),
    ]


def test_short_examples_are_padded(examples):
    batch = collate(examples)
    short, long = (len(e.ids) for e in examples)
    assert batch.ids.shape == batch.mask.shape == (2, long)
    assert (batch.ids[0, short:] == PAD).all()
    assert batch.mask.sum(1).tolist() == [short, long]
    assert batch.pool.shape == (2, 3, long)
    assert batch.real.tolist() == [[True, False], [True, True]]
    assert batch.answer.tolist() == [0, 3]


def test_each_row_of_the_pool_is_a_mean(examples):
    batch = collate(examples)
    for row, example in zip(batch.pool, examples, strict=True):
        for segment in range(len(example.sentiment)):
            weights = row[segment, : len(example.ids)]
            assert weights.sum() == pytest.approx(1)
            assert ((weights > 0).numpy() == (example.owner == segment)).all()
        answer = row[-1, : len(example.ids)]
        assert answer.sum() == pytest.approx(1)
        assert ((answer > 0).numpy() == (example.owner >= 0)).all()
    assert not batch.pool[0, 1].any()


def test_targets_of_missing_segments_are_marked(examples):
    batch = collate(examples)
    assert batch.polarity.tolist() == [[[-1, 0, -1], [-1, -1, -1]], [[-1, 0, -1], [1, -1, -1]]]
    assert batch.sentiment.tolist() == [[0, -1], [0, 1]]
    assert batch.themes.tolist() == [[[0, 1, 0], [0, 0, 0]], [[0, 1, 0], [1, 0, 0]]]
    assert batch.suggestion.tolist() == [[0, 0], [0, 1]]


def test_vectors_are_means_of_token_vectors_centred_and_scaled(network, examples):
    network.eval()
    batch = collate(examples)
    network.center.fill_(0.25)
    network.scale.fill_(2.0)
    with torch.no_grad():
        hidden = network.encoder(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
        vectors = batch.pool @ network.tokens(batch)
    owner = torch.from_numpy(examples[1].owner)
    for segment in range(2):
        mean = hidden[1, : len(owner)][owner == segment].mean(0)
        assert torch.allclose(vectors[1, segment], (mean - 0.25) / 2, atol=1e-5)
    mean = hidden[1, : len(owner)][owner >= 0].mean(0)
    assert torch.allclose(vectors[1, 2], (mean - 0.25) / 2, atol=1e-5)


def test_padding_changes_no_vector(network, examples):
    network.eval()
    with torch.no_grad():
        together = collate(examples)
        alone = collate(examples[:1])
        first = (together.pool @ network.tokens(together))[0]
        second = (alone.pool @ network.tokens(alone))[0]
    assert torch.allclose(first[[0, -1]], second[[0, -1]], atol=1e-5)


def test_centre_and_scale_come_from_the_answers(network, examples):
    network.eval()
    batches = [collate(examples), collate(examples[:1])]
    network.calibrate(batches)
    with torch.no_grad():
        vectors = torch.cat([(b.pool @ network.tokens(b))[:, -1] for b in batches])
    assert torch.allclose(vectors.mean(0), torch.zeros(vectors.shape[1]), atol=1e-4)
    assert float(vectors.std()) == pytest.approx(1, abs=1e-3)


def test_an_untrained_network_expects_few_themes(network, examples):
    network.eval()
    batch = collate(examples)
    with torch.no_grad():
        vectors = batch.pool @ network.tokens(batch)
    assert torch.sigmoid(network.themes(vectors)).max() < 0.1
    assert torch.sigmoid(network.answer_themes(vectors)).max() < 0.1
    assert len(network.heads()) == 7


def loss(network: Network, batch) -> torch.Tensor:
    network.eval()
    return network.loss(batch)


@pytest.mark.parametrize("field", ["themes", "polarity", "sentiment", "suggestion"])
def test_the_loss_hears_no_segment_that_is_not_there(network, examples, field):
    batch = collate(examples)
    before = loss(network, batch).item()
    wrong = getattr(batch, field).clone()
    wrong[0, 1] = 1
    assert loss(network, dataclasses.replace(batch, **{field: wrong})).item() == before
    wrong = getattr(batch, field).clone()
    wrong[1, 1] = 1 - wrong[1, 1] if field in ("themes", "suggestion") else 2
    # The untrained heads find all classes alike, so let them lean.
    with torch.no_grad():
        for head in network.heads():
            head.bias += torch.arange(1, len(head.bias) + 1) * 0.5
    before = loss(network, batch).item()
    assert loss(network, dataclasses.replace(batch, **{field: wrong})).item() != before


def test_the_answers_themes_are_those_of_its_segments(network, examples):
    network.eval()
    network.loss(collate(examples[1:])).backward()
    assert (network.answer_themes.bias.grad < 0).tolist() == [True, True, False]
    assert network.answer_suggestion.bias.grad < 0


def test_what_the_window_cut_off_is_no_theme_of_the_answer(network, tokenizer):
    long = Piece("das Team war toll. " * 80, "positiv", False, {"team": "positiv"})
    batch = collate([build(tokenizer, None, [long, SECOND], "gemischt", THEMES)])
    assert batch.real.tolist() == [[True, False]]
    network.eval()
    network.loss(batch).backward()
    assert (network.answer_themes.bias.grad < 0).tolist() == [False, True, False]
    assert network.answer_suggestion.bias.grad > 0


@pytest.mark.parametrize("field", ["sentiment", "polarity"])
def test_a_batch_in_which_nothing_is_known_spoils_no_weight(network, examples, field):
    batch = collate(examples)
    unknown = dataclasses.replace(batch, **{field: torch.full_like(getattr(batch, field), -1)})
    value = loss(network, unknown)
    value.backward()
    assert torch.isfinite(value)
    assert all(torch.isfinite(p.grad).all() for p in network.parameters() if p.grad is not None)


def test_every_weight_learns(network, answers, tokenizer, themes):
    with torch.no_grad():  # heads of zeros pass nothing down
        for head in network.heads():
            head.weight.normal_()
    network.train()
    network.loss(collate(list(epoch(answers, tokenizer, themes, random.Random(1))))).backward()
    silent = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    # One type of text only; and a shift of all keys changes no attention.
    assert all("token_type" in name or "key.bias" in name or "position" in name for name in silent)


def test_an_encoder_comes_back_from_disk(network, examples, tmp_path):
    network.encoder.save_pretrained(tmp_path)
    encoder = load_encoder(tmp_path)
    assert {p.dtype for p in encoder.parameters()} == {torch.float32}
    assert encoder.pooler is None
    batch = collate(examples)
    encoder.eval()
    network.eval()
    with torch.no_grad():
        first, second = (
            net(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state for net in (network.encoder, encoder)
        )
    assert np.allclose(first, second, atol=1e-5)


def test_a_directory_without_an_encoder(tmp_path):
    with pytest.raises(RmtextError, match=r"has no config\.json"):
        load_encoder(tmp_path / "fehlt")


def test_the_smooth_maximum_lies_between_mean_and_maximum():
    scores = torch.tensor([[[1.0, 0.0], [3.0, 0.0], [50.0, 50.0]]])
    inside = torch.tensor([[True, True, False]])
    high, flat = smooth_maximum(scores, inside)[0].tolist()
    assert 2 < high < 3
    assert high == pytest.approx(np.log((np.e + np.e**3) / 2), abs=1e-5)
    assert flat == pytest.approx(0, abs=1e-6)  # where all tokens agree, it is what they say


def test_polarity_is_read_where_the_theme_is(network, examples):
    batch = collate(examples[1:])
    with torch.no_grad():
        network.themes.weight.normal_(std=5.0)
        tokens = network.eval().tokens(batch)
        places = network._places(batch, tokens, batch.polarity >= 0)
        weights = torch.sigmoid(network.themes(tokens[0])) + 1e-6
        for place, segment, theme in zip(places, (0, 1), (1, 0), strict=True):
            inside = batch.pool[0, segment] > 0
            share = weights[inside, theme] / weights[inside, theme].sum()
            assert torch.allclose(place, share @ tokens[0][inside], atol=1e-4)
