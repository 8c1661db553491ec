"""The verdict on one model: did it follow meaning, only agree in gender, or neither?

Asked in the question form ("O que ficou cheio? O ___."), where every model prefers one of two nouns. With gender (P0)
a rule that only agrees is always right; without it (P2, P3: both nouns of one gender) it is right half of the time, as
a coin is. Two numbers, since a choice mixes what the sentence says with how much the model likes a noun anyway: the
choice itself, and the contrast within the pair, in which that liking cancels (contrast.py).

    meaning   without gender's help the contrast and the choice are above chance, both at least three times of four
    moves     the contrast is, the choice is not: the preference follows meaning, the answer is held by the noun
    little    the contrast or the choice is above chance without gender's help, but less often than that
    gender    only where gender helps is either above chance
    neither   not even there

Above chance: the whole 95 % interval, over nouns, lies over one half. What the contrast does not rule out is a rule
that ties the adjective to a place in the sentence: P7 exchanges the places, and the bench asks it. A claim about the
sentences that were asked, never about understanding as such. Not here: asking (bench.py), counting (conditions.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..intervals import NOTHING, Estimate
from .bench import ItemAnswer
from .conditions import confound, model_choices, pairs_of
from .contrast import Pair, paired_contrast
from .items import Item

Finding = Literal["meaning", "moves", "little", "gender", "neither", "unknown"]
PROBE = "question"
_WITH_GENDER, MEANING_ALONE = ("P0",), ("P2", "P3")
_CHANCE, _MOSTLY = 0.5, 0.75


@dataclass(frozen=True)
class BenchVerdict:
    """The finding, and the numbers that it rests on.

    original, meaning: shares of right sentences where gender helps, and where it says nothing; original_contrast,
    meaning_contrast: shares of pairs whose preference moves to the right side there; same: share of pairs without
    gender's help in which both sentences get the same answer. None where they could not be asked. confound: of the
    choices, NOTHING where the original effect is small against its error.
    """

    finding: Finding
    original: Estimate | None
    meaning: Estimate | None
    original_contrast: Estimate | None
    meaning_contrast: Estimate | None
    same: Estimate | None
    confound: Estimate


def verdict_items(items: Sequence[Item]) -> list[Item]:
    """The items that the verdict needs."""
    return [item for item in items if item.condition in (*_WITH_GENDER, *MEANING_ALONE)]


def bench_verdict(answers: Sequence[ItemAnswer]) -> BenchVerdict:
    """From the answers to the question form, whole pairs only; "unknown" where a part could not be asked."""
    original, meaning = (_pairs(answers, names) for names in (_WITH_GENDER, MEANING_ALONE))
    choices = [None if counted is None else counted.members for counted in map(model_choices, (original, meaning))]
    with_gender, alone = (paired_contrast(pairs) for pairs in (original, meaning))
    contrasts = [None if contrast is None else contrast.moved for contrast in (with_gender, alone)]
    return BenchVerdict(
        "unknown" if choices[0] is None or choices[1] is None else _finding(choices, contrasts),
        original=choices[0],
        meaning=choices[1],
        original_contrast=contrasts[0],
        meaning_contrast=contrasts[1],
        same=None if alone is None else alone.same,
        confound=confound(choices[0] or NOTHING, choices[1] or NOTHING, _CHANCE),
    )


def _pairs(answers: Sequence[ItemAnswer], conditions: Sequence[str]) -> list[Pair]:
    """The whole pairs of some conditions."""
    return pairs_of([answer for answer in answers if answer.item.condition in conditions])


def _finding(right: Sequence[Estimate | None], moved: Sequence[Estimate | None]) -> Finding:
    """From (with gender, without it) of choices and of contrasts."""
    if _mostly(moved[1]):
        return "meaning" if _mostly(right[1]) else "moves"
    if _above(moved[1]) or _above(right[1]):
        return "little"
    return "gender" if _above(right[0]) or _above(moved[0]) else "neither"


def _mostly(share: Estimate | None) -> bool:
    return share is not None and share.value is not None and _above(share) and share.value >= _MOSTLY


def _above(share: Estimate | None) -> bool:
    """Whether a share is above chance: only with an interval, and all of it."""
    return share is not None and share.low is not None and share.low > _CHANCE
