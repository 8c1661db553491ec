"""The chance curve: the numbers of the design document, a simulation, the edges."""

import numpy as np
import pytest

from core.coreference.chance import best_of_luck, luck_curve


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
    falling = luck_curve(32, np.array([1, 4, 16, 64, 256, 4096]))
    assert (np.diff(falling) < 0).all() and falling[-1] < 0.53


def test_edges():
    assert (
        np.isnan(best_of_luck(8, 0)) and best_of_luck(3, 10, 0.0) == 0 and best_of_luck(3, 10, 1.0) == pytest.approx(1)
    )
