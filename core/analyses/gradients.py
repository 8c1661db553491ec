"""Gradient × attention: how a number of the model's would change, to first order, if a weight grew (Chefer et al. 2021,
without the relu).

    A[l,h,i,j]·∂m/∂A[l,h,i,j] = A[l,h,i,j]·(g[l,h,i]·v[l,h,j]),  g = ∂m/∂(output of head h of layer l at position i)

The gradient of a weight follows from that of the head's output, so a run notes only outputs (edits.Tap), never n²
weights. Signed: positive where the weight holds the number up. Not here: which number (coreference/stakes.py,
score.py), relevance through layers (relevance.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..attention.edits import Tap
from ..attention.record import AnyRecord, NoAttention
from ..axes import Kind
from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..tracing.captures import forward
from ..tracing.rerun import inputs_of
from ..tracing.trace import Trace

Score = Callable[[Tensor], Tensor]
"""(position, vocab) logits → the one number (a tensor without axes) whose gradient is asked for."""


@dataclass(frozen=True, eq=False)
class HeadGradients:
    """One layer: the call, and the gradient of the score by the output of each head, (query, head, dim)."""

    record: AnyRecord
    gradient: Tensor

    def rows(self, queries: list[int]) -> Tensor:
        """A ⊙ ∂score/∂A of some rows, (head, query, key), in the unit of the score."""
        record = self.record
        return record.rows(queries) * torch.einsum(
            "qhd,hkd->hqk", self.gradient[queries], record.require_vectors().values()
        )


@named_step(Message("the gradient"))
def head_gradients(lm: LanguageModel, trace: Trace, score: Score) -> dict[Kind, list[HeadGradients]]:
    """Every layer that has attention, of every kind; one forward and one backward.

    Raises:
        UnsupportedModel: no prediction head, or a model whose attention cannot be edited.
    """
    if not lm.has_head or trace.logits is None:
        raise UnsupportedModel(
            "“{name}” predicts no word of this text, so no gradient of one can be asked for.", name=lm.name
        )
    taps = {kind: Tap(kind=kind) for kind in trace.kinds}
    output, records = forward(lm, inputs_of(lm, trace), (*trace.edits, *taps.values()), gradients=True)
    outputs = [output_of_heads for tap in taps.values() for output_of_heads in tap.outputs]
    if not all(noted.requires_grad for noted in outputs):  # HRM runs its first cycles without a graph
        raise UnsupportedModel(
            "“{name}” runs some of its layers in a way that gives no gradient, so none can be asked for.", name=lm.name
        )
    gradients = iter(torch.autograd.grad(score(output.logits[0].float()), outputs, allow_unused=True))
    return {
        kind: [
            HeadGradients(record, _zero_or(next(gradients), noted))
            for record, noted in zip(_attending(records[kind]), tap.outputs, strict=True)
        ]
        for kind, tap in taps.items()
    }


def _attending(records: Sequence[AnyRecord]) -> list[AnyRecord]:
    return [record for record in records if not isinstance(record, NoAttention)]


def gradient_times_attention(
    lm: LanguageModel, trace: Trace, query: int, score: Score, kind: Kind | None = None
) -> np.ndarray:
    """(layer, head, key) float32, in the unit of the score: the row of position ``query`` of every head; 0 in layers
    without attention.

    Raises:
        UnsupportedModel: as ``head_gradients``.
    """
    kind = trace.checked_kind(kind)
    layers = head_gradients(lm, trace, score)[kind]
    products = np.zeros((trace.layers(kind), trace.heads(kind), trace.record(0, kind).size[1]), dtype=np.float32)
    with torch.no_grad():
        for number, layer in zip(trace.attending(kind), layers, strict=True):
            products[number] = layer.rows([query])[:, 0].detach().numpy()
    return products


def _zero_or(gradient: Tensor | None, noted: Tensor) -> Tensor:
    """The gradient; zero where the score does not depend on the output at all (what a causal model reads last)."""
    return torch.zeros_like(noted) if gradient is None else gradient
