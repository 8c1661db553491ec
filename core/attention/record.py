"""One attention call as the model made it, and the map that follows from it.

A ``Record`` keeps everything that shapes the scores, not the map: the map of one head is
computed when somebody looks at it (0.6 ms for 512 tokens). Formula, for head h and with
g(h) the key/value head that h shares::

    S[i, j] = scaling · q_h[i]·k_g(h)[j]          → softcap·tanh(S / softcap), if the model caps
            + bias[h, i, j] + mask[h, i, j]       (mask: −inf where i may not look at j)
    A[i, :] = softmax over j of S[i, :]           (with a sink s_h, the softmax has one more column)

Order and rules are those of ``eager_attention_forward`` in transformers 5.23 (Gemma-2 for the cap,
GPT-OSS for the sink, T5 for the bias). Models outside the seam give ``weights`` instead (core/attention/eager.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..errors import Message, UnsupportedModel


@dataclass(frozen=True, eq=False)
class Record:
    """Inputs of one attention call, batch dropped. Tensors are shared with nobody who writes.

    query (H, Q, D); key (G, K, D) and value (G, K, D′), G key/value heads divide H;
    mask (1 or H, Q, K) bool (True = may look) or additive; bias (1 or H, Q, K) additive;
    sinks (H, 1 or Q) logits of a key that is no token. ``weights`` (H, Q, K): the map itself, when the
    model computed it outside the seam; then the scores, and maybe q, k, v, are missing, and ``missing`` says why.
    """

    query: Tensor | None
    key: Tensor | None
    value: Tensor | None
    scaling: float = 1.0
    causal: bool = False
    mask: Tensor | None = None
    bias: Tensor | None = None
    softcap: float | None = None
    sinks: Tensor | None = None
    weights: Tensor | None = None
    missing: Message | str = ""

    @property
    def heads(self) -> int:
        return (self.weights if self.query is None else self.query).shape[0]

    @property
    def size(self) -> tuple[int, int]:
        """(query, key) lengths."""
        if self.weights is not None:
            return tuple(self.weights.shape[1:])
        return self.query.shape[1], self.key.shape[1]

    def scores(self, head: int) -> Tensor:
        """Pre-softmax scores of one head, (query, key) float32; −inf where the model may not look.

        Raises:
            UnsupportedModel: the model made its map outside the seam, with more than q·k.
        """
        if self.weights is not None:
            raise UnsupportedModel("The scores before the softmax are not available: {reason}", reason=self.missing)
        self.require_vectors()
        return self._only(head)._scores()[0]

    def attention(self, head: int) -> Tensor:
        """Attention of one head, (query, key) float32, 0 … 1; rows sum to 1, or to 1 − sink share."""
        return self.weights[head] if self.weights is not None else self._only(head).maps()[0]

    def maps(self) -> Tensor:
        """Attention of every head at once, (head, query, key) float32."""
        if self.weights is not None:
            return self.weights
        scores = self._scores()
        if self.sinks is None:
            return scores.softmax(dim=-1)
        sink = self.sinks.reshape(self.heads, -1, 1).expand(*scores.shape[:2], 1)
        return torch.cat([scores, sink], dim=-1).softmax(dim=-1)[..., :-1]

    def _only(self, head: int) -> Record:
        """The same call with one of its heads."""
        shared = {
            name: part if part is None or part.shape[0] == 1 else part[head : head + 1]
            for name, part in (("mask", self.mask), ("bias", self.bias), ("sinks", self.sinks))
        }
        group = self.shared(head)
        return replace(
            self,
            query=self.query[head : head + 1],
            key=self.key[group : group + 1],
            value=self.value[group : group + 1],
            **shared,
        )

    def _scores(self) -> Tensor:
        """(head, query, key)"""
        key = (
            self.key if len(self.key) == self.heads else self.key.repeat_interleave(self.heads // len(self.key), dim=0)
        )
        scores = self.query @ key.transpose(1, 2) * self.scaling  # (H, Q, D) (H, D, K) → (H, Q, K)
        if self.softcap is not None:
            scores = self.softcap * torch.tanh(scores / self.softcap)
        for extra in (self.bias, self.mask):
            if extra is not None:
                scores = _added(scores, extra)
        return scores.masked_fill(_future(*scores.shape[1:]), float("-inf")) if self.causal else scores

    def rows(self, queries: Sequence[int]) -> Tensor:
        """Attention of every head from some positions only, (head, query, key) float32: what a study of many sentences
        needs.
        """
        if self.weights is not None:
            return self.weights[:, list(queries)]
        return replace(self, **self._cut(list(queries))).maps()

    def row_scores(self, queries: Sequence[int]) -> Tensor:
        """Pre-softmax scores of every head from some positions only, (head, query, key); −inf where the model may not
        look.
        """
        return replace(self, **self._cut(list(queries)))._scores()

    def values(self) -> Tensor:
        """The value vectors that each query head uses, (head, key, dim)."""
        self.require_vectors()
        return (
            self.value
            if len(self.value) == self.heads
            else self.value.repeat_interleave(self.heads // len(self.value), dim=0)
        )

    def outputs(self) -> Tensor:
        """What the heads give, (query, head, dim)."""
        return (self.maps() @ self.values()).transpose(0, 1)  # (H, Q, K) (H, K, D) → (Q, H, D)

    def _cut(self, queries: list[int]) -> dict:
        """The fields of the same call with some of its queries; causality becomes a mask, as it counts from the first
        position.
        """
        mask = self.mask if not self.causal else _joined(self.mask, _future(*self.size))
        cut = {name: part if part is None else part[:, queries] for name, part in (("mask", mask), ("bias", self.bias))}
        sinks = self.sinks if self.sinks is None or self.sinks.shape[1] == 1 else self.sinks[:, queries]
        return {**cut, "sinks": sinks, "query": self.query[:, queries], "causal": False}

    def shared(self, head: int) -> int:
        """Index of the key/value head that query head ``head`` uses (grouped-query attention)."""
        return head * self.key.shape[0] // self.heads

    def require_vectors(self) -> None:
        """Raise UnsupportedModel when only the map, not its vectors, was captured."""
        if self.query is None:
            raise UnsupportedModel(
                "The query, key and value vectors of this model are not available: {reason}", reason=self.missing
            )


def wide(tensor: Tensor) -> torch.dtype:
    """What captured numbers are kept in: float32, or float64 of a model that runs in float64."""
    return torch.float64 if tensor.dtype == torch.float64 else torch.float32


def _joined(mask: Tensor | None, closed: Tensor) -> Tensor:
    """``mask`` (1 or H, Q, K; bool, additive or none) and a bool map of what may not be looked at, as one mask."""
    if mask is None:
        return ~closed[None]
    return mask & ~closed if mask.dtype == torch.bool else mask.masked_fill(closed, float("-inf"))


def _added(scores: Tensor, extra: Tensor) -> Tensor:
    if extra.dtype == torch.bool:
        return scores.masked_fill(~extra, float("-inf"))
    return scores + extra


def _future(n_query: int, n_key: int) -> Tensor:
    """True where key j lies after query i (aligned at the first position, as sdpa's is_causal)."""
    return torch.ones(n_query, n_key, dtype=torch.bool).triu(1)
