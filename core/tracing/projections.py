"""Queries, keys and values as their projection gave them, before a model normalises, scales or rotates them.

Which linear map gave which vectors, and how its output is cut into heads, differs between families. The layouts that
exist are tried, and one is accepted only if it is verified against the vector that the seam saw, at every head and
position::

    same       equal
    scaled     equal up to one factor (OPT multiplies the query itself)
    rotated    equal norms, up to one factor (rotary positions turn a vector and keep its length; YaRN also scales)

each of them directly, or after a norm of the attention module applied to the projection (Qwen3, Gemma3, OLMo2). Nothing
is recognised by name; what no layout explains is None.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from ..attention.record import tolerance
from .layer import LayerContext
from .layer_watch import Linear

VectorName = Literal["query", "key", "value"]
VectorRelation = Literal["same", "scaled", "rotated"]
_PARTS: tuple[VectorName, ...] = ("query", "key", "value")


@dataclass(frozen=True, eq=False)
class Projection:
    """Where the queries (or keys, or values) of a call come from.

    vectors (head, position, dim): what the projection gave. normed: what a norm made of it, or None. how: the way in
    which the vector that entered q·k follows from the last of the two, times ``factor``. linear: the projection.
    """

    vectors: Tensor
    normed: Tensor | None
    how: VectorRelation
    factor: float
    linear: Linear


def projection_of(layer_context: LayerContext, part: VectorName) -> Projection | None:
    """Where the queries (or keys, or values) of a call come from; None where no projection explains them."""
    captured = getattr(layer_context.record, part)
    for linear in layer_context.projections:
        for vectors in _layouts(layer_context, linear, part):
            for normed in (None, *_normed(layer_context.module, vectors)):
                relation = _relation(vectors if normed is None else normed, captured, tolerance(linear.weight.dtype))
                if relation is not None:
                    return Projection(vectors, normed, *relation, linear)
    return None


def _layouts(layer_context: LayerContext, linear: Linear, part: VectorName) -> Iterator[Tensor]:
    """Every way in which this output may hold the wanted vectors, each (head, position, dim)."""
    record, gave = layer_context.record, linear.output
    heads, groups = record.query.shape[0], record.key.shape[0]
    wanted = getattr(record, part)
    (h, n, d), at = wanted.shape, _PARTS.index(part)
    if gave.shape[0] != n:
        return
    if gave.shape[1] == h * d:
        yield _cut(gave, h)
    widths = [heads * record.query.shape[2], groups * record.key.shape[2], groups * record.value.shape[2]]
    if gave.shape[1] != sum(widths):
        return
    yield _cut(gave.split(widths, dim=1)[at], h)  # all q | all k | all v (GPT-2, ModernBERT, Phi-3)
    if len({vectors.shape[2] for vectors in (record.query, record.key, record.value)}) == 1:
        grouped = gave.reshape(n, groups, heads // groups + 2, d)  # per key head: its q …, its k, its v (GPT-NeoX)
        part_vectors = (grouped[:, :, :-2], grouped[:, :, -2:-1], grouped[:, :, -1:])[at]
        yield part_vectors.reshape(n, h, d).transpose(0, 1)


def _cut(rows: Tensor, heads: int) -> Tensor:
    """(position, head·dim) → (head, position, dim)"""
    return rows.reshape(rows.shape[0], heads, -1).transpose(0, 1)


def _normed(module: nn.Module, vectors: Tensor) -> Iterator[Tensor]:
    """``vectors`` after each norm of the attention module, over one head or over all heads together."""
    heads = vectors.shape[0]
    rows = vectors.transpose(0, 1)  # (position, head, dim)
    for norm in module.children():
        weight = getattr(norm, "weight", None)
        if weight is None or weight.ndim != 1:
            continue
        for shaped in (rows, rows.reshape(len(rows), -1)):
            if shaped.shape[-1] == weight.shape[0]:
                with torch.inference_mode():
                    normed = norm(shaped.to(weight))
                yield _cut(normed.float().cpu().reshape(len(rows), -1), heads)


def _relation(projected: Tensor, captured: Tensor, allowed: float) -> tuple[VectorRelation, float] | None:
    """How ``captured`` follows from ``projected``, both (head, position, dim), with the factor."""
    room = allowed * max(1e-6, float(captured.abs().max()))
    if _close(projected, captured, room):
        return "same", 1.0
    factor = _factor(projected, captured)
    if _close(factor * projected, captured, room):
        return "scaled", factor
    lengths = projected.norm(dim=-1), captured.norm(dim=-1)
    factor = _factor(*lengths)
    if _close(factor * lengths[0], lengths[1], 4 * room):
        return "rotated", 1.0 if abs(factor - 1) < 10 * allowed else factor
    return None


def _close(a: Tensor, b: Tensor, room: float) -> bool:
    return bool((a - b).abs().max() <= room)


def _factor(projected: Tensor, captured: Tensor) -> float:
    """Least squares: the c of seen ≈ c·made."""
    return float((projected * captured).sum() / (projected * projected).sum().clamp_min(1e-12))
