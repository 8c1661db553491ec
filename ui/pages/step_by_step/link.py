"""The choices of the page "Step by step", all of them in the link: step, query token and key token.

Tokens travel as ``12:cheio`` (place and piece): after a change of sentence the nearest one of that name is taken, else
the default. Not here: attention kind, layer and head (ui/explorer).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.axes import Kind
from core.tracing.trace import Trace

from ...components.steps import chosen_step
from ...explorer.carried import TOKEN, carry_word, word_from_elsewhere
from ...shell.state import held, hold

_PAGE, _STEP, _QUERY, _KEY = "steps.", "step", TOKEN, "key"
_STEPS = 10


@dataclass(frozen=True)
class StepChoice:
    """The chosen step, 1 … 10, and the positions of the query token and of the key token, from 0."""

    step: int
    query: int
    key: int


def held_step_choice(trace: Trace, kind: Kind, layer: int, head: int, first: tuple[int, int, int | None]) -> StepChoice:
    """The choice that the link holds.

    What the link leaves open is the position of ``first`` (layer, head, position) in that head, and in other heads the
    strongest weight between two words.
    """
    if (word := word_from_elsewhere(_PAGE)) is not None:
        hold(_QUERY, word, _PAGE)
        hold(_KEY, "", _PAGE)
    query_side, key_side = trace.sides(kind)
    weights = trace.attention(layer, head, kind)
    query = _held(_QUERY, query_side.pieces)
    if query is None:
        default = first[2] if (layer, head) == first[:2] else None
        query = _strongest(weights, query_side.special, key_side.special)[0] if default is None else default
        if _all_seen(weights, query):
            early = max(2, 2 * len(weights) // 3)
            query = _strongest(weights[:early], query_side.special[:early], key_side.special)[0]
    key = _held(_KEY, key_side.pieces)
    if key is None:
        key = _strongest(weights[query : query + 1], (False,), key_side.special)[1]
    step = held(_STEP, _PAGE)
    return StepChoice(min(max(int(step), 1), _STEPS) if len(step) < 3 and step.isdecimal() else 1, query, key)


def hold_step_choice(key: str, trace: Trace, kind: Kind, drawn: StepChoice) -> None:
    """Callback of the component ``key``: what was chosen goes into the link.

    A query token other than that of ``drawn`` gets its own strongest key.
    """
    choice = chosen_step(key)
    if choice is None:
        return
    query_side, key_side = trace.sides(kind)
    hold(_STEP, str(choice["step"]), _PAGE)
    for name, position, side in ((_QUERY, choice["query"], query_side), (_KEY, choice["key"], key_side)):
        if 0 <= position < len(side.pieces):
            hold(name, f"{position}:{side.pieces[position]}", _PAGE)
    if choice["query"] != drawn.query:
        hold(_KEY, "", _PAGE)
        carry_word(held(_QUERY, _PAGE), _PAGE)


def _all_seen(weights: np.ndarray, query: int) -> bool:
    """Whether a row of a map that looks back alone has nothing after it: its step of the mask would show none."""
    rows, columns = weights.shape
    return rows == columns > 3 and query == rows - 1 and not np.triu(weights, 1).any()


def _held(name: str, labels: Sequence[str]) -> int | None:
    """Position of the token that the link names; None without one."""
    position, _, label = held(name, _PAGE).partition(":")
    positions = [i for i, other_label in enumerate(labels) if other_label == label]
    if not positions or len(position) > 6 or not position.isdecimal():
        return None
    return min(positions, key=lambda i: abs(i - int(position)))


def _strongest(weights: np.ndarray, query_special: Sequence[bool], key_special: Sequence[bool]) -> tuple[int, int]:
    """(query, key) of the largest weight between tokens that are not special.

    The weight of a token on itself counts only where there is no other.
    """
    candidates = weights.copy()
    candidates[np.asarray(query_special, bool)] = -1
    candidates[:, np.asarray(key_special, bool)] -= 1
    if candidates.shape[0] == candidates.shape[1] > 1:
        candidates[np.diag_indices_from(candidates)] -= 1
    return tuple(map(int, np.unravel_index(int(candidates.argmax()), candidates.shape)))
