"""Attention through several layers: rollout and flow (Abnar & Zuidema 2020). Pure: maps in, maps out.

    Â_l = rownorm(mean over heads of A_l + I)          the residual counts as one more equal path
    rollout   R_1 = Â_1, R_l = Â_l·R_{l−1}             row i of R_l: where what is at i after layer l came from
    flow
        maximum flow from (L, i) to (0, j) in the layered graph whose edges have the capacities Â_l[i, j]; the row
        normalised

Both know nothing of values, of the feed-forward blocks or of the norms. In a causal model most of a rollout is the
shape of the mask: with content-free attention the last of 18 positions has 98.7 % of its rollout on the first after 24
layers. Flow tends to even out with depth. Both are shown beside the same number for uniform attention (`uniform`). Not
here: contributions by value (contributions.py)."""

from __future__ import annotations

import numpy as np

from ..axes import Kind, checked_index
from ..errors import BadInput
from ..progress import Progress
from ..tracing.trace import Trace

CAPACITY = 10**6  # of an edge with weight 1: the solver works with integers


def mean_heads(trace: Trace, kind: Kind | None = None) -> np.ndarray:
    """The mean map of each layer that has attention, (layer, query, key) float32; rows sum to 1, less what sinks
    take.
    """
    return np.stack([trace.layer_attention(layer, kind).mean(0) for layer in trace.attending(kind)])


def with_residual(attention: np.ndarray) -> np.ndarray:
    """Â, (layer, query, key) float64, rows sum to 1, from the mean maps of a self-attention.

    Raises:
        BadInput: maps that are not square (cross-attention has no residual of the same text).
    """
    if attention.ndim != 3 or attention.shape[1] != attention.shape[2]:
        raise BadInput(
            "Rollout and flow follow one text through its layers; cross-attention joins two. Choose the "
            "encoder or the decoder."
        )
    mixed = attention.astype(np.float64) + np.eye(attention.shape[1])
    return mixed / mixed.sum(-1, keepdims=True)


def rollout(attention: np.ndarray) -> np.ndarray:
    """R after each layer, (layer, query, key) float64, rows sum to 1; ``attention`` (layer, query, key) as of
    `mean_heads`.
    """
    return product(with_residual(attention))


def product(mixed: np.ndarray) -> np.ndarray:
    """M_l···M_1 for each l, (layer, query, key): rows that sum to 1 stay so. Used for rollout, and for contributions
    that hold the residual already.
    """
    joint = [mixed[0]]
    for layer in mixed[1:]:
        joint.append(layer @ joint[-1])
    return np.stack(joint)


def attention_flow(attention: np.ndarray, query: int, progress: Progress | None = None) -> np.ndarray:
    """The flow of one position after the last layer to each position of the input, (key,) float64, sums to 1.

    attention: (layer, query, key) as of `mean_heads`. One maximum flow per key: seconds for a hundred tokens.
    """
    return maximum_flows(with_residual(attention), query, progress)


def maximum_flows(mixed: np.ndarray, query: int, progress: Progress | None = None) -> np.ndarray:
    """The same from Â itself, (layer, query, key): the capacities of the edges."""
    from scipy.sparse.csgraph import maximum_flow

    layers, n, _ = mixed.shape
    source = checked_index(query, n, "position")
    graph, flows = _graph(mixed), np.zeros(n)
    for key in range(n):
        flows[key] = maximum_flow(graph, layers * n + source, key).flow_value
        if progress is not None:
            progress(key + 1, n)
    return flows / flows.sum()


def uniform(attention: np.ndarray) -> np.ndarray:
    """Even rows over what each row of ``attention`` (layer, query, key) looks at at all: the null with the same
    mask.
    """
    visible = (attention > 0).astype(np.float64)
    return visible / np.maximum(visible.sum(-1, keepdims=True), 1)


def _graph(mixed: np.ndarray):
    """The layered graph, nodes level·n + position, edges from level l + 1 to level l: (nodes, nodes) int32 sparse."""
    from scipy.sparse import csr_array

    layers, n, _ = mixed.shape
    layer, query, key = np.nonzero(mixed)
    capacity = np.maximum(1, np.round(mixed[layer, query, key] * CAPACITY)).astype(np.int32)
    size = (layers + 1) * n
    return csr_array((capacity, ((layer + 1) * n + query, layer * n + key)), shape=(size, size))
