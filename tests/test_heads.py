"""Linear heads: the arithmetic, and files that are not what they claim."""

import json
import stat
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors.numpy import load_file, save_file

from rmtext.coding import SENTIMENTS
from rmtext.errors import RmtextError
from rmtext.heads import ANSWER_SENTIMENTS, HEADS, SEGMENT_SENTIMENTS, Heads, logit, sigmoid, softmax

WIDTH, THEMES = 6, 3


@pytest.fixture
def heads():
    rng = np.random.default_rng(7)
    rows = {name: THEMES if outputs is None else outputs for name, outputs in HEADS.items()}
    weights = {name: rng.normal(size=(n, WIDTH)).astype(np.float32) for name, n in rows.items()}
    biases = {name: rng.normal(size=n).astype(np.float32) for name, n in rows.items()}
    return Heads(weights, biases, rng.normal(size=WIDTH).astype(np.float32))


@pytest.fixture
def path(heads, tmp_path):
    path = tmp_path / "heads.safetensors"
    heads.save(path)
    return path


def load(path):
    return Heads.load(path, width=WIDTH, themes=THEMES)


def test_the_words_are_those_of_a_coding():
    assert ANSWER_SENTIMENTS == SENTIMENTS
    assert SENTIMENTS[:3] == SEGMENT_SENTIMENTS


def test_logits_are_a_linear_map(heads):
    vectors = np.random.default_rng(1).normal(size=(4, WIDTH)).astype(np.float32)
    logits = heads.logits("themes", vectors)
    assert logits.shape == (4, THEMES)
    assert logits.dtype == np.float32
    by_hand = sum(vectors[2, i] * heads.weights["themes"][1, i] for i in range(WIDTH)) + heads.biases["themes"][1]
    assert logits[2, 1] == pytest.approx(by_hand, abs=1e-5)


def test_no_rows_give_no_logits(heads):
    assert heads.logits("polarity", np.zeros((0, WIDTH), np.float32)).shape == (0, 3)


def test_what_is_saved_is_loaded(heads, path):
    loaded = load(path)
    assert np.array_equal(loaded.center, heads.center)
    for name in HEADS:
        assert np.array_equal(loaded.weights[name], heads.weights[name])
        assert np.array_equal(loaded.biases[name], heads.biases[name])


def test_turned_and_wider_arrays_are_saved_by_their_values(heads, path):
    turned = np.asfortranarray(heads.weights["themes"].astype(np.float64))
    Heads(heads.weights | {"themes": turned}, heads.biases, heads.center).save(path)
    assert np.array_equal(load(path).weights["themes"], heads.weights["themes"])


def test_everyone_may_read_the_file(path):
    path.with_name("other").write_bytes(b"")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(path.with_name("other").stat().st_mode)


@pytest.mark.parametrize(
    ("name", "tensor"),
    [
        ("themes.weight", None),
        ("center", None),
        ("themes.weight", np.zeros((THEMES + 1, WIDTH), np.float32)),
        ("themes.weight", np.zeros((THEMES, WIDTH + 1), np.float32)),
        ("themes.weight", np.zeros((WIDTH, THEMES), np.float32)),
        ("suggestion.bias", np.zeros((1, 1), np.float32)),
        ("answer_sentiment.bias", np.zeros(3, np.float32)),
        ("center", np.zeros(WIDTH, np.float64)),
        ("center", np.zeros(WIDTH, np.float16)),
        ("center", np.zeros(WIDTH, np.int32)),
        ("polarity.bias", np.array([0, np.nan, 0], np.float32)),
        ("polarity.bias", np.array([0, np.inf, 0], np.float32)),
    ],
)
def test_wrong_numbers_are_refused_by_name(path, name, tensor):
    tensors = load_file(path)
    if tensor is None:
        del tensors[name]
    else:
        tensors[name] = tensor
    save_file(tensors, path)
    with pytest.raises(RmtextError, match=rf"'{name}' must be finite float32"):
        load(path)


def test_the_codebook_says_how_many_themes_there_are(path):
    with pytest.raises(RmtextError, match=r"'themes\.weight' must be"):
        Heads.load(path, width=WIDTH, themes=THEMES + 1)


def test_further_numbers_are_not_read(path, heads):
    save_file(load_file(path) | {"ballast": np.zeros(3, np.float64)}, path)
    assert np.array_equal(load(path).center, heads.center)


def raw(header: dict | bytes, numbers: bytes = b"\0" * 64) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode("utf-8")
    return struct.pack("<Q", len(text)) + text + numbers


def one(dtype: str, shape: list[int], size: int = 64) -> dict:
    return {"center": {"dtype": dtype, "shape": shape, "data_offsets": [0, size]}}


HOSTILE = {
    "empty": b"",
    "text": b"PK\x03\x04 kein Modell",
    "pickle": b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x8c\x06system\x94\x93\x94.",
    "endless header": struct.pack("<Q", 2**62) + b"{}",
    "nested header": raw(b"[" * 100_000),
    "bfloat16": raw(one("BF16", [32])),
    "float8": raw(one("F8_E4M3", [64])),
    "float4": raw(one("F4", [128])),
    "unknown type": raw(one("XX", [64])),
    "huge shape": raw(one("F32", [2**40, 2**40])),
    "huge empty shape": raw(one("F32", [0, 2**62], 0)),
    "negative shape": raw(one("F32", [-16])),
    "offsets after the end": raw(one("F32", [2**20], 2**22)),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused(tmp_path, content):
    path = tmp_path / "heads.safetensors"
    path.write_bytes(content)
    with pytest.raises(RmtextError, match=r"heads\.safetensors"):
        load(path)


def test_truncated_file(path):
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(RmtextError, match="cannot be read as heads"):
        load(path)


def test_a_folder_and_a_missing_file(tmp_path):
    for place in (tmp_path, tmp_path / "fehlt"):
        with pytest.raises(RmtextError, match="cannot be read as heads"):
            load(place)


numbers = arrays.arrays(np.float32, (3, 4), elements=st.floats(-(2.0**60), 2.0**60, width=32))


@given(numbers)
def test_sigmoid_stays_in_bounds_and_is_symmetric(scores):
    with np.errstate(all="raise", under="ignore"):
        probabilities = sigmoid(scores)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert np.allclose(sigmoid(-scores), 1 - probabilities, atol=1e-6)


@given(arrays.arrays(np.float32, 5, elements=st.floats(0, 1, width=32)))
def test_logit_undoes_the_sigmoid_and_has_no_infinities(probabilities):
    with np.errstate(all="raise", under="ignore"):
        scores = logit(probabilities)
    assert scores.dtype == np.float32
    assert np.allclose(sigmoid(scores), probabilities, atol=2e-6)


@given(numbers)
def test_softmax_sums_to_one_and_keeps_the_order(scores):
    with np.errstate(all="raise", under="ignore"):
        probabilities = softmax(scores)
    assert np.allclose(probabilities.sum(axis=-1), 1, atol=1e-5)
    best = np.take_along_axis(probabilities, scores.argmax(axis=-1)[:, None], axis=-1)[:, 0]
    assert (best == probabilities.max(axis=-1)).all()


def test_known_values():
    assert sigmoid(np.array([0.0, np.log(3.0)], np.float32)).tolist() == pytest.approx([0.5, 0.75])
    assert softmax(np.array([0.0, np.log(2.0), 0.0], np.float32)).tolist() == pytest.approx([0.25, 0.5, 0.25])
