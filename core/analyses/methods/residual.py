"""The size of what is fetched with what the position keeps (Kobayashi et al. 2021), multiplied through the layers as
GlobEnc does (Modarressi et al. 2022). The formula: contributions.py."""

from __future__ import annotations

import numpy as np

from ...errors import Message
from ..rollout import product
from .definition import Evidence, Method


def _maps(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    layers = evidence.shares("residual")
    return layers, product(layers.astype(np.float64))[-1]


METHOD = Method(
    key="residual",
    order=50,
    title=Message("Norm + residual"),
    summary=Message(
        "The same with what the position keeps, multiplied through the layers (Kobayashi et al. 2021; "
        "Modarressi et al. 2022)."
    ),
    needs=("attention", "values", "output matrix", "residual stream"),
    layer_formula="‖Σ_h α_ij v_j W_O^h + [i = j] x_i‖ / row",
    joint_formula="product",
    source="Kobayashi et al. 2021",
    departure="the product after Modarressi et al. 2022",
    maps=_maps,
)
