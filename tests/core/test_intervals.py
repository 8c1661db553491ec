"""Intervals: by hand, inside 0 … 1, and they hold the truth as often as they say."""

from math import erf, sqrt

import numpy as np
import pytest

from core.intervals import NOTHING, Estimate, clustered, clustered_mean, mean, mean_of_estimates, ratio, share, shares


def test_nothing_measured_is_said():
    assert share(0, 0) == mean([]) == NOTHING


def test_a_share_by_hand():
    found = share(8, 10)  # Wilson: (0.8 + 1.92/10 ± 1.96·sqrt(0.016 + 0.0096)) / 1.384
    assert (found.value, found.n) == (0.8, 10)
    assert (found.low, found.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (5, 5), (1, 1), (0, 1000), (1000, 1000)])
def test_a_share_stays_between_zero_and_one_and_is_never_certain(hits, n):
    found = share(hits, n)
    assert 0 <= found.low <= found.value <= found.high <= 1 and found.low < found.high


def test_equal_values_have_no_width_and_a_seed_decides():
    assert mean([2.0] * 7).low == mean([2.0] * 7).high == 2.0
    values = np.random.default_rng(0).random(50)
    assert mean(values, seed=1) == mean(values, seed=1) != mean(values, seed=2)


def test_the_intervals_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(0)
    hits = rng.binomial(60, 0.7, 400)
    covered = [found.low <= 0.7 <= found.high for found in (share(int(k), 60) for k in hits)]
    assert 0.92 <= np.mean(covered) <= 0.98
    covered = [found.low <= 0.5 <= found.high for found in (mean(rng.random(40), draws=400) for _ in range(300))]
    assert 0.90 <= np.mean(covered) <= 0.98


def test_few_or_equal_shares_claim_no_more_than_their_number():
    assert (shares([1.0, 1.0]).low, shares([1.0, 1.0]).value) == (None, 1.0), "two pairs have no interval"
    assert shares([]) == NOTHING
    sure = shares([1.0] * 64)
    assert sure.value == 1 and sure.high == 1 and 0.9 < sure.low < 1
    half = shares([0.5] * 64)
    assert half.low < 0.45 and half.high > 0.55, "64 equal halves are no certainty"
    few = shares([1.0, 1.0, 1.0, 0.0, 1.0])
    assert few.low <= share(4, 5).low and few.high >= share(4, 5).high
    many = np.random.default_rng(0).choice([0.0, 0.5, 1.0], 200)
    assert shares(many) == mean(many)


def pairs_of_words(rng, words, n):
    return [tuple(map(str, rng.choice(words, 2, replace=False))) for _ in range(n)]


@pytest.mark.parametrize(
    ("words", "n", "spread", "noise", "shift"),
    [
        (20, 64, 1, 1, 0),
        (20, 64, 2, 0.5, 0),
        (40, 64, 2, 0.3, 1.5),
        (12, 20, 1, 1, 0),
        (20, 64, 1, 0.5, 2),
        (20, 64, 0, 1, 2),
    ],
)
def test_shares_that_share_words_hold_the_truth_of_other_words(words, n, spread, noise, shift):
    """Each word has a liking of its own; the truth is over all words that could have been drawn."""
    truth = (1 + erf(shift / sqrt(2 * spread**2 + noise**2) / sqrt(2))) / 2
    rng, held, naive = np.random.default_rng(0), [], []
    for _ in range(400):
        likings, pairs = rng.normal(0, spread, words), pairs_of_words(rng, words, n)
        right = [shift + likings[int(a)] + likings[int(b)] + rng.normal(0, noise) > 0 for a, b in pairs]
        measured, alone = clustered(right, pairs), share(sum(right), n)
        held.append(measured.low <= truth <= measured.high)
        naive.append(alone.low <= truth <= alone.high)
    assert np.mean(held) >= 0.92  # 0.93 to 0.97 with more draws (docstring of clustered)
    assert spread == 0 or np.mean(naive) < 0.85, "what the words share is what Wilson over the pairs does not see"


def test_values_without_a_shared_word_are_counted_as_usual():
    rng = np.random.default_rng(1)
    right = rng.random(80) < 0.7
    measured, usual = clustered(right, [(f"a{i}", f"b{i}") for i in range(80)]), share(int(right.sum()), 80)
    assert measured.value == usual.value and measured.n == 80
    assert measured.low == pytest.approx(usual.low, abs=0.02) and measured.high == pytest.approx(usual.high, abs=0.02)


def test_values_of_sentences_are_counted_as_if_each_sentence_were_a_word():
    """One word each: by hand, Σ over sentences of the squared sum of residuals; the general way gives the same."""
    values, sentences = [1, 1, 0, 1, 0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 2, 3, 4, 4, 5]
    alone = clustered_mean(values, [(str(one),) for one in sentences])
    general = clustered_mean(values, [(str(one), "x" + str(one)) for one in sentences])
    residuals = np.array(values) - np.mean(values)
    shared = sum(residuals[np.array(sentences) == one].sum() ** 2 for one in range(6)) / 100 * 6 / 3
    assert shared > residuals @ residuals / 90, "sentences agree within themselves here"
    assert alone.high - alone.value == pytest.approx(2.571 * shared**0.5, rel=2e-3)  # Student's t of 5
    assert general.value == alone.value and general.high - general.value < alone.high - alone.value  # 12 words: 12/9
    assert clustered(values * 3, [(str(one),) for one in sentences * 3]).n == 30


def test_pieces_of_sentences_hold_the_truth_of_other_sentences():
    rng, held, naive = np.random.default_rng(3), [], []
    truth = (1 + erf(0.5 / sqrt(1 + 0.5**2) / sqrt(2))) / 2
    for _ in range(300):
        sizes = rng.integers(1, 12, 60)
        hits = [
            0.5 + ease + rng.normal(0, 1) > 0 for size in sizes for ease in [rng.normal(0, 0.5)] for _ in range(size)
        ]
        sentences = [(str(one),) for one, size in enumerate(sizes) for _ in range(size)]
        measured, alone = clustered(hits, sentences), share(int(sum(hits)), len(hits))
        held.append(measured.low <= truth <= measured.high)
        naive.append(alone.low <= truth <= alone.high)
    assert np.mean(held) >= 0.93 > 0.9 > np.mean(naive)


def test_one_word_in_all_pairs_is_hardly_more_than_one_trial():
    sure = clustered([1.0] * 50, [("copo", str(i % 3)) for i in range(50)])
    assert sure.value == 1 and sure.low < 0.6
    assert clustered([1.0] * 3, ["a", "b", "c"]).low is None


def test_a_mean_over_words_holds_the_truth_and_few_words_have_no_interval():
    rng, held = np.random.default_rng(2), []
    for _ in range(300):
        likings, pairs = rng.normal(0, 1, 20), pairs_of_words(rng, 20, 64)
        measured = clustered_mean([3 + likings[int(a)] + likings[int(b)] + rng.normal() for a, b in pairs], pairs)
        held.append(measured.low <= 3 <= measured.high)
    assert np.mean(held) >= 0.92
    assert clustered_mean([1.0, 2.0, 3.0, 4.0], [("a", "b")] * 4).low is None


def test_a_ratio_is_inside_its_limits_and_is_not_said_of_a_denominator_hardly_known():
    half = ratio(Estimate(0.2, 0.15, 0.25, 60), Estimate(0.4, 0.35, 0.45, 64))
    assert half.value == pytest.approx(0.5) and half.low < 0.42 < 0.58 < half.high and half.n == 60
    assert ratio(Estimate(0.2, 0.15, 0.25, 60), Estimate(0.4, 0.19, 0.61, 64)) == NOTHING
    assert ratio(NOTHING, Estimate(0.4, 0.35, 0.45, 64)) == NOTHING == ratio(Estimate(0.2, 0.1, 0.3, 9), NOTHING)


def test_means_taken_together_are_surer_than_one():
    both = mean_of_estimates([Estimate(0.6, 0.5, 0.7, 64), Estimate(0.8, 0.7, 0.9, 64)])
    assert (both.value, both.n) == (pytest.approx(0.7), 128)
    assert both.high - both.low == pytest.approx(0.2 / sqrt(2))
    assert mean_of_estimates([NOTHING, Estimate(0.6, 0.5, 0.7, 64)]) == NOTHING == mean_of_estimates([])
