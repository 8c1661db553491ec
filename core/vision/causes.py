"""The causal twin of a look: what becomes of an answer when the first position may not look at some patches, or a head
is silent.

    head     the chosen head gives nothing, at any position (zero ablation)
    one      [CLS] may not look at the patches in the chosen head (its row renormalises)
    layer    … in no head of the layer
    all      … in no layer
    nobody   no position but the patches themselves may look at them, in no layer

Each stands beside its null: as many other patches, drawn by chance. Other heads may take over what was cut, and patches
hand on in deep layers what they took from the cut ones: a probability that stays is no proof that nothing was lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..attention.edits import Ablation, Edit, Knockout
from .captures import PictureRun, capture_picture
from .models import VisionModel

DRAWS = 5  # of other patches
CUTS = ("head", "one", "layer", "all", "nobody")


@dataclass(frozen=True)
class Stakes:
    """answer: the label that is asked for. plain: its probability, 0 … 1; cut, null: that after each cut, and the mean
    after cutting other patches instead.
    """

    answer: int
    plain: float
    cut: dict[str, float]
    null: dict[str, float]


def stakes(
    vision: VisionModel,
    pixels: np.ndarray,
    seen: PictureRun,
    layer: int,
    head: int | None,
    patches: Sequence[int],
    answer: int | None = None,
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Stakes:
    """What cutting ``patches`` (from 0, row by row) does to ``answer`` (a label; None: the model's own). head None: a
    whole layer is looked at.

    ``seen``: the plain run of ``pixels`` through ``vision``, which must have a classifier and a first position.
    progress: told (runs done, in all) after each."""
    asked = int(seen.probabilities.argmax()) if answer is None else answer
    made, draws = edits(seen, layer, head, patches), _others(seen, patches, seed)
    found: dict[str, list[float]] = {name: [] for name in made if name != "head"}
    done, total = 0, len(made) + len(found) * len(draws)

    def after(edit: Edit) -> float:
        nonlocal done
        share = float(capture_picture(vision, pixels, edits=[edit]).probabilities[asked])
        done += 1
        if progress is not None:
            progress(done, total)
        return share

    cut = {name: after(edit) for name, edit in made.items()}
    for others in draws:
        for name, edit in edits(seen, layer, head, others).items():
            if name in found:
                found[name].append(after(edit))
    return Stakes(
        asked,
        float(seen.probabilities[asked]),
        cut,
        {name: float(np.mean(values)) for name, values in found.items() if values},
    )


def edits(seen: PictureRun, layer: int, head: int | None, patches: Sequence[int]) -> dict[str, Edit]:
    """The cuts by name; those of one head only where there is one."""
    keys = tuple(seen.prefix + patch for patch in patches)
    rest = tuple(place for place in range(len(seen.trace.tokens)) if place not in keys)
    made: dict[str, Edit] = (
        {}
        if head is None
        else {
            "head": Ablation(layer=layer, head=head),
            "one": Knockout(layer=layer, head=head, queries=(0,), keys=keys),
        }
    )
    return {
        **made,
        "layer": Knockout(layer=layer, queries=(0,), keys=keys),
        "all": Knockout(queries=(0,), keys=keys),
        "nobody": Knockout(queries=rest, keys=keys),
    }


def most_looked_at(seen: PictureRun, layer: int, head: int | None, share: float = 1 / 16) -> list[int]:
    """The patches that the first position looks at most in a head (None: by the rollout), a sixteenth of all: what is
    cut where nobody knows the right ones.
    """
    row = (seen.rollout[0][0] if head is None else seen.trace.record(layer).rows([0])[head, 0].numpy())[seen.prefix :]
    return sorted(np.argsort(-row, kind="stable")[: max(1, round(share * len(row)))].tolist())


def _others(seen: PictureRun, patches: Sequence[int], seed: int) -> list[list[int]]:
    """Draws of as many patches that are not the cut ones; none where there are too few."""
    rest = np.setdiff1d(np.arange(seen.grid[0] * seen.grid[1]), patches)
    if len(rest) < len(patches):
        return []
    rng = np.random.default_rng(seed)
    return [sorted(rng.choice(rest, len(patches), replace=False).tolist()) for _ in range(DRAWS)]
