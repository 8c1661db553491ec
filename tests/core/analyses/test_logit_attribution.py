"""Direct logit attribution: the parts make the score on every family that it takes, and a head's part is what its
output adds.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch

import core
from core.analyses.logit_attribution import attribution
from core.analyses.score import LogitDifference
from core.errors import BadInput, UnsupportedModel
from core.tracing.output_matrix import output_matrix
from tests.tiny import SEAM, SENTENCE, TARGET, folder

ASKED = LogitDifference(4, 11, 23)
REFUSED = ["deepseek_v3", "gpt_oss", "mixtral", "mobilebert"]


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


@cache
def traced(name: str) -> core.Trace:
    lm = loaded(name)
    return core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None, hidden=True)


@pytest.mark.parametrize("name", sorted(set(SEAM) - set(REFUSED)))
def test_the_parts_make_the_score(name):
    found, trace = attribution(loaded(name), traced(name), ASKED), traced(name)
    whole = found.embeddings + found.biases + found.blocks.sum() + sum(part.sum() for part in found.heads.values())
    assert whole + found.error == pytest.approx(found.score) and abs(found.error) < 1e-4
    assert found.score == pytest.approx(float(trace.logits[4, 11]) - float(trace.logits[4, 23]), abs=1e-5)
    kinds = ("decoder", "cross") if loaded(name).kind == "encoder-decoder" else ("self",)
    for kind in kinds:
        assert (
            found.heads[kind].shape == (trace.layers(kind), trace.heads(kind))
            and np.abs(found.heads[kind]).min(1).max() > 0
        )
    assert np.abs(found.blocks).max() > 0 and found.embeddings != 0


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_linear_in_its_parts_is_refused(name):
    with pytest.raises(UnsupportedModel):
        attribution(loaded(name), traced(name), ASKED)


@pytest.mark.parametrize("name", ["gpt2", "llama"])
def test_a_head_of_a_pre_norm_model_by_hand(name):
    """The head's write at the position, through the final norm with its scale frozen, times the difference of two rows
    of the unembedding.
    """
    lm, trace = loaded(name), traced(name)
    layer, head = 1, 2
    wrote = trace.attention(layer, head)[4] @ trace.value(layer, head) @ output_matrix(lm, layer)[head]
    norm = lm.model.transformer.ln_f if name == "gpt2" else lm.model.model.norm
    seen = []
    handle = norm.register_forward_hook(lambda _module, inputs, _output: seen.append(inputs[0][0, 4].detach().numpy()))
    core.capture(lm, SENTENCE)
    handle.remove()
    stream, weight = seen[0], norm.weight.detach().numpy()
    if name == "gpt2":
        carried = (wrote - wrote.mean()) / np.sqrt(stream.var() + norm.eps) * weight
    else:
        carried = wrote / np.sqrt((stream**2).mean() + norm.variance_epsilon) * weight
    rows = lm.model.lm_head.weight.detach().numpy()
    assert attribution(lm, trace, ASKED).heads["self"][layer, head] == pytest.approx(
        float(carried @ (rows[11] - rows[23])), abs=1e-4
    )


def test_a_head_that_writes_nothing_has_no_part():
    """Value vectors of a model whose W_O of one layer is zero."""
    lm = core.load(folder("gpt2"), device="cpu")
    with torch.no_grad():
        lm.model.transformer.h[1].attn.c_proj.weight.zero_()
    found = attribution(lm, core.capture(lm, SENTENCE), ASKED)
    assert not found.heads["self"][1].any() and found.heads["self"][0].any()


def test_one_word_alone_counts_the_bias_of_the_head_too():
    found = attribution(loaded("bert"), traced("bert"), LogitDifference(4, 11))
    assert found.score == pytest.approx(float(traced("bert").logits[4, 11])) and abs(found.error) < 1e-4


def test_nothing_stays_on_the_model():
    lm = loaded("bert")
    before = core.capture(lm, SENTENCE).logits
    attribution(lm, traced("bert"), ASKED)
    np.testing.assert_array_equal(core.capture(lm, SENTENCE).logits, before)
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in lm.model.parameters())


def test_no_head_no_parts():
    lm = loaded("bloom")
    with pytest.raises(UnsupportedModel):
        attribution(lm, core.capture(lm, SENTENCE), ASKED)
    headless = core.load(folder("bert-headless"), device="cpu") if "bert-headless" in SEAM else None
    if headless is not None:
        with pytest.raises(BadInput):
            attribution(headless, core.capture(headless, SENTENCE), ASKED)
