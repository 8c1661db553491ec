"""Kneser–Ney: probabilities sum to one whatever stands before, and one case worked out by hand."""

import numpy as np
import pytest

from training.common import ngram

S, A, B, C = 0, 1, 2, 3


def probability(model: ngram.KneserNey, history: list[int], token: int) -> float:
    return float(np.exp(model.log_probabilities([[*history, token]])[0][-1]))


@pytest.mark.parametrize("history", [[S], [S, A], [S, B, B], [S, A, B, A], [S, C, C, C, A, B]])
def test_what_can_follow_sums_to_one(history):
    rng = np.random.default_rng(0)
    rows = [[S, *rng.choice([A, B, C, 4], size=rng.integers(1, 9), p=[0.5, 0.3, 0.15, 0.05])] for _ in range(40)]
    model = ngram.train(rows, 6)  # entry 5 is never seen
    assert sum(probability(model, history, token) for token in range(1, 6)) == pytest.approx(1)


def test_a_bigram_by_hand():
    """<s> a b, <s> a b, <s> a c. Different bigrams: <s>a, ab, ac; adjusted unigrams a 1, b 1, c 1: D₁ = 3 / (3 + 0) =
    1. Bigram counts 3, 2, 1: n₁ = 1, n₂ = 1, D₂ = 1/3. P₁ = D₁ · 3 / 3 · 1/3 = 1/3 for each of the three. P(b | a) = (2
    − 1/3) / 3 + (1/3 · 2 / 3) · 1/3 = 5/9 + 2/27 = 17/27, P(c | a) = (1 − 1/3) / 3 + 2/27 = 8/27."""
    model = ngram.train([[S, A, B], [S, A, B], [S, A, C]], 4, order=2)
    assert [level.discount for level in model.levels] == pytest.approx([1, 1 / 3])
    assert probability(model, [S, A], B) == pytest.approx(17 / 27)
    assert probability(model, [S, A], C) == pytest.approx(8 / 27)
    assert probability(model, [S, A], A) == pytest.approx(2 / 27)
    assert probability(model, [S, B], C) == pytest.approx(1 / 3), "b was never followed: the unigram answers"


def test_a_middle_order_counts_what_came_before_and_not_how_often():
    """<s> x b (5 times) and <s> a c, <s> b c: with order 2, c was seen after two different tokens and b after one,
    though five times.
    """
    rows = [[S, 4, B]] * 5 + [[S, A, C], [S, B, C]]
    model = ngram.train(rows, 5, order=2)
    assert model.levels[0].adjusted.tolist() == [0, 1, 2, 2, 1]  # b: after x and after <s>


def test_sequences_do_not_see_one_another():
    model = ngram.train([[S, A, B, C], [S, B, A]], 4)
    alone = model.log_probabilities([[S, B, A]])[0]
    beside = model.log_probabilities([[S, A, B, C], [S, B, A]])[1]
    np.testing.assert_allclose(alone, beside)
