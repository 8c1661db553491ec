"""From a checkpoint to the bundled folder of mirante-vision: float16 weights, configuration, how pictures are prepared,
evaluation, curve, card.

What is measured is the rounded weights in float32, loaded as the application loads them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from transformers import ViTForImageClassification

from core.vision.models import VisionModel, load_vision
from core.vision.scenes import SIZE
from training.common import bundle, train
from training.common.bundle import write_json
from training.vision import card, evaluate, model as vision

PREPARED = {
    "image_processor_type": "ViTImageProcessor",
    "do_resize": True,
    "size": {"height": SIZE, "width": SIZE},
    "resample": 2,
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [vision.MEAN] * 3,
    "image_std": [vision.STD] * 3,
}


def write(runs: Path, out: Path) -> None:
    """Write the model of ``runs`` into ``out``."""
    torch.set_num_threads(1)
    pupil = vision.Pupil()
    state = train.resume(pupil, None, runs)
    save(pupil.vit.eval(), out)
    curve = json.loads((runs / "curve.json").read_text(encoding="utf-8"))
    write_json(out / "training_curve.json", curve)
    found = load_vision(str(out), device="cpu")
    unrounded = replace(found, model=_unrounded(found, pupil))
    document = {
        "model": facts(found, out),
        "training": {
            **bundle.training_facts(state, curve),
            "pictures": state.tokens // vision.POSITIONS,
            "drawn": state.step * (vision.PICTURES // vision.COPIES),
        },
        "plan": curve["plan"],
        "notes": train.notes(runs),
        **evaluate.evaluate(found),
        "before_rounding": evaluate.accuracy(*_answers(unrounded)),
        "after_rounding": evaluate.accuracy(*_answers(found)),
    }
    document["table"] = card.rows(document)
    write_json(out / "evaluation.json", document)
    (out / "README.md").write_text(card.text(document), encoding="utf-8")


def save(model: ViTForImageClassification, out: Path) -> None:
    """model.safetensors in float16, config.json with the names of the answers, preprocessor_config.json."""
    out.mkdir(parents=True, exist_ok=True)
    half = type(model)(model.config)
    half.load_state_dict(model.state_dict())
    half.half().save_pretrained(out)
    (out / "model.safetensors").chmod(0o644)
    config = json.loads((out / "config.json").read_text(encoding="utf-8"))
    write_json(
        out / "config.json", {name: value for name, value in sorted(config.items()) if name not in ("_name_or_path",)}
    )
    write_json(out / "preprocessor_config.json", PREPARED)


def facts(found: VisionModel, out: Path) -> dict[str, Any]:
    """Shape, size on disk and speed."""
    shape = found.model.config
    return {
        "parameters": found.parameters,
        "layers": shape.num_hidden_layers,
        "heads": shape.num_attention_heads,
        "width": shape.hidden_size,
        "inner": shape.intermediate_size,
        "picture": shape.image_size,
        "patch": shape.patch_size,
        "answers": len(found.labels),
        "positions": vision.POSITIONS,
        "weights_mb": round((out / "model.safetensors").stat().st_size / bundle.MEGABYTE, 2),
        "forward": evaluate.speed(found),
    }


def _unrounded(found: VisionModel, pupil: vision.Pupil) -> ViTForImageClassification:
    """The loaded model with the weights as they were trained, through the same seam."""
    model = type(found.model)._from_config(found.model.config, attn_implementation="mirante")
    model.load_state_dict(pupil.vit.state_dict())
    return model.eval().requires_grad_(False)


def _answers(found: VisionModel, count: int = 1000):
    made = evaluate.scenes("mixed", count)
    return made, evaluate.first_rows(found, [one.pixels for one in made])[1].argmax(-1)
