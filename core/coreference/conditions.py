"""The answers of the bench counted by condition: heads, the model's choice, cut edges, and three simple rules.

Per condition and probe:

* the head chosen on one half of the pairs, on the other half (selection.py), and the apparent best beside the line of
  what the best of as many heads reaches by luck;
* the model's choice: right sentences, pairs with both right, mean share of the true possibilities; beside it, and
  beside the looks, the contrast within the pair, in which the liking for a noun cancels (contrast.py);
* what cutting an edge does: is the edge to the true noun the one that matters most, and is it the most looked at?
* the baselines: chance, nearest noun, first noun, gender and number alone.

Intervals are over nouns: pairs that share one are no independent evidence (intervals.clustered). Inside: counting.
Not inside: running a model (bench.py), the document and the rows for a file (report.py), drawing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ..analyses.candidates import won
from ..intervals import NOTHING, Estimate, mean, ratio, shares
from .bench import ItemAnswer, ItemKnockout
from .contrast import HeadMoves, Pair, PairedContrast, head_moves, paired_contrast, true_nouns
from .items import Item
from .probes import Probe
from .selection import Selected, accuracy, best_of_luck, select

_Part = TypeVar("_Part")


@dataclass(frozen=True, eq=False)
class Baselines:
    """Share of right sentences of rules that read no model, 0 … 1.

    gender: agreement alone, one half where it leaves both nouns open.
    """

    nearest: float
    first: float
    gender: float


@dataclass(frozen=True, eq=False)
class HeadLooks:
    """Attention on one condition.

    share: (layer, head) of right sentences; apparent: the largest of them; luck: what the best of as many heads that
    toss a coin would show on as many sentences; margin: (layer, head) mean weight on the gold less on the best other.
    moves: whether the look moves with the meaning within pairs.
    """

    share: np.ndarray
    selected: Selected
    apparent: float
    luck: float
    margin: np.ndarray
    moves: HeadMoves | None = None


@dataclass(frozen=True)
class ModelChoices:
    """The model's own choice on one condition.

    members: right sentences; both: pairs with both right; share: mean share of the true possibilities. All 0 … 1.
    """

    members: Estimate
    both: Estimate
    share: Estimate


@dataclass(frozen=True)
class EdgeKnockouts:
    """What cutting edges shows on one condition.

    members, both: the edge to the gold noun is the one that is used most (ItemLogitDifference.use); fall: nats on the
    gold edge, signed. mismatch: share of sentences where the most looked-at noun (mean of heads) is another one than
    the one that is used most; nothing where adjectives compete, because a pair is one run there, and half of it would
    mismatch whatever the model does.
    """

    members: Estimate
    both: Estimate
    fall: Estimate
    mismatch: Estimate


@dataclass(frozen=True, eq=False)
class ConditionResult:
    """One condition under one probe.

    pairs: how many were whole; chance: of a blind choice among the candidates. looks, choices, knockouts, contrast:
    None where this model cannot be asked so, or was not.
    """

    condition: str
    probe: Probe
    pairs: int
    looks: HeadLooks | None
    choices: ModelChoices | None
    knockouts: EdgeKnockouts | None
    baselines: Baselines
    chance: float = 0.5
    contrast: PairedContrast | None = None


def condition_results(answers: Iterable[ItemAnswer], probe: Probe, *, seed: int = 0) -> list[ConditionResult]:
    """Counted by condition, in the order in which the conditions came.

    Pairs of which a member is missing or too long are left out, and so are conditions without a pair.
    """
    by_condition: dict[str, list[ItemAnswer]] = defaultdict(list)
    for answer in answers:
        if not answer.too_long:
            by_condition[answer.item.condition].append(answer)
    pairs_by_condition = {name: pairs_of(members) for name, members in by_condition.items()}
    return [condition_result(name, probe, pairs, seed=seed) for name, pairs in pairs_by_condition.items() if pairs]


def pairs_of(answers: Sequence[ItemAnswer]) -> list[Pair]:
    """The members of each pair together, in order; pairs with fewer than two members are left out."""
    pairs: dict[str, list[ItemAnswer]] = defaultdict(list)
    for answer in answers:
        pairs[answer.item.pair].append(answer)
    return [tuple(members) for members in pairs.values() if len(members) == 2]


def condition_result(condition: str, probe: Probe, pairs: Sequence[Pair], *, seed: int = 0) -> ConditionResult:
    """One condition from its whole pairs."""
    items = [answer.item for members in pairs for answer in members]
    return ConditionResult(
        condition,
        probe,
        len(pairs),
        head_looks(pairs, seed=seed),
        model_choices(pairs, seed=seed),
        _edge_knockouts(pairs, seed=seed),
        baselines(items),
        chance(items),
        paired_contrast(pairs),
    )


def head_looks(pairs: Sequence[Pair], *, seed: int = 0) -> HeadLooks | None:
    """What the heads show, over the pairs whose both members have looks; None where there is none."""
    weighed = _complete(pairs, lambda answer: answer.weights)
    if not weighed:
        return None
    right = np.stack([np.stack([won(weights, item.gold) for item, weights in members], -1) for members in weighed], -2)
    margins = [
        weights[..., item.gold] - np.delete(weights, item.gold, -1).max(-1)
        for members in weighed
        for item, weights in members
    ]
    share = right.mean((2, 3))  # (layer, head)
    sentences = right.shape[2] * right.shape[3]
    return HeadLooks(
        share,
        select(right, [true_nouns(item for item, _ in members) for members in weighed], seed=seed),
        float(share.max()),
        best_of_luck(share.size, sentences, chance([item for members in weighed for item, _ in members])),
        np.mean(margins, 0),
        head_moves(pairs, seed=seed),
    )


def model_choices(pairs: Sequence[Pair], *, seed: int = 0) -> ModelChoices | None:
    """What the model prefers, over the pairs whose both members could be asked; None where there is none."""
    choices = _complete(pairs, _choice)
    if not choices:
        return None
    right = np.array([[is_right for _, (is_right, _) in members] for members in choices])
    member_shares = [float(np.mean([share for _, (_, share) in members])) for members in choices]
    nouns = [true_nouns(item for item, _ in members) for members in choices]
    return ModelChoices(*accuracy(right, nouns, seed=seed), shares(member_shares, seed=seed))


def _edge_knockouts(pairs: Sequence[Pair], *, seed: int = 0) -> EdgeKnockouts | None:
    """What cutting edges shows, over the pairs of which both members have two words that compete; None without any."""
    knockouts = _complete(pairs, lambda answer: answer.knockout)
    if not knockouts:
        return None
    named = all(knockout.named for members in knockouts for _, knockout in members)
    # where adjectives compete the two members are one run
    counted = knockouts if named else [members[:1] for members in knockouts]
    right = np.array([[bool(won(knockout.use, item.gold)) for item, knockout in members] for members in counted])
    falls = [float(np.mean([knockout.falls[item.gold] for item, knockout in members])) for members in knockouts]
    mismatches = [float(np.mean([_mismatch(knockout) for _, knockout in members])) for members in knockouts if named]
    nouns = [true_nouns(item for item, _ in members) for members in knockouts]
    return EdgeKnockouts(*accuracy(right, nouns, seed=seed), mean(falls, seed=seed), shares(mismatches, seed=seed))


def _complete(pairs: Sequence[Pair], part: Callable[[ItemAnswer], _Part | None]) -> list[list[tuple[Item, _Part]]]:
    """(item, part of its answer) of both members, for the pairs of which both members have that part."""
    complete = []
    for members in pairs:
        parts = [(answer.item, value) for answer in members if (value := part(answer)) is not None]
        if len(parts) == len(members):
            complete.append(parts)
    return complete


def _choice(answer: ItemAnswer) -> tuple[bool, float] | None:
    return None if answer.right is None or answer.share is None else (answer.right, answer.share)


def _mismatch(knockout: ItemKnockout) -> bool:
    """Whether the noun that is used most is another one than the noun most looked at."""
    return bool(knockout.use.argmax() != knockout.weights.argmax())


def chance(items: Sequence[Item]) -> float:
    """Share of right sentences of a blind choice among the candidates, 0 … 1."""
    return float(np.mean([1 / len(item.candidates) for item in items])) if items else float("nan")


def baselines(items: Sequence[Item]) -> Baselines:
    """Three rules on the same sentences."""
    if not items:
        return Baselines(float("nan"), float("nan"), float("nan"))
    nearest = np.mean([item.gold == len(item.candidates) - 1 for item in items])
    first = np.mean([item.gold == 0 for item in items])
    return Baselines(float(nearest), float(first), float(np.mean([_agreement(item) for item in items])))


def _agreement(item: Item) -> float:
    """Chance that the rule "the noun that agrees" is right, 0 … 1.

    One over the number of candidates that agree with the word as the gold does, or may, where a gender is unknown.
    """
    gold = item.candidates[item.gold]
    return 1 / sum(
        "" in (noun.gender, gold.gender) or (noun.gender, noun.number) == (gold.gender, gold.number)
        for noun in item.candidates
    )


def confound(original: Estimate, meaning: Estimate, chance: float = 0.5) -> Estimate:
    """Gender-confound index, 1 − (effect with meaning alone / effect of the original pair), effects above ``chance``.

    Near 1: only agreement; near 0: as good without gender's help. Nothing where the original effect is not known to
    within half of itself (intervals.ratio): most of what such a ratio says is error.
    """
    quotient = ratio(_above(meaning, chance), _above(original, chance))
    if quotient.value is None or quotient.low is None or quotient.high is None:
        return NOTHING
    return Estimate(1 - quotient.value, 1 - quotient.high, 1 - quotient.low, quotient.n)


def _above(share: Estimate, chance: float) -> Estimate:
    """How far a share lies above chance."""
    value, low, high = (None if number is None else number - chance for number in (share.value, share.low, share.high))
    return Estimate(value, low, high, share.n)
