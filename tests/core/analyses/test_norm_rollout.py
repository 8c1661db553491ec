"""Norm rollout: laws, and one case by hand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import core
from core.analyses.contributions import value_norms
from core.analyses.input_attribution import method_maps, method_row
from core.analyses.methods import METHODS, Evidence
from core.analyses.methods.norm_rollout import norm_weighted
from core.analyses.rollout import mean_heads, product, rollout
from core.tracing.output_matrix import output_matrix
from tests.tiny import SENTENCE, TARGET, folder

MODELS = ["bert", "gpt2", "llama", "marian", "gpt_oss"]


@cache
def evidence(name: str) -> Evidence:
    lm = core.load(folder(name), device="cpu")
    trace = core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)
    return Evidence(lm, trace, "decoder" if lm.kind == "encoder-decoder" else "self")


def drawn(seed: int = 0, layers: int = 3, heads: int = 2, n: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(n), (layers, heads, n))


def joint(maps: np.ndarray, norms: np.ndarray) -> np.ndarray:
    return product(norm_weighted(maps, norms))[-1]


@pytest.mark.parametrize("name", MODELS)
def test_rows_sum_to_one_and_a_causal_model_takes_nothing_from_ahead(name):
    layers, product = METHODS["norm_rollout"].maps(evidence(name))
    for maps in (layers, product[None]):
        assert maps.min() >= 0
        np.testing.assert_allclose(maps.sum(-1), 1, atol=1e-12)
    if evidence(name).lm.layout.looks_back(evidence(name).kind):
        assert not np.triu(product, 1).any()


def test_heads_that_look_at_themselves_pass_nothing_on():
    identity = np.broadcast_to(np.eye(5), (3, 2, 5, 5))
    norms = np.random.default_rng(1).uniform(0.1, 9, (3, 2, 5))
    np.testing.assert_allclose(joint(identity, norms), np.eye(5), atol=1e-15)


def test_with_equal_norms_it_is_rollout():
    maps = drawn()
    np.testing.assert_allclose(joint(maps, np.full((3, 2, 5), 7.0)), rollout(maps.mean(1))[-1], atol=1e-14)


def test_it_is_not_rollout_where_norms_differ_and_the_unit_does_not_matter():
    maps, norms = drawn(), np.random.default_rng(2).uniform(0.1, 9, (3, 2, 5))
    values = joint(maps, norms)
    np.testing.assert_allclose(values, joint(maps, norms * 3), atol=1e-14)
    assert np.abs(values - rollout(maps.mean(1))[-1]).max() > 0.01


def test_a_key_that_brings_nothing_gives_only_what_it_keeps():
    norms = np.ones((1, 2, 5))
    norms[:, :, 2] = 0
    values = joint(drawn(layers=1), norms)
    assert not np.delete(values[:, 2], 2).any() and values[2, 2] == pytest.approx(0.5)


def test_one_layer_by_hand():
    """One head of two positions: α = [[¼, ¾], [½, ½]], norms 3 and 1."""
    maps = np.array([[[[0.25, 0.75], [0.5, 0.5]]]])
    values = joint(maps, np.array([[[3.0, 1.0]]]))
    np.testing.assert_allclose(values, [[(0.5 + 1) / 2, 0.25], [0.375, (0.25 + 1) / 2]], atol=1e-15)


@pytest.mark.parametrize("name", ["bert", "gpt2", "llama", "marian"])
def test_the_sizes_are_those_of_the_model_and_never_smaller_than_their_sum(name):
    """‖Σ_h α·v·W_O‖ ≤ Σ_h α·‖v·W_O‖, with equality for a model of one head: against vectors made here."""
    run = evidence(name)
    norms = value_norms(run.lm, run.trace, run.kind)
    record, matrix = run.trace.record(0, run.kind), output_matrix(run.lm, 0, run.kind)
    written = [record.value[record.shared(head)].numpy() @ matrix[head] for head in range(record.heads)]
    each = np.stack(
        [record.attention(head).numpy()[:, :, None] * vectors for head, vectors in enumerate(written)]
    )  # (head, query, key, model)
    sizes = np.linalg.norm(each, axis=-1).sum(0)
    assert (np.linalg.norm(each.sum(0), axis=-1) <= sizes + 1e-5).all()
    shares = sizes / sizes.sum(-1, keepdims=True)
    layers, _ = METHODS["norm_rollout"].maps(run)
    np.testing.assert_allclose(layers[0], (shares + np.eye(len(shares))) / 2, atol=1e-5)
    assert norms.shape == (run.trace.layers(run.kind), record.heads, record.size[1])


def test_what_does_not_add_up_is_refused_and_crossing_texts_is_not_defined():
    gemma, marian = evidence("gemma2"), evidence("marian")
    assert "norm_rollout" in method_maps(gemma.lm, gemma.trace).missing
    assert "norm_rollout" in method_maps(marian.lm, marian.trace, "cross").missing


def test_the_row_of_a_model_is_not_that_of_its_raw_attention():
    run = evidence("bert")
    maps = method_maps(run.lm, run.trace)
    row = method_row(maps, "norm_rollout", 4)
    assert row.sum() == pytest.approx(1) and np.abs(row - method_row(maps, "rollout", 4)).max() > 1e-4
    assert np.abs(row - rollout(mean_heads(run.trace))[-1, 4]).max() > 1e-4
