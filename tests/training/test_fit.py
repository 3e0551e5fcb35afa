"""Fine-tuning: it learns, and an interrupted run ends like an unbroken one."""

import itertools
import logging
import random

import pytest
import torch

from rmtext.training import fit as module
from rmtext.training.examples import build, epoch, pieces
from rmtext.training.fit import BATCH, ENCODER_RATE, HEAD_RATE, POOL, batches, fit
from rmtext.training.network import collate

pytestmark = pytest.mark.usefixtures("one_thread")


def plain_batch(answers, tokenizer, themes):
    return collate([build(tokenizer, a.question, pieces(a), a.sentiment, themes) for a in answers])


def loss_of(network, batch) -> float:
    network.eval()
    with torch.no_grad():
        return network.loss(batch).item()


def test_the_loss_falls_and_the_themes_are_learnt(network, answers, tokenizer, themes, tmp_path, caplog):
    batch = plain_batch(answers, tokenizer, themes)
    with caplog.at_level(logging.INFO, "rmtext.training.fit"):
        fit(network, answers, tokenizer, themes, epochs=20, seed=1, checkpoint=tmp_path / "c.pt")
    by_epoch = [float(record.args[1]) for record in caplog.records if record.msg.startswith("epoch %d loss")]
    assert len(by_epoch) == 20
    assert by_epoch[-1] < 0.5 * by_epoch[0]
    network.eval()
    with torch.no_grad():
        vectors = (batch.pool @ network.tokens(batch))[:, :-1][batch.real]
        found = network.themes(vectors).argmax(-1)
    assert (found == batch.themes[batch.real].argmax(-1)).float().mean() > 0.75


class Interrupted(Exception):
    pass


def test_a_resumed_run_ends_like_an_unbroken_one(network, answers, tokenizer, themes, tmp_path, monkeypatch):
    start = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    options = {"epochs": 3, "seed": 4}
    fit(network, answers, tokenizer, themes, checkpoint=tmp_path / "whole.pt", **options)
    whole = {name: tensor.clone() for name, tensor in network.state_dict().items()}

    save = module._save

    def save_and_stop(path, net, optimizer, schedule, done, seconds):
        save(path, net, optimizer, schedule, done, seconds)
        if done == 1:
            raise Interrupted

    network.load_state_dict(start)
    with monkeypatch.context() as patch:
        patch.setattr(module, "_save", save_and_stop)
        with pytest.raises(Interrupted):
            fit(network, answers, tokenizer, themes, checkpoint=tmp_path / "part.pt", **options)
    network.load_state_dict(start)
    torch.manual_seed(99)
    before = torch.load(tmp_path / "part.pt", weights_only=True)["seconds"]
    assert fit(network, answers, tokenizer, themes, checkpoint=tmp_path / "part.pt", **options) > before > 0
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, whole[name]), name
    assert not torch.equal(whole["themes.weight"], start["themes.weight"])


def test_a_finished_run_is_only_loaded(network, answers, tokenizer, themes, tmp_path):
    fit(network, answers, tokenizer, themes, epochs=1, seed=4, checkpoint=tmp_path / "c.pt")
    done = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    written = (tmp_path / "c.pt").stat().st_mtime_ns
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
    fit(network, answers, tokenizer, themes, epochs=1, seed=4, checkpoint=tmp_path / "c.pt")
    assert all(torch.equal(tensor, done[name]) for name, tensor in network.state_dict().items())
    assert (tmp_path / "c.pt").stat().st_mtime_ns == written
    assert [path.name for path in tmp_path.iterdir()] == ["c.pt"]


def test_other_seeds_give_other_weights(network, answers, tokenizer, themes, tmp_path):
    start = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    ends = []
    for seed in (1, 2):
        network.load_state_dict(start)
        fit(network, answers, tokenizer, themes, epochs=1, seed=seed, checkpoint=tmp_path / f"{seed}.pt")
        ends.append(network.themes.weight.detach().clone())
    assert not torch.equal(*ends)


def test_every_number_is_trained_once_and_lower_layers_slower(network):
    groups = module._parameter_groups(network)
    trained = [id(parameter) for group in groups for parameter in group["params"]]
    assert sorted(trained) == sorted(id(parameter) for parameter in network.parameters())
    heads, first, second, embeddings = (group["lr"] for group in groups)
    assert heads == HEAD_RATE
    assert second == ENCODER_RATE
    assert embeddings < first < second


def test_a_corpus_of_two_answers_trains_to_numbers(network, answers, tokenizer, themes, tmp_path):
    fit(network, answers[:2], tokenizer, themes, epochs=4, seed=1, checkpoint=tmp_path / "c.pt")
    assert all(torch.isfinite(parameter).all() for parameter in network.parameters())


def test_batches_hold_every_example_once(answers, tokenizer, themes):
    many = (answers * 25)[: BATCH * POOL + 21]
    examples = list(epoch(many, tokenizer, themes, random.Random(1)))
    found = list(batches(iter(examples), random.Random(2)))
    assert [len(batch.answer) for batch in found if len(batch.answer) < BATCH] == [21 - BATCH]
    assert len(found) == POOL + 2

    def contents(batch):
        return [tuple(row[mask.bool()].tolist()) for row, mask in zip(batch.ids, batch.mask, strict=True)]

    assert sorted(row for batch in found for row in contents(batch)) == sorted(tuple(e.ids) for e in examples)


def test_batches_are_of_like_length_and_in_random_order(answers, tokenizer, themes):
    examples = list(epoch(answers * 4, tokenizer, themes, random.Random(1)))
    found = list(batches(iter(examples), random.Random(2)))
    lengths = [batch.mask.sum(1) for batch in found]
    longest = [int(length.max()) for length in lengths]
    assert longest != sorted(longest)
    in_order = sorted(lengths, key=lambda length: int(length.max()))
    assert all(int(a.max()) <= int(b.min()) for a, b in itertools.pairwise(in_order))
