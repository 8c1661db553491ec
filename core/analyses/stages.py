"""The forward pass of one stack on one text, stage by stage: what stands in the residual stream, what each part adds,
what the norms make of it.

    pre-norm:
        x ← x + Attention(norm(x));  x ← x + FFN(norm(x))          post-norm:  x ← norm(x + Attention(x));  x ← norm(x +
        FFN(x))

Every stage holds the model's own numbers: the stream between the blocks is heard at the blocks (patching.states), what
attention adds is seen around its call (layer.py), and what the feed-forward block adds is what its last map gave;
where that is not what is left of the block (a norm or a factor between, experts), the stage is called the rest of the
block. A stage is accepted only if its parts make the stream that follows. Not here: single heads (steps.py), single
neurons (feed_forward.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from ..axes import Kind
from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..progress import Progress
from ..tracing.blocks import states
from ..tracing.layer import LayerContext, layer_context
from ..tracing.trace import Trace
from .feed_forward import FeedForward, feed_forward

StagePart = Literal["embedding", "attention", "cross", "feed_forward", "rest"]
_TOLERANCE = 1e-3  # of the largest number in the stream


@dataclass(frozen=True, eq=False)
class Stage:
    """One addition to the stream, all arrays (position, model) float32. before + added = total; after: the stream then,
    which is ``total`` or its norm (``normed``).
    input: what the part's first map was given, where it was seen: the norm of ``entered`` in a pre-norm model, else
    ``entered`` itself. parallel: attention and feed-forward of the block read the same stream."""

    part: StagePart
    layer: int | None
    before: np.ndarray
    added: np.ndarray
    total: np.ndarray
    after: np.ndarray
    normed: bool
    input: np.ndarray | None = None
    parallel: bool = False
    block: np.ndarray | None = None  # the stream at the entry of the block, of a part that reads it from there

    @property
    def entered(self) -> np.ndarray:
        """(position, model): the stream that the part reads, before any norm."""
        return self.before if self.block is None else self.block

    def norms(self) -> np.ndarray:
        """(position,) of the stream after this stage."""
        return np.linalg.norm(self.after, axis=1)

    def shares(self) -> np.ndarray:
        """(position,) 0 … 1: norm of what is added, over the sum of the norms of both."""
        added, before = np.linalg.norm(self.added, axis=1), np.linalg.norm(self.before, axis=1)
        return added / np.maximum(added + before, 1e-12)


@named_step(Message("the look at its stages"))
def anatomy(
    lm: LanguageModel, trace: Trace, kind: Kind | None = None, *, progress: Progress | None = None
) -> tuple[Stage, ...]:
    """The stages of a stack, from the embeddings to its last block. kind: "self", "encoder" or "decoder" (with its
    cross-attention).

    Raises:
        UnsupportedModel: a family whose stages were not all seen, or do not add up.
    """
    kind = trace.checked_kind(kind)
    if lm.layout.adapter != "seam" or kind == "cross":
        raise _refusal(lm)
    stream = [state.numpy() for state in states(lm, trace, kind)]
    zeros = np.zeros_like(stream[0])
    stages = [Stage("embedding", None, zeros, stream[0], stream[0], stream[0], normed=False)]
    for layer in range(trace.layers(kind)):
        stages += _block(lm, trace, kind, layer, stream[layer], stream[layer + 1])
        if progress is not None:
            progress(layer + 1, trace.layers(kind))
    return tuple(stages)


def composition(stages: tuple[Stage, ...], position: int) -> np.ndarray:
    """(stage,) shares that sum to 1: how much of the last vector each addition is, if every sum is split by the norms
    of its two sides. Norms do not add up as vectors do (two parts may cancel), so this is a picture of sizes, not of
    causes."""
    shares = [1.0, *(float(stage.shares()[position]) for stage in stages[1:])]
    left, parts = 1.0, []
    for share in reversed(shares):
        parts.append(left * share)
        left *= 1 - share
    return np.array(parts[::-1])


def _block(
    lm: LanguageModel, trace: Trace, kind: Kind, layer: int, entered: np.ndarray, left: np.ndarray
) -> list[Stage]:
    """Attention, cross-attention if there is one, feed-forward."""
    contexts: list[tuple[StagePart, LayerContext]] = [("attention", layer_context(lm, trace, layer, kind))]
    if kind == "decoder" and "cross" in trace.kinds:
        contexts.append(("cross", layer_context(lm, trace, layer, "cross")))
    stages, at = [], entered
    for part, context in contexts:
        stages.append(_attention(lm, part, layer, at, context))
        at = stages[-1].after
    normed, parallel = stages[-1].normed, stages[0].parallel
    neurons = _neurons(lm, trace, kind, layer)
    if neurons is None:
        if normed:
            raise _refusal(lm)
        added, complete = left - at, False
    else:
        added = neurons.written if normed else left - at
        complete = normed or bool(np.abs(added - neurons.written).max() <= _near(lm, at))
    stages.append(
        Stage(
            "feed_forward" if complete else "rest",
            layer,
            at,
            added,
            at + added,
            left,
            normed,
            None if neurons is None else neurons.read,
            parallel,
            entered if parallel else None,
        )
    )
    _check(lm, stages[-1], entered)
    return stages


def _neurons(lm: LanguageModel, trace: Trace, kind: Kind, layer: int) -> FeedForward | None:
    """The block's feed-forward; None where there is no one W₂."""
    try:
        return feed_forward(lm, trace, layer, kind)
    except UnsupportedModel:
        return None


def _near(lm: LanguageModel, before: np.ndarray) -> float:
    """How far two ways to the same numbers may lie apart."""
    return (
        _TOLERANCE * max(1.0, float(np.abs(before).max()))
        if lm.dtype == torch.float32
        else 0.05 * float(np.abs(before).max())
    )


def _attention(lm: LanguageModel, part: StagePart, layer: int, at: np.ndarray, context: LayerContext) -> Stage:
    if context.residual is None:
        raise _refusal(lm)
    before, added = context.residual.before.numpy(), context.residual.added.numpy()
    if before.shape != at.shape:  # a narrower stream within the block (MobileBERT)
        raise _refusal(lm)
    total = before + added
    after = total if context.norm is None else context.norm.output.numpy()
    input = (
        context.projections[0].input.detach().reshape(-1, at.shape[1]).float().cpu().numpy()
        if context.projections and context.projections[0].input.shape[-1] == at.shape[1]
        else None
    )
    stage = Stage(
        part,
        layer,
        at,
        added,
        total,
        after,
        context.norm is not None,
        input,
        parallel=context.residual.beside is not None,
    )
    _check(lm, stage, at, before)
    return stage


def _check(lm: LanguageModel, stage: Stage, *same: np.ndarray) -> None:
    """Refuses a stage whose norm is not that of its sum, or whose stream is not the one that entered."""
    if len(same) == 2 and np.abs(same[0] - same[1]).max() > _near(lm, stage.before):
        raise _refusal(lm)
    if not stage.normed:
        return
    flat = stage.total - stage.total.mean(1, keepdims=True)
    flat /= np.maximum(
        flat.std(1, keepdims=True), 1e-6
    )  # a norm with weight and bias is this, scaled and shifted per dimension: the same for all positions
    spread = _residual_of_fit(flat, stage.after)
    if spread > 20 * _TOLERANCE * max(1.0, float(np.abs(stage.after).max())):
        raise _refusal(lm)


def _residual_of_fit(x: np.ndarray, y: np.ndarray) -> float:
    """Largest departure of y from a·x + b with one (a, b) per dimension, fitted over positions; 0 where three positions
    or fewer leave nothing to check.
    """
    if len(x) < 4:
        return 0.0
    mean_x, mean_y = x.mean(0), y.mean(0)
    slope = ((x - mean_x) * (y - mean_y)).sum(0) / np.maximum(((x - mean_x) ** 2).sum(0), 1e-9)
    return float(np.abs(mean_y + slope * (x - mean_x) - y).max())


def _refusal(lm: LanguageModel) -> UnsupportedModel:
    return UnsupportedModel(
        "The stages of “{name}” could not all be seen so that they add up; its single heads are in Explore.",
        name=lm.name,
    )
