"""Edits change what they name and nothing else: laws on tiny models of every shape, and threads that never mix."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
import torch

import core
from core.attention.edits import Ablation, Knockout, Values
from core.errors import BadInput, UnsupportedModel
from tests.tiny import SENTENCE, TARGET, folder

# plain, causal, grouped heads, sinks, soft cap with a window, relative bias, cross-attention, one module for all layers
MODELS = ["bert", "gpt2", "llama", "gpt_oss", "gemma2", "t5", "marian", "albert", "modernbert"]


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


def run(name: str, *edits) -> core.Trace:
    lm = loaded(name)
    return core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None, edits=edits)


def last_kind(name: str) -> str:
    return run(name).kinds[-1]


def values_of(trace: core.Trace, layer: int, kind: str, keys: tuple[int, ...]) -> np.ndarray:
    return np.stack([trace.value(layer, head, kind)[list(keys)] for head in range(trace.heads(kind))])


@pytest.mark.parametrize("name", MODELS)
def test_an_edit_of_nothing_changes_nothing(name):
    plain = run(name)
    for edit in (Knockout(), Values(), Values(keys=(), vectors=None)):
        np.testing.assert_allclose(run(name, edit).logits, plain.logits, atol=1e-5)
    assert plain.edits == () and len(run(name, Knockout()).edits) == 1


@pytest.mark.parametrize("name", MODELS)
def test_a_knocked_out_edge_weighs_nothing_and_its_row_renormalises(name):
    kind = last_kind(name)
    plain, edited = run(name), run(name, Knockout(layer=1, head=1, kind=kind, queries=(3,), keys=(1, 2)))
    before, after = plain.attention(1, 1, kind), edited.attention(1, 1, kind)
    assert before[3, [1, 2]].min() > 0 and not after[3, [1, 2]].any()
    kept = [key for key in range(before.shape[1]) if key not in (1, 2)]
    if not loaded(name).model.config.model_type == "gpt_oss":  # the sink takes its part of what is freed
        np.testing.assert_allclose(after[3, kept], before[3, kept] / before[3, kept].sum(), atol=1e-5)
    others = [row for row in range(before.shape[0]) if row != 3]
    np.testing.assert_allclose(after[others], before[others], atol=1e-6)
    np.testing.assert_allclose(edited.attention(1, 0, kind), plain.attention(1, 0, kind), atol=1e-6)
    np.testing.assert_allclose(edited.attention(0, 1, kind), plain.attention(0, 1, kind), atol=1e-6)
    assert np.abs(edited.logits - plain.logits).max() > 1e-6, "later layers read what was changed"


@pytest.mark.parametrize("name", ["gpt2", "llama", "gpt_oss"])
def test_knocking_out_an_edge_of_weight_zero_changes_nothing(name):
    plain = run(name)
    edited = run(name, Knockout(queries=(2, 3), keys=(7, 8)))  # ahead of them: a causal model never looks there
    np.testing.assert_allclose(edited.logits, plain.logits, atol=1e-5)


@pytest.mark.parametrize("name", MODELS)
def test_patching_values_from_the_same_run_changes_nothing(name):
    plain, kind = run(name), last_kind(name)
    same = Values(layer=1, kind=kind, keys=(1, 4), vectors=values_of(plain, 1, kind, (1, 4)))
    np.testing.assert_allclose(run(name, same).logits, plain.logits, atol=1e-5)


@pytest.mark.parametrize("name", MODELS)
def test_zeroing_every_value_of_a_head_is_ablating_it(name):
    kind = last_kind(name)
    n = len(run(name).sides(kind)[1])
    zeroed = run(name, Values(layer=1, head=1, kind=kind, keys=tuple(range(n))))
    ablated = run(name, Ablation(layer=1, head=1, kind=kind))
    np.testing.assert_allclose(zeroed.logits, ablated.logits, atol=1e-5)
    assert np.abs(ablated.logits - run(name).logits).max() > 1e-6


@pytest.mark.parametrize(
    ("name", "projection"),
    [("bert", "bert.encoder.layer.1.attention.output.dense"), ("llama", "model.layers.1.self_attn.o_proj")],
)
def test_ablating_a_head_is_zeroing_its_columns_of_the_output_matrix(name, projection):
    lm, head = loaded(name), 2
    weight = lm.model.get_submodule(projection).weight
    width = weight.shape[1] // run(name).heads()
    kept = weight.detach().clone()
    ablated = run(name, Ablation(layer=1, head=head)).logits
    try:
        with torch.no_grad():
            weight[:, head * width : (head + 1) * width] = 0
        np.testing.assert_allclose(run(name).logits, ablated, atol=1e-5)
    finally:
        with torch.no_grad():
            weight.copy_(kept)


def test_ablation_by_the_mean_is_the_mean_at_every_position():
    plain = run("bert")
    mean = np.arange(plain.value(1, 0).shape[1], dtype=np.float32)
    edited = run("bert", Ablation(layer=0, head=0, mean=mean), Values(layer=1, head=0, keys=()))
    assert np.abs(edited.logits - plain.logits).max() > 1e-4
    # a head whose every value is `mean` gives the mean whatever it looks at
    everywhere = np.broadcast_to(mean, (plain.heads(), len(plain.tokens), len(mean)))
    same = run("bert", Values(layer=0, head=0, keys=tuple(range(len(plain.tokens))), vectors=everywhere))
    np.testing.assert_allclose(same.logits, edited.logits, atol=1e-4)


def test_heads_that_share_values_are_edited_alone():
    plain = run("llama")
    keys = tuple(range(len(plain.tokens)))
    one, both = (run("llama", *(Values(layer=0, head=h, keys=keys) for h in heads)) for heads in ((0,), (0, 1)))
    assert plain.records["self"][0].key.shape[0] < plain.heads(), "the tiny Llama must share its key heads"
    assert np.abs(one.logits - both.logits).max() > 1e-6
    np.testing.assert_allclose(one.value(0, 1), plain.value(0, 1), atol=1e-6)
    assert not one.value(0, 0).any()


def test_two_edits_add_up_in_either_order():
    a, b = Knockout(layer=0, queries=(2,), keys=(1,)), Ablation(layer=2, head=0)
    np.testing.assert_allclose(run("bert", a, b).logits, run("bert", b, a).logits, atol=1e-6)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Knockout(queries=(2,), keys=(99,)), "no position 99"),
        (Knockout(queries=(-1,), keys=(0,)), "no position -1"),
        (Values(keys=(99,)), "no position 99"),
        (Values(keys=(1,), vectors=np.zeros((1, 1, 1))), "expected"),
        (Ablation(layer=0, head=99), "no head 99"),
        (Knockout(layer=99, queries=(1,), keys=(1,)), "no layer 99"),
        (Knockout(kind="cross", queries=(1,), keys=(1,)), "cross"),
    ],
)
def test_an_edit_of_what_is_not_there_is_refused(edit, said):
    with pytest.raises(BadInput, match=said):
        run("bert", edit)


def test_a_token_must_keep_something_to_look_at():
    n = len(run("bert").tokens)
    with pytest.raises(BadInput, match="nothing left"):
        run("bert", Knockout(queries=(2,), keys=tuple(range(n))))
    with pytest.raises(BadInput, match="nothing left"):
        run("gpt2", Knockout(queries=(0,), keys=(0,)))  # the first token of a causal model sees only itself


def test_models_outside_the_seam_are_not_edited():
    with pytest.raises(UnsupportedModel, match="knocked out"):
        run("bloom", Ablation(layer=0, head=0))


def test_edits_of_one_thread_are_invisible_to_the_others():
    plain, edit = run("bert").logits, Ablation(layer=0, head=1)
    edited = run("bert", edit).logits
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: run("bert", *([edit] if i % 2 else [])).logits, range(80)))
    wrong = [i for i, logits in enumerate(found) if not np.allclose(logits, edited if i % 2 else plain, atol=1e-5)]
    assert wrong == [] and np.abs(edited - plain).max() > 1e-4
