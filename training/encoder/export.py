"""From a checkpoint to the bundled folder: float16 weights, a clean config, the evaluation, the curve and the card.

Weights are rounded to float16 to stay small; the evaluation is of the rounded weights in float32, as the application
loads them, and the unrounded ones are measured beside it, so that the cost of rounding is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from training.common import measures, tokenizer, train
from training.common.bundle import facts, load, save, training_facts, write_json
from training.encoder import card, evaluate, model as encoder

KEPT = ("model", "training", "plan", "notes")
LAST = "before_rounding"


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
    write_json(out / "training_curve.json", curve)
    if not measure:
        return
    rounded = load(out)
    document = {
        "model": facts(rounded, out),
        "training": training_facts(state, curve),
        "plan": curve["plan"],
        "notes": train.notes(runs),
        **evaluate.evaluate(rounded, made, corpora),
        "before_rounding": evaluate.evaluate(model, made, corpora, baselines=False),
    }
    publish(document, out)


def measure_again(corpora: Path, out: Path) -> None:
    """Evaluation and card of the weights in `out` anew, without their checkpoint: what was told of the training, and
    what the unrounded weights reached, stays.
    """
    told = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    kept = {name: told[name] for name in KEPT}
    publish(kept | evaluate.evaluate(load(out), tokenizer.load(out), corpora) | {LAST: told[LAST]}, out)


def publish(document: dict[str, Any], out: Path) -> None:
    """evaluation.json and the card."""
    document["table"] = measures.rows(document)
    write_json(out / "evaluation.json", document)
    (out / "README.md").write_text(card.text(document), encoding="utf-8")
