"""A record: one attention call as the model made it, and the map that follows from it.

Inside: `Vectors` (queries, keys and values), `Record` (a call that the seam saw: the vectors and everything else that
shapes the scores), `EagerRecord` (a call outside the seam: the model's own map, with its vectors where the family is
known) and `NoAttention` (a layer that makes no call). All answer the same questions; what one does not know raises
`UnsupportedModel` with the reason. Not inside: how calls are seen (seam.py, eager.py), and edits (edits.py).

A ``Record`` keeps everything that shapes the scores, not the map: the map of one head is computed when somebody looks
at it (0.6 ms for 512 tokens). Formula, for head h and with g(h) the key/value head that h shares::

    S[i, j] = scaling · q_h[i]·k_g(h)[j]          → softcap·tanh(S / softcap), if the model caps
            + bias[h, i, j] + mask[h, i, j]       (mask: −inf where i may not look at j)
    A[i, :] = softmax over j of S[i, :]           (with a sink s_h, the softmax has one more column)

Order and rules are those of ``eager_attention_forward`` in transformers 5.23 (Gemma-2 for the cap, GPT-OSS for the
sink, T5 for the bias).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, NoReturn

import torch
from torch import Tensor

from ..errors import Message, UnsupportedModel


@dataclass(frozen=True, eq=False)
class Vectors:
    """The vectors of one attention call, batch dropped, as they enter q·k and A·v. Nobody writes into the tensors.

    query (H, Q, D); key (G, K, D) and value (G, K, D′): G key/value heads divide H. Scores start as scaling · q·k.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    scaling: float = 1.0

    @property
    def heads(self) -> int:
        """Number of query heads, H."""
        return self.query.shape[0]

    @property
    def size(self) -> tuple[int, int]:
        """(query, key) lengths."""
        return self.query.shape[1], self.key.shape[1]

    def shared(self, head: int) -> int:
        """Index of the key/value head that query head ``head`` uses (grouped-query attention)."""
        return head * self.key.shape[0] // self.heads

    def keys(self) -> Tensor:
        """The key vectors that each query head uses, (head, key, dim)."""
        return self._expanded(self.key)

    def values(self) -> Tensor:
        """The value vectors that each query head uses, (head, key, dim)."""
        return self._expanded(self.value)

    def require_vectors(self) -> Vectors:
        """These vectors: the answer of a call whose vectors are known (see ``EagerRecord.require_vectors``)."""
        return self

    def _expanded(self, grouped: Tensor) -> Tensor:
        """(G, K, D) → (H, K, D)"""
        return grouped if len(grouped) == self.heads else grouped.repeat_interleave(self.heads // len(grouped), dim=0)


@dataclass(frozen=True, eq=False)
class Record(Vectors):
    """A call that the seam saw: the vectors, and all that shapes the scores beside them.

    causal: position i may not look past i. mask (1 or H, Q, K) bool (True = may look) or additive; bias (1 or H, Q, K)
    additive; softcap: the scores' bound; sinks (H, 1 or Q): logits of a key that is no token. None: the model has none.
    """

    causal: bool = False
    mask: Tensor | None = None
    bias: Tensor | None = None
    softcap: float | None = None
    sinks: Tensor | None = None

    elsewhere: ClassVar[str] = ""  # the seam sees every position that a call looks at

    @property
    def vectors(self) -> Vectors | None:
        """The vectors, which the seam always sees; None is the answer of an ``EagerRecord`` alone."""
        return self

    def scores(self, head: int) -> Tensor:
        """Pre-softmax scores of one head, (query, key) float32; −inf where the model may not look."""
        return self._only(head)._scores()[0]

    def attention(self, head: int) -> Tensor:
        """Attention of one head, (query, key) float32, 0 … 1; rows sum to 1, or to 1 − sink share."""
        return self._only(head).maps()[0]

    def maps(self) -> Tensor:
        """Attention of every head at once, (head, query, key) float32."""
        scores = self._scores()
        if self.sinks is None:
            return scores.softmax(dim=-1)
        sink = self.sinks.reshape(self.heads, -1, 1).expand(*scores.shape[:2], 1)
        return torch.cat([scores, sink], dim=-1).softmax(dim=-1)[..., :-1]

    def rows(self, queries: Sequence[int]) -> Tensor:
        """Attention of every head from some positions only, (head, query, key) float32."""
        return self._cut(list(queries)).maps()

    def row_scores(self, queries: Sequence[int]) -> Tensor:
        """Pre-softmax scores of every head from some positions only, (head, query, key); −inf where it may not look."""
        return self._cut(list(queries))._scores()

    def outputs(self) -> Tensor:
        """What the heads give, (query, head, dim)."""
        return (self.maps() @ self.values()).transpose(0, 1)  # (H, Q, K) (H, K, D) → (Q, H, D)

    def _only(self, head: int) -> Record:
        """The same call with one of its heads."""
        group = self.shared(head)
        return replace(
            self,
            query=self.query[head : head + 1],
            key=self.key[group : group + 1],
            value=self.value[group : group + 1],
            mask=_of_head(self.mask, head),
            bias=_of_head(self.bias, head),
            sinks=_of_head(self.sinks, head),
        )

    def _scores(self) -> Tensor:
        """(head, query, key)"""
        scores = self.query @ self.keys().transpose(1, 2) * self.scaling  # (H, Q, D) (H, D, K) → (H, Q, K)
        if self.softcap is not None:
            scores = self.softcap * torch.tanh(scores / self.softcap)
        for extra in (self.bias, self.mask):
            if extra is not None:
                scores = _added(scores, extra)
        return scores.masked_fill(_future(*scores.shape[1:]), float("-inf")) if self.causal else scores

    def _cut(self, queries: list[int]) -> Record:
        """The same call with some of its queries; causality becomes a mask, as it counts from the first position."""
        mask = closing(self.mask, _future(*self.size)) if self.causal else self.mask
        return replace(
            self,
            query=self.query[:, queries],
            causal=False,
            mask=None if mask is None else mask[:, queries],
            bias=None if self.bias is None else self.bias[:, queries],
            sinks=self.sinks if self.sinks is None or self.sinks.shape[1] == 1 else self.sinks[:, queries],
        )


@dataclass(frozen=True, eq=False)
class EagerRecord:
    """A call outside the seam: the map that the model itself reported.

    weights (H, Q, K). vectors: those of the same call where the family is known, else None. missing: why the scores,
    and maybe the vectors, cannot be shown. elsewhere: what a share of its rows goes to that is no position (a msgid);
    "": rows sum to 1.
    """

    weights: Tensor
    vectors: Vectors | None = None
    missing: Message | str = ""
    elsewhere: str = ""

    # Terms beside q·k are inside the weights and cannot be told apart from them.
    bias: ClassVar[None] = None
    softcap: ClassVar[None] = None
    sinks: ClassVar[None] = None

    @property
    def heads(self) -> int:
        """Number of query heads, H."""
        return self.weights.shape[0]

    @property
    def size(self) -> tuple[int, int]:
        """(query, key) lengths."""
        return self.weights.shape[1], self.weights.shape[2]

    def scores(self, head: int) -> NoReturn:
        """Refuse: the model made its map with more than q·k, or in an unknown way.

        Raises:
            UnsupportedModel: always, with the reason.
        """
        raise UnsupportedModel("The scores before the softmax are not available: {reason}", reason=self.missing)

    def attention(self, head: int) -> Tensor:
        """Attention of one head, (query, key) float32, a copy: nobody may write into a record."""
        return self.weights[head].clone()

    def maps(self) -> Tensor:
        """Attention of every head at once, (head, query, key) float32."""
        return self.weights

    def rows(self, queries: Sequence[int]) -> Tensor:
        """Attention of every head from some positions only, (head, query, key) float32."""
        return self.weights[:, list(queries)]

    def outputs(self) -> Tensor:
        """What the heads give, (query, head, dim).

        Raises:
            UnsupportedModel: the vectors are not known.
        """
        return (self.weights @ self.require_vectors().values()).transpose(0, 1)  # (H, Q, K) (H, K, D) → (Q, H, D)

    def require_vectors(self) -> Vectors:
        """The vectors of the call.

        Raises:
            UnsupportedModel: only the map, not its vectors, was captured.
        """
        if self.vectors is None:
            raise UnsupportedModel(
                "The query, key and value vectors of this model are not available: {reason}", reason=self.missing
            )
        return self.vectors


@dataclass(frozen=True, eq=False)
class NoAttention:
    """A layer of the model without attention, in its place among the others, so that a layer has one number everywhere.

    layer: from 0. part: what the layer is instead (“linear attention”, a msgid). heads, size: those of the layers that
    have attention. Every question about a map is refused with this reason.
    """

    layer: int
    part: str
    heads: int
    size: tuple[int, int]

    vectors: ClassVar[None] = None
    bias: ClassVar[None] = None
    softcap: ClassVar[None] = None
    sinks: ClassVar[None] = None
    elsewhere: ClassVar[str] = ""

    def attention(self, head: int) -> NoReturn:
        """Refuse.

        Raises:
            UnsupportedModel: always, with what the layer is.
        """
        raise self._refusal()

    def maps(self) -> NoReturn:
        """Refuse, as `attention`."""
        raise self._refusal()

    def scores(self, head: int) -> NoReturn:
        """Refuse, as `attention`."""
        raise self._refusal()

    def rows(self, queries: Sequence[int]) -> NoReturn:
        """Refuse, as `attention`."""
        raise self._refusal()

    def outputs(self) -> NoReturn:
        """Refuse, as `attention`."""
        raise self._refusal()

    def require_vectors(self) -> NoReturn:
        """Refuse, as `attention`."""
        raise self._refusal()

    def _refusal(self) -> UnsupportedModel:
        return UnsupportedModel(
            "Layer {layer} of this model has no attention: it is {part}. What asks for every layer cannot be shown.",
            layer=self.layer + 1,
            part=Message(self.part),
        )


AnyRecord = Record | EagerRecord | NoAttention
"""What a trace keeps of a layer, whichever adapter saw it."""


def wide(tensor: Tensor) -> torch.dtype:
    """What captured numbers are kept in: float32, or float64 of a model that runs in float64."""
    return torch.float64 if tensor.dtype == torch.float64 else torch.float32


def tolerance(dtype: torch.dtype) -> float:
    """How far two ways of computing the same numbers may lie apart, relative to the largest of them.

    1e-4 in float32; 3e-2 in half precision, which keeps about three decimal digits.
    """
    return 1e-4 if dtype == torch.float32 else 3e-2


def closing(mask: Tensor | None, closed: Tensor) -> Tensor:
    """One mask that closes what ``mask`` (1 or H, Q, K; bool, additive or none) closes, and what ``closed`` does.

    closed: bool, True where nobody may look, (query, key) or with heads before; the heads of the two are broadcast.
    """
    if mask is None:
        return ~closed.reshape(-1, *closed.shape[-2:])
    return mask & ~closed if mask.dtype == torch.bool else mask.masked_fill(closed, float("-inf"))


def _of_head(extra: Tensor | None, head: int) -> Tensor | None:
    """(1 or H, …) → (1, …)"""
    return extra if extra is None or extra.shape[0] == 1 else extra[head : head + 1]


def _added(scores: Tensor, extra: Tensor) -> Tensor:
    if extra.dtype == torch.bool:
        return scores.masked_fill(~extra, float("-inf"))
    return scores + extra


def _future(n_query: int, n_key: int) -> Tensor:
    """True where key j lies after query i (aligned at the first position, as sdpa's is_causal)."""
    return torch.ones(n_query, n_key, dtype=torch.bool).triu(1)
