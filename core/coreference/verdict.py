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

A claim about the sentences that were asked, never about understanding as such. Not here: asking (bench.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..intervals import Estimate
from .bench import ItemAnswer, confound, model_choices, pairs_of
from .items import Item

Finding = Literal["meaning", "little", "gender", "neither", "unknown"]
PROBE = "question"
WITH_GENDER, MEANING_ALONE = ("P0",), ("P2", "P3")
CHANCE, MOSTLY = 0.5, 0.75


@dataclass(frozen=True)
class BenchVerdict:
    """finding, and the two shares of right sentences it rests on; confound: 1 = only agreement, None where the original
    shows no effect.
    """

    finding: Finding
    original: Estimate | None
    meaning: Estimate | None
    confound: float | None


def verdict_items(items: Sequence[Item]) -> list[Item]:
    """The items that the verdict needs."""
    return [one for one in items if one.condition in (*WITH_GENDER, *MEANING_ALONE)]


def bench_verdict(answers: Sequence[ItemAnswer]) -> BenchVerdict:
    """From the answers to the question form, whole pairs only; "unknown" where a part could not be asked."""
    parts = [_right(answers, names) for names in (WITH_GENDER, MEANING_ALONE)]
    if None in parts:
        return BenchVerdict("unknown", *parts, None)
    return BenchVerdict(_finding(*parts), *parts, confound(*parts, CHANCE))


def _right(answers: Sequence[ItemAnswer], conditions: Sequence[str]) -> Estimate | None:
    found = model_choices(pairs_of([one for one in answers if one.item.condition in conditions]))
    return None if found is None else found.members


def _finding(original: Estimate, meaning: Estimate) -> Finding:
    if _above(meaning):
        return "meaning" if meaning.value >= MOSTLY else "little"
    return "gender" if _above(original) else "neither"


def _above(found: Estimate) -> bool:
    """Only with an interval, and all of it."""
    return found.low is not None and found.low > CHANCE
