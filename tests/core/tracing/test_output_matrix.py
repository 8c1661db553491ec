"""The parts that heads fetch sum to what the output matrix gives, on every family where it is known; elsewhere it is
refused.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from torch import nn

import core
from core.errors import UnsupportedModel
from core.tracing.output_matrix import fetched, output_matrix
from tests.tiny import SENTENCE, TARGET, folder

PLACES = {
    "bert": "bert.encoder.layer.1.attention.output.dense",
    "modernbert": "model.layers.1.attn.Wo",
    "llama": "model.layers.1.self_attn.o_proj",
    "gpt2": "transformer.h.1.attn.c_proj",
    "t5": "encoder.block.1.layer.0.SelfAttention.o",
    "marian": "model.encoder.layers.1.self_attn.out_proj",
}


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


def kind_and_target(name: str) -> tuple[str, str | None]:
    return ("encoder", TARGET) if loaded(name).kind == "encoder-decoder" else ("self", None)


@pytest.mark.parametrize("name", PLACES)
def test_all_parts_and_the_bias_make_the_output(name):
    lm, (kind, target) = loaded(name), kind_and_target(name)
    module: nn.Module = next(found for path, found in lm.model.named_modules() if path.endswith(PLACES[name]))
    seen = []
    hook = module.register_forward_hook(lambda _module, _inputs, output: seen.append(output[0].clone()))
    try:
        trace = core.capture(lm, SENTENCE, target)
    finally:
        hook.remove()
    matrix = output_matrix(lm, 1, kind)
    parts = fetched(trace.record(1, kind), matrix, 3, list(range(len(trace.tokens)))).sum(0)
    bias = 0 if getattr(module, "bias", None) is None else module.bias.detach().numpy()
    np.testing.assert_allclose(parts + bias, seen[-1][3].numpy(), atol=1e-5)
    if np.any(bias):
        assert np.abs(parts - seen[-1][3].numpy()).max() > 1e-5, "without the bias the parts must not suffice"


def test_one_key_of_weight_one_fetches_its_whole_value():
    lm = loaded("gpt2")
    trace = core.capture(lm, SENTENCE)
    found = fetched(trace.record(0), output_matrix(lm, 0), 0, [0])  # the first position sees itself alone
    np.testing.assert_allclose(found[1], trace.value(0, 1)[0] @ output_matrix(lm, 0)[1], atol=1e-6)


def test_an_unknown_place_is_refused():
    with pytest.raises(UnsupportedModel):
        output_matrix(loaded("bloom"), 0)
