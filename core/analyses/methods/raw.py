"""Raw attention: the mean of all heads and layers, without what a position keeps (rollout.py) and values (norm.py)."""

from __future__ import annotations

import numpy as np

from ...errors import Message
from .definition import Evidence, Method, mask_caution


def _maps(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    return evidence.attention, evidence.attention.mean(0)


METHOD = Method(
    key="raw",
    order=10,
    title=Message("Raw attention"),
    summary=Message(
        "The weights of all heads of all layers, averaged. It does not know what a weight fetches, nor "
        "that a position keeps itself."
    ),
    needs=("attention",),
    layer_formula="mean_h A",
    joint_formula="mean of the layers",
    source="Vaswani et al. 2017",
    departure="the mean of the layers is a summary of ours",
    maps=_maps,
    cross=True,
    through_layers=False,
    caution=mask_caution,
)
