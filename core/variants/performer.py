"""Performer: the softmax kernel as a product of positive random features, so that n² scores are never made (Choromanski
et al. 2021, FAVOR+).

    exp(x·y) = E_w[φ(x)·φ(y)],
        φ(x) = e^{−‖x‖²/2}/√m · (e^{w_1·x}, …, e^{w_m·x}),   w ~ N(0, I), x = √scaling·q, y = √scaling·k
    O = φ(Q)·(φ(K)ᵀ·V) / φ(Q)·(φ(K)ᵀ·1)            bidirectional, O(n·m·d)
    O_i = φ(q_i)·Σ_{j ≤ i} φ(k_j)·v_jᵀ / …         causal: prefix sums, block by block

The rows of W are orthogonal in groups of d with the lengths of independent normal vectors, which keeps each of them
N(0, I) and lowers the variance (idem, §2.4). One constant is taken out of every query's features and one out of all
keys' features before exp: both cancel in the quotient. An n × n map is implied by φ(Q)·φ(K)ᵀ; the algorithm never makes
it, `implied` does, for showing."""

from __future__ import annotations

import torch
from torch import Tensor

from ..errors import BadInput
from .inputs import Inputs

BLOCK = 128  # queries that share one prefix sum, where causal


def directions(features: int, dim: int, *, seed: int = 0, orthogonal: bool = True) -> Tensor:
    """W, (features, dim) float32, every row N(0, I); orthogonal within groups of ``dim`` rows.

    Raises:
        BadInput: fewer than one feature.
    """
    if features < 1:
        raise BadInput("Performer needs at least one random feature; {features} were asked for.", features=features)
    generator = torch.Generator().manual_seed(seed)
    normal = torch.randn(features, dim, generator=generator)
    if not orthogonal:
        return normal
    groups = [_rotation(dim, generator) for _ in range(-(-features // dim))]
    return torch.cat(groups)[:features] * normal.norm(dim=1, keepdim=True)


def logs(x: Tensor, w: Tensor) -> Tensor:
    """log φ without 1/√m, (n, m): w·x − ‖x‖²/2."""
    return x @ w.T - x.square().sum(-1, keepdim=True) / 2


def kernel(x: Tensor, y: Tensor, w: Tensor) -> Tensor:
    """The estimate of exp(x·y), (n, n′): unbiased over draws of W."""
    return logs(x, w).exp() @ logs(y, w).exp().T / len(w)


def features(inputs: Inputs, w: Tensor) -> tuple[Tensor, Tensor]:
    """φ(Q) (Q, m) and φ(K) (K, m), each up to a factor that cancels: one per query, one for all keys."""
    root, w = abs(inputs.scaling) ** 0.5, w.to(inputs.query.dtype)
    query, key = logs(inputs.query * root, w), logs(inputs.key * root, w)
    return (query - query.amax(-1, keepdim=True)).exp(), (key - key.amax()).exp()


def performer_attention(inputs: Inputs, w: Tensor) -> Tensor:
    """Output (Q, D′); time O(n·m·d), memory O(n·m)."""
    query, key = features(inputs, w)
    counts = torch.ones_like(inputs.value[:, :1])  # the column that becomes the denominators
    value = torch.cat([inputs.value, counts], 1)
    both = _prefix(query, key, value) if inputs.causal else query @ (key.T @ value)  # (Q, m) (m, D′ + 1)
    return both[:, :-1] / both[:, -1:]


def implied(inputs: Inputs, w: Tensor) -> Tensor:
    """The map that the features imply, (Q, K), rows sum to 1. O(n²): for showing only."""
    query, key = features(inputs, w)
    products = query @ key.T
    products = products.tril() if inputs.causal else products
    return products / products.sum(-1, keepdim=True)


def _rotation(dim: int, generator: torch.Generator) -> Tensor:
    """A uniformly random orthogonal (dim, dim): QR of a normal matrix, with the signs of R taken out (Mezzadri
    2007).
    """
    q, r = torch.linalg.qr(torch.randn(dim, dim, generator=generator, dtype=torch.float64))
    return (q * r.diagonal().sign()).float()


def _prefix(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Σ_{j ≤ i} (φ(q_i)·φ(k_j))·v_j for every i, (Q, D′): within a block directly, from blocks before through one (m,
    D′) sum.
    """
    before = torch.zeros(key.shape[1], value.shape[1], dtype=value.dtype)
    outputs = []
    for start in range(0, len(query), BLOCK):
        block = slice(start, start + BLOCK)
        outputs.append((query[block] @ key[block].T).tril() @ value[block] + query[block] @ before)
        before = before + key[block].T @ value[block]
    return torch.cat(outputs)
