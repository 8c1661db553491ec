"""Answers of two models side by side for a reader who must not know which is which: a sheet, and a key kept apart."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

Answers = tuple[str, Sequence[str]]
"""A model's name and its answers, in the order of what was asked."""


def shuffled(
    asked: Sequence[str], one: Answers, other: Answers, *, seed: int
) -> tuple[list[dict[str, Any]], list[Any]]:
    """The sheet and its key, in an order of their own.

    Sheet: {'number', 'asked', 'A', 'B'}. Key: {'number', 'A', 'B'} with the names of the models; equal answers stay, so
    that both are judged on all. ValueError where the lengths differ.
    """
    if not len(asked) == len(one[1]) == len(other[1]):
        raise ValueError(f"{len(asked)} asked, {len(one[1])} and {len(other[1])} answered")
    rng = random.Random(seed)
    sheet, key = [], []
    for number, place in enumerate(rng.sample(range(len(asked)), len(asked)), start=1):
        left, right = rng.sample((one, other), 2)
        sheet.append({"number": number, "asked": asked[place], "A": left[1][place], "B": right[1][place]})
        key.append({"number": number, "A": left[0], "B": right[0]})
    return sheet, key
