"""Heads of an encoder beside what falls when its words are hidden: mean attention received, its agreement with hiding,
and what luck would give the best head.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..tracing.trace import Trace
from .occlusion import LEAST, agreement

DRAWS = 400


def received(trace: Trace, layer: int, head: int, places: Sequence[int]) -> np.ndarray:
    """(place,) 0 … 1: mean over the words that look of the attention that each word gets; words of ``places`` only, on
    both sides. What falls on special tokens is missing from the sum.
    """
    words = trace.merged(trace.attention(layer, head))
    return words[np.ix_(places, places)].mean(0)


def agreements(trace: Trace, places: Sequence[int], fell: np.ndarray) -> np.ndarray:
    """(layer, head): Spearman's correlation between the mean attention each word gets in a head and how much hiding it
    changes; NaN where it cannot be computed.

    fell (place,): changes of the logit, signed; their sizes are compared.
    """
    found = np.full((trace.layers(), trace.heads()), np.nan)
    for layer, head in np.ndindex(found.shape):
        value = agreement(received(trace, layer, head, places), np.abs(fell))
        found[layer, head] = np.nan if value is None else value
    return found


def by_luck(n: int, heads: int, *, seed: int = 0) -> float | None:
    """What the best of ``heads`` unrelated orders of ``n`` words would reach: the mean of the largest of so many
    correlations of random orders.
    """
    if n < LEAST:
        return None
    rng = np.random.default_rng(seed)
    ranks = np.arange(n) - (n - 1) / 2
    draws = max(1, min(DRAWS, 2_000_000 // (heads * n)))
    orders = rng.permuted(np.tile(ranks, (draws * heads, 1)), axis=1)  # (draw × head, word)
    values = (orders @ ranks / (ranks @ ranks)).reshape(draws, heads)
    return float(values.max(1).mean())
