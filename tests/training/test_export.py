"""Export: the network on ONNX Runtime gives what torch gave, and the heads read plain vectors."""

import json

import numpy as np
import pytest
import torch

from rmtext.encoder import Encoder, join_ids
from rmtext.heads import HEADS, Heads
from rmtext.model import ENCODER_FILES
from rmtext.training.examples import Piece, build
from rmtext.training.export import export_encoder, export_heads
from rmtext.training.network import collate

# The exporter that the optimizer understands is an old one, and says so.
pytestmark = pytest.mark.filterwarnings("ignore")

TEXTS = ["das Team war toll.", "die Zeit hat gefehlt, bitte mehr davon!", "k.A.", "die Termine " * 30]
QUESTION = "Wie war es?"


@pytest.fixture
def export(network, tokenizer, tmp_path):
    """Writes the network's encoder and opens it."""
    tokenizer.save(str(tmp_path / "tokenizer.json"))

    def export(**options) -> Encoder:
        directory = tmp_path / "models" / "encoders" / "probe"
        export_encoder(network.encoder, tmp_path / "tokenizer.json", directory, license_text="MIT, © Größe", **options)
        return Encoder(directory, threads=1)

    return export


def hidden(network, tokenizer, question, text) -> np.ndarray:
    """Torch's vectors of the answer's tokens."""
    head, answer = (tokenizer.encode(t, add_special_tokens=False).ids if t else [] for t in (question, text))
    ids = torch.tensor([join_ids(head, answer)])
    network.encoder.eval()
    with torch.no_grad():
        vectors = network.encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
    return vectors[0, -1 - len(answer) : -1].numpy()


def cosine(a, b) -> np.ndarray:
    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)


@pytest.mark.parametrize("question", [None, QUESTION])
def test_float32_gives_what_torch_gave(network, tokenizer, export, question):
    encoder = export(int8=False)
    for text, encoded in zip(TEXTS, encoder.encode([(question, text) for text in TEXTS]), strict=True):
        assert np.allclose(encoded.vectors, hidden(network, tokenizer, question, text), atol=1e-4)


def test_int8_stays_near(network, tokenizer, export):
    encoder = export()
    for text, encoded in zip(TEXTS, encoder.encode([(QUESTION, text) for text in TEXTS]), strict=True):
        assert cosine(encoded.vectors, hidden(network, tokenizer, QUESTION, text)).min() > 0.98


def test_int8_is_smaller(export):
    sizes = [(export(int8=small).directory / "encoder.onnx").stat().st_size for small in (False, True)]
    assert sizes[1] < 0.6 * sizes[0]


def test_the_directory_describes_itself(export, tmp_path):
    directory = export().directory
    assert {path.name for path in directory.iterdir()} == {*ENCODER_FILES, "LICENSE"}
    description = json.loads((directory / "encoder.json").read_text(encoding="utf-8"))
    assert {k: description[k] for k in ("format", "width", "layers", "weights")} == {
        "format": 1, "width": 48, "layers": 2, "weights": "int8",
    }  # fmt: skip
    assert (directory / "LICENSE").read_text(encoding="utf-8") == "MIT, © Größe"
    assert (directory / "tokenizer.json").read_bytes() == (tmp_path / "tokenizer.json").read_bytes()


@pytest.mark.parametrize("training", [True, False])
def test_the_network_is_left_as_it_was(network, export, training):
    network.train(training)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    export(int8=False)
    assert network.encoder.training == training
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


def test_attentions_that_do_not_fuse_are_an_error(export, monkeypatch):
    from transformers import AutoModel

    original = AutoModel.from_config
    sdpa = {"attn_implementation": "sdpa"}
    monkeypatch.setattr(AutoModel, "from_config", lambda config, **options: original(config, **(options | sdpa)))
    with pytest.raises(RuntimeError, match="only 0 of 2 attentions were fused"):
        export(int8=False)


@pytest.fixture
def trained(network):
    """The network with heads, centre and scale that are not zero."""
    torch.manual_seed(8)
    with torch.no_grad():
        for head in network.heads():
            head.weight.normal_()
            head.bias.normal_()
        network.center.normal_()
        network.scale.fill_(0.37)
    return network.eval()


def test_centre_and_scale_are_folded_into_the_heads(trained, tokenizer, themes):
    heads = export_heads(trained, np.full(48, 0.5))
    example = build(tokenizer, QUESTION, [Piece(TEXTS[0], "positiv", False, {})], "positiv", themes)
    batch = collate([example])
    with torch.no_grad():
        vectors = (batch.pool @ trained.tokens(batch))[0]
    plain = hidden(trained, tokenizer, QUESTION, TEXTS[0]).mean(axis=0, keepdims=True)
    for name in HEADS:
        with torch.no_grad():
            expected = getattr(trained, name)(vectors[-1:]).numpy()
        assert np.allclose(heads.logits(name, plain), expected, atol=1e-3), name
    assert heads.center.tolist() == [0.5] * 48


def test_heads_survive_the_way_through_their_file(trained, tmp_path, themes):
    heads = export_heads(trained, np.zeros(48))
    heads.save(tmp_path / "heads.safetensors")
    loaded = Heads.load(tmp_path / "heads.safetensors", width=48, themes=len(themes))
    for name in HEADS:
        assert np.array_equal(loaded.weights[name], heads.weights[name])
        assert loaded.weights[name].dtype == np.float32
