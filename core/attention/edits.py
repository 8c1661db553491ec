"""Edits: what one run of a model is made to do differently, so that a weight can be compared with what follows from it.

    Knockout    score of chosen edges −inf before the softmax; the row renormalises (Geva et al. 2023)
    Values      value vectors of chosen keys replaced, by zero (value zeroing, Mohebbi et al. 2023) or by others
                (patching)
    Ablation    output of a head replaced, by zero or by a mean over a data set (Michel et al. 2019)
    Alone       every position looks at itself and at nothing else (what then still passes between tokens does not pass
                through attention: core/models/mixing.py)
    Uniform     all scores equal: every row looks evenly at what its mask lets it see (the null of everything that is
                read from weights)
    Tap         nothing changes; the outputs of the heads are noted, so that a gradient can be asked for them

An edit lies on the tape of its own run (tape.py): the shared model is never touched, and two sessions cannot see each
other's. Only models that the seam sees can be edited. Not here: what an edit proves (core/analyses/ablation.py,
core/coreference/evidence.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from ..axes import Kind, checked_index
from ..errors import BadInput
from .record import Record, closing

CLOSED_SCORE = -1e30  # scores below are closed edges: −inf, or the smallest number of a library mask


@dataclass(frozen=True, eq=False)
class Edit:
    """Where an edit acts: None means every layer, every head, every kind of attention."""

    layer: int | None = None
    head: int | None = None
    kind: Kind | None = None

    def acts(self, kind: Kind, layer: int) -> bool:
        """Does it act on this call?"""
        return self.kind in (None, kind) and self.layer in (None, layer)

    def heads(self, record: Record) -> list[int]:
        """The heads that it acts on.

        Raises:
            BadInput: no such head.
        """
        return list(range(record.heads)) if self.head is None else [checked_index(self.head, record.heads, "head")]

    def on(self, record: Record) -> Record:
        """The call as the edited model makes it."""
        return record

    def after(self, output: Tensor) -> Tensor:
        """What the heads give, (query, head, dim), after the edit."""
        return output


@dataclass(frozen=True, eq=False)
class Knockout(Edit):
    """Positions ``queries`` may not look at positions ``keys``."""

    queries: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()

    def on(self, record: Record) -> Record:
        """One more mask, (head, query, key), over the one that there is.

        Raises:
            BadInput: a position that the text does not have, or a row that could look at nothing.
        """
        _check_positions(self.queries, record.size[0])
        _check_positions(self.keys, record.size[1])
        closed = torch.zeros(record.heads, *record.size, dtype=torch.bool)
        for head in self.heads(record):
            closed[head][np.ix_(self.queries, self.keys)] = True
        edited = replace(record, mask=closing(record.mask, closed))
        if (
            record.sinks is None
            and self.queries
            and bool((edited.row_scores(self.queries)[self.heads(record)] < CLOSED_SCORE).all(dim=-1).any())
        ):
            raise BadInput("This token would have nothing left to look at. Knock out fewer of its edges.")
        return edited


@dataclass(frozen=True, eq=False)
class Values(Edit):
    """The value vectors of positions ``keys`` become ``vectors`` (head, key, dim), of all heads of the layer; None:
    zero.
    """

    keys: tuple[int, ...] = ()
    vectors: np.ndarray | None = None

    def on(self, record: Record) -> Record:
        """Values per query head, so that heads that share them can be edited alone.

        Raises:
            BadInput: a position that the text does not have, or vectors of another shape.
        """
        _check_positions(self.keys, record.size[1])
        value = record.values().clone()
        wanted = (record.heads, len(self.keys), value.shape[-1])
        if self.vectors is not None and self.vectors.shape != wanted:
            raise BadInput(
                "The new value vectors have the shape {found}, and {wanted} was expected (head, key, dim).",
                found=self.vectors.shape,
                wanted=wanted,
            )
        for head in self.heads(record):
            new = 0.0 if self.vectors is None else torch.tensor(self.vectors[head])
            value[head, list(self.keys)] = new
        return replace(record, key=record.keys(), value=value)


@dataclass(frozen=True, eq=False)
class Ablation(Edit):
    """The output of one head at every position becomes ``mean`` (dim,), or zero."""

    mean: np.ndarray | None = None

    def after(self, output: Tensor) -> Tensor:
        """(query, head, dim) with the head replaced."""
        output = output.clone()
        output[:, slice(None) if self.head is None else self.head] = (
            0.0 if self.mean is None else torch.tensor(self.mean)
        )
        return output


@dataclass(frozen=True, eq=False)
class Uniform(Edit):
    """Every head looks evenly at every key that mask and bias leave open; sinks take nothing."""

    def on(self, record: Record) -> Record:
        """The call with its scores made equal. Of a bias or an additive mask only what closes an edge stays.

        Raises:
            BadInput: asked of one head: all heads of a layer share what is left of the mask.
        """
        if self.head is not None:
            raise BadInput("Uniform attention is the null of a whole layer, not of one head.")
        return replace(
            record,
            query=torch.zeros_like(record.query),
            mask=_only_closing(record.mask),
            bias=_only_closing(record.bias),
            softcap=None,
            sinks=None,
        )


@dataclass(frozen=True, eq=False)
class Alone(Edit):
    """Every position looks at itself alone, in attention within one text."""

    def on(self, record: Record) -> Record:
        """One more mask over the one that there is: all edges closed but those from a position to itself.

        Raises:
            BadInput: attention between two texts, where no position is there twice.
        """
        if record.size[0] != record.size[1]:
            raise BadInput("Between two texts no position can look at itself.")
        return replace(record, mask=closing(record.mask, ~torch.eye(record.size[0], dtype=torch.bool)))


@dataclass(frozen=True, eq=False)
class Tap(Edit):
    """Changes nothing: notes what the heads give at each call.

    A gradient can then be asked for it (core/analyses/gradients.py).
    """

    outputs: list[Tensor] = field(default_factory=list)

    def after(self, output: Tensor) -> Tensor:
        """The same values, from here on part of a graph."""
        noted = output + torch.zeros_like(output).requires_grad_()
        self.outputs.append(noted)
        return noted


def edited(record: Record, edits: Sequence[Edit]) -> tuple[Record, Tensor]:
    """The call with all its edits, and what its heads give: (query, head, dim) float32."""
    for edit in edits:
        edit.heads(record)
        record = edit.on(record)
    output = record.outputs()
    for edit in edits:
        output = edit.after(output)
    return record, output


def _only_closing(extra: Tensor | None) -> Tensor | None:
    """What of an additive term closes edges; a mask of yes and no as it is."""
    if extra is None or extra.dtype == torch.bool:
        return extra
    return torch.zeros_like(extra).masked_fill(extra < CLOSED_SCORE, float("-inf"))


def _check_positions(positions: Sequence[int], size: int) -> None:
    for position in positions:
        if not 0 <= position < size:
            raise BadInput(
                "There is no position {index}: this text has {size} tokens, numbered 0 to {last}.",
                index=position,
                size=size,
                last=size - 1,
            )
