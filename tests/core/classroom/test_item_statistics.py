"""Item statistics: laws over random answers, and values checked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from core.classroom import item_statistics
from core.classroom.item_statistics import (
    alpha,
    alpha_of,
    difficulties,
    discriminations,
    gain_of,
    item_rest,
    normalised_gain,
)

GUTTMAN = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]])
"""Four persons, three items, each person right on the easiest ones only."""

matrices = st.tuples(st.integers(4, 12), st.integers(2, 6)).flatmap(
    lambda shape: arrays(np.int8, shape, elements=st.integers(0, 1))
)


def test_alpha_by_hand() -> None:
    """Item variances 3/16, 4/16, 3/16 (sum 0.625), totals 3, 2, 1, 0 of variance 1.25: 3/2 · (1 − 0.5) = 0.75."""
    assert alpha_of(GUTTMAN) == pytest.approx(0.75)
    assert alpha(GUTTMAN).value == pytest.approx(0.75) and alpha(GUTTMAN).n == 4


def test_discrimination_by_hand() -> None:
    """Item 1 is 1, 1, 1, 0 and the rest 2, 1, 0, 0: covariance 0.75 · 0.75 − … = 3/4 − 9/16 = 0.1875; deviations
    √(3/16) and √(11/16): 0.1875 / √(33)/16 = 3/√33."""
    assert item_rest(GUTTMAN, 0) == pytest.approx(3 / np.sqrt(33))
    assert difficulties(GUTTMAN)[0].value == 0.75
    with_itself = np.corrcoef(GUTTMAN[:, 0], GUTTMAN.sum(1))[0, 1]
    assert item_rest(GUTTMAN, 0) < with_itself, "the item is not in its own sum"


def test_point_biserial_is_the_textbook_formula() -> None:
    """r = (M1 − M0) / s · √(p·q), with the standard deviation over n."""
    generator = np.random.default_rng(5)
    right = generator.random((40, 6)) < 0.6
    column, rest = right[:, 2], right.sum(1) - right[:, 2]
    p = column.mean()
    by_hand = (rest[column].mean() - rest[~column].mean()) / rest.std() * np.sqrt(p * (1 - p))
    assert item_rest(right.astype(float), 2) == pytest.approx(by_hand)


def test_gain_by_hand() -> None:
    """From 40 % to 70 % right: half of what was left to gain (Hake 1998)."""
    before, after = np.zeros((5, 2), bool), np.zeros((5, 2), bool)
    before[:2], after[:3], after[3, 0] = True, True, True
    assert gain_of(before, after) == pytest.approx(0.5)
    assert gain_of(after, before) < 0
    assert normalised_gain(np.ones((5, 2)), after, paired=False).value is None, "nothing was left to gain"
    with pytest.raises(ValueError, match="persons"):
        normalised_gain(before, after[:4], paired=True)


@given(matrices)
@settings(deadline=None, max_examples=60)
def test_alpha_is_kuder_and_richardsons_formula_and_at_most_one(right: np.ndarray) -> None:
    found, total, p = alpha_of(right), right.sum(1).var(), right.mean(0)
    if total == 0:
        assert np.isnan(found)
    else:
        k = right.shape[1]
        assert found == pytest.approx(k / (k - 1) * (1 - (p * (1 - p)).sum() / total), abs=1e-9) and found <= 1 + 1e-9


@given(matrices, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_of_persons_and_items_does_not_matter(right: np.ndarray, random) -> None:
    persons, items = list(range(len(right))), list(range(right.shape[1]))
    random.shuffle(persons)
    random.shuffle(items)
    moved = right[persons][:, items]
    assert alpha_of(moved) == pytest.approx(alpha_of(right), nan_ok=True)
    for place, item in enumerate(items):
        found = item_rest(moved.astype(float), place)
        assert found == pytest.approx(item_rest(right.astype(float), item), nan_ok=True, abs=1e-9)
        assert np.isnan(found) or -1 - 1e-9 <= found <= 1 + 1e-9


@given(matrices)
@settings(deadline=None, max_examples=15)
def test_intervals_hold_their_value(right: np.ndarray) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(item_statistics, "ITEM_DRAWS", 60)
        for found in (alpha(right), *discriminations(right), normalised_gain(right, right, paired=True)):
            assert found.n == len(right)
            if found.value is not None and found.low is not None and found.high is not None:
                assert found.low <= found.value <= found.high
    same = normalised_gain(right, right, paired=True)
    assert same.value is None or (same.value, same.low or 0, same.high or 0) == (0, 0, 0), "drawn in pairs"


def test_copies_of_one_item_agree_wholly_and_unrelated_items_do_not() -> None:
    generator = np.random.default_rng(0)
    column = generator.random(200) < 0.5
    assert alpha(np.stack([column] * 4, 1)).value == pytest.approx(1)
    unrelated = alpha(generator.random((400, 8)) < 0.5)
    assert unrelated.low is not None and unrelated.low < 0 < unrelated.high or abs(unrelated.value) < 0.15


def test_few_persons_have_no_interval_and_equal_answers_no_value() -> None:
    assert alpha(GUTTMAN[:3]).low is None and alpha(GUTTMAN[:3]).value is not None
    found = discriminations(np.ones((6, 3)))
    assert [one.value for one in found] == [None] * 3 and difficulties(np.ones((6, 3)))[0].value == 1


@pytest.mark.parametrize("wrong", [np.ones(4), np.full((2, 2), 0.5), np.full((2, 2), np.nan)])
def test_other_matrices_are_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="right and wrong"):
        alpha(wrong)
