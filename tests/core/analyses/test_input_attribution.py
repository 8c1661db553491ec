"""Every method is a row of shares with its null; what a model does not have says why."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import core
from core.analyses.input_attribution import CROSS, Maps, method_maps, method_row, uniform_maps
from core.analyses.methods import METHODS
from core.analyses.rollout import mean_heads, rollout, uniform
from core.analyses.score import LogitDifference
from core.errors import BadInput, TooLong
from tests.tiny import SENTENCE, TARGET, folder

ASKED = LogitDifference(4, 11, 23)
MODELS = ["bert", "gpt2", "llama", "modernbert", "albert", "marian", "gpt_oss"]


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


@cache
def traced(name: str) -> core.Trace:
    lm = loaded(name)
    return core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)


@cache
def mapped(name: str, kind: str | None = None) -> Maps:
    return method_maps(loaded(name), traced(name), kind, ASKED)


@pytest.mark.parametrize("name", MODELS)
def test_every_method_gives_shares(name):
    found = mapped(name, traced(name).kinds[0] if loaded(name).kind != "encoder-decoder" else "decoder")
    assert not found.missing and set(found.layers) == set(METHODS)
    for method in METHODS:
        shares = method_row(found, method, 4)
        assert shares.min() >= 0 and shares.sum() == pytest.approx(1), method
        if loaded(name).layout.causal or found.kind == "decoder":
            assert not shares[5:].any(), method


@pytest.mark.parametrize("name", ["bert", "gpt2", "marian"])
def test_the_null_is_the_mask_alone(name):
    kind = traced(name).kinds[-2] if name == "marian" else "self"
    even = uniform_maps(loaded(name), traced(name), kind, ASKED)
    mask = uniform(mean_heads(traced(name), kind))
    np.testing.assert_allclose(even.layers["raw"], mask, atol=1e-6)
    np.testing.assert_allclose(method_row(even, "rollout", 4), rollout(mask)[-1, 4], atol=1e-6)
    assert np.abs(method_row(even, "alti", 4) - method_row(mapped(name, kind), "alti", 4)).max() > 1e-3


def test_cross_attention_has_three_methods_and_says_why_not_more():
    found = mapped("marian", "cross")
    assert set(found.layers) == set(CROSS) and set(found.missing) == set(METHODS) - set(CROSS)
    for method in CROSS:
        assert method_row(found, method, 4).sum() == pytest.approx(1) and len(method_row(found, method, 4)) == len(
            traced("marian").tokens
        )
    with pytest.raises(BadInput, match="Cross-attention"):
        method_row(found, "alti", 4)


def test_a_model_whose_sum_is_not_known_keeps_what_needs_none():
    found = mapped("gemma2")
    assert {"norm", "norm_rollout", "residual", "normed", "alti"} == set(found.missing)
    assert method_row(found, "rollout", 4).sum() == pytest.approx(1) and method_row(
        found, "gradient", 4
    ).sum() == pytest.approx(1)


def test_without_a_question_there_is_no_gradient():
    found = method_maps(loaded("bert"), traced("bert"))
    assert set(found.missing) == {"gradient"}
    with pytest.raises(BadInput):
        method_row(found, "gradient", 4)


def test_no_such_position():
    with pytest.raises(BadInput):
        method_row(mapped("bert"), "raw", 99)


def test_memory_is_estimated_before_anything_is_made(monkeypatch):
    monkeypatch.setenv("MIRANTE_MEMORY_MB", "0")
    with pytest.raises(TooLong, match="MB"):
        method_maps(loaded("bert"), traced("bert"))


def test_five_mixing_ratios():
    """Weights alone overstate mixing: with the residual half as much, by definition."""
    mixing = mapped("bert").mixing
    assert set(mixing) == {"weights", "weights_residual", "fetched", "residual", "normed"}
    np.testing.assert_allclose(mixing["weights_residual"], mixing["weights"] / 2, atol=1e-6)
    assert all(0 <= ratio.min() and ratio.max() <= 1 for ratio in mixing.values())
