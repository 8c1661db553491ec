"""Where [CLS] points: how much of a head's attention falls on the patches that the red circle covers, on pictures whose
truth is known.

    pointing = Σ over patches covered by at least LEAST of their area of A[CLS, patch]
    null     = such patches ÷ positions: attention spread evenly over everything

Heads are chosen on one half of the pictures and reported on the other, with an interval: the best of sixteen heads is
good by chance too. What is covered is read off the prepared picture, so that resizing and cutting of a model's own
processor count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from ..intervals import Estimate, mean, share
from ..progress import Progress
from .captures import first_rows
from .models import VisionModel, as_read, grid_of, prepared
from .scenes import Scene, cover

LEAST_COVER = 0.125  # of a patch
PICTURES_PER_BATCH = 16  # pictures between two words of progress


@dataclass(frozen=True, eq=False)
class Pointing:
    """heads (picture, layer, head): shares 0 … 1; even (picture,): the null; right (picture,): whether the answer was;
    None without answers.
    """

    heads: np.ndarray
    even: np.ndarray
    right: np.ndarray | None

    @property
    def best(self) -> tuple[int, int]:
        """(layer, head) with the highest mean on the pictures with even numbers."""
        first = self.heads[::2].mean(0)
        layer, head = np.unravel_index(int(first.argmax()), first.shape)
        return int(layer), int(head)

    def of(self, layer: int, head: int) -> Estimate:
        """The mean of a head on the pictures with odd numbers, on which it was not chosen."""
        return mean(self.heads[1::2, layer, head])

    @property
    def null(self) -> Estimate:
        """Even attention on the same pictures."""
        return mean(self.even[1::2])

    @property
    def accuracy(self) -> Estimate | None:
        """Share of right answers on all pictures."""
        return None if self.right is None else share(int(self.right.sum()), len(self.right))


def covered(vision: VisionModel, scene: Scene) -> np.ndarray:
    """Whether the red circle covers at least LEAST of each patch, (patch,) bool, row by row."""
    mask = np.repeat(np.round(cover(scene.target) * 255).astype(np.uint8)[..., None], 3, axis=2)
    values = prepared(vision, mask)
    rows, columns = grid_of(vision, values)
    red = as_read(vision, values)[..., 0] / 255
    high, wide = red.shape[0] // rows, red.shape[1] // columns
    return red[: rows * high, : columns * wide].reshape(rows, high, columns, wide).mean((1, 3)).ravel() >= LEAST_COVER


@named_step(Message("the study of pictures"))
def points(vision: VisionModel, scenes: Sequence[Scene], *, progress: Progress | None = None) -> Pointing:
    """Every head on every scene. progress: called with (pictures done, in all) after each batch.

    Raises:
        UnsupportedModel: a model without [CLS] (or another first token) has nothing that points.
    """
    if not vision.prefix:
        raise UnsupportedModel(
            "“{name}” has no [CLS] position, so there is no row that gathers its answer.", name=vision.name
        )
    parts = []
    for start in range(0, len(scenes), PICTURES_PER_BATCH):
        parts.append(_part(vision, scenes[start : start + PICTURES_PER_BATCH]))
        if progress is not None:
            progress(min(start + PICTURES_PER_BATCH, len(scenes)), len(scenes))
    right = [part.right for part in parts if part.right is not None]
    return Pointing(
        np.concatenate([part.heads for part in parts]),
        np.concatenate([part.even for part in parts]),
        np.concatenate(right) if right else None,
    )


def _part(vision: VisionModel, scenes: Sequence[Scene]) -> Pointing:
    """Some of the scenes."""
    rows, logits = first_rows(vision, [scene.pixels for scene in scenes])
    hit = np.stack([covered(vision, scene) for scene in scenes])  # (picture, patch)
    heads = np.einsum("plhk,pk->plh", rows[..., len(vision.prefix) :], hit)
    cells = np.array([scene.cell for scene in scenes])
    right = None if vision.cells is None or logits is None else logits.argmax(-1) == cells
    return Pointing(heads, hit.sum(1) / rows.shape[-1], right)
