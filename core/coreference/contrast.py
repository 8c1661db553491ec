"""The contrast within a pair: does what the model prefers, or where a head looks, move to the right side?

A choice mixes two things: which noun the sentence points to, and which noun the model likes to write wherever it
stands. Both sentences of a pair have the same two nouns, so what a noun has of itself is the same in both and cancels:

    shift = [log p(a) − log p(b)] in the sentence where a is true − [log p(a) − log p(b)] where b is true, nats

Right: the shift is above 0 (group scoring within a pair: Elazar, Zhang, Goldberg & Roth 2021, EMNLP). A fixed liking
gives exactly 0, which counts as wrong; chance is one half. For a head the same with the weights on the two nouns. What
does not cancel: a rule that ties a word to a place ("cheio" means the nearer noun); P7 and P8 exchange the places. And
an untrained model prefers nothing, but what little its logits or looks differ by has the same sign in most pairs of a
condition, since the same two words are exchanged in all of them: its share need not be near one half, and the best of
many untrained heads is often far from it. So the size of the shift stands beside the share, and the random twin.
Inside: the contrast of choices and of heads. Not here: single sentences (conditions.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..intervals import Estimate, clustered, clustered_mean
from .bench import ItemAnswer, Preferences
from .items import Item
from .selection import Selected, best_of_luck, select

Pair = tuple[ItemAnswer, ...]


@dataclass(frozen=True)
class PairedContrast:
    """The model's choices on one condition, within pairs.

    moved: share of pairs whose shift is above 0; shift: its mean, nats; same: share of pairs in which the model prefers
    the same noun in both sentences, whatever they say. All intervals are over nouns (intervals.clustered).
    """

    moved: Estimate
    shift: Estimate
    same: Estimate


@dataclass(frozen=True, eq=False)
class HeadMoves:
    """The looks of every head on one condition, within pairs.

    share: (layer, head) of the pairs whose look moves to the right side; shift: (layer, head) by how much on average,
    −2 … 2 (2: all weight from one noun to the other); selected: the head chosen on one half and judged on the other;
    luck: what the best of as many heads that toss a coin would show on as many pairs.
    """

    share: np.ndarray
    shift: np.ndarray
    selected: Selected
    luck: float


def paired_contrast(pairs: Sequence[Pair]) -> PairedContrast | None:
    """Over the pairs whose members were both asked between the same two words; None where there is none."""
    nouns, shifts, same = [], [], []
    for members in pairs:
        first, second = (answer.preferences for answer in members)
        if first is not None and second is not None and _comparable(first, second):
            nouns.append(true_nouns(answer.item for answer in members))
            shifts.append(shift(first, second))
            same.append(float(first.preferred == second.preferred))
    if not shifts:
        return None
    return PairedContrast(clustered(np.array(shifts) > 0, nouns), clustered_mean(shifts, nouns), clustered(same, nouns))


def true_nouns(items: Iterable[Item]) -> set[str]:
    """The true nouns of the members of a pair: what pairs share."""
    return {item.candidates[item.gold].text for item in items}


def shift(first: Preferences, second: Preferences) -> float:
    """How far the preference moves between the two sentences towards what each of them says, nats."""
    a, b = first.true_word, second.true_word
    return (first.log(a) - first.log(b)) - (second.log(a) - second.log(b))


def head_moves(pairs: Sequence[Pair], *, seed: int = 0) -> HeadMoves | None:
    """Over the pairs whose members both have looks at the same candidates; None where there is none."""
    moves, nouns = [], []
    for first, second in pairs:
        names = [[noun.text for noun in answer.item.candidates] for answer in (first, second)]
        if (
            first.weights is None
            or second.weights is None
            or names[0] != names[1]
            or len(set(names[0])) < len(names[0])
        ):
            continue
        a, b = first.item.gold, second.item.gold
        if a != b:
            moves.append(_look(first.weights, a, b) - _look(second.weights, a, b))
            nouns.append({names[0][a], names[0][b]})
    if not moves:
        return None
    right = np.stack(moves, -1) > 0  # (layer, head, pair)
    share = right.mean(-1)
    selected = select(right[..., None], nouns, seed=seed)
    return HeadMoves(share, np.mean(moves, axis=0), selected, best_of_luck(share.size, right.shape[-1]))


def _look(weights: np.ndarray, a: int, b: int) -> np.ndarray:
    """(layer, head): weight on one candidate less that on another."""
    return weights[..., a] - weights[..., b]


def _comparable(first: Preferences, second: Preferences) -> bool:
    """Whether one word is true in each sentence, another one, and both compete in both."""
    if len(first.right) != 1 or len(second.right) != 1 or first.true_word == second.true_word:
        return False
    return {first.true_word, second.true_word} <= set(first.words) & set(second.words)
