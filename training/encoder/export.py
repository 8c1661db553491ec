"""From a checkpoint to the bundled folder: float16 weights, a clean config, the evaluation, the curve and the card.

Weights are rounded to float16 to stay small; the evaluation is of the rounded weights in float32, as the application
loads them, and the unrounded ones are measured beside it, so that the cost of rounding is known."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoModelForMaskedLM, PreTrainedModel

from training.common import measures, tokenizer, train
from training.encoder import card, evaluate
from training.encoder import recipe as encoder

NOISE = ("id2label", "label2id", "_name_or_path", "is_decoder", "add_cross_attention", "classifier_dropout")
MEGABYTE = 1_000_000


def write(corpora: Path, runs: Path, out: Path, *, measure: bool = True) -> None:
    """Write the model of `runs` into `out` (which holds the tokenizer already); without `measure` no evaluation and no
    card.
    """
    made = tokenizer.load(out)
    model = encoder.build(len(made))
    state = train.resume(model, None, runs)
    model.eval()
    save(model, out)
    curve = json.loads((runs / "curve.json").read_text(encoding="utf-8"))
    _json(out / "training_curve.json", curve)
    if not measure:
        return
    rounded = load(out)
    document = {
        "model": facts(rounded, out),
        "training": training_facts(state, curve),
        "plan": curve["plan"],
        "notes": train.notes(runs),
        **evaluate.evaluate(rounded, made, corpora),
        "before_rounding": evaluate.evaluate(model, made, corpora),
    }
    document["table"] = measures.rows(document)
    _json(out / "evaluation.json", document)
    (out / "README.md").write_text(card.text(document), encoding="utf-8")


def save(model: PreTrainedModel, out: Path) -> None:
    """model.safetensors in float16 and a config.json without the library's noise."""
    half = type(model)(model.config)
    half.load_state_dict(model.state_dict())
    half.half().save_pretrained(out)
    (out / "model.safetensors").chmod(0o644)
    path = out / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    _json(path, {name: value for name, value in sorted(config.items()) if name not in NOISE})


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
        "forward": evaluate.speed(model),
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


def _json(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
