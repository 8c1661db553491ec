"""Heads of an encoder beside what falls when its words are hidden: mean attention received, its agreement with hiding,
and what luck would give the best head.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..tracing.trace import Trace
from .occlusion import LEAST_WORDS, agreement

_RANDOM_ORDERS = 400


def received(trace: Trace, layer: int, head: int, positions: Sequence[int]) -> np.ndarray:
    """(position,) 0 … 1: mean over the words that look of the attention that each word gets; words of ``positions``
    only, on both sides. What falls on special tokens is missing from the sum.
    """
    words = trace.merged(trace.attention(layer, head))
    return words[np.ix_(positions, positions)].mean(0)


def agreements(trace: Trace, positions: Sequence[int], fell: np.ndarray) -> np.ndarray:
    """(layer, head): Spearman's correlation between the mean attention each word gets in a head and how much hiding it
    changes; NaN where it cannot be computed.

    fell (position,): changes of the logit, signed; their sizes are compared.
    """
    correlations = np.full((trace.layers(), trace.heads()), np.nan)
    for layer, head in np.ndindex(correlations.shape):
        correlation = agreement(received(trace, layer, head, positions), np.abs(fell))
        correlations[layer, head] = np.nan if correlation is None else correlation
    return correlations


def by_luck(n: int, heads: int, *, seed: int = 0) -> float | None:
    """What the best of ``heads`` unrelated orders of ``n`` words would reach: the mean of the largest of so many
    correlations of random orders.
    """
    if n < LEAST_WORDS:
        return None
    rng = np.random.default_rng(seed)
    ranks = np.arange(n) - (n - 1) / 2
    draws = max(1, min(_RANDOM_ORDERS, 2_000_000 // (heads * n)))
    orders = rng.permuted(np.tile(ranks, (draws * heads, 1)), axis=1)  # (draw × head, word)
    values = (orders @ ranks / (ranks @ ranks)).reshape(draws, heads)
    return float(values.max(1).mean())
