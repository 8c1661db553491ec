"""The decoder's recipe: it learns, its text comes back, its batches ask for the next id, and nothing held out is
read.
"""

from __future__ import annotations

import json
import random
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from transformers import AutoTokenizer, LlamaForCausalLM

from training.common import corpus, tokenizer, train
from training.decoder import (
    heads,
    model as decoder,
    recipe as decoder_recipe,
    scores,
    sequences,
    tokenizer as decoder_tokenizer,
)

MIX = sequences.Mix(tokens=256, pool=8, part=200)
TEXTS = (
    "O gato está sentado no tapete.",
    "  Dois espaços,\tum tabulador\ne uma linha nova ",
    "Ação, coração; às 10h30 — “não”! ▁ Ġ 😀 東京",
    "ÁÉÍÓÚ ãõ ç à",
)


@pytest.fixture(scope="module")
def recipe(corpora):
    """Splits and a tokenizer of the miniature corpus."""
    torch.set_num_threads(1)
    splits = corpus.load(corpora)
    return splits, decoder_tokenizer.train([text for split in splits for text in split.train], size=600)


def tiny(made, **changes) -> LlamaForCausalLM:
    torch.manual_seed(0)
    shape = {"layers": 2, "heads": 4, "groups": 2, "width": 32, "inner": 64} | changes
    return LlamaForCausalLM(decoder.config(len(made), **shape))


def test_the_smoke_recipe_learns_and_resumes(recipe, tmp_path: Path):
    splits, made = recipe
    passes = decoder_recipe.passes(splits, made, replace(MIX, random_repeats=0.02), 0)
    plan = train.Plan(steps=110, rate=5e-3, report_every=10)
    quiet = {"probe": decoder_recipe.quick(made, splits), "say": lambda line: None}
    state = train.run(tiny(made), passes, decoder_recipe.causal_loss, plan, tmp_path, **quiet)
    losses = [point["loss"] for point in state.curve]
    assert losses[0] > 5 and losses[-1] < losses[0] - 1.5
    assert set(state.probes[-1]) == {"step", "tokens", "held_out", "second_time"}
    more = train.run(
        tiny(made), passes, decoder_recipe.causal_loss, train.Plan(steps=113), tmp_path, say=lambda line: None
    )
    assert (state.step, more.step) == (110, 113)


def test_the_loss_is_the_library_s_own_where_all_is_asked(recipe):
    splits, made = recipe
    model = tiny(made)
    row = sequences.plain(
        made("A casa está fechada.", add_special_tokens=False)["input_ids"], MIX, made, random.Random(0)
    )
    batch = sequences.batch([row], made.pad_token_id)
    whole = model(input_ids=batch.ids, labels=batch.ids).loss
    assert decoder_recipe.causal_loss(model, batch, model.device).item() == pytest.approx(whole.item(), abs=1e-5)


def test_padding_changes_no_loss(recipe):
    _, made = recipe
    model = tiny(made)
    long, short = (sequences.Line([1, *range(10, 10 + n), 2]) for n in (12, 4))
    both = decoder_recipe.causal_loss(model, sequences.batch([long, short], made.pad_token_id), model.device).item()
    alone = [
        decoder_recipe.causal_loss(model, sequences.batch([row], made.pad_token_id), model.device).item()
        for row in (long, short)
    ]
    assert both == pytest.approx((13 * alone[0] + 5 * alone[1]) / 18, abs=1e-5)


def test_a_random_segment_is_asked_only_the_second_time(recipe):
    _, made = recipe
    row = sequences.repeated(MIX, made, random.Random(1))
    n = (len(row.ids) - 1) // 2
    assert row.ids[1 : n + 1] == row.ids[n + 1 :] and min(row.ids[1:]) >= len(made.all_special_ids)
    batch = sequences.batch([row], made.pad_token_id)
    asked = (batch.labels[0] != sequences.IGNORED).nonzero().flatten().tolist()
    assert asked == list(range(n + 1, 2 * n)), "the first word of the second time cannot be known"
    assert batch.labels[0, n + 1] == row.ids[n + 2]


def test_a_pass_keeps_its_shares_and_its_seed(recipe):
    splits, made = recipe
    found = list(sequences.one_pass(splits, made, MIX, 3))
    again = list(sequences.one_pass(splits, made, MIX, 3))
    assert all(torch.equal(a.ids, b.ids) and torch.equal(a.labels, b.labels) for a, b in zip(found, again, strict=True))
    rows = sum(len(batch.ids) for batch in found)
    random_ones = sum(int((batch.labels[:, 0] == sequences.IGNORED).sum()) for batch in found)
    assert random_ones / rows == pytest.approx(MIX.random_repeats, abs=0.02)
    assert all(batch.ids.shape[1] <= MIX.long_limit for batch in found)


def test_nothing_held_out_is_read(recipe):
    splits, made = recipe
    held_out = {corpus.key(text) for split in splits for text in split.held_out}
    texts = sequences.texts(splits, sequences.Mix(run=1), random.Random(0))
    assert held_out and not held_out & {corpus.key(text) for text in texts}
    assert {corpus.key(text) for text in texts} <= {corpus.key(text) for split in splits for text in split.train}


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_comes_back(recipe, text):
    _, made = recipe
    assert made.decode(made(text)["input_ids"], skip_special_tokens=True) == unicodedata.normalize("NFC", text)


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_any_characters_come_back(recipe, text):
    _, made = recipe
    assert made.decode(made(text, add_special_tokens=False)["input_ids"]) == unicodedata.normalize("NFC", text)


def test_a_word_is_the_same_entry_at_the_start_and_inside(recipe, tmp_path):
    _, made = recipe
    tokenizer.save(made, tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path, local_files_only=True)
    once = loaded("porta", add_special_tokens=False)["input_ids"]
    twice = loaded("porta porta")["input_ids"]
    assert (
        twice == [loaded.bos_token_id, *once, *once] and loaded.decode(twice, skip_special_tokens=True) == "porta porta"
    )
    assert json.loads((tmp_path / "tokenizer_config.json").read_text())["tokenizer_class"] == "PreTrainedTokenizerFast"


def test_sequence_probabilities_are_the_plain_model_s(recipe):
    _, made = recipe
    model = tiny(made).eval()
    rows = scores.rows_of(made, ["A casa está fechada.", "A porta", "O portão está aberto e a casa está fechada."])
    found = scores.log_probabilities(model, rows)
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor([rows[0]])).logits[0, :-1].log_softmax(-1)
    np.testing.assert_allclose(found[0], logits[range(len(rows[0]) - 1), rows[0][1:]].numpy(), atol=1e-5)
    assert [len(row) for row in found] == [len(row) - 1 for row in rows]


def test_perplexity_of_the_uniform_guess_is_the_number_of_choices():
    number = scores.perplexity([3 * np.log(7), 5 * np.log(7)], [3, 5])
    assert number["value"] == pytest.approx(7) == number["low"] == number["high"] and number["units"] == 8


def test_the_two_roles_by_hand():
    n = 3
    size = 2 * n + 1
    maps = np.zeros((2, size, size))
    for q in range(n + 1, size):
        maps[0, q, q - (n - 1)] = 1  # what followed the last time
    for q in range(1, size):
        maps[1, q, q - 1] = 1
    assert heads.induction(maps).tolist() == [1, 0] and heads.previous(maps).tolist() == [0, 1]


def test_the_ratio_of_perplexities_is_of_the_same_sentences():
    """Sentences of very different ease, read a tenth worse by the other: the ratio is known where neither is."""
    losses, units = np.array([10.0, 100.0, 20.0, 300.0]), [10, 20, 10, 50]
    found = scores.perplexity_ratio(losses, losses + 0.1 * np.array(units), units)
    assert found["value"] == found["low"] == found["high"] == pytest.approx(np.exp(-0.1), abs=1e-4) and found["n"] == 4
    own = scores.perplexity(losses, units)
    assert own["low"] < 0.8 * own["value"]
