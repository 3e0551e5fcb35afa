"""Export: trained network → ONNX encoder (int8) and heads as plain numbers."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rmtext.heads import HEADS, Heads
from rmtext.training.network import Network


class _Hidden(torch.nn.Module):
    """The encoder with plain tensors in and out, as the exporter needs it."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden: torch.Tensor = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return hidden


def export_encoder(encoder: Any, tokenizer: Path, directory: Path, *, license_text: str, int8: bool = True) -> None:
    """Writes ``encoder.onnx``, ``tokenizer.json``, ``encoder.json`` and LICENSE into ``directory``.

    All attentions must fuse, else the network runs at half its speed: raises RuntimeError where they do not.
    """
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer
    from transformers import AutoModel

    directory.mkdir(parents=True, exist_ok=True)
    # Only the eager attention has the shape that the optimizer knows.
    eager: Any = AutoModel.from_config(  # type: ignore[no-untyped-call]
        encoder.config, attn_implementation="eager", add_pooling_layer=False
    )
    eager.load_state_dict(encoder.state_dict())
    example = torch.randint(5, encoder.config.vocab_size, (2, 16))
    axes = {0: "batch", 1: "tokens"}
    with tempfile.TemporaryDirectory() as folder:
        raw, fused = Path(folder) / "raw.onnx", Path(folder) / "fused.onnx"
        torch.onnx.export(
            _Hidden(eager.float().eval()), (example, torch.ones_like(example)), str(raw),
            input_names=["input_ids", "attention_mask"], output_names=["hidden"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "hidden": axes}, opset_version=17, dynamo=False,
        )  # fmt: skip
        graph = optimizer.optimize_model(
            str(raw), model_type="bert", num_heads=encoder.config.num_attention_heads,
            hidden_size=encoder.config.hidden_size, opt_level=0,
        )  # fmt: skip
        attentions = graph.get_fused_operator_statistics()["Attention"]
        if attentions != encoder.config.num_hidden_layers:
            raise RuntimeError(f"only {attentions} of {encoder.config.num_hidden_layers} attentions were fused")
        graph.save_model_to_file(str(fused))
        if int8:
            # Seven bits: on processors with AVX2 but without VNNI the products of eight-bit numbers saturate.
            quantize_dynamic(
                fused, directory / "encoder.onnx", per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
                extra_options={"DefaultTensorType": 1},
            )  # fmt: skip
        else:
            shutil.copyfile(fused, directory / "encoder.onnx")
    shutil.copyfile(tokenizer, directory / "tokenizer.json")
    description = {
        "format": 1, "width": encoder.config.hidden_size, "layers": encoder.config.num_hidden_layers,
        "pieces": encoder.config.vocab_size, "weights": "int8" if int8 else "float32",
        "onnxruntime": onnxruntime.__version__, "torch": torch.__version__,
    }  # fmt: skip
    (directory / "encoder.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    (directory / "LICENSE").write_text(license_text, encoding="utf-8")


def export_heads(network: Network, center: np.ndarray) -> Heads:
    """The trained linear heads with centring and scaling folded in, so that they read plain mean vectors.

    ``center``: mean vector of the fine-tuned encoder (width,), for comparing meanings.
    """
    scale = float(network.scale)
    shift = network.center.numpy() / scale
    weights, biases = {}, {}
    for name in HEADS:
        head = getattr(network, name)
        weight, bias = head.weight.detach().numpy(), head.bias.detach().numpy()
        weights[name] = (weight / scale).astype(np.float32)
        biases[name] = (bias - weight @ shift).astype(np.float32)
    return Heads(weights, biases, center.astype(np.float32))
