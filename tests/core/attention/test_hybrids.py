"""Hybrids: the layers that have attention are shown under their numbers in the model, the others are named.

The maps are the library's own eager ones, as in test_parity.py; here the other layers, edits and exports.
"""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
import torch

import core
from core.analyses.ablation import ablations
from core.analyses.input_attribution import method_maps
from core.analyses.score import LogitDifference
from core.attention.edits import Ablation, Knockout
from core.export.tensors import arrays
from core.tracing.batches import attentions
from core.views.attention_packet import overview, pack_attention, unpack_attention
from core.views.head_metrics import most_focused
from core.views.view import view
from tests.tiny import HYBRID, SENTENCE, folder

ATTENDING = {
    "jamba": (1,),
    "bamba": (1, 3),
    "granitemoehybrid": (2,),
    "minimax": (1,),
    "lfm2": (1, 3),
    "qwen3_next": (1,),
    "recurrent_gemma": (2,),
    "falcon_h1": (0, 1, 2),
    "nemotron_h": (2,),
    "zamba": (1, 3),
    "olmo_hybrid": (1,),
    "gemma3n_text": (0, 1, 2),
}
"""From 0."""
OTHERS = {
    "jamba": "a state-space model (Mamba)",
    "bamba": "a state-space model (Mamba)",
    "granitemoehybrid": "a state-space model (Mamba)",
    "minimax": "linear attention",
    "lfm2": "a convolution",
    "qwen3_next": "linear attention",
    "recurrent_gemma": "a recurrence",
    "falcon_h1": "a state-space model (Mamba)",
    "nemotron_h": "a state-space model (Mamba)",
    "zamba": "a state-space model (Mamba)",
    "olmo_hybrid": "linear attention",
}
RARE = ("recurrent_gemma", "falcon_h1", "nemotron_h", "olmo_hybrid", "granitemoehybrid")
"""Tested by ``make slow``."""
NAMES = [pytest.param(name, marks=[pytest.mark.slow] if name in RARE else []) for name in HYBRID]


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


@cache
def traced(name: str) -> core.Trace:
    return core.capture(loaded(name), SENTENCE)


@pytest.mark.parametrize("name", NAMES)
def test_the_maps_are_eager_and_stand_under_their_numbers(name):
    trace = traced(name)
    plain = type(loaded(name).model).from_pretrained(folder(name), attn_implementation="eager").eval()
    with torch.inference_mode():
        output = plain(torch.tensor([trace.tokens.ids]), output_attentions=True, use_cache=False)
    reported = [m for m in output.attentions if m is not None and m.ndim == 4 and m.shape[-1] == len(trace.tokens)]
    if len(reported) > len(ATTENDING[name]):  # MiniMax reports something of the same shape for its other layers too
        reported = [reported[layer] for layer in ATTENDING[name]]
    assert trace.attending() == ATTENDING[name] and len(reported) == len(ATTENDING[name])
    for layer, expected in zip(ATTENDING[name], reported, strict=True):
        assert np.abs(trace.layer_attention(layer) - expected[0].numpy()).max() <= 1e-6
    np.testing.assert_allclose(trace.logits, output.logits[0].numpy(), atol=2e-4)
    assert trace.layers() == loaded(name).model.config.num_hidden_layers


@pytest.mark.parametrize("name", NAMES)
def test_the_other_layers_are_named_and_refused(name):
    trace, mixing = traced(name), loaded(name).layout.mixing
    assert set(trace.others()) == set(range(trace.layers())) - set(ATTENDING[name])
    assert mixing.parts == ((OTHERS[name],) if name in OTHERS else ()) and (mixing.state == "some") == (name in OTHERS)
    for layer, part in trace.others().items():
        assert part == OTHERS[name] or (name, layer, part) == ("nemotron_h", 1, "a feed-forward layer")
        with pytest.raises(core.UnsupportedModel, match=f"Layer {layer + 1} of this model has no attention: it is a?"):
            trace.attention(layer, 0)
        with pytest.raises(core.BadInput, match="no attention that could be changed"):
            core.capture(loaded(name), SENTENCE, edits=[Ablation(layer, 0)])


@pytest.mark.parametrize("name", NAMES)
def test_an_edit_changes_the_layer_that_it_names(name):
    """The last layer with attention: what comes before it stays, what it shows changes; ablating nothing is nothing."""
    trace, layer = traced(name), ATTENDING[name][-1]
    cut = core.capture(loaded(name), SENTENCE, edits=[Knockout(layer, 1, queries=(3,), keys=(0, 1))])
    assert trace.attention(layer, 1)[3, :2].min() > 0 and not cut.attention(layer, 1)[3, :2].any()
    np.testing.assert_allclose(cut.attention(layer, 0), trace.attention(layer, 0), atol=1e-6)
    for earlier in ATTENDING[name][:-1]:
        np.testing.assert_allclose(cut.layer_attention(earlier), trace.layer_attention(earlier), atol=1e-6)
    ablated = core.capture(loaded(name), SENTENCE, edits=[Ablation(layer, 1)])
    assert np.abs(ablated.logits - trace.logits).max() > 1e-5


def test_names_links_and_files_count_as_the_model_does():
    trace = traced("bamba")
    named = arrays(trace)
    assert [key for key in named if key.startswith("attention")] == ["attention_1", "attention_3"]
    assert named["layers"] == 4
    document = json.loads(str(named["meta"]))
    part = "a state-space model (Mamba)"
    assert document["without_attention"] == {"self": {"0": part, "2": part}}
    assert document["caution"].endswith(f"Layers without attention: 1, 3 ({part}).")
    shown = view(trace)
    assert shown.attending == (1, 3) and [shown.nearest(layer) for layer in range(4)] == [1, 1, 1, 3]
    assert most_focused(trace)[0] in (1, 3)
    detail, maps = unpack_attention(pack_attention(shown, layer=3, head=0, texts={}, heads=overview(shown)))
    assert detail["attending"] == [1, 3] and detail["layers"] == 4
    assert not maps["heads"][[0, 2]].any() and maps["heads"][[1, 3]].any(axis=(1, 2, 3)).all()
    assert np.isnan(maps["metrics"][:, [0, 2]]).all() and np.isfinite(maps["metrics"][:1, [1, 3]]).all()


def test_what_asks_for_every_layer_is_refused_and_says_which_has_none():
    lm, trace = loaded("lfm2"), traced("lfm2")
    with pytest.raises(core.UnsupportedModel, match="Layer 1 of this model has no attention: it is a convolution"):
        list(attentions(lm, [SENTENCE]))
    maps = method_maps(lm, trace)
    assert set(maps.layers) == {"raw", "norm"} and len(maps.layers["raw"]) == len(maps.layers["norm"]) == 2


def test_heads_are_ablated_where_there_are_some():
    lm, trace = loaded("lfm2"), traced("lfm2")
    changes, kl = ablations(lm, trace, LogitDifference(4, 11, 23))
    assert np.isnan(changes[[0, 2]]).all() and np.abs(changes[[1, 3]]).max() > 1e-4 and (kl[[1, 3]] >= 0).all()
