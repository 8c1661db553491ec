"""The verdict on one model: did it follow meaning, only agree in gender, or neither?

Asked in the question form ("O que ficou cheio? O ___."), where every model prefers one of two nouns. With gender (P0)
a rule that only agrees is always right; without it (both nouns of one gender) it is right half of the time, as a coin
is. Without it the places stand both ways: poured from one into the other (P2, P3), and exchanged (P8, "encheu o copo
com água do balde"), so that a rule which ties "cheio" to the nearer noun fails in one of them. Two numbers, since a
choice mixes what the sentence says with how much the model likes a noun anyway: the choice itself, and the contrast
within the pair, in which that liking cancels (contrast.py).

    meaning   without gender's help contrast and choice are above chance both ways, at least three times of four
    moves     the contrast is, the choice is not: the preference follows meaning, the answer is held by the noun
    little    the contrast or the choice is above chance both ways, but less often than that
    place     the contrast is above chance one way only: the word is tied to a place in the sentence
    gender    only where gender helps is either above chance
    neither   not even there

Above chance: the whole 95 % interval, over nouns, lies over one half. What it does not rule out: a rule for each of the
two frames that was learned from sentences of these frames; the bundled models did see some. A claim about the sentences
that were asked, never about understanding as such. Not here: asking (bench.py), counting (conditions.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..intervals import NOTHING, Estimate
from .bench import ItemAnswer
from .conditions import confound, model_choices, pairs_of
from .contrast import paired_contrast
from .items import Item

Finding = Literal["meaning", "moves", "little", "place", "gender", "neither", "unknown"]
PROBE = "question"
_WITH_GENDER, _POURED, _EXCHANGED = ("P0",), ("P2", "P3"), ("P8",)
MEANING_ALONE = (*_POURED, *_EXCHANGED)
_CHANCE, _MOSTLY = 0.5, 0.75


@dataclass(frozen=True)
class BenchVerdict:
    """The finding, and the numbers that it rests on.

    original, meaning: shares of right sentences where gender helps, and where it says nothing; original_contrast,
    meaning_contrast: shares of pairs whose preference moves to the right side there; exchanged: the latter where the
    places are exchanged; same: share of pairs without gender's help in which both sentences get the same answer. None
    where they could not be asked. confound: of the choices, NOTHING where the original effect is small against its
    error.
    """

    finding: Finding
    original: Estimate | None
    meaning: Estimate | None
    original_contrast: Estimate | None
    meaning_contrast: Estimate | None
    exchanged: Estimate | None
    same: Estimate | None
    confound: Estimate


@dataclass(frozen=True)
class _Measured:
    """Choice and contrast over the pairs of some conditions."""

    choice: Estimate | None
    moved: Estimate | None
    same: Estimate | None


def verdict_items(items: Sequence[Item]) -> list[Item]:
    """The items that the verdict needs."""
    return [item for item in items if item.condition in (*_WITH_GENDER, *MEANING_ALONE)]


def bench_verdict(answers: Sequence[ItemAnswer]) -> BenchVerdict:
    """From the answers to the question form, whole pairs only; "unknown" where a part could not be asked."""
    original, poured, exchanged, meaning = (
        _measured(answers, names) for names in (_WITH_GENDER, _POURED, _EXCHANGED, MEANING_ALONE)
    )
    parts = (original, poured, exchanged)
    known = all(part.choice is not None for part in parts)
    return BenchVerdict(
        _finding(*parts) if known else "unknown",
        original=original.choice,
        meaning=meaning.choice,
        original_contrast=original.moved,
        meaning_contrast=meaning.moved,
        exchanged=exchanged.moved,
        same=meaning.same,
        confound=confound(original.choice or NOTHING, meaning.choice or NOTHING, _CHANCE),
    )


def _measured(answers: Sequence[ItemAnswer], conditions: Sequence[str]) -> _Measured:
    """Over the whole pairs of some conditions."""
    pairs = pairs_of([answer for answer in answers if answer.item.condition in conditions])
    choices, contrast = model_choices(pairs), paired_contrast(pairs)
    return _Measured(
        None if choices is None else choices.members,
        None if contrast is None else contrast.moved,
        None if contrast is None else contrast.same,
    )


def _finding(original: _Measured, poured: _Measured, exchanged: _Measured) -> Finding:
    both_ways = (poured, exchanged)
    if all(_mostly(part.moved) for part in both_ways):
        return "meaning" if all(_mostly(part.choice) for part in both_ways) else "moves"
    moved = [_above(part.moved) for part in both_ways]
    if all(moved) or all(_above(part.choice) for part in both_ways):
        return "little"
    if any(moved):
        return "place"
    return "gender" if _above(original.choice) or _above(original.moved) else "neither"


def _mostly(share: Estimate | None) -> bool:
    return share is not None and share.value is not None and _above(share) and share.value >= _MOSTLY


def _above(share: Estimate | None) -> bool:
    """Whether a share is above chance: only with an interval, and all of it."""
    return share is not None and share.low is not None and share.low > _CHANCE
