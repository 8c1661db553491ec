"""The logit lens: the last layer is the model's own answer, on every family; a hand-made head; what cannot be repeated
is refused.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

import core
from core.analyses.logit_lens import TOP, by_layer, entry_of, lens
from core.errors import BadInput, UnsupportedModel
from core.tracing import captures
from core.tracing.rerun import inputs_of, module_io, shallow_branch
from tests.tiny import SENTENCE, TARGET, folder

FAMILIES = (
    "bert",
    "roberta",
    "electra",
    "distilbert",
    "albert",
    "esm",
    "modernbert",
    "gpt2",
    "gpt_neox",
    "opt",
    "llama",
    "gemma2",
    "cohere",
    "granite",
    "t5",
    "bart",
    "marian",
    "mbart",
    "bloom",
    "deberta-v2",
)
POST_NORM = (
    "bert",
    "roberta",
    "electra",
    "distilbert",
    "albert",
    "bart",
    "marian",
    "deberta-v2",
)  # no norm after the layers


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


@cache
def traced(name: str, hidden: bool = False) -> core.Trace:
    lm = loaded(name)
    return core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None, hidden=hidden)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_last_layer_is_the_model_s_own_answer(name):
    lm, trace = loaded(name), traced(name)
    found = lens(lm, trace)
    assert found.error <= 1e-4
    assert found.layers == trace.layers(trace.kinds[0] if trace.target is None else "decoder")
    assert found.ids.shape == found.shares.shape == (found.layers + 1, len(trace.target or trace.tokens), TOP)
    np.testing.assert_array_equal(found.ids[-1, :, 0], trace.logits.argmax(-1))
    expected = torch.from_numpy(trace.logits.copy()).softmax(-1).numpy()
    for position in (0, 3):
        np.testing.assert_allclose(by_layer(lm, found, position)[-1], expected[position], atol=1e-5)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_layer_goes_through_the_final_norm_once(name):
    """Raw states of earlier layers are not ready for the head, except in families that end every layer with a norm."""
    found, hidden = lens(loaded(name), traced(name)), traced(name, True).hidden
    np.testing.assert_allclose(found.states[-1], hidden[-1], atol=1e-4)
    assert np.allclose(found.states[1], hidden[1], atol=1e-4) == (name in POST_NORM)


def test_by_hand_on_llama():
    lm, hidden = loaded("llama"), traced("llama", True).hidden
    with torch.inference_mode():
        logits = lm.model.lm_head(lm.model.model.norm(torch.from_numpy(hidden[1].copy())))
    np.testing.assert_allclose(by_layer(lm, lens(lm, traced("llama")), 4)[1], logits[4].softmax(-1).numpy(), atol=1e-6)


def test_by_hand_on_bert_with_its_transform():
    lm, hidden = loaded("bert"), traced("bert", True).hidden
    with torch.inference_mode():
        logits = lm.model.cls(torch.from_numpy(hidden[2].copy())[None])[0]
    np.testing.assert_allclose(by_layer(lm, lens(lm, traced("bert")), 4)[2], logits[4].softmax(-1).numpy(), atol=1e-6)


def test_a_norm_left_out_would_be_seen():
    """The check has teeth: GPT-2's last state before its final norm does not give the logits."""
    lm, trace = loaded("gpt2"), traced("gpt2")
    before, after = (one[0] for one in module_io(lm, trace, ["transformer.ln_f"])["transformer.ln_f"])
    with torch.inference_mode():
        assert np.abs(lm.model.lm_head(before).numpy() - trace.logits).max() > 1e-2
        np.testing.assert_allclose(lm.model.lm_head(after).numpy(), trace.logits, atol=1e-4)


def test_listening_leaves_nothing_on_the_shared_model():
    lm, trace = loaded("llama"), traced("llama")
    before = [(len(module._forward_hooks), id(module.forward.__func__)) for module in lm.model.modules()]
    lens(lm, trace)
    assert [(len(module._forward_hooks), id(module.forward.__func__)) for module in lm.model.modules()] == before
    assert core.capture(lm, SENTENCE, hidden=True).hidden.shape == traced("llama", True).hidden.shape


def test_threads_do_not_mix():
    """Eight sentences at once give what each gives alone."""
    lm = loaded("modernbert")
    traces = [core.capture(lm, " ".join(SENTENCE.split()[: n + 3])) for n in range(8)]
    alone = [lens(lm, trace).states for trace in traces]
    with ThreadPoolExecutor(8) as pool:
        together = [found.states for found in pool.map(lambda trace: lens(lm, trace), traces * 2)]
    for expected, found in zip(alone * 2, together, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_branch_shares_all_but_the_way():
    model = loaded("llama").model
    root, ends = shallow_branch(model, ["model.norm"])
    assert (
        root is not model
        and root.model is not model.model
        and ends["model.norm"] is root.model.norm is not model.model.norm
    )
    assert (
        root.lm_head is model.lm_head
        and root.model.layers is model.model.layers
        and root.model.norm.weight is model.model.norm.weight
    )


def test_logits_that_are_not_the_model_s_are_refused():
    lm, trace = loaded("gpt2"), traced("gpt2")
    with pytest.raises(UnsupportedModel):
        lens(lm, replace(trace, logits=trace.logits + 0.01))


def test_states_of_another_order_are_refused():
    with pytest.raises(UnsupportedModel):
        lens(loaded("fsmt"), traced("fsmt"))


def test_no_head_no_lens():
    with pytest.raises(BadInput):
        lens(loaded("bert"), replace(traced("bert"), logits=None))


def test_words_that_are_one_piece():
    lm = loaded("bert")
    known = next(
        piece for piece, index in lm.tokenizer.get_vocab().items() if index > 10 and piece.isalpha() and len(piece) > 2
    )
    assert entry_of(lm, known) == lm.tokenizer.convert_tokens_to_ids(known)
    assert entry_of(lm, "xyzxyzxyz") is None and entry_of(loaded("marian"), "xyz xyz") is None


def test_the_inputs_of_a_trace_give_its_logits():
    lm, trace = loaded("marian"), traced("marian")
    output, _ = captures.forward(lm, inputs_of(lm, trace))
    np.testing.assert_allclose(output.logits[0].numpy(), trace.logits, atol=1e-6)
