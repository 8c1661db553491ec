"""Every step of a head equals what the model's own modules computed, taken here by hooks that the code under test does
not use.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
import torch
from torch import nn

import core
from core.analyses.steps import Steps, attention_steps
from core.errors import BadInput, UnsupportedModel
from core.tracing.layer import LayerContext, layer_context
from core.tracing.projections import projection_of
from core.tracing.trace import Trace
from tests.tiny import OUTSIDE, SEAM, SENTENCE, TARGET, folder

LAYER, HEAD, QUERY = 1, 1, 3
NO_KEY_ORIGIN = {"deepseek_v3"}  # its keys are put together from two projections
ROTARY = {
    "esm",
    "modernbert",
    "eurobert",
    "gpt_neox",
    "llama",
    "mistral-sliding",
    "qwen2",
    "qwen3",
    "gemma2",
    "gemma3_text",
    "phi",
    "phi3",
    "gpt_oss",
    "olmo2",
}
NORMED = {"qwen3", "gemma3_text", "olmo2"}
CHANGED = {"gemma2", "gemma3_text", "olmo2"}  # a norm between W_O and the sum
PARALLEL = {"gpt_neox", "phi"}

# attention module and (q projection, rows of q in its output) · W_O · layer whose input or output is the stream, by
# hand from the modeling files
PLACES = {
    "bert": (
        "bert.encoder.layer.1.attention.self.query",
        "bert.encoder.layer.1.attention.output.dense",
        "bert.encoder.layer.1",
    ),
    "roberta": (
        "roberta.encoder.layer.1.attention.self.query",
        "roberta.encoder.layer.1.attention.output.dense",
        "roberta.encoder.layer.1",
    ),
    "electra": (
        "electra.encoder.layer.1.attention.self.query",
        "electra.encoder.layer.1.attention.output.dense",
        "electra.encoder.layer.1",
    ),
    "distilbert": (
        "distilbert.transformer.layer.1.attention.q_lin",
        "distilbert.transformer.layer.1.attention.out_lin",
        "distilbert.transformer.layer.1",
    ),
    "modernbert": ("model.layers.1.attn.Wqkv", "model.layers.1.attn.Wo", "model.layers.1"),
    "gpt2": ("transformer.h.1.attn.c_attn", "transformer.h.1.attn.c_proj", "transformer.h.1"),
    "gpt_neox": (
        "gpt_neox.layers.1.attention.query_key_value",
        "gpt_neox.layers.1.attention.dense",
        "gpt_neox.layers.1",
    ),
    "opt": (
        "model.decoder.layers.1.self_attn.q_proj",
        "model.decoder.layers.1.self_attn.out_proj",
        "model.decoder.layers.1",
    ),
    "llama": ("model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.o_proj", "model.layers.1"),
    "mistral-sliding": ("model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.o_proj", "model.layers.1"),
    "qwen3": ("model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.o_proj", "model.layers.1"),
    "gemma2": ("model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.o_proj", "model.layers.1"),
    "gemma3_text": ("model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.o_proj", "model.layers.1"),
    "olmo2": ("model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.o_proj", "model.layers.1"),
    "phi": ("model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.dense", "model.layers.1"),
    "phi3": ("model.layers.1.self_attn.qkv_proj", "model.layers.1.self_attn.o_proj", "model.layers.1"),
    "gpt_oss": ("model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.o_proj", "model.layers.1"),
    "granite": ("model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.o_proj", "model.layers.1"),
    "t5:decoder": (
        "decoder.block.1.layer.0.SelfAttention.q",
        "decoder.block.1.layer.0.SelfAttention.o",
        "decoder.block.1.layer.0",
    ),
    "t5:cross": (
        "decoder.block.1.layer.1.EncDecAttention.q",
        "decoder.block.1.layer.1.EncDecAttention.o",
        "decoder.block.1.layer.1",
    ),
    "bart:encoder": (
        "model.encoder.layers.1.self_attn.q_proj",
        "model.encoder.layers.1.self_attn.out_proj",
        "model.encoder.layers.1",
    ),
    "marian:decoder": (
        "model.decoder.layers.1.self_attn.q_proj",
        "model.decoder.layers.1.self_attn.out_proj",
        "model.decoder.layers.1",
    ),
    "marian:cross": (
        "model.decoder.layers.1.encoder_attn.q_proj",
        "model.decoder.layers.1.encoder_attn.out_proj",
        None,
    ),
}


@dataclass(frozen=True, eq=False)
class Case:
    """One architecture: its model, its trace, one layer's surroundings, and the steps of one head."""

    lm: core.LanguageModel
    trace: Trace
    found: LayerContext
    steps: Steps


@cache
def case(name: str, kind: str | None = None) -> Case:
    lm = core.load(folder(name), device="cpu")
    trace = core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)
    kind = trace.checked_kind(kind)
    found = layer_context(lm, trace, LAYER, kind)
    return Case(lm, trace, found, attention_steps(lm, trace, found, LAYER, HEAD, QUERY, kind))


def every() -> list[tuple[str, str]]:
    return [
        (name, kind)
        for name, tiny in SEAM.items()
        for kind in (("encoder", "decoder", "cross") if tiny.kind == "encoder-decoder" else ("self",))
    ]


def assert_close(a: np.ndarray, b: np.ndarray, atol: float = 2e-6) -> None:
    np.testing.assert_allclose(a, b, rtol=1e-5, atol=atol * max(1.0, float(np.abs(b[np.isfinite(b)]).max())))


def softmax(scores: np.ndarray, sink: float | None) -> np.ndarray:
    """Written out in float64, with the sink as one more column."""
    row = np.append(scores.astype(np.float64), [] if sink is None else [sink])
    powers = np.exp(row - row.max())
    return (powers / powers.sum())[: len(scores)]


@pytest.mark.parametrize(("name", "kind"), every())
def test_each_step_follows_from_the_one_before(name, kind):
    found = case(name, kind).steps
    assert_close((found.q * found.keys).sum(axis=1), found.dots)
    cap = found.softcap
    score = found.scaled if cap is None else cap * np.tanh(found.scaled / cap)
    score = score if found.bias is None else score + found.bias
    assert_close(np.where(found.open, score, 0), np.where(found.open, found.scores, 0), atol=1e-5)
    assert np.isneginf(found.scores[~found.open]).all() and not found.weights[~found.open].any()
    assert_close(softmax(found.scores, found.sink), found.weights)
    assert_close((found.weights[:, None] * found.values).sum(axis=0), found.output)


@pytest.mark.parametrize(("name", "kind"), every())
def test_the_numbers_are_the_trace_s(name, kind):
    one = case(name, kind)
    np.testing.assert_array_equal(one.steps.q, one.trace.query(LAYER, HEAD, kind)[QUERY])
    np.testing.assert_array_equal(one.steps.keys, one.trace.key(LAYER, HEAD, kind))
    np.testing.assert_array_equal(one.steps.values, one.trace.value(LAYER, HEAD, kind))
    np.testing.assert_array_equal(one.steps.weights, one.trace.attention(LAYER, HEAD, kind)[QUERY])


@pytest.mark.parametrize(("name", "kind"), every())
def test_heads_through_the_output_matrix_and_into_the_stream(name, kind):
    found = case(name, kind).steps
    assert_close(found.concat[HEAD], found.output)
    offset = 0 if found.offset is None else found.offset
    assert_close(found.parts.sum(axis=0) + offset, found.written)
    if found.offset is not None and np.abs(found.offset).max() > 1e-3:
        assert np.abs(found.parts.sum(axis=0) - found.written).max() > 1e-4, (
            "without the bias the parts must not suffice"
        )
    total = found.residual
    assert_close(total.before + total.added + (0 if total.beside is None else total.beside), total.after)
    assert total.changed == (name in CHANGED) and (total.beside is not None) == (name in PARALLEL)
    if not total.changed:
        np.testing.assert_array_equal(total.added, found.written)
    else:
        assert np.abs(total.added - found.written).max() > 1e-3
    assert set(found.missing) == ({"k_origin"} if name in NO_KEY_ORIGIN else set())


@pytest.mark.parametrize("place", PLACES)
def test_what_surrounds_the_call_is_what_hooks_see(place):
    name, _, kind = place.partition(":")
    one, (projection, output, layer) = case(name, kind or None), PLACES[place]
    seen = hooked(one, projection, output, layer)
    assert_close(one.steps.input, seen["projection in"])
    assert_close(one.steps.concat.ravel(), seen["output in"])
    assert_close(one.steps.written, seen["output out"])
    if layer is not None:
        assert_close(one.steps.residual.before, seen["layer in"])
    if layer is not None and layer.endswith(("layer.0", "layer.1")) and name == "t5":
        assert_close(one.steps.residual.after, seen["layer out"])  # a T5 sublayer ends with the sum


@pytest.mark.parametrize(
    "place", [p for p in PLACES if p.partition(":")[0] not in ("gpt2", "gpt_neox", "modernbert", "phi3")]
)
def test_q_starts_as_the_projection_gave_it(place):
    name, _, kind = place.partition(":")
    one, (projection, output, layer) = case(name, kind or None), PLACES[place]
    width = len(one.steps.q)
    assert_close(
        one.steps.q_origin.vectors,
        hooked(one, projection, output, layer)["projection out"][HEAD * width : (HEAD + 1) * width],
    )


@pytest.mark.parametrize(
    ("name", "cut"), [("gpt2", "cat"), ("modernbert", "cat"), ("phi3", "cat"), ("gpt_neox", "head by head")]
)
def test_fused_projections_are_cut_as_the_model_cuts_them(name, cut):
    one, (projection, output, layer) = case(name), PLACES[name]
    gave, width = hooked(one, projection, output, layer)["projection out"], len(one.steps.q)
    first = HEAD * width if cut == "cat" else HEAD * 3 * width
    assert_close(one.steps.q_origin.vectors, gave[first : first + width])


def hooked(one: Case, projection: str, output: str, layer: str | None) -> dict[str, np.ndarray]:
    """What modules read and gave at the row that looks, by forward hooks."""
    seen: dict[str, np.ndarray] = {}
    modules = dict(one.lm.model.named_modules())

    def watch(name: str, path: str | None) -> torch.utils.hooks.RemovableHandle | None:
        if path is None:
            return None

        def note(_module: nn.Module, args: tuple, kwargs: dict, result: object) -> None:
            read = args[0] if args else kwargs["hidden_states"]
            gave = result[0] if isinstance(result, tuple) else result
            seen[f"{name} in"] = read.detach().reshape(-1, read.shape[-1])[QUERY].numpy().copy()
            seen[f"{name} out"] = gave.detach().reshape(-1, gave.shape[-1])[QUERY].numpy().copy()

        return modules[path].register_forward_hook(note, with_kwargs=True)

    with ExitStack() as stack:
        for handle in (watch("projection", projection), watch("output", output), watch("layer", layer)):
            if handle is not None:
                stack.callback(handle.remove)
        core.capture(one.lm, SENTENCE, TARGET if one.trace.target is not None else None)
    return seen


@pytest.mark.parametrize("name", [*sorted(ROTARY), "bert", "gpt2", "opt"])
def test_rotation_and_norms_are_recognised(name):
    found = case(name).steps
    origin = found.q_origin
    assert origin.how == ("rotated" if name in ROTARY else "scaled" if name == "opt" else "same")
    assert (origin.normed is not None) == (name in NORMED)
    last = origin.vectors if origin.normed is None else origin.normed
    assert np.linalg.norm(last) * origin.factor == pytest.approx(np.linalg.norm(found.q), rel=1e-3)
    if name in ROTARY:
        assert np.abs(last * origin.factor - found.q).max() > 1e-3, "at position 3 a rotation must be seen"


def test_a_factor_before_the_sum_is_seen():
    lm = core.load(folder("granite"), device="cpu")
    lm.model.model.layers[LAYER].residual_multiplier = 0.5
    trace = core.capture(lm, SENTENCE)
    found = attention_steps(lm, trace, layer_context(lm, trace, LAYER, "self"), LAYER, HEAD, QUERY)
    assert found.residual.changed
    assert_close(found.residual.added, found.written / 2)
    assert_close(found.residual.before + found.written / 2, found.residual.after)


def test_a_wrong_layout_is_not_accepted():
    """The fused output of NeoX read as GPT-2 lays it out explains no query: then the answer is None, not a guess."""
    found = case("gpt_neox").found
    one = found.projections[0]
    heads, width = found.record.query.shape[0], found.record.query.shape[2]
    shuffled = one.output.reshape(-1, heads, 3, width).flip(1).reshape(one.output.shape)
    wrong = replace(found, projections=(replace(one, output=shuffled),))
    assert projection_of(wrong, "query") is None and projection_of(found, "query") is not None


def test_a_wrong_output_is_not_accepted():
    one = case("bert")
    wrong = replace(one.found, output=replace(one.found.output, input=one.found.output.input * 1.5))
    found = attention_steps(one.lm, one.trace, wrong, LAYER, HEAD, QUERY)
    assert found.concat is None and found.parts is None and "concat" in found.missing


def test_nothing_known_of_the_output_leaves_the_steps_before_it():
    one = case("bert")
    found = attention_steps(
        one.lm, one.trace, replace(one.found, output=None, residual=None, projections=()), LAYER, HEAD, QUERY
    )
    assert (found.input, found.q_origin, found.concat, found.written, found.residual) == (None,) * 5
    assert set(found.missing) == {"input", "q_origin", "k_origin", "concat", "residual"}
    assert_close(softmax(found.scores, None), found.weights)


def test_caps_biases_and_sinks_are_shown_where_the_model_has_them():
    assert case("gemma2").steps.softcap == 2.0
    assert case("t5", "encoder").steps.bias is not None and case("t5", "cross").steps.bias is None
    assert case("gpt_oss").steps.sink_share == pytest.approx(1 - case("gpt_oss").steps.weights.sum(), abs=1e-6)
    assert case("bert").steps.softcap is None and case("bert").steps.bias is None and case("bert").steps.sink is None


@pytest.mark.parametrize("name", ["gemma2", "t5", "gpt_oss"])
def test_leaving_out_what_the_model_adds_gives_other_weights(name):
    found = case(name, "encoder" if name == "t5" else None).steps
    score = np.where(found.open, found.scaled, -np.inf)
    assert np.abs(softmax(score, None) - found.weights).max() > 1e-3


def test_a_model_outside_the_seam_is_refused():
    for name in ("bloom", "openai-gpt"):
        assert name in OUTSIDE
        lm = core.load(folder(name), device="cpu")
        trace = core.capture(lm, SENTENCE)
        with pytest.raises(UnsupportedModel):
            layer_context(lm, trace, LAYER, "self")
        with pytest.raises(UnsupportedModel):
            attention_steps(lm, trace, case("bert").found, LAYER, HEAD, QUERY)


def test_places_that_are_not_there_are_refused():
    one = case("bert")
    for layer, head, query in ((9, 0, 0), (1, 9, 0), (1, 0, 999)):
        with pytest.raises(BadInput):
            attention_steps(one.lm, one.trace, one.found, layer, head, query)


def test_nothing_stays_on_the_shared_model():
    lm = core.load(folder("llama"), device="cpu")
    trace = core.capture(lm, SENTENCE)
    hooks = [
        (len(module._forward_hooks), len(module._forward_pre_hooks)) for module in lm.model.modules()
    ]  # the library has its own
    layer_context(lm, trace, LAYER, "self")
    assert [(len(module._forward_hooks), len(module._forward_pre_hooks)) for module in lm.model.modules()] == hooks
    np.testing.assert_array_equal(core.capture(lm, SENTENCE).attention(LAYER, HEAD), trace.attention(LAYER, HEAD))


def test_two_threads_do_not_mix():
    """The function mode is of its own thread: eight threads, two sentences, each gets its own input."""
    one = case("llama")
    texts = (SENTENCE, TARGET)
    traces = [core.capture(one.lm, text) for text in texts]
    alone = [layer_context(one.lm, trace, LAYER, "self") for trace in traces]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: layer_context(one.lm, traces[i % 2], LAYER, "self"), range(16)))
    for i, mine in enumerate(found):
        assert_close(mine.projections[0].input.numpy(), alone[i % 2].projections[0].input.numpy())
        assert_close(mine.residual.after.numpy(), alone[i % 2].residual.after.numpy())
