"""Views: what is shown, what is hidden, and that no mass is lost between the two."""

import numpy as np
import pytest

import core
from core.errors import BadInput
from core.views.view import by_value_norm, view
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


@pytest.mark.parametrize("words", [False, True])
def test_rows_named_by_what_they_write_are_the_rows_before(words):
    trace = core.capture(core.load(str(tiny.folder("marian"))), tiny.SENTENCE, tiny.TARGET)
    read, written = (view(trace, "cross", words=words, rows=rows) for rows in ("read", "written"))
    assert read.rows == "read" and written.rows == "written"
    assert written.query.labels == read.query.labels[1:] and written.key.labels == read.key.labels
    pieces = view(trace, "cross", words=False, rows="written")
    np.testing.assert_array_equal(pieces.head(1, 1), trace.attention(1, 1, "cross")[:-1])
    assert pieces.query.labels == trace.target.pieces[1:]
    np.testing.assert_allclose(written.head(1, 1).sum(1), 1, atol=1e-5)


def test_a_word_of_several_pieces_is_the_mean_of_the_rows_that_write_them():
    trace = core.capture(core.load(str(tiny.folder("marian"))), tiny.SENTENCE, tiny.TARGET)
    written = view(trace, "cross", words=True, rows="written")
    assert max(map(trace.target.word_of.count, trace.target.word_of)) > 1, (
        "the target must hold a word of several pieces"
    )
    columns = trace.attention(0, 0, "cross") @ np.eye(len(trace.tokens.words))[list(trace.tokens.word_of)]
    for row, label in enumerate(written.query.labels):
        word = trace.target.words.index(label)
        own = [place - 1 for place, other in enumerate(trace.target.word_of) if other == word]
        if trace.target.words.count(label) == 1:
            np.testing.assert_allclose(written.head(0, 0)[row], columns[own].mean(0), atol=1e-6)


def test_rows_by_what_is_written_are_refused_where_nothing_is_written(trace):
    with pytest.raises(BadInput, match="target"):
        view(trace, rows="written")
    pair = core.capture(core.load(str(tiny.folder("marian"))), tiny.SENTENCE, tiny.TARGET)
    with pytest.raises(BadInput, match="target"):
        view(pair, "encoder", rows="written")


@pytest.mark.parametrize("words", [False, True])
def test_value_norms_move_the_weights_and_keep_the_rows(trace, words):
    seen = view(trace, words=words, weight="value_norm")
    assert seen.weight == "value_norm"
    np.testing.assert_allclose(seen.head(1, 2).sum(1), 1, atol=1e-5)
    pieces = view(trace, words=False, weight="value_norm").head(1, 2)
    brought = trace.attention(1, 2) * np.linalg.norm(trace.value(1, 2), axis=1)
    np.testing.assert_allclose(pieces, brought / brought.sum(1, keepdims=True), atol=1e-6)
    assert np.abs(pieces - trace.attention(1, 2)).max() > 1e-3


def test_equal_value_vectors_leave_the_weights_alone():
    attention = np.array([[0.2, 0.3], [0.5, 0.5]], dtype=np.float32)  # a sink took half of the first row
    np.testing.assert_allclose(by_value_norm(attention, np.ones((2, 4))), attention, atol=1e-7)
    np.testing.assert_allclose(by_value_norm(attention, np.array([[0.0], [3.0]])), [[0, 0.5], [0, 1]], atol=1e-7)
    assert not by_value_norm(attention, np.zeros((2, 4))).any()


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("specials", [False, True])
def test_the_first_word_can_be_hidden_and_its_mass_is_counted(trace, words, specials):
    whole, seen = view(trace, words=words, specials=specials), view(trace, words=words, specials=specials, first=False)
    opening = whole.query.special.index(False)
    assert seen.query.labels == whole.query.labels[:opening] + whole.query.labels[opening + 1 :]
    np.testing.assert_allclose(seen.head(1, 2).sum(1) + seen.hidden(1, 2), 1, atol=1e-5)
    np.testing.assert_allclose(
        seen.hidden(1, 2) - np.delete(whole.hidden(1, 2), opening),
        np.delete(whole.head(1, 2)[:, opening], opening),
        atol=1e-6,
    )


def test_a_text_of_one_word_keeps_it():
    one = core.capture(core.load(str(tiny.folder("gpt2"))), "o")
    assert len(view(one, specials=False, first=False).query) == len(one.tokens.words)


@pytest.mark.parametrize("name", ["bert", "llama", "gpt_oss", "t5", "marian"])
@pytest.mark.parametrize("options", [{}, {"words": False}, {"specials": False, "renormalise": True}])
def test_a_layer_at_once_is_its_heads_one_by_one(name, options):
    seq2seq = name in ("t5", "marian")
    made = core.capture(core.load(str(tiny.folder(name))), tiny.SENTENCE, tiny.TARGET if seq2seq else None)
    for kind in made.kinds:
        seen = view(made, kind, **options)
        for layer in range(seen.layers):
            maps, hidden = seen.layer_and_hidden(layer)
            for head in range(seen.heads):
                shown, aside = seen.head_and_hidden(layer, head)
                np.testing.assert_allclose(maps[head], shown, atol=2e-7)
                np.testing.assert_allclose(hidden[head], aside, atol=2e-7)
