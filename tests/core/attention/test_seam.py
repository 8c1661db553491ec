"""The seam honours every argument that shapes the scores: against formulas written out here in float64."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from core.attention.seam import recorded_attention
from core.attention.tape import current, recording
from core.errors import UnsupportedModel

B, H, G, Q, K, D, V = 2, 4, 2, 5, 7, 6, 3


def tensors(batch: int = 1, n_key: int = K, seed: int = 0):
    """query, key, value as transformers passes them: (B, H, Q, D), (B, G, K, D), (B, G, K, V)."""
    torch.manual_seed(seed)
    return torch.randn(batch, H, Q, D), torch.randn(batch, G, n_key, D), torch.randn(batch, G, n_key, V)


def reference(query, key, value, *, scaling=None, allowed=None, added=None, bias=None, softcap=None, sinks=None):
    """(map, output): map (B, H, Q, K), output (B, Q, H, V), in float64."""
    q, k, v = (t.double().numpy() for t in (query, key, value))
    k, v = np.repeat(k, H // G, axis=1), np.repeat(v, H // G, axis=1)
    scores = np.einsum("bhqd,bhkd->bhqk", q, k) * (D**-0.5 if scaling is None else scaling)
    if softcap:
        scores = softcap * np.tanh(scores / softcap)
    for term in (bias, added):
        scores = scores if term is None else scores + term.double().numpy()
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf)
    weights = np.exp(scores)
    total = weights.sum(-1, keepdims=True)
    if sinks is not None:
        total = total + np.exp(sinks.double().numpy().reshape(1, H, -1, 1))
    weights = weights / total
    return weights, np.einsum("bhqk,bhkd->bqhd", weights, v)


BAND = np.abs(np.arange(Q)[:, None] - np.arange(K)) <= 2
FUTURE = np.tril(np.ones((Q, K), dtype=bool))
torch.manual_seed(1)
PER_HEAD, SINKS, ROW_SINKS = torch.randn(1, H, Q, K), torch.randn(H), torch.randn(1, H, Q, 1)
ADDITIVE = torch.zeros(1, 1, Q, K).masked_fill(~torch.from_numpy(BAND), torch.finfo(torch.float32).min)
CASES = {
    "plain": (dict(is_causal=False), {}),
    "scaling": (dict(is_causal=False, scaling=1.0), dict(scaling=1.0)),
    "causal": (dict(is_causal=True), dict(allowed=FUTURE)),
    "causal-by-module": (dict(), dict(allowed=FUTURE)),
    "bool-mask": (dict(attention_mask=torch.from_numpy(BAND)[None, None]), dict(allowed=BAND)),
    "additive-mask": (dict(attention_mask=ADDITIVE), dict(allowed=BAND)),
    "mask-per-head": (dict(attention_mask=PER_HEAD), dict(added=PER_HEAD)),
    "mask-wins-over-causal": (dict(attention_mask=ADDITIVE, is_causal=True), dict(allowed=BAND)),
    "bias": (dict(position_bias=PER_HEAD, is_causal=False), dict(bias=PER_HEAD)),
    "bias-causal": (dict(position_bias=PER_HEAD, is_causal=True), dict(bias=PER_HEAD, allowed=FUTURE)),
    "bias-bool-mask": (
        dict(position_bias=PER_HEAD, attention_mask=torch.from_numpy(BAND)[None, None]),
        dict(bias=PER_HEAD, allowed=BAND),
    ),
    "bias-shared": (dict(position_bias=PER_HEAD[:, :1], is_causal=False), dict(bias=PER_HEAD[:, :1])),
    "softcap": (dict(softcap=0.7, is_causal=False), dict(softcap=0.7)),
    "softcap-causal": (dict(softcap=0.7, is_causal=True), dict(softcap=0.7, allowed=FUTURE)),
    "softcap-mask": (dict(softcap=0.7, attention_mask=ADDITIVE), dict(softcap=0.7, allowed=BAND)),
    "sinks": (dict(s_aux=SINKS, is_causal=False), dict(sinks=SINKS)),
    "sinks-bool-mask": (
        dict(s_aux=SINKS, attention_mask=torch.from_numpy(BAND)[None, None]),
        dict(sinks=SINKS, allowed=BAND),
    ),
    "sinks-per-row": (dict(sinks=ROW_SINKS, is_causal=False), dict(sinks=ROW_SINKS)),
    "softcap-sinks-bias": (
        dict(softcap=0.7, s_aux=SINKS, position_bias=PER_HEAD, is_causal=True),
        dict(softcap=0.7, sinks=SINKS, bias=PER_HEAD, allowed=FUTURE),
    ),
}


@pytest.fixture
def module():
    return SimpleNamespace(num_key_value_groups=H // G, is_causal=True, training=False)


@pytest.mark.parametrize("name", CASES)
def test_map_and_output_follow_the_formula(name, module):
    passed, expected = CASES[name]
    passed = {"attention_mask": None, **passed}
    query, key, value = tensors()
    weights, output = reference(query, key, value, **expected)
    with recording() as tape:
        found, nothing = recorded_attention(module, query, key, value, **passed)
    assert nothing is None and found.shape == (1, Q, H, V)
    np.testing.assert_allclose(found.numpy(), output, atol=2e-6)
    record = tape.calls[0].record
    for head in range(H):
        np.testing.assert_allclose(record.attention(head).numpy(), weights[0, head], atol=1e-6)


@pytest.mark.parametrize("name", [name for name in CASES if "causal" not in name])
def test_without_a_tape_any_batch_runs_and_nothing_is_written(name, module):
    """Generation and corpus runs pass through the seam too; sinks and caps must not be limited to one sentence."""
    passed, expected = CASES[name]
    passed = {"attention_mask": None, **passed}
    query, key, value = tensors(B)
    output, _ = recorded_attention(module, query, key, value, **passed)
    assert current() is None
    np.testing.assert_allclose(output.numpy(), reference(query, key, value, **expected)[1], atol=2e-6)


def test_one_query_row_looks_at_everything(module):
    """A step of generation: one query against all cached keys is not causal, whatever the module says."""
    query, key, value = tensors()
    for more in ({}, {"softcap": 0.7}):
        with recording() as tape:
            recorded_attention(module, query[:, :, -1:], key, value, None, is_causal=True, **more)
        assert bool((tape.calls[0].record.attention(0) > 0).all())


def test_a_batch_is_refused_while_capturing(module):
    with recording(), pytest.raises(UnsupportedModel, match="one sentence"):
        recorded_attention(module, *tensors(B), None)


def test_an_unknown_argument_is_refused_while_capturing(module):
    with recording(), pytest.raises(UnsupportedModel, match="indices"):
        recorded_attention(module, *tensors(), None, indices=torch.zeros(1))
    with recording() as tape:
        recorded_attention(module, *tensors(), None, indices=None, sliding_window=3)
    assert len(tape.calls) == 1


def test_records_are_plain_float32_even_from_half_precision(module):
    with recording() as tape:
        recorded_attention(module, *(t.to(torch.bfloat16) for t in tensors()), None, softcap=0.7, s_aux=SINKS)
    record = tape.calls[0].record
    assert {t.dtype for t in (record.query, record.key, record.value, record.sinks)} == {torch.float32}
