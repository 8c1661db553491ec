"""Gradient × attention is the slope of the score when a weight grows, and nothing stays attached to the shared
model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
import torch

import core
from core.analyses.gradients import gradient_times_attention
from core.attention.edits import Edit
from core.errors import UnsupportedModel
from tests.tiny import SENTENCE, TARGET, folder

MODELS = ["bert", "gpt2", "llama", "gpt_oss", "gemma2", "albert", "modernbert"]
QUERY, KEY, HEAD, LAYER = 5, 2, 1, 0
STEP = 0.02


@dataclass(frozen=True, eq=False)
class Grown(Edit):
    """Adds a vector to one head's output at one position: what a weight grown by a share of itself would add."""

    added: np.ndarray | None = None

    def after(self, output: torch.Tensor) -> torch.Tensor:
        output = output.clone()
        output[QUERY, self.head] += torch.tensor(self.added)
        return output


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


def score(logits: torch.Tensor) -> torch.Tensor:
    return logits[QUERY, 11] - logits[QUERY, 23]


@pytest.mark.parametrize("name", MODELS)
def test_it_is_the_slope_of_the_score(name):
    lm = loaded(name)
    trace = core.capture(lm, SENTENCE)
    found = gradient_times_attention(lm, trace, QUERY, score)
    assert found.shape == (trace.layers(), trace.heads(), len(trace.tokens))
    fetched = trace.attention(LAYER, HEAD)[QUERY, KEY] * trace.value(LAYER, HEAD)[KEY]
    ends = [
        score(
            torch.tensor(core.capture(lm, SENTENCE, edits=(Grown(LAYER, HEAD, added=sign * STEP * fetched),)).logits)
        ).item()
        for sign in (1, -1)
    ]
    assert found[LAYER, HEAD, KEY] == pytest.approx((ends[0] - ends[1]) / (2 * STEP), rel=0.05, abs=2e-5)


def test_a_causal_model_owes_nothing_to_what_comes_after():
    lm = loaded("gpt2")
    assert not gradient_times_attention(lm, core.capture(lm, SENTENCE), QUERY, score)[..., QUERY + 1 :].any()


def test_captures_after_it_are_free_of_gradients():
    lm = loaded("bert")
    before = core.capture(lm, SENTENCE)
    gradient_times_attention(lm, before, QUERY, score)
    after = core.capture(lm, SENTENCE)
    assert not after.record(0).query.requires_grad and all(p.grad is None for p in lm.model.parameters())
    np.testing.assert_array_equal(before.logits, after.logits)


@pytest.mark.parametrize("kind", ["encoder", "decoder", "cross"])
def test_a_translator_owes_its_word_to_all_three_kinds(kind):
    lm = loaded("marian")
    trace = core.capture(lm, SENTENCE, TARGET)
    found = gradient_times_attention(lm, trace, 2, lambda logits: logits[3, 11] - logits[3, 23], kind)
    assert (
        found.shape == (trace.layers(kind), trace.heads(kind), trace.record(0, kind).size[1])
        and np.abs(found).max() > 0
    )


def test_a_model_that_cannot_be_edited_is_refused():
    lm = loaded("bloom")
    with pytest.raises(UnsupportedModel):
        gradient_times_attention(lm, core.capture(lm, SENTENCE), 1, score)
