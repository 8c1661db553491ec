"""ALTI (Ferrando et al. 2022): how much nearer each position's part brings the result of a layer. The formula:
contributions.py."""

from __future__ import annotations

import numpy as np

from ...errors import Message
from ..rollout import product
from .definition import Evidence, Method


def _maps(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    layers = evidence.shares("alti")
    return layers, product(layers.astype(np.float64))[-1]


METHOD = Method(
    key="alti",
    order=70,
    title=Message("ALTI"),
    summary=Message(
        "How much nearer each word's part brings the result of a layer, multiplied through the layers "
        "(Ferrando et al. 2022)."
    ),
    needs=("attention", "values", "output matrix", "residual stream"),
    layer_formula="max(0, ‖y_i‖₁ − ‖y_i − T_i(x_j)‖₁) / row, T = the line above",
    joint_formula="product, no further identity",
    source="Ferrando et al. 2022",
    maps=_maps,
)
