"""The bigram baseline: probabilities by hand, and laws."""

from __future__ import annotations

import numpy as np
import pytest

from training.encoder.bigram import SHARE, count

ROWS = [[0, 1, 2], [0, 1, 3], [0, 2]]


def test_by_hand() -> None:
    made = count(ROWS, 5)
    unigram = np.array([4, 3, 3, 2, 1]) / 13
    np.testing.assert_allclose(made.unigram, unigram)
    np.testing.assert_allclose(made.follows(0), (1 - SHARE) * unigram + SHARE * np.array([0, 2, 1, 0, 0]) / 3)
    np.testing.assert_allclose(made.precedes(2), (1 - SHARE) * unigram[2] + SHARE * np.array([1 / 3, 1 / 2, 0, 0, 0]))


@pytest.mark.parametrize(("left", "right"), [(0, 2), (None, 3), (4, None), (None, None), (4, 4)])
def test_a_guess_is_a_distribution(left, right) -> None:
    found = count(ROWS, 5).guess(left, right)
    assert found.sum() == pytest.approx(1) and (found > 0).all()


def test_the_neighbours_decide() -> None:
    assert count(ROWS, 5).guess(0, 3).argmax() == 1
