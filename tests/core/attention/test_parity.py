"""Captured attention is the library's own eager attention, on every architecture, layer, head and kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
import torch

import core
from core.attention.families import KNOWN
from core.models.mixing import Mixing
from core.tracing.trace import Trace
from tests.tiny import ALL, HEAD_DIM, HEADS, KEY_HEADS, OUTSIDE, SEAM, SENTENCE, TARGET, folder

SHOWN = [*SEAM, *OUTSIDE]
MIXING = {"mobilebert": "an embedding of neighbouring words", "deberta-v2": "a convolution"}
"""What mixes tokens outside attention; in every other family here nothing does."""
FIELDS = {
    "self": "attentions",
    "encoder": "encoder_attentions",
    "decoder": "decoder_attentions",
    "cross": "cross_attentions",
}
SHARED = {"gpt_bigcode": 1, "gemma": 1} | {
    name: KEY_HEADS for name, tiny in SEAM.items() if tiny.config.get("num_key_value_heads") == KEY_HEADS
}


@dataclass(frozen=True, eq=False)
class Case:
    """One architecture: what Mirante shows, and what the library says in eager mode."""

    lm: core.LanguageModel
    trace: Trace
    output: object


@cache
def case(name: str) -> Case:
    lm = core.load(folder(name), device="cpu")
    trace = core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)
    plain = type(lm.model).from_pretrained(folder(name), attn_implementation="eager").eval()
    inputs = {"input_ids": torch.tensor([trace.tokens.ids])}
    if trace.target is not None:
        inputs |= {"decoder_input_ids": torch.tensor([trace.target.ids]), "use_cache": False}
    with torch.inference_mode():
        return Case(lm, trace, plain(**inputs, output_attentions=True, return_dict=True))


def eager(name: str, kind: str) -> list[np.ndarray]:
    """(head, query, key) per layer; read by name, never by position in the output."""
    return [layer[0].float().numpy() for layer in getattr(case(name).output, FIELDS[kind])]


def heads(trace: Trace):
    """(kind, layer, head) of every map of a trace."""
    return [(k, i, h) for k in trace.kinds for i in range(trace.layers(k)) for h in range(trace.heads(k))]


@pytest.mark.parametrize("name", SHOWN)
def test_every_head_equals_eager(name):
    trace = case(name).trace
    assert case(name).lm.kind == ALL[name].kind
    assert set(trace.kinds) == {kind for kind, field in FIELDS.items() if getattr(case(name).output, field, None)}
    for kind in trace.kinds:
        expected = eager(name, kind)
        assert trace.layers(kind) == len(expected) and trace.heads(kind) == expected[0].shape[0]
        for layer, maps in enumerate(expected):
            found = trace.layer_attention(layer, kind)
            assert found.shape == maps.shape and found.dtype == np.float32
            assert np.abs(found - maps).max() <= 1e-6, (kind, layer)


@pytest.mark.parametrize("name", SHOWN)
def test_the_maps_are_worth_comparing(name):
    """Neither uniform nor equal to each other: a parity test on flat maps would prove nothing."""
    trace = case(name).trace
    for kind in trace.kinds:
        first = trace.layer_attention(0, kind)
        assert np.abs(first[0] - first[1]).max() > 0.01, kind
        assert first[:, -1].max() > 1.5 * first[:, -1].mean(), kind


@pytest.mark.parametrize("name", SHOWN)
def test_rows_sum_to_one(name):
    trace = case(name).trace
    for kind, layer, head in heads(trace):
        total, sinks = trace.attention(layer, head, kind).sum(axis=1), trace.record(layer, kind).sinks
        if sinks is None:
            np.testing.assert_allclose(total, 1, atol=2e-6)
        else:
            np.testing.assert_allclose(total + sink_share(trace, layer, head, kind), 1, atol=2e-6)


def sink_share(trace: Trace, layer: int, head: int, kind: str) -> np.ndarray:
    """exp(s) / (exp(s) + Σ_j exp(S_j)) per query, written out: (query,)."""
    scores = trace.scores(layer, head, kind).astype(np.float64)
    sink = trace.record(layer, kind).sinks.reshape(trace.heads(kind), -1)[head].numpy().astype(np.float64)
    return np.exp(sink) / (np.exp(sink) + np.exp(scores).sum(axis=1))


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_attends_ahead_in_causal_models(name):
    trace = case(name).trace
    for kind, layer, head in heads(trace):
        ahead = np.triu(trace.attention(layer, head, kind), 1)
        if kind == "decoder" or ALL[name].kind == "decoder":
            assert not ahead.any(), (kind, layer, head)
        elif kind != "cross":
            assert ahead.any(), (kind, layer, head)


@pytest.mark.parametrize("name", SHOWN)
def test_attention_is_the_only_way_between_tokens_but_where_it_is_said(name):
    mixing = case(name).lm.layout.mixing
    assert mixing == (Mixing("some", (MIXING[name],)) if name in MIXING else Mixing("none"))
    assert case(name).trace.provenance.mixing is mixing


@pytest.mark.parametrize("name", SHOWN)
def test_logits_are_those_of_the_plain_model(name):
    expected = case(name).output.logits[0].float().numpy()
    assert case(name).trace.logits.shape == expected.shape
    np.testing.assert_allclose(case(name).trace.logits, expected, rtol=2e-5, atol=2e-5 * np.abs(expected).max())


@pytest.mark.parametrize("name", SHOWN)
def test_vectors_have_one_row_per_token(name):
    trace = case(name).trace
    for kind, layer, head in heads(trace):
        query, key = (len(side.ids) for side in trace.sides(kind))
        q, k, v = trace.query(layer, head, kind), trace.key(layer, head, kind), trace.value(layer, head, kind)
        assert (len(q), len(k), len(v)) == (query, key, key)
        assert q.shape[1] == k.shape[1]


@pytest.mark.parametrize("name", [n for n in SEAM if "head_dim" in SEAM[n].config])
def test_head_width_is_the_configured_one(name):
    """Here the residual stream is 28 wide and 4 heads of 6 are 24: a head count derived from the width would be
    wrong.
    """
    trace = case(name).trace
    assert trace.heads() == HEADS and trace.query(0, 0).shape[1] == trace.value(0, 0).shape[1] == HEAD_DIM


@pytest.mark.parametrize("name", SHARED)
def test_shared_key_heads_are_expanded(name):
    """Query heads of one group see the same keys and values; groups differ."""
    trace, groups = case(name).trace, SHARED[name]
    assert trace.record(1).key.shape[0] == groups
    for read in (trace.key, trace.value):
        for head in range(HEADS):
            leader = head // (HEADS // groups) * (HEADS // groups)
            np.testing.assert_array_equal(read(1, head), read(1, leader))
        if groups > 1:
            assert np.abs(read(1, 0) - read(1, HEADS - 1)).max() > 0.1


@pytest.mark.parametrize("name", [n for n in SHOWN if n in SEAM or not KNOWN[ALL[n].model_type or n].term])
def test_scores_by_hand_give_the_map(name):
    """softmax(scaling · q·k) where the model may look, written out in float64, for families that add nothing else."""
    trace = case(name).trace
    for kind, layer, head in heads(trace):
        record, shown = trace.record(layer, kind), trace.attention(layer, head, kind)
        if record.bias is not None or record.softcap is not None or record.sinks is not None:
            continue
        query, key = trace.query(layer, head, kind).astype(np.float64), trace.key(layer, head, kind)
        scores = record.require_vectors().scaling * query @ key.T
        weights = np.where(shown > 0, np.exp(scores - scores.max(axis=1, keepdims=True)), 0)
        np.testing.assert_allclose(shown, weights / weights.sum(axis=1, keepdims=True), atol=1e-5)
