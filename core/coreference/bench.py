"""The bench: every head and the model's own choice on many pairs of sentences.

A run asks each item once per probe and keeps only the weights from one word to the candidates, the model's choice and,
on request, what cutting an edge does: is the edge to the true noun the one that matters most?

Inside: running a model over items. Not inside: what is asked (probes.py), what two words compete for (stakes.py),
counting the answers by condition (conditions.py), drawing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..boundary import named_step
from ..errors import Message, TooLong
from ..models.loading import LanguageModel
from ..progress import Progress
from .items import Item
from .probes import Probe, choice, fits, probed_item, refusal
from .scores import ReadTrace, item_looks, preferences, prefers, reader
from .stakes import fall, item_logit_difference, looked_at, margin


@dataclass(frozen=True, eq=False)
class ItemKnockout:
    """What cutting the edges from the position that decides shows for one item, per candidate: (candidate,) each.

    falls: nats of the margin when the position may not look at the candidate (in every head); use: how much this says
    that the candidate is used (ItemLogitDifference.use); weights: attention to it, mean of all heads. named: whether
    the candidates themselves compete (ItemLogitDifference.named).
    """

    falls: np.ndarray
    use: np.ndarray
    weights: np.ndarray
    named: bool = True


@dataclass(frozen=True)
class Preferences:
    """What competed in one item: the words, log p of each in nats, and the places of the true ones."""

    words: tuple[str, ...]
    logs: tuple[float, ...]
    right: frozenset[int]

    @property
    def true_word(self) -> str:
        """The true word, where there is one."""
        return self.words[min(self.right)]

    @property
    def preferred(self) -> str:
        """The likeliest word."""
        return self.words[int(np.argmax(self.logs))]

    def log(self, word: str) -> float:
        """log p of one of the words, nats."""
        return self.logs[self.words.index(word)]


@dataclass(frozen=True, eq=False)
class ItemAnswer:
    """One item asked once.

    weights: (layer, head, candidate), or None where this model has no such look. right, share: the model's choice, None
    where nothing competes or the model cannot be asked. knockout: what cutting edges does, where it was asked for and
    two words compete. too_long: the model cannot read the sentence, and nothing was asked. preferences: what the choice
    was between.
    """

    item: Item
    weights: np.ndarray | None
    right: bool | None
    share: float | None
    knockout: ItemKnockout | None = None
    too_long: bool = False
    preferences: Preferences | None = None


@named_step(Message("the coreference bench"))
def run_bench(
    lm: LanguageModel, items: Sequence[Item], probe: Probe, progress: Progress | None = None, *, causal: bool = False
) -> list[ItemAnswer]:
    """Ask every item that fits the probe; ``causal``: cut its edges too (about twice the time).

    Raises:
        MiranteError: what core.capture raises, and what ``progress`` raises to stop.
    """
    fitting = [item for item in items if fits(item, probe)]
    rivals = rivals_of(items)
    answers = []
    for index, item in enumerate(fitting):
        answers.append(answer(lm, item, probe, rivals.get(item.id) if causal else None))
        if progress is not None:
            progress(index + 1, len(fitting))
    return answers


def rivals_of(items: Iterable[Item]) -> dict[str, str]:
    """The probe word of the other member of each item's pair, by item id; an item without a partner has none."""
    by_pair: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_pair[item.pair].append(item)
    pairs = [members for members in by_pair.values() if len(members) == 2]
    return {item.id: other.word for pair in pairs for item, other in (pair, pair[::-1])}


def answer(lm: LanguageModel, item: Item, probe: Probe, rival: str | None = None) -> ItemAnswer:
    """One item: the looks of every head, the model's choice and, against a ``rival`` word, what cutting edges does."""
    try:
        return _answer(lm, item, probe, rival)
    except TooLong:
        return ItemAnswer(item, None, None, None, too_long=True)


def _answer(lm: LanguageModel, item: Item, probe: Probe, rival: str | None) -> ItemAnswer:
    read_trace = reader(lm, kept_traces=6)
    weights = None if refusal(lm, probe) else item_looks(lm, probed_item(lm, item, probe), read_trace)
    preferred = _preferences(lm, item, probe, read_trace)
    right, share = (None, None) if preferred is None else prefers(np.array(preferred.logs), preferred.right)
    knockout = None if rival is None else item_knockout(lm, item, probe, rival, read_trace)
    return ItemAnswer(item, weights, right, share, knockout, preferences=preferred)


def _preferences(lm: LanguageModel, item: Item, probe: Probe, read_trace: ReadTrace) -> Preferences | None:
    """What competes, and how likely each word is; None where nothing can be asked."""
    competing = choice(item, probe)
    logs = None if competing is None else preferences(lm, competing, read_trace)
    if competing is None or logs is None:
        return None
    return Preferences(competing.words, tuple(float(log) for log in logs), competing.right)


@named_step(Message("the cutting of edges"))
def item_knockout(
    lm: LanguageModel, item: Item, probe: Probe, rival: str, read_trace: ReadTrace
) -> ItemKnockout | None:
    """Cut the edge to each candidate in every head; None where no two words compete or the model cannot be edited."""
    difference = item_logit_difference(lm, item, probe, rival, read_trace)
    if isinstance(difference, Message) or lm.layout.adapter == "outside":
        return None
    trace = read_trace(difference.text)
    clean = margin(trace, difference)
    falls = np.array([fall(lm, difference, candidate, clean) for candidate in range(len(difference.keys))])
    return ItemKnockout(falls, difference.use(falls), looked_at(trace, difference), difference.named)
