"""Writing on: with a cache as without one, at once as token by token, and the shape of what is drawn from."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

import core
from core.errors import BadInput, TooLong, UnsupportedModel
from core.predictions.generation import Sampling, beams, beginning, continue_text, draw_token, next_logits, reshaped
from core.predictions.kv_cache import cache_shape, held_bytes, time_cache
from tests.tiny import KEY_HEADS, LAYERS, SEAM, SENTENCE, folder

DECODERS = sorted(name for name, tiny in SEAM.items() if tiny.kind == "decoder")
FEW = [name for name in ("gpt2", "llama", "opt", "gemma2", "falcon", "gpt_neox") if name in DECODERS]


@pytest.fixture(scope="module")
def decoder():
    return core.load("mirante-decoder-pt")


@pytest.mark.parametrize(
    "name", [*FEW, *(pytest.param(name, marks=pytest.mark.slow) for name in DECODERS if name not in FEW)]
)
def test_with_a_cache_and_without_one_the_same_numbers_come_out(name: str) -> None:
    lm = core.load(folder(name))
    text, kept = list(beginning(lm, SENTENCE)), None
    for more in range(4):
        whole, _ = next_logits(lm, text, None, cached=False)
        step, kept = next_logits(lm, text, kept, cached=True)
        np.testing.assert_allclose(step, whole, atol=2e-4, rtol=2e-4)
        text.append(int(whole.argsort()[-1 - more]))


@pytest.mark.parametrize("name", FEW)
def test_greedy_is_what_the_library_generates(name: str) -> None:
    lm = core.load(folder(name))
    ids = beginning(lm, SENTENCE)
    made = lm.model.generate(
        torch.tensor([ids]),
        attention_mask=torch.ones(1, len(ids), dtype=torch.long),
        max_new_tokens=12,
        do_sample=False,
        num_beams=1,
    )
    mine = continue_text(lm, ids, 12)
    assert mine.ids == tuple(made[0].tolist())
    assert mine.ids == continue_text(lm, ids, 12, cached=False).ids
    assert set(mine.probabilities) == {1.0} and len(mine.seconds) == len(mine.ids) - len(ids)


@pytest.mark.parametrize(
    "sampling", [Sampling(1, seed=4), Sampling(0.7, 20, 0.9, 5), Sampling(2.0, 3, 1.0, 1), Sampling(1.3, 0, 0.5, 9)]
)
def test_five_at_once_are_the_same_as_one_by_one(decoder, sampling: Sampling) -> None:
    ids = beginning(decoder, "O futuro da")
    at_once, one = continue_text(decoder, ids, 5, sampling), ids
    for _ in range(len(at_once.ids) - len(ids)):
        one = continue_text(decoder, one, 1, sampling, cached=False).ids
    assert one == at_once.ids
    assert any(
        continue_text(decoder, ids, 5, Sampling(1.5, seed=other)).ids != at_once.ids for other in range(20, 24)
    ), "the seed changes nothing"


@pytest.mark.parametrize(
    ("temperature", "top_k", "top_p"),
    [(1, 0, 1.0), (0.7, 0, 1.0), (1, 5, 1.0), (1, 0, 0.8), (0.6, 9, 0.7), (3, 50, 0.95), (1, 1, 1.0), (1, 0, 0.001)],
)
def test_the_shape_is_that_of_the_library(temperature: float, top_k: int, top_p: float) -> None:
    logits = np.random.default_rng(3).normal(0, 3, 60).astype(np.float32)
    scores = TemperatureLogitsWarper(float(temperature))(None, torch.tensor(logits)[None])
    if top_k:
        scores = TopKLogitsWarper(top_k)(None, scores)
    if top_p < 1:
        scores = TopPLogitsWarper(top_p)(None, scores)
    mine = reshaped(logits, Sampling(temperature, top_k, top_p))
    np.testing.assert_allclose(mine, scores[0].softmax(-1).numpy(), atol=1e-6)
    assert mine.sum() == pytest.approx(1)


def test_draws_follow_the_probabilities() -> None:
    shares = np.array([0.5, 0.3, 0.2, 0.0])
    found = np.bincount([draw_token(shares, seed, 7) for seed in range(4000)], minlength=4) / 4000
    np.testing.assert_allclose(found, shares, atol=0.03)
    assert draw_token(np.eye(4)[2], 0, 0) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -1},
        {"temperature": 11},
        {"top_k": -1},
        {"top_p": 0},
        {"top_p": 1.1},
        {"temperature": float("nan")},
    ],
)
def test_impossible_draws_are_refused(wrong: dict) -> None:
    with pytest.raises(BadInput, match="temperature"):
        Sampling(**wrong)


def test_what_cannot_be_written_is_refused(decoder) -> None:
    ids = beginning(decoder, "O gato")
    for n in (0, 257):
        with pytest.raises(BadInput, match="at a time"):
            continue_text(decoder, ids, n)
    with pytest.raises(BadInput, match="Token ids"):
        continue_text(decoder, [], 1)
    with pytest.raises(BadInput, match="Token ids"):
        continue_text(decoder, [10**6], 1)
    with pytest.raises(TooLong):
        continue_text(decoder, list(ids) * 150, 200)
    with pytest.raises(UnsupportedModel, match="does not write on"):
        continue_text(core.load(folder("bert")), ids, 1)
    with pytest.raises(UnsupportedModel, match="translates"):
        beams(decoder, "O gato")


def test_writing_stops_at_the_end_and_the_trace_of_the_ids_names_every_token(decoder) -> None:
    found = continue_text(decoder, beginning(decoder, "O gato está sentado no"), 60)
    assert found.ended and found.ids[-1] == decoder.tokenizer.eos_token_id
    trace = core.capture(decoder, found.ids)
    assert trace.tokens.ids == found.ids and trace.tokens.special[0] and trace.tokens.special[-1]
    assert trace.text.startswith("O gato está sentado no ")
    again = core.capture(decoder, trace.text)
    assert again.tokens.pieces == trace.tokens.pieces[: len(again.tokens)]
    np.testing.assert_allclose(
        again.attention(2, 3), trace.attention(2, 3)[: len(again.tokens), : len(again.tokens)], atol=1e-6
    )
    assert all(np.all(np.triu(trace.attention(layer, head), 1) == 0) for layer in range(4) for head in range(8))


@pytest.mark.parametrize("name", FEW)
def test_the_formula_counts_the_bytes_of_the_cache(name: str) -> None:
    lm = core.load(folder(name))
    ids = beginning(lm, SENTENCE)
    found = cache_shape(lm, core.capture(lm, ids))
    _, cache = next_logits(lm, list(ids), None, cached=True)
    if name == "gemma2":  # two of its layers keep a window of 4 tokens only, less than the formula counts
        assert 0 < held_bytes(cache) < found.bytes(len(ids))
    else:
        assert held_bytes(cache) == found.bytes(len(ids)) > 0
    assert found.layers == LAYERS


def test_sharing_is_named() -> None:
    lm = core.load(folder("llama"))
    found = cache_shape(lm, core.capture(lm, SENTENCE))
    assert (found.groups, found.sharing) == (KEY_HEADS, "GQA")
    assert found.bytes(10, found.heads) == 2 * found.bytes(10) == 4 * found.bytes(10, 1)


def test_a_step_with_a_cache_is_timed_beside_one_without(decoder) -> None:
    ids = (list(beginning(decoder, "O gato está sentado no")) * 60)[:320]
    found = time_cache(decoder, ids, runs=3)
    assert found.positions == 320 and found.held == cache_shape(decoder, core.capture(decoder, ids)).bytes(320)
    assert 0 < found.cached < found.uncached


def test_beams_are_ordered_translations() -> None:
    lm = core.load("mirante-translator")
    found = beams(lm, ">>fra<< I like strawberries.", 4)
    scores = [beam.score for beam in found]
    assert scores == sorted(scores, reverse=True) and len({beam.target.text for beam in found}) == 4
    greedy = beams(lm, ">>fra<< I like strawberries.", 1)
    trace = core.capture(lm, ">>fra<< I like strawberries.")
    assert greedy[0].target.ids == trace.target.ids
    forced = core.capture(lm, ">>fra<< I like strawberries.", found[1].target.ids)
    assert forced.target.ids == found[1].target.ids and not forced.generated
    assert greedy[0].score == pytest.approx(
        _mean_log(core.capture(lm, ">>fra<< I like strawberries.", greedy[0].target.ids), lm.tokenizer.eos_token_id),
        abs=1e-4,
    )


def _mean_log(trace, end: int) -> float:
    """Mean log-probability of the target's tokens and its end, from the trace's own logits."""
    logs = torch.tensor(trace.logits).log_softmax(-1)
    wanted = [*trace.target.ids[1:], end]
    return float(sum(logs[place, one] for place, one in enumerate(wanted)) / len(wanted))
