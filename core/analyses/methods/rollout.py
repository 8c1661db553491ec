"""Attention rollout (Abnar & Zuidema 2020). The formula and what is known of it stand in core/analyses/rollout.py."""

from __future__ import annotations

import numpy as np

from ...errors import Message
from ..rollout import product, with_residual
from .definition import Evidence, Method, mask_caution


def _maps(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    mixed = with_residual(evidence.attention)
    return mixed, product(mixed)[-1]


METHOD = Method(
    key="rollout",
    order=20,
    title=Message("Rollout"),
    summary=Message(
        "Attention gathered layer by layer: each layer's mean weights plus the position itself, multiplied "
        "through the layers (Abnar & Zuidema 2020)."
    ),
    needs=("attention",),
    layer_formula="Â = rownorm(mean_h A + I)",
    joint_formula="R_1 = Â_1, R_l = Â_l·R_{l−1}",
    source="Abnar & Zuidema 2020",
    departure="rows with sinks are rescaled by the same rownorm",
    maps=_maps,
    caution=mask_caution,
)
