"""The size of what is fetched and kept, through the layer norm that follows (Kobayashi et al. 2021). The formula:
contributions.py."""

from __future__ import annotations

import numpy as np

from ...errors import Message
from ..rollout import product
from .definition import Evidence, Method


def _maps(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    layers = evidence.shares("normed")
    return layers, product(layers.astype(np.float64))[-1]


METHOD = Method(
    key="normed",
    order=60,
    title=Message("Norm + residual + LN"),
    summary=Message("And through the layer norm that follows, where a model has one there (Kobayashi et al. 2021)."),
    needs=("attention", "values", "output matrix", "residual stream"),
    layer_formula="‖g_i(·)‖ / row, g_i(u) = (u − mean u)/√(var S_i + ε)·γ, S the sum before the normalisation",
    joint_formula="product",
    source="Kobayashi et al. 2021",
    departure="only where the stream goes on with the normalised sum (BERT, BART, Marian); in pre-norm models the "
    "normalisation stands inside v and the line equals the one above, and the page says so",
    maps=_maps,
)
