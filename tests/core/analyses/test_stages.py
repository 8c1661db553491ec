"""The stages of the forward pass add up on every family, neurons write what their block wrote, and positions are what
carries order.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

import core
from core.analyses.feed_forward import feed_forward, without
from core.analyses.path_lengths import NETWORKS, longest_path, sequential_steps
from core.analyses.positions import position_vectors, shuffled, sines, without_positions
from core.analyses.stages import anatomy, composition
from core.errors import BadInput, UnsupportedModel
from core.tracing.rerun import rerun
from tests.tiny import SEAM, SENTENCE, TARGET, folder

REFUSED = {"albert", "albert-groups", "mobilebert"}
FEW = ("bert", "gpt2", "llama", "marian", "gpt_neox", "gemma2", "t5")
FAMILIES = [*FEW, *(pytest.param(name, marks=pytest.mark.slow) for name in sorted(set(SEAM) - REFUSED - set(FEW)))]


def read(name: str):
    lm = core.load(folder(name))
    return lm, core.capture(lm, SENTENCE, **({"target": TARGET} if lm.kind == "encoder-decoder" else {}))


@pytest.mark.parametrize("name", FAMILIES)
def test_every_stage_begins_where_the_last_one_ended_and_adds_up(name: str) -> None:
    lm, trace = read(name)
    for kind in set(trace.kinds) - {"cross"}:
        stages = anatomy(lm, trace, kind)
        parts = [
            "embedding",
            *["attention", *(["cross"] if kind == "decoder" and "cross" in trace.kinds else []), "feed_forward"]
            * trace.layers(kind),
        ]
        assert [stage.part if stage.part != "rest" else "feed_forward" for stage in stages] == parts
        assert name not in FEW or any(stage.part == "rest" for stage in stages) == (
            name == "gemma2"
        )  # a norm stands between its W₂ and the sum
        assert (
            any(stage.parallel for stage in stages) == (name in ("gpt_neox", "cohere", "cohere2", "phi"))
            or name not in FEW
        )
        for before, after in zip(stages, stages[1:], strict=False):
            np.testing.assert_array_equal(before.after, after.before)
            np.testing.assert_allclose(after.before + after.added, after.total, atol=1e-4)
            assert after.normed or np.abs(after.total - after.after).max() < 1e-3 * max(1, np.abs(after.after).max())
        shares = composition(stages, 1)
        assert shares.sum() == pytest.approx(1) and (shares >= 0).all()


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_stages_that_are_not_seen_are_refused(name: str) -> None:
    lm, trace = read(name)
    with pytest.raises(UnsupportedModel):
        anatomy(lm, trace)


def test_a_post_norm_stage_is_the_norm_of_its_sum_by_hand() -> None:
    lm, trace = read("bert")
    stages, block = anatomy(lm, trace), lm.model.bert.encoder.layer[0]
    for stage, norm in ((stages[1], block.attention.output.LayerNorm), (stages[2], block.output.LayerNorm)):
        flat = (stage.total - stage.total.mean(1, keepdims=True)) / np.sqrt(
            stage.total.var(1, keepdims=True) + norm.eps
        )
        np.testing.assert_allclose(flat * norm.weight.numpy() + norm.bias.numpy(), stage.after, atol=1e-4)


@pytest.mark.parametrize("name", ["bert", "llama", "gpt2", "marian"])
def test_neurons_write_what_the_block_wrote(name: str) -> None:
    lm, trace = read(name)
    kind = trace.kinds[0]
    found = feed_forward(lm, trace, 1, kind)
    from core.analyses.feed_forward import _columns, _down

    down = lm.model.get_submodule(_down(lm, 1, kind))
    bias = 0 if down.bias is None else down.bias.numpy()
    np.testing.assert_allclose(found.activations @ _columns(down).T + bias, found.written, atol=1e-4)
    strongest = found.strongest(2, 3)
    assert found.strength()[2][strongest].tolist() == sorted(found.strength()[2], reverse=True)[:3]


@pytest.mark.parametrize("name", ["bert", "llama", "marian"])
def test_silencing_nothing_changes_nothing_and_leaves_the_model_as_it_was(name: str) -> None:
    lm, trace = read(name)
    kind = trace.kinds[0]
    np.testing.assert_array_equal(without(lm, trace, 1, [], kind).logits, rerun(lm, trace).logits)
    strongest = feed_forward(lm, trace, 1, kind).strongest(2, 5)
    assert np.abs(without(lm, trace, 1, strongest, kind).logits - trace.logits).max() > 1e-3
    np.testing.assert_allclose(rerun(lm, trace).logits, trace.logits, atol=1e-6)  # no hook stays on the shared model


def test_a_neuron_silenced_at_one_place_of_a_decoder_changes_nothing_before_it() -> None:
    lm, trace = read("llama")
    changed = np.abs(
        without(lm, trace, 0, feed_forward(lm, trace, 0).strongest(5, 4), positions=[5]).logits - trace.logits
    ).max(1)
    assert (changed[:5] < 1e-5).all() and changed[5] > 1e-4


def test_a_neuron_or_layer_that_is_not_there_is_refused() -> None:
    lm, trace = read("bert")
    with pytest.raises(BadInput, match="neuron"):
        without(lm, trace, 0, [10**6])
    with pytest.raises(BadInput):
        feed_forward(lm, trace, 99)
    with pytest.raises(UnsupportedModel, match="experts"):
        mixed, seen = read("mixtral")
        feed_forward(mixed, seen, 0)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("bert", "learned"),
        ("gpt2", "learned"),
        ("marian", "sinusoidal"),
        ("llama", "rotary"),
        ("modernbert", "rotary"),
        ("opt", "learned"),
    ],
)
def test_the_kind_of_positions_is_heard(name: str, how: str) -> None:
    found = position_vectors(core.load(folder(name)), 32)
    assert found.how == how and len(found.table) == 32
    np.testing.assert_allclose(np.diag(found.similarity()), 1, atol=1e-5)


def test_sines_depend_on_the_distance_alone() -> None:
    table = sines(40, 24)
    products = table @ table.T
    for gap in range(40):
        assert np.ptp(np.diag(products, gap)) < 1e-9
    assert table[0].tolist() == [0.0, 1.0] * 12
    assert table[3, 4] == pytest.approx(math.sin(3 / 10000 ** (4 / 24)))


def test_relative_positions_are_refused() -> None:
    with pytest.raises(UnsupportedModel, match="table or angles"):
        position_vectors(core.load(folder("t5")))


@pytest.mark.parametrize("name", ["bert", "distilbert", "marian"])
def test_without_positions_an_encoder_reads_a_bag_of_words(name: str) -> None:
    lm, trace = read(name)
    found = shuffled(lm, trace, seed=2)
    assert sorted(found.order) == list(range(len(trace.tokens))) and list(found.order) != list(range(len(trace.tokens)))
    np.testing.assert_allclose(found.cosine_without, 1, atol=1e-4)
    assert found.cosine.min() < 0.999
    np.testing.assert_allclose(rerun(lm, trace).logits, trace.logits, atol=1e-6)


def test_without_positions_a_decoder_still_knows_what_stood_before() -> None:
    lm, trace = read("llama")
    found = shuffled(lm, trace, seed=2)
    moved = [place for place, source in enumerate(found.order) if place != source]
    assert found.cosine_without[moved].min() < 0.999, "the causal mask alone tells order"
    assert np.abs(core.tracing.captures.capture(without_positions(lm), SENTENCE).logits - trace.logits).max() > 1e-3


def test_too_few_words_have_no_other_order() -> None:
    lm = core.load(folder("bert"))
    with pytest.raises(BadInput, match="three tokens"):
        shuffled(lm, core.capture(lm, "a"))


@pytest.mark.parametrize("n", [1, 2, 3, 9, 10, 27, 28, 100])
def test_paths_are_as_long_as_the_formulas_say(n: int) -> None:
    expected = {
        "recurrent": n - 1,
        "convolution": math.ceil((n - 1) / 2),
        "dilated": math.ceil(round(math.log(n, 3), 9)),
        "attention": min(1, n - 1),
    }
    assert {network: longest_path(network, n) for network in NETWORKS} == expected
    assert [sequential_steps(network, n) for network in NETWORKS] == [n, 1, 1, 1]


NORM_OF_THE_NEURONS = {
    "gpt2": "transformer.h.{}.ln_2",
    "llama": "model.layers.{}.post_attention_layernorm",
    "gemma2": "model.layers.{}.pre_feedforward_layernorm",
    "gpt_neox": "gpt_neox.layers.{}.post_attention_layernorm",
}


@pytest.mark.parametrize("name", NORM_OF_THE_NEURONS)
def test_what_the_neurons_of_a_pre_norm_model_read_is_the_norm_of_the_stream_by_hand(name: str) -> None:
    lm, trace = read(name)
    stages = [stage for stage in anatomy(lm, trace) if stage.part in ("feed_forward", "rest")]
    assert len(stages) == trace.layers()
    for layer, stage in enumerate(stages):
        norm = lm.model.get_submodule(NORM_OF_THE_NEURONS[name].format(layer))
        with torch.inference_mode():
            expected = norm(torch.from_numpy(stage.entered.copy())).numpy()
        assert stage.input is not None and not np.allclose(stage.entered, stage.input)
        np.testing.assert_allclose(stage.input, expected, atol=1e-4)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_part_says_what_it_read(name: str) -> None:
    lm, trace = read(name)
    for kind in set(trace.kinds) - {"cross"}:
        missing = [
            (stage.layer, stage.part)
            for stage in anatomy(lm, trace, kind)
            if stage.part != "embedding" and stage.input is None and not stage.normed
        ]
        experts = [layer for layer, part in missing if part == "rest"]
        assert len(experts) == len(missing), missing
        assert name not in FEW or not missing
