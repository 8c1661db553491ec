"""The probe trusts neither the seam nor the library: what differs from eager mode is shown otherwise, or refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

import core
from core.attention import eager as outside, seam
from tests.tiny import SENTENCE, TARGET, folder


def eager(name: str, trace, model) -> object:
    """The library's own output in eager mode, for the ids of ``trace``."""
    plain = type(model).from_pretrained(folder(name), attn_implementation="eager").eval()
    inputs = {"input_ids": torch.tensor([trace.tokens.ids]), "use_cache": False}
    if trace.target is not None:
        inputs["decoder_input_ids"] = torch.tensor([trace.target.ids])
    with torch.inference_mode():
        return plain(**inputs, output_attentions=True)


def test_a_family_whose_fast_path_loses_the_causal_mask_runs_eager():
    """NLLB-MoE was never tried with sdpa by the library: its decoder would look ahead there."""
    lm = core.load(folder("nllb-moe"), device="cpu")
    trace = core.capture(lm, SENTENCE, TARGET)
    assert lm.layout.adapter == "outside"
    for layer, expected in enumerate(eager("nllb-moe", trace, lm.model).decoder_attentions):
        found = trace.layer_attention(layer, "decoder")
        assert not np.triu(found, 1).any()
        np.testing.assert_allclose(found, expected[0].numpy(), atol=1e-6)


def test_a_sink_that_eager_maps_leave_out_is_counted():
    """GraniteSWA scales the output by the sink's share and reports maps without it; ours have it, row by row."""
    lm = core.load(folder("granite_swa"), device="cpu")
    trace = core.capture(lm, SENTENCE)
    output = eager("granite_swa", trace, lm.model)
    assert lm.layout.adapter == "seam"
    np.testing.assert_allclose(trace.logits, output.logits[0].numpy(), atol=1e-4)
    for layer, expected in enumerate(output.attentions):
        found = trace.layer_attention(layer)
        total = found.sum(axis=-1, keepdims=True)
        assert trace.record(layer).sinks is not None and total.max() < 0.999
        np.testing.assert_allclose(found / total, expected[0].numpy(), atol=2e-6)


def test_the_model_is_left_on_the_seam():
    lm = core.load(folder("gemma2"), device="cpu")
    assert lm.model.config._attn_implementation == seam.IMPLEMENTATION


@pytest.mark.parametrize(
    ("name", "blind"),
    [
        ("t5", {"bias": None}),
        ("mistral-sliding", {"mask": None}),
        ("gemma2", {"softcap": None}),
        ("gpt_oss", {"sinks": None}),
    ],
)
def test_a_seam_that_misses_something_is_caught(monkeypatch, name, blind):
    """Each argument that shapes the scores, forgotten on purpose: no map is shown through the seam."""
    whole = seam._record
    monkeypatch.setattr(seam, "_record", lambda *given: replace(whole(*given), **blind))
    with pytest.raises(core.UnsupportedModel, match="differs by"):
        core.load(folder(name), device="cpu")


def test_a_wrong_sentence_of_one_token_still_works():
    """One token: one cell, causal or not."""
    trace = core.capture(core.load(folder("gpt_oss"), device="cpu"), "E")
    assert trace.attention(0, 0).shape[0] == len(trace.tokens.ids)


def test_a_family_that_reports_no_eager_maps_is_taken_at_its_word(monkeypatch):
    """Where eager mode gives nothing to compare, the check of attention × values stands alone."""
    monkeypatch.setattr("core.attention.eager.reported", lambda output: {})
    assert core.load(folder("bert"), device="cpu").layout.adapter == "seam"


def test_maps_that_differ_from_eager_mode_are_not_taken_from_the_seam(monkeypatch):
    """One map missing among the eager ones: the seam is left, and the second adapter refuses what it cannot read."""
    whole = outside.reported
    monkeypatch.setattr(outside, "reported", lambda output: {k: (None, *m[1:]) for k, m in whole(output).items()})
    with pytest.raises(core.UnsupportedModel, match="has the shape None"):
        core.load(folder("bert"), device="cpu")
