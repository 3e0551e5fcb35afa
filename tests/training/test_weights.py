"""The four-bit file: blocks made by hand, and a tiny file that becomes a Hugging Face directory."""

import struct
import sys
import types

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from rmtext.errors import RmtextError
from rmtext.training import weights
from rmtext.training.network import load_encoder
from rmtext.training.weights import BLOCK, WeightsFile, convert, expand_q4, german_pieces, make_tokenizer, state

H, INNER, LAYERS, HEADS, POSITIONS = 32, 64, 1, 4, 40


def block(scale: float, numbers: list[int]) -> bytes:
    """32 numbers from -8 to 7: the first 16 in the low halves of the bytes, the others in the high halves."""
    assert len(numbers) == BLOCK
    halves = [n + 8 for n in numbers]
    return struct.pack("<e", scale) + bytes(low | high << 4 for low, high in zip(halves[:16], halves[16:], strict=True))


def unpack(raw: bytes) -> list[float]:
    return expand_q4(np.frombuffer(raw, np.uint8)).tolist()


def test_a_block_made_by_hand():
    numbers = list(range(-8, 8)) + list(range(7, -9, -1))
    assert unpack(block(0.5, numbers)) == [n / 2 for n in numbers]


def test_every_block_has_its_scale():
    ones, twos = [1] * BLOCK, [-2] * BLOCK
    values = expand_q4(np.frombuffer(block(2.0, ones) + block(-0.25, twos) + block(0.0, ones), np.uint8))
    assert values.dtype == np.float32
    assert values.tolist() == [2.0] * 32 + [0.5] * 32 + [0.0] * 32


def test_the_order_of_low_and_high_halves():
    numbers = [0] * BLOCK
    numbers[1], numbers[16], numbers[31] = 3, -4, 7
    values = unpack(block(1.0, numbers))
    assert {i: v for i, v in enumerate(values) if v} == {1: 3.0, 16: -4.0, 31: 7.0}


def as_q4(array: np.ndarray) -> bytes:
    """Packs numbers that are whole multiples of 1/16 from -8/16 to 7/16."""
    whole = np.round(array.reshape(-1, BLOCK) * 16).astype(int)
    return b"".join(block(1 / 16, row.tolist()) for row in whole)


@pytest.fixture(scope="module")
def pieces(vocabulary):
    """The session's vocabulary and pieces in other scripts, which German does not need."""
    return [*vocabulary, ("▁привет", -7.0), ("Ж", -9.0), ("漢", -9.0), ("😀", -9.0)]


@pytest.fixture(scope="module")
def tensors(pieces):
    """Random tensors by their short names, those with weights in steps of 1/16."""
    rng = np.random.default_rng(4)

    def steps(*shape):
        return (rng.integers(-8, 8, shape) / 16).astype(np.float32)

    result = {"emb.word": steps(len(pieces), H), "emb.pos": steps(POSITIONS, H), "emb.type": steps(2, H)}
    for norm in ("emb.ln", "l0.aln", "l0.oln"):
        result |= {f"{norm}.w": 1 + steps(H), f"{norm}.b": steps(H)}
    shapes = {"q": (H, H), "k": (H, H), "v": (H, H), "ao": (H, H), "fi": (INNER, H), "fo": (H, INNER)}
    for short, shape in shapes.items():
        result |= {f"l0.{short}.w": steps(*shape), f"l0.{short}.b": steps(shape[0])}
    return result


@pytest.fixture(scope="module")
def source(pieces, tensors, tmp_path_factory):
    """A whole file: matrices in four bits, all else in 32."""
    texts = [piece.encode("utf-8") for piece, _ in pieces]
    head = b"E5S1" + struct.pack("<i", 1)
    head += struct.pack("<7i", H, LAYERS, HEADS, INNER, len(pieces), POSITIONS, 2) + struct.pack("<fi", 1e-5, 0)
    head += struct.pack("<5i", len(pieces), 0, 1, 2, 3) + struct.pack("<Q", sum(map(len, texts)))
    head += np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()
    head += np.array([score for _, score in pieces], "<f4").tobytes() + b"".join(texts)
    head += struct.pack("<iI", 0, 3) + b"map" + struct.pack("<i", len(tensors))
    packed = {n: as_q4(t) if t.ndim == 2 and n.startswith("l0") else t.tobytes() for n, t in tensors.items()}
    place = len(head) + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in packed)
    for name, content in packed.items():
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, place, len(content))
        place += len(content)
    path = tmp_path_factory.mktemp("weights") / "klein.bin"
    path.write_bytes(head + b"".join(packed.values()))
    return path


def test_the_file_is_read_as_it_was_written(source, pieces, tensors):
    file = WeightsFile(source)
    assert (file.shape.hidden, file.shape.layers, file.shape.heads, file.shape.inner) == (H, LAYERS, HEADS, INNER)
    assert (file.shape.vocabulary, file.shape.positions, file.shape.types) == (len(pieces), POSITIONS, 2)
    assert file.shape.epsilon == pytest.approx(1e-5)
    assert file.pieces == [piece for piece, _ in pieces]
    assert file.scores.tolist() == [score for _, score in pieces]
    for name, tensor in tensors.items():
        assert np.array_equal(file.tensor(name, *tensor.shape), tensor), name


@pytest.mark.parametrize("content", [b"", b"E5", b"GGUF" + b"\0" * 100])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "x.bin").write_bytes(content)
    with pytest.raises(RmtextError, match=r"no E5S1 file. Take e5-small-q4\.bin"):
        WeightsFile(tmp_path / "x.bin")


@pytest.mark.parametrize("share", [0.001, 0.01, 0.2, 0.5, 0.99])
def test_a_broken_download_is_refused(source, tmp_path, share):
    whole = source.read_bytes()
    (tmp_path / "x.bin").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(RmtextError, match="is cut off"):
        WeightsFile(tmp_path / "x.bin")


def test_names_are_those_of_hugging_face(source, tensors):
    from transformers import BertConfig, BertModel

    found = state(WeightsFile(source), [0, 2, 5])
    config = BertConfig(
        vocab_size=3, hidden_size=H, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=INNER,
        max_position_embeddings=POSITIONS, type_vocab_size=2,
    )  # fmt: skip
    expected = BertModel(config, add_pooling_layer=False).state_dict()
    assert {name: tuple(t.shape) for name, t in found.items()} == {n: tuple(t.shape) for n, t in expected.items()}
    assert np.array_equal(found["embeddings.word_embeddings.weight"], tensors["emb.word"][[0, 2, 5]])
    assert np.array_equal(found["encoder.layer.0.output.dense.weight"], tensors["l0.fo.w"])
    assert np.array_equal(found["encoder.layer.0.attention.self.key.bias"], tensors["l0.k.b"])


def test_german_pieces_letters_and_emoji_stay(pieces, monkeypatch):
    words = types.SimpleNamespace(get_frequency_dict=lambda language, wordlist: {"team": 0.1, "die": 0.2, "zeit": 0.1})
    monkeypatch.setitem(sys.modules, "wordfreq", words)
    names = [piece for piece, _ in pieces]
    kept = german_pieces(make_tokenizer(pieces), names)
    assert kept == sorted(set(kept))
    assert kept[:4] == [0, 1, 2, 3]
    assert {"▁Team", "▁die", "ß", "7", ",", "😀"} <= {names[i] for i in kept}
    assert not {"▁привет", "Ж", "漢", "▁Lohn"} & {names[i] for i in kept}


def test_a_cut_vocabulary_gives_the_vectors_of_the_whole_one(source, pieces, tmp_path, monkeypatch):
    names = [piece for piece, _ in pieces]
    german = [i for i, name in enumerate(names) if name not in ("▁привет", "Ж", "漢", "T")]
    every = list(range(len(names)))
    results = []
    for rows, folder in ((german, "cut"), (every, "whole")):
        monkeypatch.setattr(weights, "german_pieces", lambda tokenizer, pieces, rows=rows: rows)
        convert(source, tmp_path / folder)
        tokenizer = Tokenizer.from_file(str(tmp_path / folder / "tokenizer.json"))
        encoding = tokenizer.encode("die Zeit war schön 😀!")
        encoder = load_encoder(tmp_path / folder).eval()
        with torch.no_grad():
            hidden = encoder(input_ids=torch.tensor([encoding.ids])).last_hidden_state
        results.append((encoding.tokens, hidden))
        assert encoder.config.vocab_size == len(rows)
        assert encoder.config.num_attention_heads == HEADS
    (cut_tokens, cut), (whole_tokens, whole) = results
    assert cut_tokens == whole_tokens
    assert cut_tokens[0] == "<s>"
    assert cut_tokens[-1] == "</s>"
    assert "<unk>" not in cut_tokens
    assert torch.equal(cut, whole)


def test_the_tokenizer_reads_as_xlm_r_does(tokenizer):
    encoding = tokenizer.encode("hat Team", add_special_tokens=False)
    assert encoding.tokens == ["▁hat", "▁Team"]
    assert encoding.offsets == [(0, 3), (3, 8)]
    assert tokenizer.encode("ｈａｔ", add_special_tokens=False).tokens == ["▁hat"]
    assert tokenizer.encode("hat\nTeam", add_special_tokens=False).tokens == ["▁hat", "▁Team"]
    assert tokenizer.encode("hat    Team", add_special_tokens=False).tokens == ["▁hat", "▁Team"]
    assert tokenizer.encode("hat", "Team").tokens == ["<s>", "▁hat", "</s>", "▁Team", "</s>"]
    assert tokenizer.decode(tokenizer.encode("hat Team", add_special_tokens=False).ids) == "hat Team"
