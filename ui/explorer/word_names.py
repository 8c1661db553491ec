"""Words as choices: a name that the link can carry, and a label that no other choice has (Streamlit finds a choice by
its label).
"""

from __future__ import annotations

from collections.abc import Sequence


def word_names(words: Sequence[str], places: Sequence[int]) -> tuple[dict[str, int], dict[str, str]]:
    """({``12:cheio``: 12}, {``12:cheio``: label}) of the words at some places; a word that stands twice is numbered by
    its place.
    """
    names = {f"{place}:{words[place]}": place for place in places}
    twice = [words[place] for place in places]
    return names, {
        name: words[place] if twice.count(words[place]) == 1 else f"{words[place]} ({place + 1})"
        for name, place in names.items()
    }


def word_name(words: Sequence[str], place: int) -> str:
    """One word of a sentence as it is said: with its place where it stands twice."""
    return words[place] if words.count(words[place]) == 1 else f"{words[place]} ({place + 1})"


def nearest(held: str, names: dict[str, int]) -> str | None:
    """The name that the link says, or the nearest of the same word."""
    if held in names:
        return held
    place, _, label = held.partition(":")
    same = [name for name in names if name.partition(":")[2] == label]
    return (
        min(same, key=lambda name: abs(names[name] - int(place)))
        if same and place.isdecimal() and len(place) < 6
        else None
    )
