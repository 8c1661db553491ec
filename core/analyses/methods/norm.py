"""The size of what is fetched (Kobayashi et al. 2020), averaged over the layers. The formula: contributions.py."""

from __future__ import annotations

import numpy as np

from ...errors import Message
from .definition import Evidence, Method


def _maps(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    layers = evidence.shares("fetched")
    return layers, layers.mean(0)


def _caution(causal: bool, layers: int) -> Message:
    return Message("Without what a position keeps, mixing is overstated: see the five bars below.")


METHOD = Method(
    key="norm",
    order=40,
    title=Message("Norm"),
    summary=Message(
        "How large what is fetched is: ‖Σ heads of weight × value × output matrix‖, averaged over the "
        "layers (Kobayashi et al. 2020)."
    ),
    needs=("attention", "values", "output matrix"),
    layer_formula="‖Σ_h α_ij v_j W_O^h‖ / row",
    joint_formula="mean of the layers",
    source="Kobayashi et al. 2020",
    departure="the mean of the layers is a summary of ours",
    maps=_maps,
    cross=True,
    through_layers=False,
    by_head=True,
    caution=_caution,
)
