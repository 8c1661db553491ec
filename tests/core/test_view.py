"""Views: what is shown, what is hidden, and that no mass is lost between the two."""

import numpy as np
import pytest

import core
from core.view import view
from tests import tiny


@pytest.fixture(scope="module")
def trace():
    return core.capture(core.load(str(tiny.folder("bert"))), tiny.SENTENCE)


@pytest.mark.parametrize("words", [False, True])
def test_shown_and_hidden_make_one(trace, words):
    seen = view(trace, words=words, specials=False)
    total = seen.head(1, 2).sum(1) + seen.hidden(1, 2)
    np.testing.assert_allclose(total, 1, atol=1e-5)
    assert (seen.hidden(1, 2) > 0).all() and not any(seen.query.special)
    assert len(seen.query) == seen.head(1, 2).shape[0] == len(seen.hidden(1, 2))


def test_everything_shown_hides_nothing(trace):
    seen = view(trace, words=False)
    np.testing.assert_array_equal(seen.head(0, 0), trace.attention(0, 0))
    assert not seen.hidden(0, 0).any() and not seen.renormalised


def test_renormalised_rows_sum_to_one_and_say_so(trace):
    seen = view(trace, specials=False, renormalise=True)
    assert seen.renormalised
    np.testing.assert_allclose(seen.head(2, 3).sum(1), 1, atol=1e-5)
    plain = view(trace, specials=False)
    np.testing.assert_allclose(seen.head(2, 3) * (1 - plain.hidden(2, 3))[:, None], plain.head(2, 3), atol=1e-6)


def test_labels_are_the_rows_they_stand_beside(trace):
    seen = view(trace, words=False, specials=False)
    for label, position in zip(seen.query.labels, seen.query.positions, strict=True):
        assert label == trace.tokens.pieces[position]
    full = trace.attention(1, 1)
    np.testing.assert_array_equal(seen.head(1, 1), full[np.ix_(seen.query.positions, seen.key.positions)])


def test_words_are_merged_rows_and_columns(trace):
    seen = view(trace, words=True)
    np.testing.assert_allclose(seen.head(0, 1), trace.merged(trace.attention(0, 1)), atol=1e-7)
    assert seen.query.labels == trace.tokens.words


def test_a_sink_s_share_is_neither_shown_nor_on_a_hidden_token():
    trace = core.capture(core.load(str(tiny.folder("gpt_oss"))), tiny.SENTENCE)
    seen = view(trace, words=False)
    assert not seen.hidden(0, 0).any() and (seen.head(0, 0).sum(1) < 0.99).any()
    less = view(trace, words=False, specials=False)
    np.testing.assert_allclose(less.hidden(0, 0), trace.attention(0, 0)[1:, 0], atol=1e-6)


def test_head_and_hidden_come_from_one_map(trace):
    seen = view(trace, specials=False, renormalise=True)
    shown, hidden = seen.head_and_hidden(1, 1)
    np.testing.assert_array_equal(shown, seen.head(1, 1))
    np.testing.assert_array_equal(hidden, seen.hidden(1, 1))


def test_cross_attention_has_two_sides():
    trace = core.capture(core.load(str(tiny.folder("marian"))), tiny.SENTENCE, tiny.TARGET)
    seen = view(trace, "cross")
    assert seen.head(0, 0).shape == (len(seen.query), len(seen.key))
    assert seen.query.labels == trace.target.words and seen.key.labels == trace.tokens.words
