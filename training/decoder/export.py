"""From a checkpoint of the decoder to the bundled folder: float16 weights, a clean config, the evaluation, the curve
and the card.

Evaluated are the rounded weights in float32, as the application loads them; what rounding costs in perplexity stands
beside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from transformers import LlamaForCausalLM

from training.common import bundle, corpus, evaluation, tokenizer, train
from training.decoder import card, evaluate as decoder_evaluate, model as decoder, sequences, table

KEPT = ("notes", "model", "training", "plan", "rounding", "load_seconds")
NOISE = ("_name_or_path", "attention_bias", "attention_dropout", "mlp_bias", "pretraining_tp")


def write(corpora: Path, runs: Path, out: Path, *, measure: bool = True) -> None:
    """Write the model of `runs` into `out` (which holds the tokenizer already); without `measure` no evaluation and no
    card.
    """
    made = tokenizer.load(out)
    model = LlamaForCausalLM(decoder.config(len(made)))
    state = train.resume(model, None, runs)
    model.eval()
    save(model, out)
    curve = json.loads((runs / "curve.json").read_text(encoding="utf-8"))
    dump(out / "training_curve.json", curve)
    if not measure:
        return
    document = {
        "notes": train.notes(runs),
        "model": facts(decoder_evaluate.load(out), out),
        "training": bundle.training_facts(state, curve),
        "plan": curve["plan"],
        "rounding": decoder_evaluate.rounding(model, decoder_evaluate.load(out), made, corpus.load(corpora)),
        **decoder_evaluate.evaluate(out, made, corpora, sequences.Mix(), curve["plan"]["seed"]),
    }
    publish(document, out)


def measure_again(corpora: Path, out: Path) -> None:
    """Evaluation and card of the weights in `out` anew, without their checkpoint: what was told of the training, what
    rounding cost, and how long it took stays.
    """
    told = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    kept = {name: told[name] for name in KEPT}
    made = tokenizer.load(out)
    publish(decoder_evaluate.evaluate(out, made, corpora, sequences.Mix(), told["plan"]["seed"]) | kept, out)


def publish(document: dict[str, Any], out: Path) -> None:
    """evaluation.json and the card."""
    document["table"] = table.rows(document)
    dump(out / "evaluation.json", document)
    (out / "README.md").write_text(card.text(document), encoding="utf-8")


def save(model: LlamaForCausalLM, out: Path) -> None:
    """model.safetensors in float16 and a config.json without the library's noise."""
    half = LlamaForCausalLM(model.config)
    half.load_state_dict(model.state_dict())
    half.half().save_pretrained(out)
    (out / "model.safetensors").chmod(0o644)
    (out / "generation_config.json").unlink(missing_ok=True)  # says nothing that config.json does not
    path = out / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    dump(path, {name: value for name, value in sorted(config.items()) if name not in NOISE})


def facts(model: LlamaForCausalLM, out: Path) -> dict[str, Any]:
    """Shape, size on disk and speed."""
    shape = model.config
    return {
        "parameters": model.num_parameters(),
        "layers": shape.num_hidden_layers,
        "heads": shape.num_attention_heads,
        "key_heads": shape.num_key_value_heads,
        "width": shape.hidden_size,
        "inner": shape.intermediate_size,
        "vocabulary": shape.vocab_size,
        "positions": shape.max_position_embeddings,
        "weights_mb": round((out / "model.safetensors").stat().st_size / bundle.MEGABYTE, 1),
        "forward": evaluation.speed(model),
    }


def dump(path: Path, document: Any) -> None:
    """Readable JSON with its accents."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
