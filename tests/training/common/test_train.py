"""The loop learns, resumes where it stopped, and follows its schedule."""

import json
import math
import time
from pathlib import Path

import pytest
import torch
from transformers import ModernBertForMaskedLM

from training.common import batches, corpus, probes, tokenizer, train
from training.common.masked_loss import masked_loss
from training.encoder import model as encoder, recipe as encoder_recipe

MIX = batches.Mix(tokens=512, pool=8, long_limit=64)


@pytest.fixture(scope="module")
def recipe(corpora):
    """A tokenizer and batches of the miniature corpus."""
    torch.set_num_threads(1)
    splits = corpus.load(corpora)
    made = tokenizer.train([text for split in splits for text in split.train], size=3000, pieces=300)
    return made, encoder_recipe.passes(splits, made, MIX, 0)


def tiny(made) -> ModernBertForMaskedLM:
    torch.manual_seed(0)
    return encoder.build(len(made), layers=2, heads=2, width=32, positions=128)


def test_the_smoke_recipe_learns_and_writes_its_curve(recipe, tmp_path: Path):
    made, passes = recipe
    said: list[str] = []
    state = train.run(
        tiny(made),
        passes,
        masked_loss,
        train.Plan(steps=90, rate=5e-3, report_every=15),
        tmp_path,
        say=said.append,
    )
    losses = [point["loss"] for point in state.curve]
    assert state.step == 90 and losses[0] > 6 and losses[-1] < losses[0] - 1.5
    written = json.loads((tmp_path / "curve.json").read_text())
    assert written["curve"] == state.curve and written["plan"]["steps"] == 90
    assert len(said) == 6 and "min left" in said[0]


def test_a_run_stopped_and_resumed_goes_on_from_its_step(recipe, tmp_path: Path):
    made, passes = recipe
    first = train.run(tiny(made), passes, masked_loss, train.Plan(steps=5), tmp_path, say=lambda line: None)
    model = tiny(made)
    second = train.run(model, passes, masked_loss, train.Plan(steps=8), tmp_path, say=lambda line: None)
    assert (first.step, second.step) == (5, 8) and second.tokens > first.tokens
    again = tiny(made)
    train.resume(again, None, tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(model.state_dict().values(), again.state_dict().values()))


def test_the_schedule_warms_up_peaks_and_falls():
    plan = train.Plan(rate=1e-3, warm_up=0.1, final=0.01)
    assert train.rate_at(0.05, plan) == pytest.approx(5e-4)
    assert train.rate_at(0.1, plan) == pytest.approx(1e-3)
    assert train.rate_at(1.0, plan) == pytest.approx(1e-5)
    rates = [train.rate_at(0.1 + i / 100, plan) for i in range(90)]
    assert rates == sorted(rates, reverse=True)


def test_the_clock_ends_a_run_without_steps():
    plan = train.Plan(minutes=1)
    assert train.progress_of(train.State(seconds=30), plan) == 0.5
    assert train.progress_of(train.State(seconds=90), plan) == 1


def test_only_masked_rows_count_in_the_loss(recipe):
    made, passes = recipe
    model, batch = tiny(made), next(passes(0))
    full = model(input_ids=batch.ids, attention_mask=batch.attention, labels=batch.labels).loss
    assert masked_loss(model, batch, torch.device("cpu")).item() == pytest.approx(full.item(), abs=1e-5)


def test_a_batch_that_asks_nothing_is_skipped(recipe):
    made, _ = recipe
    model = tiny(made)
    batch = batches.Batch(torch.tensor([[2, 3]]), torch.full((1, 2), batches.IGNORED), None)
    assert math.isnan(train.step(model, train.optimiser_of(model, train.Plan()), batch, masked_loss, train.Plan(), 0.5))


def test_the_probe_of_the_loop_answers_with_shares(recipe, corpora, shipped):
    model = encoder.build(len(shipped), layers=1, heads=2, width=16).eval()
    found = probes.quick(shipped, corpus.load(corpora), items=6)(model)
    assert set(found) == {"four", "answer", "masked"} and all(0 <= value <= 1 for value in found.values())


def test_the_processor_s_clock_stands_still_while_the_run_waits():
    model = torch.nn.Linear(2, 2)
    clock, wall = (train.clock_of(model, train.Plan(processor=asked)) for asked in (True, False))
    before = clock(), wall()
    time.sleep(0.3)
    assert clock() - before[0] < 0.15 and wall() - before[1] >= 0.3
    torch.randn(1_500, 1_500) @ torch.randn(1_500, 1_500)
    assert clock() > before[0]


@pytest.mark.skipif(not train.has_bfloat16(), reason="this processor emulates bfloat16")
def test_products_in_bfloat16_give_nearly_the_same_step(recipe):
    made, passes = recipe
    batch = next(iter(passes(0)))
    losses = []
    for short in (False, True):
        model, plan = tiny(made), train.Plan(steps=1, muon=True, bfloat16=short)
        losses.append(train.step(model, train.optimiser_of(model, plan), batch, masked_loss, plan, 0.5))
        assert {weight.dtype for weight in model.parameters()} == {torch.float32}
    assert losses[1] == pytest.approx(losses[0], rel=0.02) and losses[0] != losses[1]
