"""What each position gives to each other in one layer: the size of what is written into the residual stream, by four
measures.

    fetched    r[i, j] = Σ_h A_h[i, j]·v_j·W_O^h                      (Kobayashi et al. 2020, "norm")
    residual   r[i, j] + [i = j]·x_i                                  (Kobayashi et al. 2021, "norm + residual")
    normed     g_i(r[i, j] + [i = j]·x_i)                             (idem, "norm + residual + LayerNorm")
    alti       max(0, ‖y_i‖₁ − ‖y_i − T_i(x_j)‖₁), T the line above    (Ferrando et al. 2022)

    share[i, j] = ‖·‖ / Σ_j ‖·‖         mixing ratio[i] = ‖Σ_{j≠i} ·‖ / (‖Σ_{j≠i} ·‖ + ‖·_ii‖)

x_i is the residual stream before the attention, so a position's own share holds what it keeps and what it fetches from
itself; y_i is what the block made. g_i(u) = (u − mean u) / sqrt(var(S_i) + ε)·γ is the LayerNorm after the sum S, its
scale frozen at what it was: post-norm families only (BERT, BART, Marian). Where the stream goes on with the sum
(pre-norm) the norm stands before the values, inside v, and “normed” equals “residual”. The biases of W_O and of the
norm come from no position and are left out of the shares; with them the parts must sum to what W_O gave, to what is
added to the stream and to what the norm made, or the model is refused (some families put a norm or a factor between W_O
and the sum). Not here: the feed-forward block, which works on one position at a time; paths through several layers
(rollout.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import torch
from torch import Tensor

from ..attention.families import size_of
from ..attention.record import Record
from ..axes import Kind
from ..boundary import named_step
from ..errors import BadInput, Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..tracing.layer import layer_context
from ..tracing.layer_watch import Linear, Norm, Sum
from ..tracing.output_matrix import output_matrix
from ..tracing.trace import Trace

Measure = Literal["fetched", "residual", "normed", "alti"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
CHUNK = (
    2**22
)  # numbers of r held at once: 16 MB, which a processor's cache likes best (measured: 2**18 takes four times as long)
_EXACT = {
    torch.float64: 1e-10,
    torch.float32: 1e-4,
}  # largest error of the parts, relative; other precisions are allowed 3e-2


@dataclass(frozen=True, eq=False)
class Contributions:
    """shares: measure → (layer, query, key), 0 … 1, rows sum to 1. mixing: measure → (layer, query), 0 … 1, the part
    that came from other positions (not for alti). error: largest difference of parts + biases from what the model made,
    relative to its largest number.
    post_norm: whether a norm follows the sum."""

    shares: Mapping[Measure, np.ndarray]
    mixing: Mapping[Measure, np.ndarray]
    error: float
    post_norm: bool


@dataclass(frozen=True, eq=False)
class KnownContext:
    """A tracing.layer.LayerContext of which W_O and the sum with the stream are known."""

    record: Record
    output: Linear
    residual: Sum
    norm: Norm | None


@dataclass(frozen=True, eq=False)
class _Layer:
    """One layer: measure → (query, key) and (query,), as in Contributions."""

    shares: dict[Measure, Tensor]
    mixing: dict[Measure, Tensor]
    error: float
    post_norm: bool


@named_step(Message("the split of what attention writes, by position"))
def contributions(
    lm: LanguageModel,
    trace: Trace,
    kind: Kind | None = None,
    *,
    measures: Sequence[Measure] = ("residual",),
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Contributions:
    """The shares of every layer of one stack that has attention. Costs one forward per layer, and heads × query × key ×
    model products each. ``progress``: called with the layers done and all of them, before each.

    Raises:
        BadInput: cross-attention, whose keys are not positions of the same stream: only what is fetched is defined
        there.
        UnsupportedModel: a model outside the seam, one whose W_O or residual sum is not known, or one whose tokens also
        mix outside attention, where more than what is fetched is asked for.
    """
    kind = trace.checked_kind(kind)
    if kind == "cross" and set(measures) != {"fetched"}:
        raise BadInput(
            "Cross-attention joins two texts: what it brings has no residual stream of its own. Choose the "
            "encoder or the decoder."
        )
    if set(measures) != {"fetched"}:
        lm.layout.mixing.require_none()
    attending = list(trace.attending(kind))
    layers: list[_Layer] = []
    for layer in attending:
        progress(len(layers), len(attending))
        layers.append(_layer(lm, trace, layer, kind, measures))
    return Contributions(
        shares={measure: torch.stack([layer.shares[measure] for layer in layers]).numpy() for measure in measures},
        mixing={
            measure: torch.stack([layer.mixing[measure] for layer in layers]).numpy()
            for measure in measures
            if measure != "alti" and kind != "cross"
        },
        error=max(layer.error for layer in layers),
        post_norm=layers[0].post_norm,
    )


def fetched_parts(context: KnownContext, matrix: np.ndarray) -> Iterator[tuple[range, Tensor]]:
    """(queries, (query, key, model)) in chunks: Σ_h A_h[i, j]·v_j·W_O^h, without the residual; ``matrix`` (head, dim,
    model).
    """
    record = context.record
    moved = moved_values(context, matrix)
    step = max(1, CHUNK // max(1, moved.shape[1] * moved.shape[2]))
    for first in range(0, record.size[0], step):
        rows = range(first, min(first + step, record.size[0]))
        yield rows, torch.einsum("hqk,hkm->qkm", record.rows(rows), moved)


def moved_values(context: KnownContext, matrix: np.ndarray) -> Tensor:
    """v_j·W_O^h, (head, key, model): what each key would write, whole, into the stream of whoever looks at it."""
    record = context.record
    values = record.values()
    return torch.einsum("hkd,hdm->hkm", values, torch.from_numpy(matrix).to(values.dtype))


@named_step(Message("the size of what a weight fetches"))
def value_norms(lm: LanguageModel, trace: Trace, kind: Kind) -> np.ndarray:
    """‖v_j·W_O^h‖, (layer, head, key) float32: how large what each key would write into the stream is, of every head of
    the layers that have attention.

    Raises:
        UnsupportedModel: W_O or the values are not known.
    """
    norms = []
    for layer in trace.attending(kind):
        values = trace.record(layer, kind).require_vectors().values().numpy()  # (head, key, dim)
        matrix = output_matrix(lm, layer, kind)
        norms.append(np.linalg.norm(np.einsum("hkd,hdm->hkm", values, matrix), axis=-1))  # (head, key, model) → norm
    return np.stack(norms)


def contribution_seconds(lm: LanguageModel, trace: Trace, kind: Kind, *, measures: int = 1) -> float:
    """What ``contributions`` takes on one core, roughly. Measured on a BERT-base shape with 15 to 302 tokens: 50
    billion products a second in the forwards (never less than for 30 tokens: the weights have to be read), 3 billion in
    splitting them by position."""
    layers, (queries, keys) = trace.layers(kind), trace.record(0, kind).size
    width = size_of(lm.model.config.get_text_config(), "width") or 0
    return layers * (
        lm.parameters * (queries + 30) / 5e10 + (trace.heads(kind) + 4 * (measures - 1)) * queries * keys * width / 3e9
    )


def through_norm(norm: Norm, vectors: Tensor, sums: Tensor) -> Tensor:
    """g of vectors (query, …, model): the norm as a linear map, its scale frozen at that of ``sums`` (query, model);
    without its bias.
    """
    scale = (sums.var(-1, unbiased=False) + norm.eps).rsqrt().reshape(-1, *[1] * (vectors.ndim - 1))
    moved = (vectors - vectors.mean(-1, keepdim=True)) * scale
    return moved if norm.weight is None else moved * norm.weight.detach().to(vectors)


def checked_context(lm: LanguageModel, trace: Trace, layer: int, kind: Kind) -> KnownContext:
    """What surrounds a layer's attention, where W_O and the residual sum are known.

    Raises:
        UnsupportedModel: where they are not.
    """
    context = layer_context(lm, trace, layer, kind)
    if context.output is None or context.residual is None:
        raise _refusal(lm)
    return KnownContext(context.record, context.output, context.residual, context.norm)


def _layer(lm: LanguageModel, trace: Trace, layer: int, kind: Kind, measures: Sequence[Measure]) -> _Layer:
    context = checked_context(lm, trace, layer, kind)
    before, norm, gave = context.residual.before, context.norm, context.output.output
    block_output = norm.output if norm is not None else before + gave
    shares = {measure: torch.empty(context.record.size, dtype=gave.dtype) for measure in measures}
    mixing = {measure: torch.empty(len(gave), dtype=gave.dtype) for measure in measures}
    fetched_sum, normed = (
        torch.empty_like(gave),
        torch.empty_like(gave) if norm is not None and {"normed", "alti"} & set(measures) else None,
    )
    for rows, fetched in fetched_parts(context, output_matrix(lm, layer, kind)):
        chunk = slice(rows.start, rows.stop)
        fetched_sum[chunk] = fetched.sum(1)
        for measure, vectors in _stages(context, fetched, rows, last=_last(measures)):
            if measure == "normed" and normed is not None:
                normed[chunk] = vectors.sum(1)
            if measure in measures:
                shares[measure][chunk] = _shares(vectors.norm(dim=-1))
            if measure in measures and kind != "cross":
                mixing[measure][chunk] = _mixing(vectors, rows)
        if "alti" in measures:
            shares["alti"][chunk] = _shares(_nearer(block_output[chunk], vectors))
    error = _error(context, fetched_sum, normed)
    if not error <= _EXACT.get(lm.dtype, 3e-2):
        raise _refusal(lm)
    return _Layer(shares, mixing, error, norm is not None)


def _last(measures: Sequence[Measure]) -> Measure:
    """The stage that the last of the measures needs."""
    return max((("normed" if measure == "alti" else measure) for measure in measures), key=MEASURES.index)


def _stages(context: KnownContext, vectors: Tensor, rows: range, *, last: Measure) -> Iterator[tuple[Measure, Tensor]]:
    """(measure, (query, key, model)) one after the other; ``vectors``, what is fetched, is changed in place: use each
    before asking for the next.
    """
    yield "fetched", vectors
    if last == "fetched":
        return
    vectors[range(len(rows)), list(rows)] += context.residual.before[list(rows)]
    yield "residual", vectors
    if last == "normed":
        norm, sums = context.norm, context.residual.after[list(rows)]
        yield "normed", vectors if norm is None else through_norm(norm, vectors, sums)


def _nearer(block_output: Tensor, vectors: Tensor) -> Tensor:
    """How much nearer to nothing, in the 1-norm, ``block_output`` (query, model) would be without each part.

    (query, key), at least 0."""
    return (block_output.abs().sum(-1, keepdim=True) - (block_output[:, None] - vectors).abs().sum(-1)).clamp_min(0)


def _shares(sizes: Tensor) -> Tensor:
    """(query, key) → rows that sum to 1."""
    return sizes / sizes.sum(-1, keepdim=True).clamp_min(1e-30)


def _mixing(vectors: Tensor, rows: range) -> Tensor:
    """(query, key, model) → (query,): how much of the size came from other positions."""
    diagonal = vectors[range(len(rows)), list(rows)]
    others = (vectors.sum(1) - diagonal).norm(dim=-1)
    return others / (others + diagonal.norm(dim=-1)).clamp_min(1e-30)


def _error(context: KnownContext, fetched_sum: Tensor, normed: Tensor | None) -> float:
    """How far parts + biases are from W_O's output, from what was added to the stream, and from what the norm made of
    the sum.
    """
    gave, norm, residual = context.output.output, context.norm, context.residual
    bias = torch.zeros_like(gave)
    if context.output.bias is not None:
        bias = context.output.bias.detach().to(gave).expand_as(gave)
    pairs = [(fetched_sum + bias, gave), (fetched_sum + bias, residual.added)]
    if norm is not None and normed is not None:
        norm_bias = 0 if norm.bias is None else norm.bias.detach().to(gave)
        pairs.append((normed + through_norm(norm, bias, residual.after) + norm_bias, norm.output))
    return max(float((summed - wanted).abs().max()) / max(1.0, float(wanted.abs().max())) for summed, wanted in pairs)


def _refusal(lm: LanguageModel) -> UnsupportedModel:
    return UnsupportedModel(
        "What the attention of “{name}” adds to its residual stream could not be split by position exactly, "
        "so its flow is not drawn. "
        "Its maps are in Explore.",
        name=lm.name,
    )
