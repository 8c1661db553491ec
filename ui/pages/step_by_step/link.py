"""Where one looks on the page "Step by step": attention kind, step, the token that looks and the one looked at; all of
it in the link.

Tokens travel as ``12:cheio`` (place and piece): after a change of sentence the nearest one of that name is taken, else
the default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.axes import Kind
from core.tracing.trace import Trace

from ...components.steps import chosen_step
from ...shell.state import held, hold

PAGE, STEP, TOKEN, KEY = "steps.", "step", "token", "key"
STEPS = 10


@dataclass(frozen=True)
class Place:
    """step 1 … 10; positions of the token that looks and of the one that is looked at, from 0."""

    step: int
    query: int
    key: int


def held_place(trace: Trace, kind: Kind, layer: int, head: int, first: tuple[int, int, int | None]) -> Place:
    """What the link holds; what it leaves open is ``first`` (layer, head, position) in its own head, in others the
    strongest link between two words.
    """
    query_side, key_side = trace.sides(kind)
    weights = trace.attention(layer, head, kind)
    query = _held(TOKEN, query_side.pieces)
    if query is None:
        own = first[2] if (layer, head) == first[:2] else None
        query = _strongest(weights, query_side.special, key_side.special)[0] if own is None else own
    key = _held(KEY, key_side.pieces)
    if key is None:
        key = _strongest(weights[query : query + 1], (False,), key_side.special)[1]
    step = held(STEP, PAGE)
    return Place(min(max(int(step), 1), STEPS) if len(step) < 3 and step.isdecimal() else 1, query, key)


def follow(key: str, trace: Trace, kind: Kind, shown: Place) -> None:
    """Callback of the component ``key``: what was chosen goes into the link. Another word than ``shown`` that looks
    gets its own strongest key.
    """
    found = chosen_step(key)
    if found is None:
        return
    query_side, key_side = trace.sides(kind)
    hold(STEP, str(found["step"]), PAGE)
    for name, place, side in ((TOKEN, found["query"], query_side), (KEY, found["key"], key_side)):
        if 0 <= place < len(side.pieces):
            hold(name, f"{place}:{side.pieces[place]}", PAGE)
    if found["query"] != shown.query:
        hold(KEY, "", PAGE)


def _held(name: str, labels: Sequence[str]) -> int | None:
    """Position of the token that the link names; None without one."""
    place, _, label = held(name, PAGE).partition(":")
    found = [i for i, one in enumerate(labels) if one == label]
    if not found or len(place) > 6 or not place.isdecimal():
        return None
    return min(found, key=lambda i: abs(i - int(place)))


def _strongest(weights: np.ndarray, query_special: Sequence[bool], key_special: Sequence[bool]) -> tuple[int, int]:
    """(query, key) of the largest weight between tokens that are not special, and not of a token on itself where there
    is another.
    """
    shown = weights.copy()
    shown[np.asarray(query_special, bool)] = -1
    shown[:, np.asarray(key_special, bool)] -= 1
    if shown.shape[0] == shown.shape[1] > 1:
        shown[np.diag_indices_from(shown)] -= 1
    return tuple(map(int, np.unravel_index(int(shown.argmax()), shown.shape)))
