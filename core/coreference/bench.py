"""The bench: every head and the model's own choice on many pairs, with what luck and three simple rules would give.

A run asks each item once per probe and keeps only the weights from one word to the candidates. Per condition and probe
it reports

* the head chosen on one half of the pairs, on the other half (selection.py), and the apparent best beside the best-of-H
  chance line;
* the model's choice: right sentences, pairs with both right, mean share of the true possibilities;
* on request what cutting an edge does: is the edge to the true noun the one that matters most, and is it the most
  looked at?
* the baselines: chance, nearest noun, first noun, gender and number alone.

Inside: running and counting. Not inside: what is asked (probes.py), what is at stake (stakes.py), drawing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import Message, MiranteError, TooLong
from ..intervals import Estimate, mean, shares
from ..models.loading import LanguageModel
from .chance import best_of_luck
from .items import Item
from .probes import Probe, choice, fits, probed_item, refusal
from .scores import ReadTrace, item_looks, preferences, prefers, reader, wins
from .selection import Selected, accuracy, select
from .stakes import fall, item_logit_difference, looked_at, margin

Progress = Callable[[int, int], None]
"""(items done, items in all); raising an exception in it stops the run."""


@dataclass(frozen=True, eq=False)
class ItemKnockout:
    """Of the position that decides, per candidate: falls, nats of the margin when it may not look there (every head);
    use, how much this says that the candidate is used (stakes.Stake.use); weights, mean of all heads. named: whether
    the candidates themselves compete (stakes.Stake)."""

    falls: np.ndarray
    use: np.ndarray
    weights: np.ndarray
    named: bool = True


@dataclass(frozen=True, eq=False)
class ItemAnswer:
    """One item asked once. weights: (layer, head, candidate) or None where this model has no such look; right, share:
    the model's choice, None where nothing competes or it cannot be asked. proof: what cutting edges does, where it was
    asked for and something is at stake. too_long: the model cannot read the sentence, and nothing was asked."""

    item: Item
    weights: np.ndarray | None
    right: bool | None
    share: float | None
    knockout: ItemKnockout | None = None
    too_long: bool = False


@dataclass(frozen=True, eq=False)
class Baselines:
    """Share of right sentences of a rule that reads no model, 0 … 1; gender: agreement alone, half where it leaves both
    open.
    """

    nearest: float
    first: float
    gender: float


@dataclass(frozen=True, eq=False)
class HeadLooks:
    """Attention on one condition. share: (layer, head) of right sentences; apparent: the largest of them; luck: what
    the best of as many heads that toss a coin would show on as many sentences; margin: (layer, head) mean weight on the
    gold less on the best other."""

    share: np.ndarray
    selected: Selected
    apparent: float
    luck: float
    margin: np.ndarray


@dataclass(frozen=True)
class ModelChoices:
    """The model's own choice on one condition: right sentences, pairs with both right, mean share of the true
    possibilities.
    """

    members: Estimate
    both: Estimate
    share: Estimate


@dataclass(frozen=True)
class EdgeKnockouts:
    """What cutting edges shows on one condition. members, both: the edge to the gold noun is the one that is used most
    (stakes.Stake.use); fall: nats on the gold edge, signed; apart: share of sentences where the most looked-at noun
    (mean of heads) is another one than the one that is used most, nothing where adjectives compete: a pair is one run
    there, and half of it would be apart whatever the model does."""

    members: Estimate
    both: Estimate
    fall: Estimate
    mismatch: Estimate


@dataclass(frozen=True, eq=False)
class ConditionResult:
    """One condition under one probe; pairs: how many were whole; chance: of a blind choice among the candidates.
    looked, chosen, proved: None where this model cannot be, or was not, asked so.
    """

    condition: str
    probe: Probe
    pairs: int
    looks: HeadLooks | None
    choices: ModelChoices | None
    knockouts: EdgeKnockouts | None
    baselines: Baselines
    chance: float = 0.5


def run_bench(
    lm: LanguageModel, items: Sequence[Item], probe: Probe, progress: Progress | None = None, *, causal: bool = False
) -> list[ItemAnswer]:
    """Ask every item that fits the probe; ``causal``: cut its edges too (about twice the time).

    Raises:
        MiranteError: what core.capture raises, and what ``progress`` raises to stop.
    """
    fitting = [item for item in items if fits(item, probe)]
    rivals = rivals_of(items)
    found = []
    for index, item in enumerate(fitting):
        found.append(answer(lm, item, probe, rivals.get(item.id) if causal else None))
        if progress is not None:
            progress(index + 1, len(fitting))
    return found


def rivals_of(items: Iterable[Item]) -> dict[str, str]:
    """The other member's probe word, by item; items without a partner are not there."""
    by_pair: dict[str, list[Item]] = defaultdict(list)
    for one in items:
        by_pair[one.pair].append(one)
    return {one.id: other.word for pair in by_pair.values() if len(pair) == 2 for one, other in (pair, pair[::-1])}


def answer(lm: LanguageModel, item: Item, probe: Probe, rival: str | None = None) -> ItemAnswer:
    """One item: the looks of every head, the model's choice and, against a ``rival`` word, what cutting edges does."""
    try:
        return _answer(lm, item, probe, rival)
    except TooLong:
        return ItemAnswer(item, None, None, None, too_long=True)


def _answer(lm: LanguageModel, item: Item, probe: Probe, rival: str | None) -> ItemAnswer:
    read = reader(lm, kept=6)
    weights = None if refusal(lm, probe) else item_looks(lm, probed_item(lm, item, probe), read)
    competing = choice(item, probe)
    logs = None if competing is None else preferences(lm, competing, read)
    right, share = (None, None) if logs is None else prefers(logs, competing.right)
    return ItemAnswer(
        item, weights, right, share, None if rival is None else item_knockout(lm, item, probe, rival, read)
    )


def item_knockout(lm: LanguageModel, item: Item, probe: Probe, rival: str, read: ReadTrace) -> ItemKnockout | None:
    """Cut the edge to each candidate in every head; None where nothing is at stake or the model cannot be edited."""
    at = item_logit_difference(lm, item, probe, rival, read)
    if isinstance(at, Message) or lm.layout.adapter == "outside":
        return None
    trace = read(at.text)
    clean = margin(trace, at)
    falls = np.array([fall(lm, at, one, clean) for one in range(len(at.keys))])
    return ItemKnockout(falls, at.use(falls), looked_at(trace, at), at.named)


def condition_results(answers: Iterable[ItemAnswer], probe: Probe, *, seed: int = 0) -> list[ConditionResult]:
    """Counted by condition, in the order in which the conditions came; pairs of which a member is missing are left out,
    and conditions without a pair.
    """
    by_condition: dict[str, list[ItemAnswer]] = defaultdict(list)
    for one in answers:
        if not one.too_long:
            by_condition[one.item.condition].append(one)
    whole = {name: pairs_of(found) for name, found in by_condition.items()}
    return [condition_result(name, probe, pairs, seed=seed) for name, pairs in whole.items() if pairs]


def pairs_of(answers: Sequence[ItemAnswer]) -> list[tuple[ItemAnswer, ...]]:
    """The members of each pair together, in order; pairs with fewer than two members are left out."""
    pairs: dict[str, list[ItemAnswer]] = defaultdict(list)
    for one in answers:
        pairs[one.item.pair].append(one)
    return [tuple(members) for members in pairs.values() if len(members) == 2]


def condition_result(
    condition: str, probe: Probe, pairs: Sequence[tuple[ItemAnswer, ...]], *, seed: int = 0
) -> ConditionResult:
    """One condition from its whole pairs."""
    items = [one.item for members in pairs for one in members]
    return ConditionResult(
        condition,
        probe,
        len(pairs),
        head_looks(pairs, seed=seed),
        model_choices(pairs, seed=seed),
        edge_knockouts(pairs, seed=seed),
        baselines(items),
        chance(items),
    )


def head_looks(pairs: Sequence[tuple[ItemAnswer, ...]], *, seed: int = 0) -> HeadLooks | None:
    """What the heads show, over the pairs whose both members have looks; None where there is none."""
    pairs = [members for members in pairs if all(one.weights is not None for one in members)]
    if not pairs:
        return None
    right = np.stack([np.stack([wins(one.weights, one.item.gold) for one in members], -1) for members in pairs], -2)
    margins = [
        one.weights[..., one.item.gold] - np.delete(one.weights, one.item.gold, -1).max(-1)
        for members in pairs
        for one in members
    ]
    share = right.mean((2, 3))  # (layer, head)
    sentences = right.shape[2] * right.shape[3]
    return HeadLooks(
        share,
        select(right, seed=seed),
        float(share.max()),
        best_of_luck(share.size, sentences, chance([one.item for members in pairs for one in members])),
        np.mean(margins, 0),
    )


def model_choices(pairs: Sequence[tuple[ItemAnswer, ...]], *, seed: int = 0) -> ModelChoices | None:
    """What the model prefers, over the pairs whose both members could be asked; None where there is none."""
    asked = [members for members in pairs if all(one.right is not None for one in members)]
    if not asked:
        return None
    members, both = accuracy(np.array([[one.right for one in members] for members in asked]), seed=seed)
    return ModelChoices(
        members, both, shares([np.mean([one.share for one in members]) for members in asked], seed=seed)
    )


def edge_knockouts(pairs: Sequence[tuple[ItemAnswer, ...]], *, seed: int = 0) -> EdgeKnockouts | None:
    """What cutting edges shows, over the pairs of which both members were at stake; None where there is none."""
    asked = [members for members in pairs if all(one.knockout is not None for one in members)]
    if not asked:
        return None
    named = all(one.knockout.named for members in asked for one in members)
    counted = (
        asked if named else [members[:1] for members in asked]
    )  # where adjectives compete the two members are one run
    right = np.array([[bool(wins(one.knockout.use, one.item.gold)) for one in members] for members in counted])
    falls = [np.mean([one.knockout.falls[one.item.gold] for one in members]) for members in asked]
    apart = [
        np.mean([one.knockout.use.argmax() != one.knockout.weights.argmax() for one in members])
        for members in asked
        if named
    ]
    return EdgeKnockouts(*accuracy(right, seed=seed), mean(falls, seed=seed), shares(apart, seed=seed))


def chance(items: Sequence[Item]) -> float:
    """Share of right sentences of a blind choice among the candidates."""
    return float(np.mean([1 / len(item.candidates) for item in items])) if items else float("nan")


def baselines(items: Sequence[Item]) -> Baselines:
    """Three rules on the same sentences."""
    if not items:
        return Baselines(float("nan"), float("nan"), float("nan"))
    nearest = np.mean([item.gold == len(item.candidates) - 1 for item in items])
    first = np.mean([item.gold == 0 for item in items])
    return Baselines(float(nearest), float(first), float(np.mean([_agreement(item) for item in items])))


def _agreement(item: Item) -> float:
    """Chance that the rule "the noun that agrees" is right: one over the candidates that agree with the word as the
    gold does, or may, where a gender is unknown."""
    gold = item.candidates[item.gold]
    return 1 / sum(
        "" in (one.gender, gold.gender) or (one.gender, one.number) == (gold.gender, gold.number)
        for one in item.candidates
    )


def confound(original: Estimate, meaning: Estimate, chance: float = 0.5) -> float | None:
    """Gender-confound index, 1 − (effect with meaning alone / effect of the original pair), effects above ``chance``.

    Near 1: only agreement; near 0: as good without gender's help. None where the original shows no effect to explain.
    """
    if original.value is None or meaning.value is None or original.low is None or original.low <= chance:
        return None
    return 1 - (meaning.value - chance) / (original.value - chance)


class Cancelled(MiranteError):
    """Somebody stopped the run; nothing of it is reported."""
