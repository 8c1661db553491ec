"""Intervals: by hand, inside 0 … 1, and they hold the truth as often as they say."""

import numpy as np
import pytest

from core.intervals import NOTHING, mean, share, shares


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
