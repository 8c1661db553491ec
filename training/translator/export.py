"""From a checkpoint to the bundled folder of the translator: float16 weights, a clean config, the evaluation, the curve
and the card.

What is measured is the rounded weights in float32, as the application loads them; the dev loss of the unrounded ones
stands beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from transformers import MarianMTModel, PreTrainedTokenizerFast

from core.models import catalog
from training.common import bundle, tokenizer, train
from training.translator import (
    batches,
    card,
    evaluate,
    loss,
    model as translator,
    pairs,
    tokenizer as translator_tokenizer,
)

NOISE = (*bundle.NOISE, "classifier_dropout", "num_hidden_layers", "static_position_embeddings", "normalize_embedding")


def write(corpora: Path, runs: Path, out: Path, *, measure: bool = True) -> None:
    """Write the model of `runs` into `out` (which holds the tokenizer already); without `measure` no evaluation and no
    card.
    """
    made = tokenizer.load(out)
    model = MarianMTModel(translator.config(len(made)))
    state = train.resume(model, None, runs)
    model.eval()
    save(model, out)
    curve = json.loads((runs / "curve.json").read_text(encoding="utf-8"))
    dump(out / "training_curve.json", curve)
    if not measure:
        return
    document = {
        "model": facts(evaluate.load(out), out),
        "training": bundle.training_facts(state, curve),
        "plan": curve["plan"],
        "notes": train.notes(runs),
        **evaluate.evaluate(out, made, corpora),
    }
    probe = loss.probe(pairs.load(corpora).dev, made)
    with torch.inference_mode():
        document["dev_loss"] = {"rounded": probe(evaluate.load(out)), "before_rounding": probe(model)}
    document["passes"] = passes(document["training"]["tokens"], pairs.load(corpora), made)
    document["table"] = evaluate.rows(document)
    dump(out / "evaluation.json", document)
    (out / "README.md").write_text(card.text(document), encoding="utf-8")


def passes(tokens: int, found: pairs.Pairs, made: PreTrainedTokenizerFast) -> float:
    """How many times the weighted pairs were read, from the number of tokens read."""
    encoded = zip(found.train, batches.encode(made, found.train), strict=True)
    whole = sum(pair.times * (len(source) + len(target)) for pair, (source, target) in encoded)
    return round(tokens / whole, 3)


def save(model: MarianMTModel, out: Path) -> None:
    """model.safetensors in float16, a config.json without the library's noise, and how to generate: greedily."""
    half = MarianMTModel(model.config)
    half.load_state_dict(model.state_dict())
    half.generation_config.max_length = translator_tokenizer.POSITIONS
    half.half().save_pretrained(out)
    (out / "model.safetensors").chmod(0o644)
    path = out / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    dump(path, {name: value for name, value in sorted(config.items()) if name not in NOISE})


def facts(model: MarianMTModel, out: Path) -> dict[str, Any]:
    """Shape and size on disk; layers are of the encoder, the decoder has as many."""
    shape = model.config
    return {
        "parameters": catalog.describe(out).parameters,
        "layers": shape.encoder_layers,
        "heads": shape.encoder_attention_heads,
        "width": shape.d_model,
        "vocabulary": shape.vocab_size,
        "positions": shape.max_position_embeddings,
        "weights_mb": round((out / "model.safetensors").stat().st_size / bundle.MEGABYTE, 1),
    }


def dump(path: Path, document: Any) -> None:
    """Readable JSON with its accents."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
