"""Choosing a head on one half of the pairs and reporting it on the other, and what luck alone would give.

Both members of a pair lie in the same half. The reported number of a pair is its mean over the random splits in which
it was not used to choose. The interval is a bootstrap over pairs of the WHOLE procedure, choice included: with the
choice held fixed, an interval that said 95 % held the truth in 84 % of simulated benches. A pair drawn twice stays on
one side, so that nothing chosen is reported. Pairs that share a noun are no independent draws of nouns: where nouns are
named, the interval is at least that of intervals.clustered.

Luck is the best of many heads that toss a coin: with 144 heads the best one is right on one item almost surely, on 8
items in 93 % of them, on 64 in 66 %. That number is drawn beside every best head. Not here: what makes a sentence right
(conditions.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from ..axes import LayerHead
from ..intervals import NOTHING, Estimate, clustered, honest, shares, wider

_SPLITS = 200
_DRAWS, _DRAW_SPLITS = 400, 25  # of the bootstrap, and halves in each draw


@dataclass(frozen=True, eq=False)
class Selected:
    """The head chosen on some pairs, judged on the others.

    members: share of right sentences; both: share of pairs with both members right. chosen: (layer, head) share 0 … 1
    of the splits that chose it; head: the one chosen most often (None without pairs enough).
    """

    members: Estimate
    both: Estimate
    chosen: np.ndarray
    head: LayerHead | None


def select(
    right: np.ndarray, nouns: Sequence[Collection[str]] | None = None, *, splits: int = _SPLITS, seed: int = 0
) -> Selected:
    """right: (layer, head, pair, member) bool; nouns: of each pair. Fewer than four pairs cannot be halved: nothing is
    reported.

    The head of a half is the one with the most right sentences there; ties go to the lower layer, then the lower head.
    """
    layers, heads, pairs, members = right.shape
    if pairs < 4:
        return Selected(NOTHING, NOTHING, np.zeros((layers, heads)), None)
    flat = right.reshape(layers * heads, pairs, members)
    hits = flat.mean(axis=-1, dtype=np.float64)  # (head, pair), 0 … 1
    both = np.asarray(flat.all(axis=-1), dtype=np.float64)  # (head, pair), 0 … 1
    rng = np.random.default_rng(seed)
    halves = _halves(pairs, splits, rng)
    best, (members_mean, both_mean) = _procedure(hits, both, np.ones(pairs), halves)
    drawn = [
        _procedure(hits, both, rng.multinomial(pairs, np.full(pairs, 1 / pairs)), _halves(pairs, _DRAW_SPLITS, rng))[1]
        for _ in range(_DRAWS)
    ]
    lows, highs = np.quantile(np.array(drawn), (0.025, 0.975), axis=0)
    chosen = np.bincount(best, minlength=layers * heads) / splits
    layer, head = np.unravel_index(int(chosen.argmax()), (layers, heads))
    judged = _bounded(members_mean, lows[0], highs[0], pairs)
    judged_both = _bounded(both_mean, lows[1], highs[1], pairs)
    if nouns is not None:
        judged = wider(judged, clustered(_held_out(hits, best, halves), nouns, most=members))
        judged_both = wider(judged_both, clustered(_held_out(both, best, halves), nouns))
    return Selected(
        judged,
        judged_both,
        chosen.reshape(layers, heads),
        (int(layer), int(head)),
    )


def _bounded(value: float, low: float, high: float, pairs: int) -> Estimate:
    """A share with its bootstrap interval, which holds the share and claims no more than so many pairs allow."""
    return honest(Estimate(value, float(min(value, low)), float(max(value, high)), pairs))


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

    def judged(values: np.ndarray) -> float:
        return float(((values[best] * counted).sum(0) / np.maximum(times, 1) * share).sum() / share.sum())

    return best, (judged(hits), judged(both))


def _held_out(values: np.ndarray, best: np.ndarray, halves: np.ndarray) -> np.ndarray:
    """(pair,) mean of the chosen heads over the splits that did not choose by the pair; values: (head, pair)."""
    return (values[best] * ~halves).sum(0) / np.maximum((~halves).sum(0), 1)


def _halves(pairs: int, splits: int, rng: np.random.Generator) -> np.ndarray:
    """(split, pair) bool with exactly half (rounded down) of the pairs in each row."""
    return rng.random((splits, pairs)).argsort(axis=1) < pairs // 2


def accuracy(
    right: np.ndarray, nouns: Sequence[Collection[str]] | None = None, *, seed: int = 0
) -> tuple[Estimate, Estimate]:
    """(members, both) of one fixed scorer, right: (pair, member) bool; nothing was chosen, so every pair counts."""
    members, both = right.mean(axis=-1, dtype=np.float64), np.asarray(right.all(axis=-1))
    by_pair = shares(members, seed=seed), shares(both, seed=seed)
    if nouns is None:
        return by_pair
    return wider(by_pair[0], clustered(members, nouns, most=right.shape[-1])), wider(by_pair[1], clustered(both, nouns))


def best_of_luck(heads: int, items: int, chance: float = 0.5) -> float:
    """Expected share of right items, 0 … 1, of the best of ``heads`` heads that guess each of ``items`` items.

    The heads are independent, each right with probability ``chance``. Exact: E[max] = Σ_{k=1…n} (1 − F(k−1)^H), F the
    binomial distribution function.
    """
    if items == 0:
        return float("nan")
    below = np.cumsum(_binomial(items, chance))[:-1]  # F(0) … F(n−1)
    return float((1 - np.minimum(below, 1.0) ** heads).sum() / items)


def _binomial(n: int, p: float) -> np.ndarray:
    """P(k of n), k = 0 … n, through logarithms so that thousands of items do not underflow."""
    if p in (0.0, 1.0):
        return np.eye(n + 1)[int(p) * n]
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])  # log k!
    k = np.arange(n + 1)
    return np.exp(logs[n] - logs[k] - logs[n - k] + k * np.log(p) + (n - k) * np.log1p(-p))
