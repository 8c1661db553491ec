"""core.intervals as JSON: a number with its 95 % interval and its n, rounded to four places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from core import intervals

Number = dict[str, Any]


def rate(hits: int, n: int) -> Number:
    """A share with its Wilson interval: {'value', 'n', 'low', 'high'}; value None when n is 0."""
    return _rounded(intervals.share(hits, n))


def mean(values: Sequence[float], seed: int = 0) -> Number:
    """A mean with its bootstrap interval over items."""
    return _rounded(intervals.mean(values, seed=seed))


def _rounded(found: intervals.Estimate) -> Number:
    return {name: value if value is None else round(value, 4) for name, value in asdict(found).items()}
