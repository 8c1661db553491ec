"""The verdict on one model: did it follow meaning, only agree in gender, or neither?

Asked in the question form ("O que ficou cheio? O ___."), where every model prefers one of two nouns. With gender (P0,
P4, P6) a rule that only agrees is always right; without it (P2, P3: both nouns of one gender) it is right half of the
time, as a coin is.

    meaning
        where gender says nothing, the choices are above chance (the whole 95 % interval lies over one half), and right
        at least three times of four
    little    above chance, but right less often than that
    gender    only where gender helps are they above chance
    neither   not even there

A claim about the sentences that were asked, never about understanding as such. Not here: asking (bench.py), counting
(conditions.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..intervals import Estimate
from .bench import ItemAnswer
from .conditions import confound, model_choices, pairs_of
from .items import Item

Finding = Literal["meaning", "little", "gender", "neither", "unknown"]
PROBE = "question"
_WITH_GENDER, MEANING_ALONE = ("P0",), ("P2", "P3")
_CHANCE, _MOSTLY = 0.5, 0.75


@dataclass(frozen=True)
class BenchVerdict:
    """The finding, and the two shares of right sentences that it rests on.

    original: where gender helps; meaning: where it says nothing; None where they could not be asked. confound: 1 means
    only agreement, None where the original shows no effect.
    """

    finding: Finding
    original: Estimate | None
    meaning: Estimate | None
    confound: float | None


def verdict_items(items: Sequence[Item]) -> list[Item]:
    """The items that the verdict needs."""
    return [item for item in items if item.condition in (*_WITH_GENDER, *MEANING_ALONE)]


def bench_verdict(answers: Sequence[ItemAnswer]) -> BenchVerdict:
    """From the answers to the question form, whole pairs only; "unknown" where a part could not be asked."""
    original, meaning = (_right(answers, names) for names in (_WITH_GENDER, MEANING_ALONE))
    if original is None or meaning is None:
        return BenchVerdict("unknown", original, meaning, None)
    return BenchVerdict(_finding(original, meaning), original, meaning, confound(original, meaning, _CHANCE))


def _right(answers: Sequence[ItemAnswer], conditions: Sequence[str]) -> Estimate | None:
    """Share of right sentences of some conditions, whole pairs only; None where none could be asked."""
    choices = model_choices(pairs_of([answer for answer in answers if answer.item.condition in conditions]))
    return None if choices is None else choices.members


def _finding(original: Estimate, meaning: Estimate) -> Finding:
    if _above(meaning):
        return "meaning" if meaning.value is not None and meaning.value >= _MOSTLY else "little"
    return "gender" if _above(original) else "neither"


def _above(share: Estimate) -> bool:
    """Whether a share is above chance: only with an interval, and all of it."""
    return share.low is not None and share.low > _CHANCE
