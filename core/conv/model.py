"""The classifier as a module: what is computed, with shapes, and nothing about words or files.

T positions, E numbers per word, F features, W words per window (odd; W // 2 to either side, zeros beyond the ends).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

PAD, UNKNOWN = 0, 1
"""Ids of what fills a batch, and of any word that is not in the vocabulary. A hidden word is UNKNOWN too: training hid
words that way.
"""


@dataclass(frozen=True)
class Sizes:
    """vocabulary: entries, the two above included; window: words that one position sees, odd."""

    vocabulary: int
    embedding: int
    features: int
    window: int

    def __post_init__(self) -> None:
        if self.window % 2 == 0:
            raise ValueError(f"A window of an odd number of words was expected, not {self.window}")


class Forward(NamedTuple):
    """What one forward gives, batch first. features (B, T, F) ≥ 0; attention (B, T), rows sum to 1, 0 at padding;
    pooled (B, F); logit (B,) nats, above 0 is praise.
    """

    features: Tensor
    attention: Tensor
    pooled: Tensor
    logit: Tensor


class ConvAttention(nn.Module):
    """h_t = relu(W·[x_{t−W/2} … x_{t+W/2}] + b), e_t = tanh(w·h_t + b), α = softmax(e), c = Σ α_t h_t, logit = d·c + b.

    Since −1 < e_t < 1, no weight is more than e² ≈ 7.4 times another one: see `most`.
    """

    def __init__(self, sizes: Sizes, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.sizes = sizes
        self.embedding = nn.Embedding(sizes.vocabulary, sizes.embedding, padding_idx=PAD)
        self.convolution = nn.Conv1d(sizes.embedding, sizes.features, sizes.window, padding=sizes.window // 2)
        self.score = nn.Linear(sizes.features, 1)
        self.dense = nn.Linear(sizes.features, 1)
        self.dropout = nn.Dropout(dropout)

    @property
    def bias(self) -> Tensor:
        """b of the convolution, (feature,)."""
        bias = self.convolution.bias
        if bias is None:
            raise ValueError("This classifier's convolution has no bias.")
        return bias

    def forward(self, ids: Tensor, *, even: bool = False) -> Forward:
        """ids (B, T) long, PAD behind the shorter ones. even: every word gets the same weight, which is the null of the
        attention.
        """
        is_word = ids != PAD
        words = self.dropout(self.embedding(ids))  # (B, T, E); a row of zeros at padding, as beyond the ends
        features = torch.relu(self.convolution(words.transpose(1, 2)).transpose(1, 2))  # (B, T, F)
        scores = torch.tanh(self.score(features)).squeeze(-1)  # (B, T)
        scores = torch.zeros_like(scores) if even else scores
        attention = scores.masked_fill(~is_word, -torch.inf).softmax(-1)
        pooled = torch.einsum("bt,btf->bf", attention, features)
        return Forward(features, attention, pooled, self.dense(self.dropout(pooled)).squeeze(-1))


def most(n: int) -> float:
    """The largest weight that one of ``n`` words can get, whatever the weights of the model: e / (e + (n − 1)/e), never
    reached.
    """
    e = torch.e
    return e / (e + (n - 1) / e)
