"""How far apart two words are in a network: sequential steps and the longest path between two positions, for
recurrence, convolution and attention.

    per layer (Vaswani et al. 2017, table 1)     sequential steps      longest path
    recurrent                                    n                     n
    convolution, kernel k
        1                     (n − 1) / (k − 1) layers, or log_k n with dilation
    self-attention                               1                     1

The paths are counted here by walking the graph itself, not by the formulas (the tests compare); the steps are those of
the table."""

from __future__ import annotations

from typing import Literal

import numpy as np

Network = Literal["recurrent", "convolution", "dilated", "attention"]
NETWORKS: tuple[Network, ...] = ("recurrent", "convolution", "dilated", "attention")


def edges(network: Network, n: int, layer: int, kernel: int = 3) -> np.ndarray:
    """(to, from) bool: whom a position reads in one step of one layer, itself included. recurrent: the step before;
    convolution: itself and the ``kernel`` − 1 before it; dilated: as many, ``kernel`` ** layer apart (van den Oord et
    al. 2016); attention: all."""
    back = np.arange(n)[:, None] - np.arange(n)[None]
    if network == "attention":
        return np.ones((n, n), dtype=bool)
    if network == "recurrent":
        return (back == 0) | (back == 1)
    gap = kernel**layer if network == "dilated" else 1
    return (back >= 0) & (back % gap == 0) & (back <= gap * (kernel - 1))


def longest_path(network: Network, n: int, kernel: int = 3) -> int:
    """Steps until the last position has heard of the first; 0 for a text of one word."""
    reached, steps = np.zeros(n, dtype=bool), 0
    reached[0] = True
    while not reached[n - 1]:
        reached = edges(network, n, steps, kernel) @ reached
        steps += 1
    return steps


def sequential_steps(network: Network, n: int) -> int:
    """What cannot be computed at the same time within one layer: positions one after another (recurrent), or one
    step.
    """
    return n if network == "recurrent" else 1
