"""Relevance by gradient × attention through the layers (Chefer, Gur & Wolf, ICCV 2021), for one number that the model
computes.

    Ā_l = mean over heads of relu(A_l ⊙ ∂m/∂A_l)                  what of each weight holds the number up
    self         R ← R + Ā·R,   R_0 = I                           row i: what the inputs gave to position i
    cross
        R_ts ← R_ts + N(R_tt)ᵀ·Ā_cross·N(R_ss),          N(R) = rownorm(R − I) + I       (their equations 8 to 10)
                 after the decoder's self-attention R_ts ← R_ts + Ā·R_ts

As in their code, R_tt is transposed, and a row of R − I that is all zero stays zero. Departures: no LRP (they report
both; without it A is the plain attention), and the number may be a difference of logits. Row i of a result is only
meaningful for the position at which the number is read. Not here: which number (score.py), signed effects of single
weights (gradients.py)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ..axes import Kind
from ..boundary import named_step
from ..errors import Message
from ..models.loading import LanguageModel
from ..tracing.trace import Trace
from .gradients import HeadGradients, Score, head_gradients


@dataclass(frozen=True, eq=False)
class Relevance:
    """layers: kind → (layer, query, key), Ā ≥ 0, in the unit of the number. joint: kind → (query, key), what the inputs
    of its key side gave to its query side; for a model of one stack {"self"}, else {"encoder", "decoder", "cross"}."""

    layers: dict[Kind, np.ndarray]
    joint: dict[Kind, np.ndarray]


@named_step(Message("the gradient"))
def relevance(lm: LanguageModel, trace: Trace, score: Score) -> Relevance:
    """One forward, one backward.

    Raises:
        UnsupportedModel: no prediction head, a model whose attention cannot be edited, or whose tokens also mix outside
        it.
    """
    lm.layout.mixing.require_none()
    gradients = head_gradients(lm, trace, score)
    layers = {kind: np.stack([_held(layer) for layer in gradients[kind]]) for kind in trace.kinds}
    if "self" in layers:
        return Relevance(layers, {"self": gathered(layers["self"])})
    return Relevance(layers, _joined(layers))


def gathered(layers: np.ndarray) -> np.ndarray:
    """R after all layers, (query, key), from Ā (layer, query, key) of a self-attention."""
    joint = np.eye(layers.shape[1])
    for layer in layers:
        joint = joint + layer @ joint
    return joint


def own_part(joint: np.ndarray) -> np.ndarray:
    """N(R): what was gathered, rows rescaled to 1 (rows of nothing stay so), and the position itself."""
    gathered = joint - np.eye(len(joint))
    total = gathered.sum(-1, keepdims=True)
    return np.divide(gathered, total, out=np.zeros_like(gathered), where=total > 0) + np.eye(len(joint))


def _joined(layers: dict[Kind, np.ndarray]) -> dict[Kind, np.ndarray]:
    """The three joint maps of an encoder–decoder."""
    source, n = gathered(layers["encoder"]), layers["decoder"].shape[1]
    target, cross = np.eye(n), np.zeros((n, len(source)))
    for within, across in zip(layers["decoder"], layers["cross"], strict=True):
        target, cross = target + within @ target, cross + within @ cross
        cross = cross + own_part(target).T @ across @ own_part(source)
    return {"encoder": source, "decoder": target, "cross": cross}


def _held(layer: HeadGradients) -> np.ndarray:
    """Ā of one layer, (query, key) float64, a head at a time."""
    with torch.no_grad():
        record, vectors, total = layer.record, layer.record.require_vectors(), np.zeros(layer.record.size)
        for head in range(record.heads):
            pull = layer.gradient[:, head] @ vectors.value[vectors.shared(head)].T  # (query, dim) (dim, key)
            total += (record.attention(head) * pull).clamp_min(0).numpy()
    return total / layer.record.heads
