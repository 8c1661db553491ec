"""Softmax attention itself: torch's own scaled_dot_product_attention for full and causal, and the plain formula with
any mask.

    A = softmax(scaling · Q·Kᵀ + M), O = A·V                       (Vaswani et al. 2017)

The plain formula keeps the n × n weights; sdpa never does (it works in tiles, as FlashAttention).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from .inputs import Inputs


def fused_attention(inputs: Inputs, *, causal: bool = False) -> Tensor:
    """Output (Q, D′) of the library's fused kernel; ``causal``: no query looks at a later key."""
    query, key, value = (part[None, None] for part in (inputs.query, inputs.key, inputs.value))
    return scaled_dot_product_attention(query, key, value, is_causal=causal, scale=inputs.scaling)[0, 0]


def softmax_weights(inputs: Inputs, allowed: Tensor | None = None) -> Tensor:
    """A, (Q, K), rows sum to 1; ``allowed`` (Q, K) bool, every row with at least one True."""
    scores = inputs.query @ inputs.key.T * inputs.scaling  # (Q, D) (D, K) → (Q, K)
    return (scores if allowed is None else scores.masked_fill(~allowed, float("-inf"))).softmax(-1)


def plain_attention(inputs: Inputs, allowed: Tensor | None = None) -> Tensor:
    """Output (Q, D′) by the formula, with the whole map in memory."""
    return softmax_weights(inputs, allowed) @ inputs.value


def triangle(n: int) -> Tensor:
    """(n, n) bool: True where key j does not lie after query i."""
    return torch.ones(n, n, dtype=torch.bool).tril()


def model_weights(inputs: Inputs) -> Tensor:
    """The weights (Q, K) that every variant is compared with: causal where the model looks back only, full else."""
    return softmax_weights(inputs, triangle(len(inputs.query)) if inputs.causal else None)


def even_weights(inputs: Inputs) -> Tensor:
    """The null: weights (Q, K) spread evenly over what the model may see. Whoever errs more than this would do better
    not to look at all.
    """
    visible = triangle(len(inputs.query)) if inputs.causal else torch.ones(inputs.size, dtype=torch.bool)
    return visible.to(inputs.value.dtype) / visible.sum(-1, keepdim=True)
