"""Spearman's rank correlation: Pearson's correlation of ranks, ties sharing their mean rank."""

from __future__ import annotations

import numpy as np


def spearman(first: np.ndarray, second: np.ndarray) -> float | None:
    """The correlation of two numbers per item, (item,) each, −1 … 1; None where either is flat."""
    correlations = rank_correlations(np.stack([first, second]))
    return None if correlations is None else float(correlations[0, 1])


def rank_correlations(series: np.ndarray) -> np.ndarray | None:
    """(series, series) correlations of every two of the rows of (series, item); None where one is flat."""
    from scipy.stats import rankdata

    ranks = np.stack([rankdata(row) for row in series]) if len(series) else np.zeros((0, 1))
    if (np.ptp(ranks, axis=1) == 0).any():
        return None
    return np.atleast_2d(np.corrcoef(ranks))


def correlation_by_luck(n: int) -> float:
    """|r| that 95 in 100 correlations of ``n`` unconnected items stay within: 1.96/√(n − 1), the normal approximation
    (Kendall 1948), good from ten items on; 1 for fewer than five.
    """
    return 1.0 if n < 5 else min(1.0, 1.959964 / (n - 1) ** 0.5)
