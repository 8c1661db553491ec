"""Every step of one attention head for one position that looks: from what the projections read to the residual stream.

    q·k_j = Σ_d q[d]·k_j[d]     → · scaling     → softcap·tanh(· / softcap), if the model caps    → + bias[j]
          → −inf where closed   → softmax over j (and the sink, where a model has one)            → A[j]
    z = Σ_j A[j]·v_j            → all heads side by side → · W_O + b                              → + residual stream

The numbers are the model's: q, k, v, scaling, cap, bias, mask and weights come from the trace's Record, what surrounds
them from one more forward of the same text (layer.py). What cannot be known is None, and ``missing`` says
why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..attention.edits import CLOSED_SCORE
from ..attention.record import AnyRecord, EagerRecord, NoAttention, Record, tolerance
from ..axes import Kind, checked_index
from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..tracing.layer import LayerContext
from ..tracing.output_matrix import output_matrix
from ..tracing.projections import Projection, VectorRelation, projection_of
from ..tracing.trace import Trace

_LINEAR = Message("which of its projections this comes from could not be verified for this model")
_OUTPUT = Message("where this model keeps the output matrix of its attention is not known")
_BETWEEN = Message("between the heads and the output matrix this model does something more, which is not seen here")
_SUM = Message("what this model gives is not added to the stream in a way that could be followed")


@dataclass(frozen=True, eq=False)
class Origin:
    """A vector before it entered q·k, as it left its projection (…, dim), after a norm (or None), and how the rest
    follows.
    """

    vectors: np.ndarray
    normed: np.ndarray | None
    how: VectorRelation
    factor: float


@dataclass(frozen=True, eq=False)
class Residual:
    """before + added (+ beside) = after, each (model,); ``changed``: a norm or a factor stands between W_O and the
    sum.
    """

    before: np.ndarray
    added: np.ndarray
    beside: np.ndarray | None
    after: np.ndarray
    changed: bool


@dataclass(frozen=True, eq=False)
class Steps:
    """One (kind, layer, head, query). Arrays float32: q (dim,), keys (key, dim), values (key, dim′), one number per key
    in scores (−inf where closed), bias (or None), ``open`` (may be looked at), weights (0 … 1). sink: logit of the
    sink, or None.

    From the second forward: input (model,) that the projection of q read; origins of q and of the keys; concat (head,
    dim′); parts (head, model), what each head's vector becomes; offset, the bias of W_O (model,), or None; written
    (model,); residual."""

    kind: Kind
    layer: int
    head: int
    query: int
    q: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    scaling: float
    softcap: float | None
    bias: np.ndarray | None
    open: np.ndarray
    scores: np.ndarray
    weights: np.ndarray
    sink: float | None
    input: np.ndarray | None
    q_origin: Origin | None
    k_origin: Origin | None
    concat: np.ndarray | None
    parts: np.ndarray | None
    offset: np.ndarray | None
    written: np.ndarray | None
    residual: Residual | None
    missing: Mapping[str, Message]

    @property
    def dots(self) -> np.ndarray:
        """q·k_j, (key,): the sum of the elementwise products."""
        return self.keys @ self.q

    @property
    def scaled(self) -> np.ndarray:
        """scaling · q·k_j, (key,)."""
        return self.dots * np.float32(self.scaling)

    @property
    def sink_share(self) -> float | None:
        """The share of the softmax that goes to no token, 0 … 1."""
        return None if self.sink is None else float(1 - self.weights.sum(dtype=np.float64))

    @property
    def output(self) -> np.ndarray:
        """z = Σ_j A[j]·v_j, (dim′,): what the head gives."""
        return self.weights @ self.values

    @property
    def reads_stream(self) -> bool | None:
        """Whether the projections read the residual stream itself (True) or something made of it, such as its norm."""
        if self.residual is None or self.input is None or self.input.shape != self.residual.before.shape:
            return None
        return bool(np.allclose(self.input, self.residual.before, rtol=1e-4, atol=1e-5))


def check_steps(lm: LanguageModel, record: AnyRecord) -> Record:
    """The record of a call whose every step is seen.

    Raises:
        UnsupportedModel: the maps are the model's own, their scores are not known.
    """
    if isinstance(record, NoAttention):
        record.require_vectors()
    record.require_vectors()
    if isinstance(record, EagerRecord):
        raise UnsupportedModel("The steps of this model's attention cannot be shown: {reason}", reason=record.missing)
    return record


@named_step(Message("the steps of one layer"))
def attention_steps(
    lm: LanguageModel, trace: Trace, context: LayerContext, layer: int, head: int, query: int, kind: Kind | None = None
) -> Steps:
    """The steps of one head at one position; ``context`` is ``layer_context`` of the same trace, layer and kind.

    Raises:
        BadInput: no such layer, head, position or kind. UnsupportedModel: a model outside the seam.
    """
    kind = trace.checked_kind(kind)
    record = check_steps(lm, trace.record(layer, kind))
    head = checked_index(head, record.heads, "head")
    query = checked_index(query, record.size[0], "position")
    scores, shared = record.scores(head)[query], record.shared(head)
    return Steps(
        kind=kind,
        layer=layer,
        head=head,
        query=query,
        q=_float32(record.query[head, query]),
        keys=_float32(record.key[shared]),
        values=_float32(record.value[shared]),
        scaling=record.scaling,
        softcap=record.softcap,
        bias=_bias(record, head, query),
        open=_float32(scores > CLOSED_SCORE),
        scores=_float32(scores.masked_fill(scores <= CLOSED_SCORE, float("-inf"))),
        weights=_float32(record.attention(head)[query]),
        sink=_sink(record, head, query),
        **_surroundings(lm, record, context, layer, head, query, kind),
    )


def _bias(record: Record, head: int, query: int) -> np.ndarray | None:
    """What is added to the scores where they are open, (key,): a position bias, and what an additive mask adds; None
    where that is nothing.
    """
    total = torch.zeros(record.size[1])
    for extra in (record.bias, record.mask):
        if extra is not None and extra.dtype != torch.bool:
            row = extra[head if extra.shape[0] > 1 else 0, query]
            total = total + row.masked_fill(row <= CLOSED_SCORE, 0)
    return _float32(total) if bool(total.any()) else None  # T5 passes a bias of zeros to its cross-attention


def _sink(record: Record, head: int, query: int) -> float | None:
    if record.sinks is None:
        return None
    return float(record.sinks[head, query if record.sinks.shape[1] > 1 else 0])


def _surroundings(
    lm: LanguageModel, record: Record, context: LayerContext, layer: int, head: int, query: int, kind: Kind
) -> dict:
    """The fields of the second forward, and why some are missing."""
    query_from, key_from = projection_of(context, "query"), projection_of(context, "key")
    input = _input(context, query_from)
    heads = _concat(record, context, query)
    fields = {
        "input": None if input is None else _float32(input[query]),
        "q_origin": _origin(query_from, head, query),
        "k_origin": _origin(key_from, record.shared(head), None),
        "concat": heads,
        **_projected(lm, context, heads, layer, query, kind),
        "residual": _residual(context, query),
    }
    without_output = _OUTPUT if context.output is None else _BETWEEN
    reasons = {
        "input": _LINEAR,
        "q_origin": _LINEAR,
        "k_origin": _LINEAR,
        "concat": without_output,
        "residual": _SUM if context.output is not None else _OUTPUT,
    }
    return fields | {"missing": {name: reason for name, reason in reasons.items() if fields[name] is None}}


def _input(context: LayerContext, query_from: Projection | None) -> Tensor | None:
    """(position, model) that the projection of q read; where that one is not known, what all of them read."""
    if query_from is not None:
        return query_from.linear.input
    reads = [projection.input for projection in context.projections]
    return (
        reads[0]
        if reads
        and all(projection.shape == reads[0].shape and torch.equal(projection, reads[0]) for projection in reads)
        else None
    )


def _origin(origin: Projection | None, head: int, query: int | None) -> Origin | None:
    if origin is None:
        return None
    row = (head,) if query is None else (head, query)
    normed = None if origin.normed is None else _float32(origin.normed[row])
    return Origin(_float32(origin.vectors[row]), normed, origin.how, origin.factor)


def _concat(record: Record, context: LayerContext, query: int) -> np.ndarray | None:
    """(head, dim′) as it entered W_O, if that is what the heads gave; None where something stands between."""
    if context.output is None:
        return None
    rows = record.rows([query])[:, 0]  # (head, key)
    values = record.values()
    concat = torch.einsum("hk,hkd->hd", rows, values)
    entered = context.output.input[query]
    if entered.numel() != concat.numel():
        return None
    allowed = tolerance(context.output.weight.dtype) * max(1.0, float(concat.abs().max()))
    entered = entered.reshape(concat.shape)
    return _float32(entered) if bool((entered - concat).abs().max() <= allowed) else None


def _projected(
    lm: LanguageModel, context: LayerContext, heads: np.ndarray | None, layer: int, query: int, kind: Kind
) -> dict:
    """parts (head, model), offset (model,) or None, written (model,)."""
    if context.output is None:
        return {"parts": None, "offset": None, "written": None}
    parts = None if heads is None else np.einsum("hd,hdm->hm", heads, output_matrix(lm, layer, kind)).astype(np.float32)
    offset = None if context.output.bias is None else _float32(context.output.bias)
    return {"parts": parts, "offset": offset, "written": _float32(context.output.output[query])}


def _residual(context: LayerContext, query: int) -> Residual | None:
    total = context.residual
    if total is None:
        return None
    beside = None if total.beside is None else _float32(total.beside[query])
    return Residual(
        _float32(total.before[query]), _float32(total.added[query]), beside, _float32(total.after[query]), total.changed
    )


def _float32(tensor: Tensor) -> np.ndarray:
    """A copy on the CPU that nobody writes into; float32, or bool."""
    array = (
        tensor.detach().cpu().numpy().copy()
        if tensor.dtype == torch.bool
        else tensor.detach().float().cpu().numpy().copy()
    )
    array.setflags(write=False)
    return array
