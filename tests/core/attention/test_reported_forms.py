"""Families that report their maps in another form: brought to tokens, each map is softmax(q·k) computed by hand from
the family's own projections, and the logits are the plain model's.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch

import core
from core.attention.edits import Ablation
from core.attention.reported_forms import form_of
from core.models.mixing import Mixing
from tests.tiny import FORMS, HEADS, SENTENCE, TARGET, folder


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


@cache
def traced(name: str) -> core.Trace:
    return core.capture(loaded(name), SENTENCE, TARGET if loaded(name).kind == "encoder-decoder" else None)


@cache
def plain(name: str) -> object:
    """The library's own output, the hidden states of each layer included."""
    model = type(loaded(name).model).from_pretrained(folder(name), attn_implementation="eager").eval()
    inputs = {"input_ids": torch.tensor([traced(name).tokens.ids])}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    if traced(name).target is not None:
        inputs |= {"decoder_input_ids": torch.tensor([traced(name).target.ids]), "use_cache": False}
    with torch.inference_mode():
        return model(**inputs, output_attentions=True, output_hidden_states=True)


def by_hand(query, key, *, scaling: float, allowed=None, bias=None) -> np.ndarray:
    """(head, query, key) from (position, width) each, in float64."""
    q, k = (x.detach().double().unflatten(-1, (HEADS, -1)).transpose(0, 1) for x in (query, key))
    scores = q @ k.transpose(1, 2) * scaling
    if bias is not None:
        scores = scores + bias.detach().double()
    if allowed is not None:
        scores = scores.masked_fill(~allowed, float("-inf"))
    return scores.softmax(-1).float().numpy()


def near(n: int, reach: int) -> torch.Tensor:
    """(query, key): no farther apart than ``reach``."""
    i = torch.arange(n)
    return (i[:, None] - i[None]).abs() <= reach


def squeezebert(layer: int, states: torch.Tensor) -> np.ndarray:
    attention = loaded("squeezebert").model.transformer.encoder.layers[layer].attention
    query, key = (conv(states.T[None])[0].T for conv in (attention.query, attention.key))
    return by_hand(query, key, scaling=attention.attention_head_size**-0.5)


def longformer(layer: int, states: torch.Tensor) -> np.ndarray:
    attention = loaded("longformer").model.longformer.encoder.layer[layer].attention.self
    return _windowed(attention, states)


def led(layer: int, states: torch.Tensor) -> np.ndarray:
    return _windowed(loaded("led").model.led.encoder.layers[layer].self_attn.longformer_self_attn, states)


def _windowed(attention: torch.nn.Module, states: torch.Tensor) -> np.ndarray:
    allowed = near(len(states), attention.one_sided_attn_window_size)
    return by_hand(attention.query(states), attention.key(states), scaling=attention.head_dim**-0.5, allowed=allowed)


def nystromformer(layer: int, states: torch.Tensor) -> np.ndarray:
    attention = loaded("nystromformer").model.nystromformer.encoder.layer[layer].attention.self
    return by_hand(attention.query(states), attention.key(states), scaling=attention.attention_head_size**-0.5)


def longt5(layer: int, states: torch.Tensor) -> np.ndarray:
    block = loaded("longt5").model.encoder.block
    attention, first = block[layer].layer[0].LocalSelfAttention, block[0].layer[0].LocalSelfAttention
    normed, n = block[layer].layer[0].layer_norm(states), len(states)
    distance = torch.arange(n)[None] - torch.arange(n)[:, None]
    bias = t5_bias(first, first.relative_attention_bias, distance)
    allowed = near(n, attention.block_len - 1)
    return by_hand(attention.q(normed), attention.k(normed), scaling=1.0, allowed=allowed, bias=bias)


def t5_bias(attention: torch.nn.Module, table: torch.nn.Embedding, distance: torch.Tensor) -> torch.Tensor:
    """(head, query, key) of distances (query, key)."""
    buckets = attention._relative_position_bucket(
        distance,
        bidirectional=True,
        num_buckets=attention.relative_attention_num_buckets,
        max_distance=attention.relative_attention_max_distance,
    )
    return table(buckets).permute(2, 0, 1)


def longt5_summaries(layer: int, states: torch.Tensor) -> np.ndarray:
    """One softmax over the near tokens and the sums of four tokens each (the last sum takes what is left over)."""
    block = loaded("longt5-summaries").model.encoder.block
    own, first = (block[i].layer[0].TransientGlobalSelfAttention for i in (layer, 0))
    normed, n = block[layer].layer[0].layer_norm(states), len(states)
    count, i = n // 4, torch.arange(n)
    of = (i // 4).clamp(max=count - 1)  # the summary that holds a token
    sums = own.global_input_layer_norm(torch.stack([normed[of == g].sum(0) for g in range(count)]))
    bias = torch.cat(
        [
            t5_bias(first, first.relative_attention_bias, i[None] - i[:, None]),
            t5_bias(first, first.global_relative_attention_bias, torch.arange(count)[None] - of[:, None]),
        ],
        dim=-1,
    )
    allowed = torch.cat([near(n, own.block_len - 1), torch.ones(n, count, dtype=torch.bool)], dim=-1)
    keys = torch.cat([own.k(normed), own.k(sums)])
    return by_hand(own.q(normed), keys, scaling=1.0, allowed=allowed, bias=bias)[:, :, :n]


HAND = {
    "squeezebert": ("self", squeezebert),
    "longformer": ("self", longformer),
    "nystromformer": ("self", nystromformer),
    "led": ("encoder", led),
    "longt5": ("encoder", longt5),
    "longt5-summaries": ("encoder", longt5_summaries),
}
ELSEWHERE = {"longt5-summaries": "summaries of blocks of words"}
"""What a share of the rows goes to that is no token."""


@pytest.mark.parametrize("name", FORMS)
def test_every_head_equals_the_attention_computed_by_hand(name):
    kind, attention = HAND[name]
    trace, output = traced(name), plain(name)
    states = output.hidden_states if kind == "self" else output.encoder_hidden_states
    for layer in range(trace.layers(kind)):
        with torch.inference_mode():
            expected = attention(layer, states[layer][0])
        found = trace.layer_attention(layer, kind)
        assert found.shape == expected.shape and np.abs(found - expected).max() <= 1e-6, layer
        total = found.sum(-1)
        if name in ELSEWHERE:
            assert (total < 0.99).any() and (total > 0).all() and (total <= 1 + 2e-6).all()
        else:
            np.testing.assert_allclose(total, 1, atol=2e-6)
    np.testing.assert_allclose(trace.logits, output.logits[0].numpy(), atol=2e-5 * np.abs(trace.logits).max())


@pytest.mark.parametrize("name", ["led", "longt5", "longt5-summaries"])
def test_decoder_and_cross_are_the_librarys_own(name):
    trace, output = traced(name), plain(name)
    for kind, expected in (("decoder", output.decoder_attentions), ("cross", output.cross_attentions)):
        assert trace.layers(kind) == len(expected)
        for layer, maps in enumerate(expected):
            assert np.abs(trace.layer_attention(layer, kind) - maps[0].numpy()).max() <= 1e-6


@pytest.mark.parametrize("name", FORMS)
def test_what_else_mixes_is_said_and_edits_are_refused_with_a_reason(name):
    rest = ELSEWHERE.get(name, "")
    parts = ("a convolution",) if name == "nystromformer" else (rest,) if rest else ()
    assert loaded(name).layout.mixing == Mixing("some" if parts else "none", parts, rest)
    with pytest.raises(core.UnsupportedModel, match="knocked out"):
        core.capture(loaded(name), SENTENCE, edits=[Ablation(0, 0)])


@pytest.mark.parametrize("name", ["squeezebert", "nystromformer"])
def test_vectors_are_those_of_the_map(name):
    trace = traced(name)
    for head in range(HEADS):
        query, key = trace.query(1, head), trace.key(1, head)
        scores = trace.record(1).require_vectors().scaling * query.astype(np.float64) @ key.T
        weights = np.exp(scores - scores.max(1, keepdims=True))
        np.testing.assert_allclose(trace.attention(1, head), weights / weights.sum(1, keepdims=True), atol=1e-5)


def test_a_window_by_hand():
    """Three positions, one key on each side: columns are the key before, itself, the key after."""
    form = form_of(loaded("longformer").model.config, "self")
    reported = torch.tensor([[[[0.0, 0.75, 0.25], [0.5, 0.25, 0.25], [0.125, 0.875, 0.0]]]])
    expected = [[0.75, 0.25, 0.0], [0.5, 0.25, 0.25], [0.0, 0.125, 0.875]]
    np.testing.assert_array_equal(form.tokens(reported, 3)[0, 0].numpy(), expected)
