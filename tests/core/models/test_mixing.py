"""Tokens that mix outside attention are seen, named and said; attention alone gives no alarm (test_parity.py, for all).

Each way of mixing is built into a model that has none; the probe must see it from the outside.
"""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from functools import cache

import pytest
import torch
from torch import nn

import core
from core.analyses.contributions import contributions
from core.analyses.input_attribution import method_maps
from core.analyses.methods import METHODS
from core.attention.edits import Alone
from core.export import citation, record
from core.export.notebook import trace_html
from core.models.mixing import Mixing
from core.models.verify import verify
from tests.tiny import SENTENCE, TARGET, folder


class TokenShift(nn.Module):
    def forward(self, states):
        return states + 0.1 * states.roll(1, dims=1)


class CausalConvolution(nn.Module):
    def forward(self, states):
        return states + 0.1 * nn.functional.pad(states, (0, 0, 3, 0))[:, :-3]  # three back


class SentencePooling(nn.Module):
    def forward(self, states):
        return states + states.mean(1, keepdim=True)


class SentenceNorm(nn.Module):
    def forward(self, states):
        return states / states.std(1, keepdim=True)


class Mixer(nn.Module):
    def forward(self, states):
        n = states.shape[1]
        return states + torch.ones(n, n).tril(-1) @ states / n


class Recurrent(nn.Module):
    def forward(self, states):
        return states + states.cumsum(1)


class PerToken(nn.Module):
    def forward(self, states):
        return states * states.norm(dim=-1, keepdim=True)


WAYS = {
    TokenShift: "a token shift",
    CausalConvolution: "a convolution",
    SentencePooling: "a pooling of words",
    SentenceNorm: "a normalisation over the sentence",
    Mixer: "Mixer",
    Recurrent: "a recurrence",
}


def with_module(name: str, path: str, added: nn.Module) -> core.LanguageModel:
    """A model of its own whose module at ``path`` is followed by ``added``."""
    lm = replace(loaded(name), model=copy.deepcopy(loaded(name).model))
    lm.model.set_submodule(path, nn.Sequential(lm.model.get_submodule(path), added))
    return lm


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


def probed(lm: core.LanguageModel) -> Mixing:
    layout = verify(lm.model, lm.tokenizer, through_seam=lm.layout.adapter == "seam")
    assert layout is not None
    return layout.mixing


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_mixing_is_seen_and_named(way):
    assert probed(with_module("bert", "bert.encoder.layer.1.output.dense", way())) == Mixing("some", (WAYS[way],))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("megatron-bert", "bert.encoder.layer.1.output.dense"),  # outside the seam
        ("llama", "model.layers.1.mlp.down_proj"),
        ("marian", "model.decoder.layers.1.fc2"),
        ("marian", "model.encoder.layers.2.fc2"),
        ("bert", "bert.encoder.layer.1.attention.self.value"),  # within the attention, before its weights
    ],
)
def test_it_is_seen_wherever_it_stands(name, path):
    assert probed(with_module(name, path, TokenShift())) == Mixing("some", ("a token shift",))
    assert probed(with_module(name, path, PerToken())) == Mixing("none")


def test_where_nothing_can_be_closed_it_says_so(monkeypatch):
    monkeypatch.setattr(
        "core.models.mixing._Closing.__torch_function__", lambda self, f, t, a=(), k=None: f(*a, **k or {})
    )
    assert probed(loaded("megatron-bert")).state == "untested"
    assert "could not be tested" in str(Mixing("untested").caution())


@pytest.mark.parametrize("name", ["bert", "llama", "gpt_oss", "t5"])
def test_alone_every_position_looks_at_itself(name):
    lm = loaded(name)
    target = TARGET if lm.kind == "encoder-decoder" else None
    kind = lm.layout.kinds[0]
    maps = core.capture(lm, SENTENCE, target, edits=[Alone(kind=kind)]).layer_attention(1, kind)
    off_diagonal = maps * (1 - torch.eye(maps.shape[-1]).numpy())
    assert not off_diagonal.any() and (maps.diagonal(axis1=1, axis2=2) > 0).all()
    if target:
        with pytest.raises(core.BadInput, match="two texts"):
            core.capture(lm, SENTENCE, target, edits=[Alone(kind="cross")])


def test_every_export_carries_it():
    trace = core.capture(loaded("mobilebert"), SENTENCE)
    document = json.loads(json.dumps(record(trace)))
    where = "an embedding of neighbouring words"
    sentence = f"In this model words also mix outside attention ({where}): the maps show only a part."
    assert document["caution"] == sentence
    assert document["mixing"] == {"state": "some", "parts": [where]}
    assert "as palavras também se misturam fora da atenção" in citation(record(trace), "pt")
    assert sentence in trace_html(trace)
    plain = record(core.capture(loaded("bert"), SENTENCE))
    assert "caution" not in plain and "outside attention" not in citation(plain, "en")


def test_methods_that_follow_what_is_passed_on_refuse():
    lm = loaded("mobilebert")
    trace = core.capture(lm, SENTENCE)
    maps = method_maps(lm, trace)
    assert "raw" in maps.layers and not METHODS["raw"].through_layers and not METHODS["norm"].through_layers
    for key, method in METHODS.items():
        if method.through_layers:
            assert "so the sum would be wrong" in str(maps.missing[key]), key
    with pytest.raises(core.UnsupportedModel, match="an embedding of neighbouring words"):
        contributions(lm, trace)


@pytest.mark.parametrize(("name", "heads"), [("convbert", 2), ("inkling_text", 4)])
def test_heads_beside_a_convolution_are_shown_and_the_convolution_is_said(name, heads):
    """ConvBERT: half of each layer's heads are attention; Inkling: keys, values and outputs are convolved."""
    lm = loaded(name)
    trace = core.capture(lm, SENTENCE)
    plain = type(lm.model).from_pretrained(folder(name), attn_implementation="eager").eval()
    with torch.inference_mode():
        expected = plain(torch.tensor([trace.tokens.ids]), output_attentions=True).attentions
    assert trace.heads() == heads and lm.layout.mixing == Mixing("some", ("a convolution",))
    for layer, maps in enumerate(expected):
        assert abs(trace.layer_attention(layer) - maps[0].numpy()).max() <= 1e-6
