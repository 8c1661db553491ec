"""The information flow into one position: which contributions are large enough, followed backwards through the layers.

After Ferrando & Voita 2024 ("Information Flow Routes"), with the shares of contributions.py instead of theirs. Pure:
arrays in, a graph out. Level 0 holds the embeddings, level l the positions after layer l."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..axes import checked_index


@dataclass(frozen=True)
class Edge:
    """What ``key`` on level ``layer`` gives to ``query`` on level ``layer`` + 1: a share 0 … 1 of all that enters
    there. Layers from 0.
    """

    layer: int
    query: int
    key: int
    share: float

    @property
    def to_itself(self) -> bool:
        """A position to itself: what it keeps in the residual stream, and what it fetches from itself."""
        return self.query == self.key


@dataclass(frozen=True)
class Flow:
    """edges: those drawn, last layer first. levels: the positions reached on each level, level ``first`` first.
    drawn: share 0 … 1 of what enters the positions reached (mean over them) that the edges carry."""

    target: int
    edges: tuple[Edge, ...]
    levels: tuple[frozenset[int], ...]
    drawn: float
    first: int = 0

    @property
    def tokens(self) -> list[int]:
        """Positions that appear on any level, in order."""
        return sorted(set().union(*self.levels))


def information_flow(
    shares: np.ndarray, target: int, least: float, *, within: frozenset[int] | None = None, first: int = 0
) -> Flow:
    """Backwards from ``target`` after the last layer: every edge of at least ``least`` into a position that was
    reached.

    shares: (layer, query, key), rows sum to 1. within: positions that may be drawn (default: all). first: the level at
    which to stop.

    Raises:
        BadInput: no such position.
    """
    target = checked_index(target, shares.shape[1], "position")
    levels, edges, entered = [frozenset((target,))], [], 0
    for layer in reversed(range(first, len(shares))):
        entered += len(levels[0])
        entering = [
            edge for query in sorted(levels[0]) for edge in _into(shares[layer, query], layer, query, least, within)
        ]
        edges += entering
        levels.insert(0, frozenset(edge.key for edge in entering))
    carried = sum(edge.share for edge in edges) / entered if entered else 0.0
    return Flow(target, tuple(edges), tuple(levels), min(1.0, carried), first)


def strongest(flow: Flow, n: int) -> frozenset[int]:
    """The ``n`` positions through which most is drawn; the target is always among them."""
    total: dict[int, float] = {}
    for edge in flow.edges:
        total[edge.key] = total.get(edge.key, 0.0) + edge.share
    total[flow.target] = float("inf")
    return frozenset(sorted(total, key=lambda position: (-total[position], position))[:n])


def _into(row: np.ndarray, layer: int, query: int, least: float, within: frozenset[int] | None) -> list[Edge]:
    keys = np.flatnonzero(row >= least).tolist()
    return [Edge(layer, query, key, float(row[key])) for key in keys if within is None or key in within]
