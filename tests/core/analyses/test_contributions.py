"""Contributions sum to what the attention gave, to the last bit of the bias; the flow follows the largest of them."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

import core
from core.analyses import contributions as core_contributions
from core.analyses.contributions import MEASURES, contribution_seconds, contributions, fetched_parts
from core.analyses.information_flow import Edge, information_flow, strongest
from core.errors import BadInput, UnsupportedModel
from core.models.verify import verify
from core.tracing.layer import layer_context
from core.tracing.output_matrix import output_matrix
from tests.tiny import SENTENCE, TARGET, folder

PLACES = {  # family → (kind, the module of W_O in layer 1)
    "bert": ("self", "bert.encoder.layer.1.attention.output.dense"),
    "gpt2": ("self", "transformer.h.1.attn.c_proj"),
    "gpt_neox": ("self", "gpt_neox.layers.1.attention.dense"),
    "llama": ("self", "model.layers.1.self_attn.o_proj"),
    "modernbert": ("self", "model.layers.1.attn.Wo"),
    "t5": ("encoder", "encoder.block.1.layer.0.SelfAttention.o"),
    "marian": ("decoder", "model.decoder.layers.1.self_attn.out_proj"),
}


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


@cache
def traced(name: str) -> core.Trace:
    lm = loaded(name)
    return core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None, hidden=True)


@cache
def hooked(name: str) -> tuple[torch.Tensor, torch.Tensor | None]:
    """What W_O of layer 1 gave in a run of its own, (position, model), and its bias."""
    lm, module = loaded(name), loaded(name).model.get_submodule(PLACES[name][1])
    seen = []
    handle = module.register_forward_hook(
        lambda _module, _inputs, output: seen.append(output.reshape(-1, output.shape[-1]).clone())
    )
    try:
        core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)
    finally:
        handle.remove()
    return seen[-1], getattr(module, "bias", None)


@cache
def summed(name: str) -> torch.Tensor:
    kind = PLACES[name][0]
    found = layer_context(loaded(name), traced(name), 1, kind)
    return torch.cat([own.sum(1) for _, own in fetched_parts(found, output_matrix(loaded(name), 1, kind))])


@pytest.mark.parametrize("name", PLACES)
def test_all_parts_and_the_bias_make_the_output(name):
    gave, bias = hooked(name)
    np.testing.assert_allclose((summed(name) + (0 if bias is None else bias.detach())).numpy(), gave.numpy(), atol=1e-5)


@pytest.mark.parametrize("name", [name for name in PLACES if name in ("bert", "gpt2", "gpt_neox", "marian")])
def test_without_the_bias_they_do_not(name):
    gave, bias = hooked(name)
    assert bias is not None and float((summed(name) - gave).abs().max()) > 1e-2


@pytest.mark.parametrize("name", PLACES)
def test_rows_are_shares_and_nothing_comes_from_where_nobody_looks(name):
    lm, trace, kind = loaded(name), traced(name), PLACES[name][0]
    found = contributions(lm, trace, kind)
    shares = found.shares["residual"]
    assert found.error < 1e-5 and shares.shape == (trace.layers(kind), *trace.record(0, kind).size)
    np.testing.assert_allclose(shares.sum(-1), 1, atol=1e-5)
    if kind == "decoder" or lm.kind == "decoder":
        assert not np.triu(shares, 1).any()


@pytest.mark.parametrize("name", ["bert", "gpt2", "llama"])
def test_a_share_by_hand(name):
    """Position 3 of layer 0: ‖parts + own residual‖, from the hidden states of the library."""
    lm, trace = loaded(name), traced(name)
    matrix, n = output_matrix(lm, 0), len(trace.tokens)
    own = sum(trace.attention(0, h)[3][:, None] * (trace.value(0, h) @ matrix[h]) for h in range(trace.heads()))
    own[3] += trace.hidden[0, 3]
    norms = np.linalg.norm(own, axis=-1)
    np.testing.assert_allclose(contributions(lm, trace).shares["residual"][0, 3], norms / norms.sum(), atol=1e-5)
    assert len(norms) == n


@pytest.mark.parametrize("name", ["gemma2", "olmo2", "nllb-moe"])
def test_what_cannot_be_split_is_refused(name):
    """A norm between W_O and the sum, or a model outside the seam."""
    with pytest.raises(UnsupportedModel):
        contributions(loaded(name), traced(name), "encoder" if name == "nllb-moe" else None)


def test_cross_attention_has_no_stream_of_its_own():
    with pytest.raises(BadInput):
        contributions(loaded("marian"), traced("marian"), "cross")


def test_the_cost_is_estimated():
    assert 0 < contribution_seconds(loaded("bert"), traced("bert"), "self") < 1


SHARES = np.array([[[0.9, 0.1], [0.3, 0.7]], [[0.6, 0.4], [0.05, 0.95]]])  # (layer, query, key)


def test_the_flow_by_hand():
    flow = information_flow(SHARES, 0, 0.2)
    assert flow.edges == (
        Edge(1, 0, 0, 0.6),
        Edge(1, 0, 1, 0.4),
        Edge(0, 0, 0, 0.9),
        Edge(0, 1, 0, 0.3),
        Edge(0, 1, 1, 0.7),
    )
    assert flow.levels == (frozenset({0, 1}), frozenset({0, 1}), frozenset({0})) and flow.tokens == [0, 1]
    assert (
        flow.drawn == pytest.approx((1.0 + 0.9 + 1.0) / 3) and flow.edges[0].to_itself and not flow.edges[1].to_itself
    )


def test_everything_is_drawn_at_zero_and_nothing_above_the_largest():
    assert information_flow(SHARES, 1, 0.0).drawn == pytest.approx(1)
    none = information_flow(SHARES, 0, 0.99)
    assert none.edges == () and none.drawn == 0 and none.levels == (frozenset(), frozenset(), frozenset({0}))


def test_a_higher_bar_never_draws_more():
    shares = np.random.default_rng(0).dirichlet(np.ones(9), (4, 9))
    drawn = [len(information_flow(shares, 5, least).edges) for least in (0.0, 0.05, 0.1, 0.2, 0.5)]
    assert drawn == sorted(drawn, reverse=True)


def test_a_flow_of_the_last_layers_is_the_end_of_the_whole():
    whole, last = information_flow(SHARES, 0, 0.2), information_flow(SHARES, 0, 0.2, first=1)
    assert (
        last.edges == whole.edges[:2]
        and last.levels == whole.levels[1:]
        and last.first == 1
        and last.drawn == pytest.approx(1)
    )


def test_within_keeps_the_strongest_and_counts_the_rest_as_not_drawn():
    flow = information_flow(SHARES, 1, 0.0)
    kept = strongest(flow, 1)
    assert kept == {1}
    cut = information_flow(SHARES, 1, 0.0, within=kept)
    assert cut.tokens == [1] and cut.drawn == pytest.approx((0.95 + 0.7) / 2)


def test_no_such_position():
    with pytest.raises(BadInput):
        information_flow(SHARES, 2, 0.1)


@cache
def everything(name: str):
    return contributions(loaded(name), traced(name), PLACES.get(name, ("self",))[0], measures=MEASURES)


POST_NORM = {
    "bert": True,
    "roberta": True,
    "distilbert": True,
    "albert": True,
    "electra": True,
    "marian": True,
    "bart": True,
    "gpt2": False,
    "llama": False,
    "modernbert": False,
    "opt": False,
    "gpt_neox": False,
    "t5": False,
    "biogpt": False,
    "mbart": False,
}


@pytest.mark.parametrize("name", sorted(POST_NORM))
def test_the_norm_after_the_sum_is_found_where_the_stream_goes_through_it(name):
    trace = traced(name)
    for kind in [kind for kind in trace.kinds if kind != "cross"]:
        found = contributions(loaded(name), trace, kind, measures=("residual", "normed"))
        assert found.post_norm == POST_NORM[name]
        assert np.array_equal(found.shares["normed"], found.shares["residual"]) != POST_NORM[name]


@pytest.mark.parametrize("name", ["bert", "gpt2", "gpt_neox", "llama", "marian", "modernbert"])
def test_in_double_precision_nothing_is_missing(name):
    """Parts + biases = what W_O gave, what was added to the stream, what the norm made: to 1e-10."""
    lm = loaded(name)
    double = replace(lm, model=copy.deepcopy(lm.model).double(), dtype=torch.float64)
    double = replace(double, layout=verify(double.model, double.tokenizer, through_seam=True))
    trace = core.capture(double, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)
    assert trace.record(0).query.dtype == torch.float64
    assert 0 < contributions(double, trace, trace.kinds[0], measures=MEASURES).error <= 1e-10


@pytest.mark.parametrize("name", ["bert", "marian"])
def test_forgetting_a_bias_is_noticed(name, monkeypatch):
    """The very check that lets a model through: without the bias of W_O it refuses."""
    true = core_contributions.checked_context

    def forgetful(*args):
        found = true(*args)
        return replace(found, output=replace(found.output, bias=None))

    monkeypatch.setattr(core_contributions, "checked_context", forgetful)
    with pytest.raises(UnsupportedModel):
        contributions(loaded(name), traced(name), PLACES[name][0])


def test_the_norm_and_alti_of_bert_by_hand():
    """Position 3 of layer 0, from the library's hidden states and modules: g = LayerNorm with its own scale and without
    its bias.
    """
    lm, trace = loaded("bert"), traced("bert")
    block = lm.model.bert.encoder.layer[0].attention.output
    matrix, x = output_matrix(lm, 0), trace.hidden[0]
    own = sum(trace.attention(0, h)[3][:, None] * (trace.value(0, h) @ matrix[h]) for h in range(trace.heads()))
    own[3] += x[3]
    whole = own.sum(0) + block.dense.bias.detach().numpy()
    g = (
        (own - own.mean(-1, keepdims=True))
        / np.sqrt(whole.var() + block.LayerNorm.eps)
        * block.LayerNorm.weight.detach().numpy()
    )
    y = block.LayerNorm(torch.from_numpy(whole)).detach().numpy()
    found, norms = everything("bert"), np.linalg.norm(g, axis=-1)
    np.testing.assert_allclose(found.shares["normed"][0, 3], norms / norms.sum(), atol=1e-5)
    others = np.linalg.norm(g.sum(0) - g[3])
    assert found.mixing["normed"][0, 3] == pytest.approx(others / (others + norms[3]), abs=1e-5)
    nearer = np.maximum(0, np.abs(y).sum() - np.abs(y - g).sum(-1))
    np.testing.assert_allclose(found.shares["alti"][0, 3], nearer / nearer.sum(), atol=1e-4)


def test_alti_of_a_pre_norm_model_by_hand():
    lm, trace = loaded("gpt2"), traced("gpt2")
    matrix, x = output_matrix(lm, 1), trace.hidden[1]
    own = sum(trace.attention(1, h)[5][:, None] * (trace.value(1, h) @ matrix[h]) for h in range(trace.heads()))
    own[5] += x[5]
    y = own.sum(0) + lm.model.transformer.h[1].attn.c_proj.bias.detach().numpy()
    nearer = np.maximum(0, np.abs(y).sum() - np.abs(y - own).sum(-1))
    np.testing.assert_allclose(everything("gpt2").shares["alti"][1, 5], nearer / nearer.sum(), atol=1e-4)


@pytest.mark.parametrize("name", PLACES)
def test_every_measure_is_shares_and_the_first_position_of_a_causal_model_mixes_nothing(name):
    found = everything(name)
    for measure in MEASURES:
        np.testing.assert_allclose(found.shares[measure].sum(-1), 1, atol=1e-5)
    for measure, ratio in found.mixing.items():
        assert ratio.min() >= 0 and ratio.max() <= 1, measure
        if PLACES[name][0] == "decoder" or loaded(name).kind == "decoder":
            np.testing.assert_allclose(ratio[:, 0], 0, atol=1e-6)
