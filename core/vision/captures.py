"""One run of a vision transformer on one picture: a Trace whose tokens are patches, and the picture as the model read
it.

A patch is called "row,column", counted from 1. Rollout, mean distance and the rest of the analyses of a Trace work on
it unchanged; there is no text, so words and pieces are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

from ..analyses.rollout import mean_heads, rollout, uniform
from ..attention import eager
from ..attention.edits import Edit
from ..attention.record import AnyRecord
from ..attention.tape import recording
from ..axes import Kind
from ..boundary import named_step
from ..errors import Message, TooLong, UnsupportedModel
from ..models.locks import turn
from ..text.tokens import Tokens
from ..tracing.captures import provenance
from ..tracing.logits import softmax
from ..tracing.trace import Trace
from .models import MAX_PATCH_POSITIONS, VisionModel, as_read, grid_of, prepared

PICTURES_PER_FORWARD = 32  # pictures of one forward


@dataclass(frozen=True, eq=False)
class PictureRun:
    """One run on one picture. picture (row, column, 3) uint8: as the model read it; grid: (rows, columns) of patches;
    prefix: how many positions stand before them; logits (label,) float32, None without a classifier."""

    trace: Trace
    picture: np.ndarray
    grid: tuple[int, int]
    prefix: int
    logits: np.ndarray | None

    def require_probabilities(self) -> np.ndarray:
        """(label,) float64, 0 … 1, of the answers.

        Raises:
            ValueError: a model without a classifier has no answers; pages ask first.
        """
        if self.probabilities is None:
            raise ValueError("This model has no classifier, so it has no answer whose probability could fall.")
        return self.probabilities

    @cached_property
    def probabilities(self) -> np.ndarray | None:
        """(label,) float64, 0 … 1, of the answers; None without a classifier."""
        return None if self.logits is None else softmax(self.logits)

    @cached_property
    def rollout(self) -> tuple[np.ndarray, np.ndarray]:
        """Rollout to the input, and its null: the same with attention spread evenly; (query, key) float32 each, rows
        sum to 1. Copies: a view would keep every layer.
        """
        maps = mean_heads(self.trace)
        return rollout(maps)[-1].astype(np.float32), rollout(uniform(maps))[-1].astype(np.float32)


@named_step(Message("the run on a picture"), "capture")
def capture_picture(
    vision: VisionModel, pixels: np.ndarray, name: str = "", *, edits: Sequence[Edit] = ()
) -> PictureRun:
    """Run ``vision`` on a picture (row, column, 3) uint8. edits: what this run is made to do differently
    (core/attention/edits.py).

    Raises:
        TooLong: it makes more positions than are read.
    """
    values = prepared(vision, pixels)
    tokens = tokens_of(vision, grid_of(vision, values))
    if len(tokens) > MAX_PATCH_POSITIONS:
        raise TooLong(
            "The picture makes {n} positions, and at most {limit} are read.", n=len(tokens), limit=MAX_PATCH_POSITIONS
        )
    output, records = _forward(vision, values, edits)
    trace = Trace(
        text=name,
        tokens=tokens,
        target=None,
        records=records,
        logits=None,
        hidden=None,
        provenance=provenance(vision),
        edits=tuple(edits),
    )
    logits = output.logits[0].float().cpu().numpy() if vision.labels else None
    return PictureRun(trace, as_read(vision, values), grid_of(vision, values), len(vision.prefix), logits)


def _forward(
    vision: VisionModel, values: torch.Tensor, edits: Sequence[Edit]
) -> tuple[Any, Mapping[Kind, tuple[AnyRecord, ...]]]:
    """(output, records) of one picture, through the adapter that verify.py chose."""
    if edits and vision.layout.adapter == "outside":
        raise UnsupportedModel(
            "“{name}” computes its attention in its own way, so nothing in it can be knocked out, zeroed or patched.",
            name=vision.name,
        )
    with turn(vision.model), torch.inference_mode():
        if vision.layout.adapter == "outside":
            return eager.run_eager(vision.model, {"pixel_values": values})
        with recording(edits=edits, kind_of=vision.layout.kind_of) as tape:
            output = vision.model(pixel_values=values)
    return output, {"self": tuple(call.record for call in tape.calls)}


def tokens_of(vision: VisionModel, grid: tuple[int, int]) -> Tokens:
    """The positions: what stands before the patches, then the patches row by row."""
    names = (*vision.prefix, *(f"{row},{column}" for row in range(1, grid[0] + 1) for column in range(1, grid[1] + 1)))
    n, before = len(names), len(vision.prefix)
    return Tokens(
        text="",
        ids=tuple(range(n)),
        pieces=names,
        special=tuple(i < before for i in range(n)),
        unknown=(False,) * n,
        spans=(None,) * n,
        word_of=tuple(range(n)),
        words=names,
        word_spans=(None,) * n,
    )


@named_step(Message("the run on several pictures"))
def first_rows(vision: VisionModel, pictures: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray | None]:
    """For a study of many pictures: the row of position 0 in every head, (picture, layer, head, key) float32, and the
    logits (picture, label).
    """
    rows, logits = [], []
    if vision.layout.adapter == "outside":
        runs = [capture_picture(vision, picture) for picture in pictures]
        maps = [torch.stack([record.rows([0])[:, 0] for record in run.trace.records["self"]]) for run in runs]
        answers = [run.logits for run in runs if run.logits is not None]
        return torch.stack(maps).numpy(), np.stack(answers) if answers else None
    for start in range(0, len(pictures), PICTURES_PER_FORWARD):
        values = torch.cat([prepared(vision, picture) for picture in pictures[start : start + PICTURES_PER_FORWARD]])
        with turn(vision.model), torch.inference_mode(), recording(kind_of=vision.layout.kind_of, many=True) as tape:
            output = vision.model(pixel_values=values)
            layers = [
                call.record.rows([0])[:, 0].unflatten(0, (len(values), -1)) for call in tape.calls
            ]  # (picture · head, 1, key) → (picture, head, key)
        rows.append(torch.stack(layers, dim=1).numpy())
        if vision.labels:
            logits.append(output.logits.float().cpu().numpy())
    return np.concatenate(rows), np.concatenate(logits) if logits else None
