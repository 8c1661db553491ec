"""A measured number with its n and its 95 % interval: shares by Wilson, means by bootstrap, both where pairs are few.
No rounding: whoever shows it rounds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z = 1.959964  # 97.5 % quantile of the normal distribution
BOOTSTRAP_DRAWS = 2000
FEWEST_FOR_INTERVAL, FEW = (
    4,
    20,
)  # values: fewer than LEAST have no interval, fewer than FEW none narrower than Wilson's


@dataclass(frozen=True)
class Estimate:
    """value, low ≤ value ≤ high (None when nothing was measured, n = 0), in the unit of what was measured."""

    value: float | None
    low: float | None
    high: float | None
    n: int


NOTHING = Estimate(None, None, None, 0)


def share(hits: int, n: int) -> Estimate:
    """A share 0 … 1 with its Wilson score interval (Wilson 1927); near 0 and 1 it stays inside, unlike p ± z·s."""
    return NOTHING if n == 0 else Estimate(hits / n, *wilson(hits / n, n), n)


def wilson(p: float, n: int) -> tuple[float, float]:
    """(low, high) of a share ``p`` of ``n``, 0 … 1."""
    z2 = Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return min(p, max(0.0, centre - half)), max(p, min(1.0, centre + half))


def shares(values: Sequence[float] | np.ndarray, *, seed: int = 0) -> Estimate:
    """The mean of shares 0 … 1 (one per pair, say) with its bootstrap interval, made honest (see `honest`)."""
    estimate = mean(values, seed=seed)
    return honest(estimate)


def honest(estimate: Estimate) -> Estimate:
    """A bootstrapped share whose interval claims no more than its n allows.

    Below FEW values, or where they all agree, it is at least as wide as Wilson's; below FEWEST_FOR_INTERVAL values
    there is none.
    """
    value, low, high = estimate.value, estimate.low, estimate.high
    if value is None or low is None or high is None or estimate.n < FEWEST_FOR_INTERVAL:
        return Estimate(value, None, None, estimate.n)
    if estimate.n >= FEW and low < high:
        return estimate
    wilson_low, wilson_high = wilson(value, estimate.n)
    return Estimate(value, min(wilson_low, low), max(wilson_high, high), estimate.n)


def of_few(estimate: Estimate) -> Estimate:
    """A mean of fewer than FEWEST_FOR_INTERVAL values has no interval.

    A bootstrap of one value has no width, of two hardly any.
    """
    return estimate if estimate.n >= FEWEST_FOR_INTERVAL else Estimate(estimate.value, None, None, estimate.n)


def mean(values: Sequence[float] | np.ndarray, *, seed: int = 0, draws: int = BOOTSTRAP_DRAWS) -> Estimate:
    """A mean with its percentile bootstrap interval over the values (Efron 1979), which must be independent."""
    array = np.asarray(values, dtype=float)
    if not array.size:
        return NOTHING
    picked = np.random.default_rng(seed).integers(0, len(array), (draws, len(array)))
    low, high = np.quantile(array[picked].mean(1), (0.025, 0.975))
    return Estimate(float(array.mean()), float(low), float(high), len(array))
