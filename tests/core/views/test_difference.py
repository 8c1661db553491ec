"""Signed differences: antisymmetric, zero with itself, aligned words only."""

import numpy as np
import pytest

import core
from core.errors import BadInput
from core.views.difference import align, difference
from tests import tiny


@pytest.fixture(scope="module")
def bert():
    return core.load(str(tiny.folder("bert")))


def test_a_sentence_minus_itself_is_zero(bert):
    trace = core.capture(bert, tiny.SENTENCE)
    found = difference(trace, trace)
    assert found.largest() == 0 and found.query.labels == trace.tokens.words
    assert not found.hidden(0, 0).any()


def test_swapping_the_sentences_changes_the_sign(bert):
    a, b = (core.capture(bert, tiny.SENTENCE.replace("cheio", word)) for word in ("cheio", "vazia"))
    forth, back = difference(a, b), difference(b, a)
    np.testing.assert_allclose(forth.head(1, 2), -back.head(1, 2), atol=1e-7)
    assert "cheio / vazia" in forth.query.labels and forth.largest() > 0
    np.testing.assert_allclose(forth.head(1, 2).sum(1), 0, atol=1e-5)  # every word has a partner: both rows sum to 1


def test_words_without_a_partner_are_left_out_and_named(bert):
    a, b = core.capture(bert, "Ela encheu o copo"), core.capture(bert, "Ela encheu o copo com água da jarra")
    found = difference(a, b)
    assert found.only_a == () and found.only_b == ("com", "água", "da", "jarra")
    assert "água" not in found.query.labels


def test_alignment_by_hand():
    assert align(("a", "b", "c"), ("a", "x", "c")) == [(0, 0), (1, 1), (2, 2)]
    assert align(("a", "c"), ("a", "b", "c")) == [(0, 0), (1, 2)]
    assert align(("a",), ("b", "c")) == []


def test_two_models_are_not_subtracted(bert):
    other = core.load(str(tiny.folder("electra")))
    with pytest.raises(BadInput, match="same one-stack model"):
        difference(core.capture(bert, "o copo"), core.capture(other, "o copo"))
