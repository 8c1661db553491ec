"""Selection by halves: a good head is found and reported in full, luck is not; what luck gives, by simulation."""

import numpy as np
import pytest

from core.coreference.selection import accuracy, best_of_luck, select


def coins(layers=3, heads=4, pairs=40, seed=0):
    return np.random.default_rng(seed).random((layers, heads, pairs, 2)) < 0.5


def test_a_perfect_head_is_found_and_keeps_its_score():
    right = coins()
    right[2, 1] = True
    found = select(right)
    assert found.head == (2, 1) and found.chosen[2, 1] == 1 and found.chosen.sum() == pytest.approx(1)
    assert (found.members.value, found.both.value, found.members.n) == (1.0, 1.0, 40)


def test_heads_that_toss_a_coin_are_reported_at_chance_although_the_best_looks_better():
    values, apparent = [], []
    for seed in range(60):
        right = coins(8, 8, 32, seed)
        values.append(select(right, splits=40).members.value)
        apparent.append(right.mean((2, 3)).max())
    assert np.mean(values) == pytest.approx(0.5, abs=0.015) and np.mean(apparent) > 0.6


@pytest.mark.parametrize("truth", [0.8, pytest.param(0.5, marks=pytest.mark.slow)])
def test_the_interval_holds_the_truth_at_least_about_as_often_as_it_says(truth):
    held = []
    for seed in range(60):
        right = coins(2, 4, 32, seed)
        right[1, 2] = np.random.default_rng(1000 + seed).random((32, 2)) < truth
        found = select(right, splits=40).members
        held.append(found.low <= truth <= found.high)
    assert np.mean(held) >= 0.88


def test_both_right_is_never_more_than_members_right():
    found = select(coins(2, 2, 30, 3))
    assert found.both.value <= found.members.value


def test_members_of_a_pair_stay_together():
    right = np.zeros((1, 2, 10, 2), dtype=bool)
    right[0, 0, :, 0] = right[0, 1, :, 1] = True  # each head always right on one member: half, whatever the split
    found = select(right)
    assert found.members.value == 0.5 and found.both.value == 0 and found.head == (0, 0)


def test_too_few_pairs_report_nothing():
    found = select(coins(pairs=3))
    assert found.head is None and found.members.value is None and not found.chosen.any()


def test_a_fixed_scorer_counts_every_pair():
    members, both = accuracy(np.array([[True, True], [True, False], [False, False], [True, True]]))
    assert (members.value, both.value, members.n) == (0.625, 0.5, 4)


def test_a_seed_decides():
    assert select(coins(), seed=1).members == select(coins(), seed=1).members


@pytest.mark.parametrize(
    ("items", "percent"), [(1, 100.0), (8, 92.8), (16, 81.8), (32, 72.9), (64, 66.3), (128, 61.6), (277, 57.9)]
)
def test_the_best_of_144_heads(items, percent):
    assert 100 * best_of_luck(144, items) == pytest.approx(percent, abs=0.05)


def test_a_simulation_agrees():
    rng = np.random.default_rng(0)
    for heads, items, p in [(32, 20, 0.5), (5, 7, 0.25)]:
        best = rng.binomial(items, p, (40_000, heads)).max(1) / items
        assert best_of_luck(heads, items, p) == pytest.approx(best.mean(), abs=0.003)


def test_one_head_is_its_chance_and_more_items_bring_the_best_down_to_it():
    assert best_of_luck(1, 50) == pytest.approx(0.5) and best_of_luck(1, 9, 0.25) == pytest.approx(0.25)
    falling = [best_of_luck(32, items) for items in (1, 4, 16, 64, 256, 4096)]
    assert (np.diff(falling) < 0).all() and falling[-1] < 0.53


def test_edges():
    assert (
        np.isnan(best_of_luck(8, 0)) and best_of_luck(3, 10, 0.0) == 0 and best_of_luck(3, 10, 1.0) == pytest.approx(1)
    )
