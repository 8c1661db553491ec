"""Masking touches only what it may, labels hold the hidden ids, batches keep their budget."""

import random

import numpy as np
import pytest
import torch

from training.common import batches, corpus
from training.common.batches import IGNORED, Mix, Row

MIX = Mix(tokens=256, pool=4, long_limit=64)


@pytest.fixture(scope="module")
def made(corpora, shipped):
    splits = corpus.load(corpora)
    return list(batches.one_pass(splits, shipped, MIX, seed=4))


def test_batches_keep_their_budget_and_padding_is_marked(made, shipped):
    for batch in made:
        assert batch.ids.numel() <= MIX.tokens or len(batch.ids) == 1
        if batch.attention is not None:
            assert batch.attention.shape == batch.ids.shape
            assert (batch.ids[batch.attention == 0] == shipped.pad_token_id).all()


def test_labels_are_asked_of_no_special_token(made):
    asked = torch.cat([batch.labels[batch.labels != IGNORED] for batch in made])
    assert len(asked) and (asked >= 5).all()


def test_unasked_positions_are_unchanged_and_first_and_last_are_special(made, shipped):
    for batch in made:
        assert (batch.ids[:, 0] == shipped.cls_token_id).all()
        assert (batch.labels[:, 0] == IGNORED).all()


def test_the_shares_of_masking(shipped):
    rows = [Row([2, *([100] * 200), 3], False) for _ in range(200)]
    ids = batches.pad(rows, 0)
    batch = batches.mask(ids, rows, shipped, Mix(), batches.focus_of(shipped), np.random.default_rng(0))
    chosen = batch.labels != IGNORED
    share = chosen[:, 1:-1].float().mean().item()
    masked = (batch.ids[chosen] == shipped.mask_token_id).float().mean().item()
    kept = (batch.ids[chosen] == 100).float().mean().item()
    assert abs(share - Mix().masked) < 0.01 and abs(masked - 0.8) < 0.01 and abs(kept - 0.1) < 0.01
    assert (batch.ids[~chosen] == ids[~chosen]).all()


def test_a_generated_answer_is_asked_often_and_its_first_mention_seldom(shipped):
    ids = shipped("A jarra ficou cheia. A jarra.").input_ids
    rows = [batches.Row(ids, True)] * 4000
    batch = batches.mask(
        batches.pad(rows, 0), rows, shipped, Mix(), batches.focus_of(shipped), np.random.default_rng(0)
    )
    chosen = (batch.labels != IGNORED).float().mean(0)
    first, last = [i for i, piece in enumerate(shipped.convert_ids_to_tokens(ids)) if piece == "jarra"]
    assert abs(chosen[first] - 0.1) < 0.03 and abs(chosen[last] - 0.7) < 0.03
    assert abs(chosen[ids.index(shipped.convert_tokens_to_ids("cheia"))] - 0.4) < 0.03


def test_the_seed_decides_the_pass(corpora, shipped, made):
    again = list(batches.one_pass(corpus.load(corpora), shipped, MIX, seed=4))
    assert len(again) == len(made) and all(torch.equal(a.ids, b.ids) for a, b in zip(again, made))


def test_generated_sentences_have_their_share():
    texts = batches.generate(800, Mix(containers=0.1, descriptions=0.05, families=0.05, mentions=0.0), random.Random(0))
    assert len(texts) == 200


def test_long_rows_are_cut_and_still_end(shipped):
    rows = batches.encode(shipped, ["casa " * 50], limit=10, generated=False)
    assert len(rows[0].ids) == 10 and rows[0].ids[-1] == shipped.sep_token_id


def test_what_the_wrapper_did_last_does_not_cut_or_pad_the_rows(shipped):
    shipped(["uma", "uma casa muito grande"], padding=True, truncation=True, max_length=4)
    rows = batches.encode(shipped, ["casa " * 50, "oi"], limit=512, generated=False)
    assert [len(row.ids) for row in rows] == [52, len(shipped("oi").input_ids)]


def test_a_pass_holds_long_rows(corpora, shipped):
    shipped("uma casa", truncation=True, max_length=4)
    splits = [corpus.Split("tatoeba", tuple(f"a casa número {n} fica longe daqui" for n in range(2000)), ())]
    mix = Mix(tokens=1024, long_limit=200)
    widths = [batch.ids.shape[1] for batch in batches.one_pass(splits, shipped, mix, seed=0)]
    assert 120 < max(widths) <= 200
