"""Candidates: weights are the merged rows; counts and choices by hand."""

import numpy as np
import pytest

import core
from core.analyses.candidates import best_head, candidate_weights, first_look, turning, won, word_index
from core.errors import BadInput
from tests import tiny


@pytest.fixture(scope="module")
def trace():
    return core.capture(core.load(str(tiny.folder("bert"))), tiny.SENTENCE)


def test_weights_are_the_row_of_the_merged_map(trace):
    query, candidates = word_index(trace.tokens, "cheio"), [word_index(trace.tokens, w) for w in ("jarra", "copo")]
    found = candidate_weights(trace, query, candidates)
    assert found.shape == (3, 4, 2) and found.dtype == np.float32
    for layer in range(3):
        for head in range(4):
            merged = trace.merged(trace.attention(layer, head))
            np.testing.assert_array_equal(found[layer, head], merged[query, candidates].astype(np.float32))


def test_the_last_of_two_equal_words_is_meant(trace):
    two = core.capture(core.load(str(tiny.folder("bert"))), "o copo e o copo")
    assert two.tokens.words[word_index(two.tokens, "copo")] == "copo"
    assert word_index(two.tokens, "copo") > two.tokens.words.index("copo")


def test_a_missing_word_is_named_with_those_that_exist(trace):
    with pytest.raises(BadInput, match="taça.*copo"):
        word_index(trace.tokens, "taça")


def test_won_by_hand():
    weights = np.array([[[0.5, 0.1], [0.2, 0.3]], [[0.4, 0.4], [0.0, 0.9]]])  # (2 layers, 2 heads, 2 candidates)
    assert won(weights, 0).tolist() == [[True, False], [False, False]]  # the tie is nobody's
    assert won(weights, 1).tolist() == [[False, True], [False, True]]


def test_following_is_zero_for_a_head_that_ignores_the_change_and_two_for_one_that_turns():
    same = np.array([[[0.3, 0.7], [1.0, 0.0]]])
    turned = np.array([[[0.3, 0.7], [0.0, 1.0]]])
    np.testing.assert_allclose(turning(same, turned, 0, 1), [[0, 2]])
    np.testing.assert_allclose(turning(same, turned, 1, 0), [[0, -2]])
    assert best_head(turning(same, turned, 0, 1)) == (0, 1)


def test_first_look_is_where_the_last_word_stands_out(trace):
    layer, head, word = first_look(trace)
    words = trace.tokens.words
    assert words[word] == "cheio"
    written = [i for i, w in enumerate(words) if w.isalnum()]
    scores = {}
    for i in range(3):
        for j in range(4):
            merged = trace.merged(trace.attention(i, j))
            scores[i, j] = max(
                merged[word, k] - np.mean([merged[q, k] for q in written if q != word])
                for k in written
                if k < word - 1 and len(words[k]) > 3 and words[k] != "para"
            )
    assert (layer, head) == max(scores, key=scores.get)


def test_first_look_survives_a_sentence_without_words():
    lm = core.load(str(tiny.folder("gpt2")))
    for text in ("?!", "a", "😀"):
        layer, head, word = first_look(core.capture(lm, text))
        assert layer == head == 0 and word >= 0
