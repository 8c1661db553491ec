"""Records: the map that follows from one attention call; one case by hand, then laws."""

import math

import numpy as np
import pytest
import torch

import core
from core.attention.record import EagerRecord, Record
from core.errors import UnsupportedModel
from tests import tiny


def record(**changes) -> Record:
    generator = torch.Generator().manual_seed(0)
    query, key, value = (torch.randn(n, 5, d, generator=generator) for n, d in ((4, 6), (2, 6), (2, 7)))
    return Record(**{"query": query, "key": key, "value": value, "scaling": 0.4, **changes})


def test_two_by_two_by_hand():
    found = Record(
        query=torch.tensor([[[1.0], [2.0]]]), key=torch.tensor([[[0.0], [math.log(3)]]]), value=torch.zeros(1, 2, 1)
    ).attention(0)
    # row 0: e^0 : e^(log 3) = 1 : 3; row 1: 1 : 9
    assert torch.allclose(found, torch.tensor([[1 / 4, 3 / 4], [1 / 10, 9 / 10]]), atol=1e-6)


def test_rows_sum_to_one_and_grouped_heads_share_keys():
    one = record()
    for head in range(4):
        assert torch.allclose(one.attention(head).sum(1), torch.ones(5), atol=1e-6)
    assert [one.shared(head) for head in range(4)] == [0, 0, 1, 1]


def test_causal_is_exactly_zero_ahead():
    found = record(causal=True).attention(1)
    assert not found.triu(1).any()
    assert torch.allclose(found.sum(1), torch.ones(5), atol=1e-6)


@pytest.mark.parametrize("additive", [False, True])
def test_masked_keys_get_nothing(additive):
    allowed = torch.ones(1, 5, 5, dtype=torch.bool)
    allowed[0, :, 2] = False
    mask = torch.where(allowed, 0.0, torch.finfo(torch.float32).min) if additive else allowed
    found = record(mask=mask).attention(3)
    assert not found[:, 2].any()
    assert torch.allclose(found.sum(1), torch.ones(5), atol=1e-6)


def test_constant_bias_changes_nothing_and_a_key_bias_moves_mass():
    plain = record().attention(2)
    assert torch.allclose(record(bias=torch.full((1, 5, 5), 3.0)).attention(2), plain, atol=1e-6)
    towards = torch.zeros(4, 5, 5)
    towards[2, :, 1] = 2.0
    assert (record(bias=towards).attention(2)[:, 1] > plain[:, 1]).all()
    assert torch.equal(record(bias=towards).attention(0), record().attention(0))


def test_softcap_bounds_the_scores():
    assert record(softcap=0.5).scores(0).abs().max() <= 0.5


def test_a_sink_takes_its_share():
    found = record(sinks=torch.tensor([9.0, -50.0, 0.0, 0.0]))
    assert (found.attention(0).sum(1) < 0.2).all()
    assert torch.allclose(found.attention(1), record().attention(1), atol=1e-6)


def test_weights_without_vectors_say_why():
    found = EagerRecord(torch.eye(3)[None], missing="it hides them.")
    assert found.size == (3, 3) and found.heads == 1
    assert torch.equal(found.attention(0), torch.eye(3))
    with pytest.raises(UnsupportedModel, match="it hides them"):
        found.scores(0)


@pytest.mark.parametrize("name", ["bert", "llama", "gpt_oss", "gemma2", "t5", "marian", "mistral-sliding", "bloom"])
def test_some_rows_are_those_rows_of_the_map(name):
    lm = core.load(tiny.folder(name), device="cpu")
    trace = core.capture(lm, tiny.SENTENCE, tiny.TARGET if lm.kind == "encoder-decoder" else None)
    for kind in trace.kinds:
        record = trace.record(1, kind)
        found = record.rows([4, 1])
        expected = np.stack([trace.attention(1, head, kind)[[4, 1]] for head in range(record.heads)])
        np.testing.assert_allclose(found.numpy(), expected, atol=1e-6)
