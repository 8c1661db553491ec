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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..attention.edits import Ablation, Edit, Knockout
from ..boundary import named_step
from ..errors import Message
from ..progress import Progress
from .captures import PictureRun, capture_picture
from .models import VisionModel

RANDOM_DRAWS = 5  # of other patches


@dataclass(frozen=True)
class PatchEffects:
    """answer: a label. plain: its probability, 0 … 1; cut, null: that after each cut, and the mean after cutting other
    patches instead.
    """

    answer: int
    plain: float
    cut: dict[str, float]
    null: dict[str, float]


@named_step(Message("the cutting of patches"))
def patch_effects(
    vision: VisionModel,
    pixels: np.ndarray,
    run: PictureRun,
    layer: int,
    head: int | None,
    patches: Sequence[int],
    answer: int | None = None,
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> PatchEffects:
    """What cutting ``patches`` (from 0, row by row) does to ``answer`` (a label; None: the model's own). head None: a
    whole layer is looked at.

    ``run``: the plain run of ``pixels`` through ``vision``, which must have a classifier and a first position.
    progress: called with (runs done, in all) after each."""
    probabilities = run.require_probabilities()
    label = int(probabilities.argmax()) if answer is None else answer
    cuts, draws = patch_cuts(run, layer, head, patches), _others(run, patches, seed)
    after_others: dict[str, list[float]] = {name: [] for name in cuts if name != "head"}
    done, total = 0, len(cuts) + len(after_others) * len(draws)

    def after(edit: Edit) -> float:
        nonlocal done
        share = float(capture_picture(vision, pixels, edits=[edit]).require_probabilities()[label])
        done += 1
        if progress is not None:
            progress(done, total)
        return share

    cut = {name: after(edit) for name, edit in cuts.items()}
    for others in draws:
        for name, edit in patch_cuts(run, layer, head, others).items():
            if name in after_others:
                after_others[name].append(after(edit))
    return PatchEffects(
        label,
        float(probabilities[label]),
        cut,
        {name: float(np.mean(values)) for name, values in after_others.items() if values},
    )


def patch_cuts(run: PictureRun, layer: int, head: int | None, patches: Sequence[int]) -> dict[str, Edit]:
    """The cuts by name; those of one head only where there is one."""
    keys = tuple(run.prefix + patch for patch in patches)
    others = tuple(position for position in range(len(run.trace.tokens)) if position not in keys)
    of_head: dict[str, Edit] = (
        {}
        if head is None
        else {
            "head": Ablation(layer=layer, head=head),
            "one": Knockout(layer=layer, head=head, queries=(0,), keys=keys),
        }
    )
    return {
        **of_head,
        "layer": Knockout(layer=layer, queries=(0,), keys=keys),
        "all": Knockout(queries=(0,), keys=keys),
        "nobody": Knockout(queries=others, keys=keys),
    }


def most_looked_at(run: PictureRun, layer: int, head: int | None, share: float = 1 / 16) -> list[int]:
    """The patches that the first position looks at most in a head (None: by the rollout), a sixteenth of all: what is
    cut where nobody knows the right ones.
    """
    row = (run.rollout[0][0] if head is None else run.trace.record(layer).rows([0])[head, 0].numpy())[run.prefix :]
    return sorted(np.argsort(-row, kind="stable")[: max(1, round(share * len(row)))].tolist())


def _others(run: PictureRun, patches: Sequence[int], seed: int) -> list[list[int]]:
    """Draws of as many patches that are not the cut ones; none where there are too few."""
    free = np.setdiff1d(np.arange(run.grid[0] * run.grid[1]), patches)
    if len(free) < len(patches):
        return []
    rng = np.random.default_rng(seed)
    return [sorted(rng.choice(free, len(patches), replace=False).tolist()) for _ in range(RANDOM_DRAWS)]
