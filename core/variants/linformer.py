"""Linformer: n keys and values become k columns by two linear maps, and the softmax runs over the columns (Wang et al.
2020).

    O = softmax(scaling · Q·(E·K)ᵀ) · (F·V)        E, F: (k, n), here E = F

A column is a mixture of all words, so its weight belongs to no word. In the paper E and F are trained; here they are
not: either random, entries N(0, 1/k) (the matrices of its proof, by Johnson & Lindenstrauss), or means over
neighbouring words (the pooling of its §4). With k = n the means are the identity, and the result is exact. There is no
causal form: a column mixes what comes later into what is seen."""

from __future__ import annotations

from typing import Literal, get_args

import torch
from torch import Tensor

from ..errors import BadInput
from .inputs import Inputs

Folding = Literal["random", "mean"]
FOLDINGS: tuple[Folding, ...] = get_args(Folding)


def projection(n: int, columns: int, how: Folding, *, seed: int = 0) -> Tensor:
    """E, (columns, n) float32: row c says how column c mixes the n positions.

    Raises:
        BadInput: columns outside 1 … n.
    """
    if not 1 <= columns <= n:
        raise BadInput(
            "Linformer can fold {n} positions into 1 to {n} columns; {columns} were asked for.", n=n, columns=columns
        )
    if how == "mean":
        owner = torch.arange(n) * columns // n
        shares = torch.nn.functional.one_hot(owner, columns).T.float()
        return shares / shares.sum(1, keepdim=True)
    return torch.randn(columns, n, generator=torch.Generator().manual_seed(seed)) / columns**0.5


def linformer_weights(inputs: Inputs, mix: Tensor) -> Tensor:
    """(query, column) weights, rows sum to 1: over mixtures, not over words."""
    key = mix.to(inputs.key.dtype) @ inputs.key  # (k, K) (K, D) → (k, D)
    return (inputs.query @ key.T * inputs.scaling).softmax(-1)  # (Q, D) (D, k) → (Q, k)


def linformer_attention(inputs: Inputs, mix: Tensor) -> Tensor:
    """Output (Q, D′); time and memory O(n·k)."""
    return linformer_weights(inputs, mix) @ (mix.to(inputs.value.dtype) @ inputs.value)
