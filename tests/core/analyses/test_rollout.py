"""Rollout and flow: their laws, the nulls that they must be read beside, and flow against another solver."""

from __future__ import annotations

import networkx
import numpy as np
import pytest

import core
from core.analyses.rollout import attention_flow, mean_heads, product, rollout, uniform, with_residual
from core.attention.edits import Uniform
from core.errors import BadInput
from core.tracing.rerun import rerun
from tests.tiny import SENTENCE, TARGET, folder


def maps(layers: int, n: int, seed: int = 0, sharp: float = 1.0) -> np.ndarray:
    logits = sharp * np.random.default_rng(seed).normal(size=(layers, n, n))
    shares = np.exp(logits - logits.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)


def test_rollout_of_identity_is_identity():
    np.testing.assert_array_equal(rollout(np.stack([np.eye(5)] * 4))[-1], np.eye(5))


def test_rollout_by_hand():
    attention = np.array([[[0.5, 0.5], [0.0, 1.0]], [[1.0, 0.0], [1.0, 0.0]]])
    first, second = np.array([[0.75, 0.25], [0.0, 1.0]]), np.array([[1.0, 0.0], [0.5, 0.5]])
    np.testing.assert_allclose(rollout(attention)[-1], second @ first)


@pytest.mark.parametrize("seed", range(3))
def test_rows_stay_shares(seed):
    found = rollout(maps(6, 9, seed))
    np.testing.assert_allclose(found.sum(-1), 1)
    np.testing.assert_allclose(product(maps(4, 7, seed)).sum(-1), 1)


@pytest.mark.parametrize(("layers", "share"), [(1, 0.028), (3, 0.14), (6, 0.39), (12, 0.78), (24, 0.987)])
def test_rollout_of_a_causal_mask_alone_points_to_the_first_word(layers, share):
    """Content-free attention over 18 positions: the published numbers of the trap (two digits: to half a unit of the
    last).
    """
    even = np.tril(np.ones((18, 18))) / np.arange(1, 19)[:, None]
    assert rollout(np.stack([even] * layers))[-1, -1, 0] == pytest.approx(
        share, abs=0.005 if share not in (0.028, 0.987) else 0.0005
    )


@pytest.mark.parametrize("seed", range(4))
def test_flow_agrees_with_another_solver(seed):
    attention = maps(3, 6, seed, sharp=2.0)
    found, mixed = attention_flow(attention, 2), with_residual(attention)
    graph = networkx.DiGraph()
    for layer, query, key in np.ndindex(mixed.shape):
        graph.add_edge((layer + 1, query), (layer, key), capacity=round(mixed[layer, query, key] * 10**6))
    wanted = np.array(
        [
            networkx.maximum_flow_value(graph, (3, 2), (0, key), flow_func=networkx.algorithms.flow.preflow_push)
            for key in range(6)
        ],
        dtype=float,
    )
    np.testing.assert_allclose(found, wanted / wanted.sum(), atol=1e-5)


def test_flow_of_identity_stays_where_it_is():
    np.testing.assert_array_equal(attention_flow(np.stack([np.eye(4)] * 3), 1), [0, 1, 0, 0])


def test_flow_of_one_layer_is_that_layer():
    attention = maps(1, 8)
    np.testing.assert_allclose(attention_flow(attention, 3), with_residual(attention)[0, 3], atol=1e-5)


def test_flow_evens_out_with_depth():
    """Random attention of four peaked heads over 14 positions: the published entropies of the trap from two layers on
    (that of one layer, 0.45, was of sharper maps than these)."""

    def entropy(layers: int) -> float:
        rows = [
            attention_flow(np.mean([maps(layers, 14, 4 * seed + head, sharp=5.0) for head in range(4)], axis=0), 5)
            for seed in range(10)
        ]
        return float(np.mean([-(row[row > 0] * np.log(row[row > 0])).sum() / np.log(14) for row in rows]))

    found = {layers: entropy(layers) for layers in (1, 2, 4, 6)}
    assert found[1] < 0.6 and sorted(found.values()) == list(found.values())
    assert [found[layers] for layers in (2, 4, 6)] == pytest.approx([0.935, 0.995, 0.998], abs=0.01)


def test_flow_tells_how_far_it_is():
    seen = []
    attention_flow(maps(2, 5), 0, lambda done, of: seen.append((done, of)))
    assert seen == [(place, 5) for place in range(1, 6)]


@pytest.mark.parametrize(
    "name", ["bert", "gpt2", "llama", "gpt_oss", "gemma2", "t5", "marian", "albert", "modernbert", "mistral-sliding"]
)
def test_uniform_attention_is_even_over_what_the_mask_leaves_open(name):
    lm = core.load(folder(name), device="cpu")
    trace = core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)
    even = rerun(lm, trace, (Uniform(),))
    for kind in trace.kinds:
        for layer in range(trace.layers(kind)):
            for head in range(trace.heads(kind)):
                seen = trace.attention(layer, head, kind) > 0
                np.testing.assert_allclose(
                    even.attention(layer, head, kind), seen / seen.sum(-1, keepdims=True), atol=1e-6
                )
    np.testing.assert_allclose(
        mean_heads(even, trace.kinds[-1]), uniform(mean_heads(trace, trace.kinds[-1])), atol=1e-6
    )
    assert np.abs(even.logits - trace.logits).max() > 1e-4 and even.edits and not trace.edits


def test_uniform_attention_has_the_entropy_of_n():
    lm = core.load(folder("bert"), device="cpu")
    row = rerun(lm, core.capture(lm, SENTENCE), (Uniform(),)).attention(0, 0)[3]
    assert -(row * np.log(row)).sum() == pytest.approx(np.log(len(row)), abs=1e-5)


def test_uniform_attention_is_of_whole_layers():
    lm = core.load(folder("bert"), device="cpu")
    with pytest.raises(BadInput):
        core.capture(lm, SENTENCE, edits=(Uniform(head=1),))


def test_cross_attention_has_no_rollout():
    with pytest.raises(BadInput):
        rollout(np.ones((2, 3, 4)) / 4)
    with pytest.raises(BadInput):
        attention_flow(maps(2, 3), 3)
