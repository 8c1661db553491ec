"""Several heads taken out at once, beside as many taken at random: what the loss of that many heads does anyway.

Taking heads out moves a score whatever they are, and the more so the more they are. So a set is compared with sets of
the same size drawn from the heads that were not chosen (all of them where there are few). The chosen set was chosen,
often for being the best of many: where it was chosen on the same sentence, the comparison is of sizes, and no test. Not
here: single heads (ablation.py)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from ..attention.edits import Ablation
from ..axes import Kind, LayerHead, checked_index
from ..boundary import named_step
from ..errors import BadInput, Message
from ..models.loading import LanguageModel
from ..progress import Progress
from ..tracing.trace import Trace
from .ablation import effect
from .score import LogitDifference

RANDOM_SETS = 20
"""Sets that are drawn."""


@dataclass(frozen=True, eq=False)
class RandomSets:
    """changes: (set,) float64 nats, each of ``size`` heads taken out together."""

    size: int
    changes: np.ndarray

    @property
    def mean(self) -> float:
        """Of the changes, nats."""
        return float(self.changes.mean())

    @property
    def span(self) -> tuple[float, float]:
        """The least and the largest change, nats."""
        return float(self.changes.min()), float(self.changes.max())

    def as_far(self, change: float) -> int:
        """How many of the sets move the score as far as ``change`` or farther, in either direction."""
        return int((np.abs(self.changes) >= abs(change)).sum())


def random_head_sets(
    heads: Sequence[LayerHead], chosen: Sequence[LayerHead], *, sets: int = RANDOM_SETS, seed: int = 0
) -> tuple[tuple[LayerHead, ...], ...]:
    """Different sets of as many heads as ``chosen``, of the other ones: at most ``sets``, all there are where these
    are no more; none where too few others are left.
    """
    others, size = [head for head in heads if head not in set(chosen)], len(chosen)
    if size == 0 or len(others) < size:
        return ()
    if comb(len(others), size) <= sets:
        return tuple(combinations(others, size))
    rng, drawn = random.Random(seed), dict[tuple[LayerHead, ...], None]()
    while len(drawn) < sets:
        drawn[tuple(sorted(rng.sample(others, size)))] = None
    return tuple(drawn)


@named_step(Message("the ablation of heads"))
def random_ablations(
    lm: LanguageModel,
    trace: Trace,
    question: LogitDifference,
    chosen: Sequence[LayerHead],
    kind: Kind | None = None,
    *,
    means: np.ndarray | None = None,
    sets: int = RANDOM_SETS,
    seed: int = 0,
    progress: Progress | None = None,
) -> RandomSets:
    """As many heads as ``chosen`` out at random, ``sets`` times; none where too few others are left. One run per set.

    means: as `ablation.ablations` takes them.
    """
    kind = trace.checked_kind(kind)
    heads = [(layer, head) for layer in trace.attending(kind) for head in range(trace.heads(kind))]
    drawn = random_head_sets(heads, chosen, sets=sets, seed=seed)
    changes = []
    for done, drawn_heads in enumerate(drawn, 1):
        changes.append(effect(lm, trace, question, set_edits(drawn_heads, kind, means)).change)
        if progress is not None:
            progress(done, len(drawn))
    return RandomSets(len(chosen), np.array(changes))


def set_edits(heads: Sequence[LayerHead], kind: Kind, means: np.ndarray | None = None) -> tuple[Ablation, ...]:
    """The edits that take heads out together; means: (layer, head, dim), what stands in their place; None: zero."""
    return tuple(Ablation(layer, head, kind, None if means is None else means[layer, head]) for layer, head in heads)


def other_heads(changes: np.ndarray, chosen: LayerHead) -> RandomSets:
    """The same null for one head, without a run: every other head of (layer, head) changes; NaN (no attention) is
    left out.
    """
    values = np.delete(changes.ravel(), np.ravel_multi_index(chosen, changes.shape))
    return RandomSets(1, values[~np.isnan(values)])


def farthest(changes: np.ndarray) -> LayerHead:
    """(layer, head) of the change that is largest in either direction; NaN (a layer without attention) is none."""
    layer, head = np.unravel_index(int(np.nanargmax(np.abs(changes))), changes.shape)
    return int(layer), int(head)


def named_heads(text: str, trace: Trace, kind: Kind) -> tuple[LayerHead, ...]:
    """``3.3,3.4`` → ((3, 3), (3, 4)), layer and head from 0; each once.

    Raises:
        BadInput: not written so, or no such head.
    """
    heads: dict[LayerHead, None] = {}
    for name in text.split(","):
        layer, _, head = name.strip().partition(".")
        if not (layer.isdecimal() and head.isdecimal() and len(name) < 12):
            raise BadInput(
                "Heads are written as layer.head, counted from 0, with commas between them: 3.3,3.4. This was read: "
                "“{text}”.",
                text=text,
            )
        heads[
            checked_index(int(layer), trace.layers(kind), "layer"), checked_index(int(head), trace.heads(kind), "head")
        ] = None
    return tuple(heads)
