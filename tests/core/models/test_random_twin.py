"""The random twin: same architecture, other weights, the same every time, and the original untouched."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import core
from tests.tiny import SENTENCE, TARGET, folder


def weights(lm: core.LanguageModel) -> list[torch.Tensor]:
    return [p.clone() for p in lm.model.state_dict().values()]


@pytest.mark.parametrize("name", ["bert", "llama", "t5", "bloom"])
def test_a_twin_is_the_same_every_time_and_never_the_original(name: str) -> None:
    lm = core.load(folder(name), device="cpu")
    before, state = weights(lm), torch.random.get_rng_state()
    first, again, other = core.twin(lm), core.twin(lm), core.twin(lm, seed=1)
    assert all(torch.equal(a, b) for a, b in zip(weights(first), weights(again), strict=True))
    assert any(not torch.equal(a, b) for a, b in zip(weights(first), weights(other), strict=True))
    assert any(not torch.equal(a, b) for a, b in zip(weights(first), before, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(weights(lm), before, strict=True))
    assert torch.equal(torch.random.get_rng_state(), state)
    assert first.parameters == lm.parameters and first.layout.counts == lm.layout.counts


@pytest.mark.parametrize("name", ["bert", "llama", "t5", "bloom"])
def test_a_twin_is_captured_like_any_model_and_names_itself(name: str) -> None:
    lm = core.load(folder(name), device="cpu")
    made = core.twin(lm, seed=3)
    target = TARGET if lm.kind == "encoder-decoder" else None
    real, null = core.capture(lm, SENTENCE, target), core.capture(made, SENTENCE, target)
    assert null.provenance.model == f"{lm.name} (random, seed 3)" and null.provenance.revision == "random-3"
    assert null.tokens.pieces == real.tokens.pieces and null.kinds == real.kinds
    for kind in null.kinds:
        found = null.layer_attention(0, kind)
        np.testing.assert_allclose(found.sum(-1), 1, atol=1e-5)
        assert not np.allclose(found, real.layer_attention(0, kind), atol=1e-3)
