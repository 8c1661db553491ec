"""What luck alone gives: the best of many heads that toss a coin, on n items.

With 144 heads the best one is right on one item almost surely, on 8 items in 93 % of them, on 64 in 66 %. So a head is
chosen on one half of the items and reported on the other (selection.py), and this curve is drawn beside every best
head."""

from __future__ import annotations

import numpy as np


def best_of_luck(heads: int, items: int, p: float = 0.5) -> float:
    """Expected share of right items, 0 … 1, of the best of ``heads`` independent heads with chance ``p`` on each of
    ``items`` items.

    Exact: E[max] = Σ_{k=1…n} (1 − F(k−1)^H), F the binomial distribution function.
    """
    if items == 0:
        return float("nan")
    below = np.cumsum(_binomial(items, p))[:-1]  # F(0) … F(n−1)
    return float((1 - np.minimum(below, 1.0) ** heads).sum() / items)


def luck_curve(heads: int, sizes: np.ndarray, p: float = 0.5) -> np.ndarray:
    """``best_of`` for each number of items, 0 … 1."""
    return np.array([best_of_luck(heads, int(n), p) for n in sizes])


def _binomial(n: int, p: float) -> np.ndarray:
    """P(k of n), k = 0 … n, through logarithms so that thousands of items do not underflow."""
    if p in (0.0, 1.0):
        return np.eye(n + 1)[int(p) * n]
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])  # log k!
    k = np.arange(n + 1)
    return np.exp(logs[n] - logs[k] - logs[n - k] + k * np.log(p) + (n - k) * np.log1p(-p))
