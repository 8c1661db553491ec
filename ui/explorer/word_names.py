"""Words as choices: a name that the link can carry, and a label that no other choice has.

Streamlit finds a choice by its label, so that equal ones would be one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence


def word_names(words: Sequence[str], places: Sequence[int]) -> tuple[dict[str, int], dict[str, str]]:
    """({``12:cheio``: 12}, {``12:cheio``: label}) of the words at some places.

    A word that stands twice is numbered by its place.
    """
    names = {f"{index}:{words[index]}": index for index in places}
    times = Counter(words[index] for index in places)
    return names, {
        name: words[index] if times[words[index]] == 1 else f"{words[index]} ({index + 1})"
        for name, index in names.items()
    }


def word_name(words: Sequence[str], index: int) -> str:
    """One word of a sentence as it is said: with its place where it stands twice."""
    return words[index] if words.count(words[index]) == 1 else f"{words[index]} ({index + 1})"


def position_named(name: str, labels: Sequence[str]) -> int | None:
    """Position of ``12:cheio``: of equal labels the nearest to where the name says; None where there is none."""
    number, _, label = name.partition(":")
    positions = [position for position, other in enumerate(labels) if other == label]
    if not positions or not re.fullmatch(r"[0-9]{1,6}", number):
        return None
    return min(positions, key=lambda position: abs(position - int(number)))


def nearest(held: str, names: dict[str, int]) -> str | None:
    """Of ``names`` the one that the link says, or the nearest of the same word."""
    if held in names:
        return held
    number, _, label = held.partition(":")
    same = [name for name in names if name.partition(":")[2] == label]
    return (
        min(same, key=lambda name: abs(names[name] - int(number)))
        if same and number.isdecimal() and len(number) < 6
        else None
    )
