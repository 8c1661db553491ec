"""From a trained classifier to the bundled folder: float16 weights, vocabulary, the encoder's probe, evaluation, curve,
card.

What is measured is the rounded weights in float32, as the application loads them. Everything is trained and measured in
one go: minutes on one thread."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import save_file

import core
from core.conv.classifier import VOCABULARY_FILE, WEIGHTS, Classifier, evenly, load_classifier
from core.conv.linear_probe import ENCODER, PROBE_FILE, LinearProbe
from core.conv.model import ConvAttention
from core.conv.vocabulary import WordIds
from core.models.loading import LanguageModel
from training.common.bundle import write_json
from training.sentiment import baselines, card, measures, texts
from training.sentiment.train import Plan, document, train
from training.sentiment.written import DEV, Review


def write(out: Path, plan: Plan | None = None, size: int = texts.TRAIN) -> dict[str, Any]:
    """Train, measure and write everything into ``out``; the evaluation, as written."""
    plan, (reviews, sets) = plan or Plan(), texts.splits(size)
    words = texts.vocabulary(reviews)
    run = train(reviews, words, plan)
    save(run.model, words, out)
    lm = core.load(ENCODER, "cpu")
    probe = baselines.probe(lm, reviews)
    save_probe(probe, out)
    rounded, even = (
        load_classifier(out),
        Classifier("even", train(reviews, words, plan, even=True).model, words, even=True),
    )
    found = measure(rounded, even, lm, probe, reviews, sets)
    before = measures.accuracy(measures.judge(Classifier("before", run.model, words)), sets["written"])
    evaluation = {
        "model": facts(rounded, out),
        "training": training(run.curve, run.seconds, len(reviews)),
        "plan": document(plan, run)["plan"],
        "before_rounding": before,
        **found,
    }
    evaluation["table"] = card.rows(evaluation)
    write_json(out / "training_curve.json", document(plan, run))
    write_json(out / "evaluation.json", evaluation)
    (out / "README.md").write_text(card.text(evaluation), encoding="utf-8")
    return evaluation


def measure(
    classifier: Classifier,
    even: Classifier,
    lm: LanguageModel,
    probe: LinearProbe,
    reviews: list[Review],
    sets: dict[str, list[Review]],
) -> dict[str, Any]:
    """Every number of the evaluation."""
    judges = {
        "classifier": measures.judge(classifier),
        "same_weights_even": measures.judge(evenly(classifier)),
        "trained_even": measures.judge(even),
        "probe": lambda some: probe.logit(baselines.states(lm, some)),
        "bag_of_words": baselines.bag_of_words(reviews, classifier.words),
    }
    return {
        "accuracy": measures.accuracies(judges, {**sets, "development": list(DEV)}),
        "majority": {name: round(measures.majority(found), 4) for name, found in sets.items()},
        "unknown_words": {name: measures.unknown(classifier, found) for name, found in sets.items()},
        "orders": measures.orders(classifier, lm, probe, sets["written"]),
        "attention": measures.spread(classifier, sets["written"]),
    }


def save(model: ConvAttention, words: WordIds, out: Path) -> None:
    """The classifier's weights in float16, its sizes and its words."""
    out.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in model.state_dict().items()}, out / WEIGHTS)
    (out / WEIGHTS).chmod(0o644)
    sizes = model.sizes
    write_json(
        out / "config.json",
        {
            "model_type": "conv-attention",
            "vocab_size": sizes.vocabulary,
            "embedding_size": sizes.embedding,
            "hidden_size": sizes.features,
            "window": sizes.window,
            "num_hidden_layers": 1,
            "num_attention_heads": 1,
        },
    )
    (out / VOCABULARY_FILE).write_text(json.dumps(words.entries, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def save_probe(probe: LinearProbe, out: Path) -> None:
    """The probe's vector and number in float32."""
    save_file(
        {
            "direction": torch.tensor(probe.direction, dtype=torch.float32),
            "bias": torch.tensor([probe.bias], dtype=torch.float32),
        },
        out / PROBE_FILE,
    )
    (out / PROBE_FILE).chmod(0o644)


def facts(classifier: Classifier, out: Path) -> dict[str, Any]:
    """The shape of the model and its size on disk."""
    sizes = classifier.model.sizes
    return {
        "parameters": classifier.parameters,
        "vocabulary": sizes.vocabulary,
        "embedding": sizes.embedding,
        "features": sizes.features,
        "window": sizes.window,
        "weights_mb": round((out / WEIGHTS).stat().st_size / 1e6, 2),
        "encoder": ENCODER,
    }


def training(curve: list[dict[str, Any]], seconds: float, sentences: int) -> dict[str, Any]:
    """What the card says of the run."""
    last = curve[-1]
    return {
        "sentences": sentences,
        "steps": last["step"],
        "tokens": last["tokens"],
        "minutes": round(seconds / 60, 1),
        "last_loss": last["loss"],
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "machine": platform.machine(),
    }
