"""Norm rollout: attention rollout over weights that are multiplied by the size of what they fetch.

    N_l[i, j] = Σ_h A_h[i, j]·‖v_j·W_O^h‖ / Σ_j …       Kobayashi et al. 2020, ‖α f(x)‖ of each head
    Ñ_l       = rownorm(N_l + I)                          Abnar & Zuidema 2020: the residual as one more equal path
    R_1 = Ñ_1, R_l = Ñ_l·R_{l−1}

Departures: the heads' sizes are added up, as rollout adds their weights, so that with equal sizes this is rollout;
Kobayashi et al. add the heads' vectors where they speak of a layer, in which heads may cancel (norm.py). What a
position keeps is the fixed half of rollout, not its real size (residual.py). Not here: the check that the parts are
what the model adds to its stream (contributions.py)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...errors import Message
from ..rollout import product, with_residual
from .definition import Evidence, Method, mask_caution


def norm_weighted(attention: Iterable[np.ndarray], norms: Iterable[np.ndarray]) -> np.ndarray:
    """Ñ, (layer, query, key) float64, rows sum to 1.

    attention: (head, query, key) of each layer; norms: (head, key), the size of what each key would bring."""
    sizes = [
        np.einsum("hqk,hk->qk", maps.astype(np.float64), brought)
        for maps, brought in zip(attention, norms, strict=True)
    ]
    return with_residual(np.stack([layer / np.maximum(layer.sum(-1, keepdims=True), 1e-30) for layer in sizes]))


def _maps(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    trace, kind = evidence.trace, evidence.kind
    maps = (trace.layer_attention(layer, kind) for layer in range(trace.layers(kind)))
    layers = norm_weighted(maps, evidence.value_norms())
    return layers, product(layers)[-1]


METHOD = Method(
    key="norm_rollout",
    order=35,
    title=Message("Norm rollout"),
    summary=Message(
        "Rollout over weights multiplied by the size of what they fetch: every head's ‖weight × value × output matrix‖ "
        "as shares, plus the position itself, multiplied through the layers (Kobayashi et al. 2020; Abnar & Zuidema "
        "2020)."
    ),
    needs=("attention", "values", "output matrix"),
    layer_formula="Ñ = rownorm(N + I), N = Σ_h α_ij·‖v_j W_O^h‖ / row",
    joint_formula="R_1 = Ñ_1, R_l = Ñ_l·R_{l−1}",
    source="Kobayashi et al. 2020; Abnar & Zuidema 2020",
    departure="the sizes of the heads are added, not their vectors, so that with equal sizes it is rollout",
    maps=_maps,
    by_head=True,
    caution=mask_caution,
)
