"""What classical test theory says of answers: difficulty, discrimination, Cronbach's alpha, normalised gain.

Everything is computed of a matrix (person, item) of what was right, True or False; who left an item out counts as not
right. Intervals are of 95 %, by a bootstrap over persons (Efron 1979): they say how far another class like this one
might lie, and nothing of whether the items measure what they are meant to. Below FEWEST_FOR_INTERVAL persons there is
none. Not here: reading answers (answer_files.py), what is shown of them (inventory_report.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from ..intervals import FEWEST_FOR_INTERVAL, Estimate, shares

ITEM_DRAWS = 1000
DEFINED_SHARE = 0.95
"""Of the draws, at least so many must have a value (a draw of equal answers has none), or there is no interval."""


def difficulties(right: np.ndarray) -> tuple[Estimate, ...]:
    """The share of persons that were right, per item, 0 … 1 (the higher, the easier)."""
    return tuple(shares(column) for column in _checked(right).T)


def discriminations(right: np.ndarray) -> tuple[Estimate, ...]:
    """Corrected item–total correlation per item, −1 … 1: the point-biserial correlation of an item with the sum of the
    *other* items (Henrysson 1963; with the item itself in the sum it would flatter). None where it or the rest never
    varies.
    """
    matrix = _checked(right)
    return tuple(_bootstrapped(matrix, partial(item_rest, item=item)) for item in range(matrix.shape[1]))


def item_rest(right: np.ndarray, item: int) -> float:
    """The correlation of one item with the sum of the others; NaN where one of them never varies."""
    column = right[:, item]
    return _correlation(column, right.sum(1) - column)


def alpha(right: np.ndarray) -> Estimate:
    """Cronbach's alpha, k/(k − 1) · (1 − Σ item variances / variance of the sum), at most 1; with right and wrong it is
    Kuder and Richardson's formula 20 (Cronbach 1951; Kuder & Richardson 1937). None for one item or equal sums.
    """
    return _bootstrapped(_checked(right), alpha_of)


def alpha_of(right: np.ndarray) -> float:
    """Alpha of one matrix; NaN where it has none."""
    k, total = right.shape[1], right.sum(1).var()
    return float("nan") if k < 2 or total == 0 else float(k / (k - 1) * (1 - right.var(0).sum() / total))


def normalised_gain(before: np.ndarray, after: np.ndarray, *, paired: bool) -> Estimate:
    """Hake's gain of a class, (after − before) / (1 − before), of mean shares 0 … 1 (Hake 1998).

    paired: row i of both is the same person, and is drawn in both. None where the class knew everything before. It
    depends on where the class began, and without a class that was not taught it is no effect of the lesson.
    """
    first, second = _checked(before), _checked(after)
    if paired and len(first) != len(second):
        raise ValueError(f"paired answers of {len(first)} and {len(second)} persons")
    generator, n = np.random.default_rng(0), min(len(first), len(second))
    values = []
    for _ in range(ITEM_DRAWS if n >= FEWEST_FOR_INTERVAL else 0):
        rows = generator.integers(0, len(first), len(first))
        others = rows if paired else generator.integers(0, len(second), len(second))
        values.append(gain_of(first[rows], second[others]))
    return _estimate(gain_of(first, second) if n else float("nan"), values, n)


def gain_of(before: np.ndarray, after: np.ndarray) -> float:
    """The gain of two matrices; NaN where there was nothing left to gain."""
    start = before.mean()
    return float("nan") if start == 1 else float((after.mean() - start) / (1 - start))


def _checked(right: np.ndarray) -> np.ndarray:
    matrix = np.asarray(right, dtype=float)
    if matrix.ndim != 2 or not np.isin(matrix, (0, 1)).all():
        raise ValueError(f"answers are (person, item) of right and wrong, not {matrix.shape}")
    return matrix


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson's r, which for a column of 0 and 1 is the point-biserial."""
    if len(first) < 2 or first.std() == 0 or second.std() == 0:
        return float("nan")
    return float(((first - first.mean()) * (second - second.mean())).mean() / (first.std() * second.std()))


def _bootstrapped(matrix: np.ndarray, measure: Callable[[np.ndarray], float]) -> Estimate:
    persons, generator = len(matrix), np.random.default_rng(0)
    draws = ITEM_DRAWS if persons >= FEWEST_FOR_INTERVAL else 0
    values = [measure(matrix[generator.integers(0, persons, persons)]) for _ in range(draws)]
    return _estimate(measure(matrix) if persons else float("nan"), values, persons)


def _estimate(value: float, drawn: Sequence[float], n: int) -> Estimate:
    """A value with the middle 95 % of its draws, or with no interval where too few draws have a value."""
    if not np.isfinite(value):
        return Estimate(None, None, None, n)
    defined = np.asarray([draw for draw in drawn if np.isfinite(draw)])
    if not len(defined) or len(defined) < DEFINED_SHARE * len(drawn):
        return Estimate(value, None, None, n)
    low, high = np.quantile(defined, (0.025, 0.975))
    return Estimate(value, min(value, float(low)), max(value, float(high)), n)
