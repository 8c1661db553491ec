"""Choosing a head on one half of the pairs and reporting it on the other, over many random halves.

Both members of a pair lie in the same half. The reported number of a pair is its mean over the splits in which it was
not used to choose. The interval is a bootstrap over pairs of the WHOLE procedure, choice included: with the choice held
fixed, an interval that said 95 % held the truth in 84 % of simulated benches. A pair drawn twice stays on one side, so
that nothing chosen is reported."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..intervals import NOTHING, Estimate, honest, shares

_SPLITS = 200
_DRAWS, _DRAW_SPLITS = 400, 25  # of the bootstrap, and halves in each draw
LayerHead = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Selected:
    """members: share of right sentences; both: share of pairs with both members right; of the head chosen on other
    pairs.

    chosen: (layer, head) share 0 … 1 of the splits that chose it; head: the one chosen most often (None without pairs
    enough)."""

    members: Estimate
    both: Estimate
    chosen: np.ndarray
    head: LayerHead | None


def select(right: np.ndarray, *, splits: int = _SPLITS, seed: int = 0) -> Selected:
    """right: (layer, head, pair, member) bool. Fewer than four pairs cannot be halved: nothing is reported.

    The head of a half is the one with the most right sentences there; ties go to the lower layer, then the lower head.
    """
    layers, heads, pairs, members = right.shape
    if pairs < 4:
        return Selected(NOTHING, NOTHING, np.zeros((layers, heads)), None)
    flat = right.reshape(layers * heads, pairs, members)
    hits, both = flat.mean(-1), flat.all(-1).astype(np.float64)  # (head, pair), 0 … 1
    rng = np.random.default_rng(seed)
    best, values = _procedure(hits, both, np.ones(pairs), _halves(pairs, splits, rng))
    drawn = [
        _procedure(hits, both, rng.multinomial(pairs, np.full(pairs, 1 / pairs)), _halves(pairs, _DRAW_SPLITS, rng))[1]
        for _ in range(_DRAWS)
    ]
    ends = np.quantile(np.array(drawn), (0.025, 0.975), axis=0)
    chosen = np.bincount(best, minlength=layers * heads) / splits
    estimates = (
        honest(Estimate(float(v), float(min(v, low)), float(max(v, high)), pairs))
        for v, low, high in zip(values, *ends, strict=True)
    )
    head = tuple(int(place) for place in np.unravel_index(int(chosen.argmax()), (layers, heads)))
    return Selected(*estimates, chosen.reshape(layers, heads), head)


def _procedure(
    hits: np.ndarray, both: np.ndarray, weights: np.ndarray, halves: np.ndarray
) -> tuple[np.ndarray, tuple[float, float]]:
    """(split,) chosen head, and the mean over pairs of (members, both) on the halves that did not choose.

    hits, both: (head, pair); weights: times each pair counts, (pair,); halves: (split, pair) bool, used to choose.
    """
    best = ((hits * weights) @ halves.T).argmax(0)  # (head, split) → (split,)
    counted = ~halves * (weights > 0)
    times = counted.sum(0)
    share = weights * (times > 0)
    return best, tuple(
        float(((values[best] * counted).sum(0) / np.maximum(times, 1) * share).sum() / share.sum())
        for values in (hits, both)
    )


def accuracy(right: np.ndarray, *, seed: int = 0) -> tuple[Estimate, Estimate]:
    """(members, both) of one fixed scorer, right: (pair, member) bool; nothing was chosen, so every pair counts."""
    return shares(right.mean(-1), seed=seed), shares(right.all(-1), seed=seed)


def _halves(pairs: int, splits: int, rng: np.random.Generator) -> np.ndarray:
    """(split, pair) bool with exactly half (rounded down) of the pairs in each row."""
    return rng.random((splits, pairs)).argsort(axis=1) < pairs // 2
