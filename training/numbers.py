"""A measured number with its 95 % interval and its n: shares by Wilson, means by bootstrap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Number = dict[str, Any]
Z = 1.959964


def rate(hits: int, n: int) -> Number:
    """A share with its Wilson 95 % interval: {'value', 'n', 'low', 'high'}; value None when n is 0."""
    if n == 0:
        return {"value": None, "n": 0, "low": None, "high": None}
    p, z2 = hits / n, Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return {
        "value": round(p, 4),
        "n": n,
        "low": round(max(0.0, centre - half), 4),
        "high": round(min(1.0, centre + half), 4),
    }


def mean(values: Sequence[float], seed: int = 0, draws: int = 2000) -> Number:
    """A mean with its bootstrap 95 % interval over items."""
    if not len(values):
        return {"value": None, "n": 0, "low": None, "high": None}
    array = np.asarray(values, dtype=float)
    picked = np.random.default_rng(seed).integers(0, len(array), (draws, len(array)))
    low, high = np.quantile(array[picked].mean(1), (0.025, 0.975))
    return {
        "value": round(float(array.mean()), 4),
        "n": len(array),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
    }
