"""From a checkpoint to the bundled folder, what every model shares: float16 weights, a clean config, facts for the
evaluation.

Not here: what is measured (each model's evaluate.py), the cards (card.py).
"""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoModelForMaskedLM, PreTrainedModel

from training.common import train
from training.common.evaluation import speed

NOISE = ("id2label", "label2id", "_name_or_path", "is_decoder", "add_cross_attention", "classifier_dropout")
MEGABYTE = 1_000_000


def save(model: PreTrainedModel, out: Path) -> None:
    """model.safetensors in float16 and a config.json without the library's noise."""
    half = type(model)(model.config)
    half.load_state_dict(model.state_dict())
    half.half().save_pretrained(out)
    (out / "model.safetensors").chmod(0o644)
    path = out / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, {name: value for name, value in sorted(config.items()) if name not in NOISE})


def load(out: Path) -> PreTrainedModel:
    """The exported model as the application loads it: float32, safetensors, no remote code."""
    return AutoModelForMaskedLM.from_pretrained(
        out, dtype=torch.float32, use_safetensors=True, local_files_only=True
    ).eval()


def facts(model: PreTrainedModel, out: Path) -> dict[str, Any]:
    """Shape, size on disk and speed."""
    shape = model.config
    return {
        "parameters": model.num_parameters(),
        "layers": shape.num_hidden_layers,
        "heads": shape.num_attention_heads,
        "width": shape.hidden_size,
        "vocabulary": shape.vocab_size,
        "positions": shape.max_position_embeddings,
        "weights_mb": round((out / "model.safetensors").stat().st_size / MEGABYTE, 1),
        "forward": speed(model),
    }


def training_facts(state: train.State, curve: dict[str, Any]) -> dict[str, Any]:
    """Steps, tokens, time and versions; the learning plan is in training_curve.json."""
    return {
        "steps": state.step,
        "tokens": state.tokens,
        "passes_begun": state.passes,
        "minutes": round(state.seconds / 60, 1),
        "last_loss": curve["curve"][-1]["loss"] if curve["curve"] else None,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "machine": platform.machine(),
    }


def write_json(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
