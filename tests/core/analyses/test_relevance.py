"""Relevance against a literal reading of the authors' rules on the library's own eager maps and their gradients."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch

import core
from core.analyses.relevance import gathered, own_part, relevance
from core.analyses.score import LogitDifference
from core.tracing.rerun import inputs_of
from tests.tiny import SENTENCE, TARGET, folder

ASKED = LogitDifference(3, 11, 23)


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


def traced(name: str) -> core.Trace:
    lm = loaded(name)
    return core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)


@cache
def eager(name: str) -> dict[str, list[np.ndarray]]:
    """kind → Ā per layer: relu(A ⊙ ∂score/∂A), mean of heads, from a model of its own loaded eager."""
    lm = core.load(folder(name), device="cpu")
    lm.model.set_attn_implementation("eager")
    for parameter in lm.model.parameters():
        parameter.requires_grad_(True)
    output = lm.model(**inputs_of(lm, traced(name)), output_attentions=True, use_cache=False)
    names = {
        "attentions": "self",
        "encoder_attentions": "encoder",
        "decoder_attentions": "decoder",
        "cross_attentions": "cross",
    }
    maps = {kind: output[given] for given, kind in names.items() if output.get(given)}
    score = output.logits[0, 3, 11] - output.logits[0, 3, 23]
    found = {}
    for kind, layers in maps.items():
        gradients = torch.autograd.grad(score, layers, retain_graph=True)
        found[kind] = [
            (a * g)[0].clamp_min(0).mean(0).detach().numpy().astype(float)
            for a, g in zip(layers, gradients, strict=True)
        ]
    return found


@pytest.mark.parametrize("name", ["bert", "gpt2", "llama", "modernbert", "marian", "t5"])
def test_every_layer_holds_what_the_eager_maps_hold(name):
    found = relevance(loaded(name), traced(name), ASKED)
    for kind, layers in eager(name).items():
        np.testing.assert_allclose(found.layers[kind], np.stack(layers), atol=2e-6)
        assert found.layers[kind].max() > 1e-4


@pytest.mark.parametrize("name", ["bert", "gpt2", "llama"])
def test_one_stack_by_their_rule(name):
    joint = np.eye(len(traced(name).tokens))
    for layer in eager(name)["self"]:
        joint = joint + layer @ joint
    np.testing.assert_allclose(relevance(loaded(name), traced(name), ASKED).joint["self"], joint, atol=1e-5)


def test_two_stacks_by_their_rules():
    """Equations 6 to 10, written out."""
    maps = eager("marian")
    source = np.eye(maps["encoder"][0].shape[0])
    for layer in maps["encoder"]:
        source = source + layer @ source
    target, cross = np.eye(maps["decoder"][0].shape[0]), 0
    for own, across in zip(maps["decoder"], maps["cross"], strict=True):
        target, cross = target + own @ target, cross + own @ (cross if np.ndim(cross) else np.zeros_like(across))
        left, right = (joint - np.eye(len(joint)) for joint in (target, source))
        with np.errstate(invalid="ignore"):
            left = np.nan_to_num(left / left.sum(-1, keepdims=True)) + np.eye(len(left))
            right = np.nan_to_num(right / right.sum(-1, keepdims=True)) + np.eye(len(right))
        cross = cross + left.T @ across @ right
    found = relevance(loaded("marian"), traced("marian"), ASKED).joint
    np.testing.assert_allclose(found["encoder"], source, atol=1e-5)
    np.testing.assert_allclose(found["decoder"], target, atol=1e-5)
    np.testing.assert_allclose(found["cross"], cross, atol=1e-5)


def test_without_attention_nothing_is_gathered():
    np.testing.assert_array_equal(gathered(np.zeros((3, 4, 4))), np.eye(4))
    np.testing.assert_array_equal(own_part(np.eye(4)), np.eye(4))


def test_what_comes_after_the_question_is_not_relevant_to_it():
    joint = relevance(loaded("gpt2"), traced("gpt2"), ASKED).joint["self"]
    assert not joint[3, 4:].any() and joint[3, :3].sum() > 0
