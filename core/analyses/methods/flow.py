"""Attention flow (Abnar & Zuidema 2020), one row on demand. The solver stands in core/analyses/rollout.py."""

from __future__ import annotations

import numpy as np

from ...errors import Message
from ..rollout import maximum_flows, with_residual
from .definition import Evidence, Method, mask_caution

_SECONDS = 4e-8  # of one maximum flow, per edge and key; measured on 12 layers of 40 tokens


def _maps(evidence: Evidence) -> tuple[np.ndarray, None]:
    return with_residual(evidence.attention), None


def _seconds(layers: np.ndarray) -> float:
    """What one row takes, from its capacities (layer, query, key)."""
    depth, n, _ = layers.shape
    return _SECONDS * depth * n**3


def _caution(causal: bool, layers: int) -> Message | None:
    if causal:
        return mask_caution(causal, layers)
    if layers > 2:
        return Message(
            "Flow evens out with depth: of random attention over 14 words it gives nearly the same to every word from "
            "four layers on (normalised entropy 0.995, where 1 is exactly the same)."
        )
    return None


METHOD = Method(
    key="flow",
    order=30,
    title=Message("Flow"),
    summary=Message(
        "How much can flow at most from each word of the input to this place, if weights are the widths "
        "of pipes (Abnar & Zuidema 2020)."
    ),
    needs=("attention",),
    layer_formula="Â of rollout as capacities",
    joint_formula="maximum flow from (L, i) to (0, j), the row normalised",
    source="Abnar & Zuidema 2020",
    departure="integer capacities ×10⁶ and SciPy's Dinic instead of networkx (tests compare both); one row on demand",
    maps=_maps,
    row=maximum_flows,
    row_seconds=_seconds,
    caution=_caution,
)
