"""Gradient × attention gathered through the layers (Chefer et al. 2021). The rules stand in relevance.py."""

from __future__ import annotations

import numpy as np

from ...errors import Message
from .definition import Evidence, Method


def _maps(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """What was gathered: within one text without the identity that the rules begin with."""
    layers, joint = evidence.relevance.layers[evidence.kind], evidence.relevance.joint[evidence.kind]
    return layers, joint if evidence.kind == "cross" else joint - np.eye(len(joint))


METHOD = Method(
    key="gradient",
    order=80,
    title=Message("Gradient × attention"),
    summary=Message(
        "The weights that hold the explained answer up, to first order, gathered through the layers "
        "(Chefer et al. 2021). The only one that knows which answer is explained."
    ),
    needs=("attention", "values", "gradient"),
    layer_formula="Ā = mean_h relu(A ⊙ ∂score/∂A)",
    joint_formula="R ← R + Ā·R, R_0 = I; in a decoder first R_ts ← R_ts + Ā·R_ts, then across stacks "
    "R_ts ← R_ts + N(R_tt)ᵀ·Ā·N(R_ss)",
    source="Chefer, Gur & Wolf 2021 (ICCV), and their code",
    departure="no LRP; the score may be a difference; the row shown is what was gathered (R − I), rescaled",
    maps=_maps,
    cross=True,
)
