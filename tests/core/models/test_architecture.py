"""Shapes and their drawing: what the configuration says, against what the loaded model has; one mark per head."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import core
from core.figures.architecture import architecture
from core.figures.curves import loss_curve, smooth
from core.figures.theme import Look
from core.models.architecture import architecture_of
from tests.tiny import folder

WORDS = {
    "encoder": "codificador",
    "decoder": "decodificador",
    "embedding": "vetores",
    "attention": "atenção",
    "cross": "cruzada",
    "inner": "{inner} neurônios",
    "output": "palpite",
    "layer": "C",
    "keys": "chaves",
}


def config(name: str) -> dict:
    return json.loads((Path(folder(name)) / "config.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["bert", "distilbert", "gpt2", "llama", "opt", "bart", "marian", "t5"])
def test_the_shape_is_that_of_the_loaded_model(name: str) -> None:
    shape, lm = architecture_of(config(name)), core.load(folder(name), device="cpu")
    kinds = {"encoder-decoder": ("encoder", "decoder"), "encoder": ("encoder",), "decoder": ("decoder",)}[lm.kind]
    assert tuple(stack.name for stack in shape.stacks) == kinds
    for stack in shape.stacks:
        kind = stack.name if len(shape.stacks) > 1 else "self"
        assert (stack.layers, stack.heads) == (lm.layout.counts[kind], lm.layout.heads[kind])
    assert shape.vocabulary == lm.model.config.vocab_size


def test_grouped_keys_and_a_missing_size() -> None:
    (stack,) = architecture_of(config("llama")).stacks
    assert stack.key_heads < stack.heads
    with pytest.raises(KeyError):
        architecture_of({"model_type": "bert", "hidden_size": 8})


@pytest.mark.parametrize("name", ["bert", "llama", "marian"])
def test_one_square_per_head_and_one_circle_per_shared_key(name: str) -> None:
    shape = architecture_of(config(name))
    figure = architecture(shape, WORDS, Look("light"))
    names = [
        entry for trace in figure.data if trace.marker.symbol in ("square", "diamond") for entry in trace.customdata
    ]
    attentions = sum(stack.layers * stack.heads * (1 + stack.cross) for stack in shape.stacks)
    circles = sum(len(trace.x) for trace in figure.data if trace.marker.symbol == "circle-open")
    shared = sum(stack.layers * stack.key_heads for stack in shape.stacks if stack.key_heads < stack.heads)
    assert len(names) == attentions and circles == shared
    texts = [note.text for note in figure.layout.annotations]
    assert sum("palpite" in text for text in texts) == 1 and f"{shape.stacks[0].inner} neurônios" in texts


def test_the_curve_keeps_its_points_and_smooths_with_fewer_neighbours_at_the_ends() -> None:
    assert smooth([1, 2, 3], reach=1) == [1.5, 2, 2.5]
    figure = loss_curve([1_000_000, 2_000_000], [3.0, 1.0], look=Look("dark", ","), x_title="tokens", y_title="perda")
    assert list(figure.data[0].x) == [1, 2] and list(figure.data[0].y) == [3, 1] and list(figure.data[1].y) == [2, 2]
