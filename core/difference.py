"""The signed difference of two sentences: A − B, word by aligned word.

Words are aligned by longest common runs (difflib); a changed run of equal length on both sides is aligned in order
(``cheio`` with ``vazia``). Words without a partner are left out of the map and named in ``only_a`` and ``only_b``.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from .errors import BadInput
from .tokens import Tokens
from .trace import Trace
from .view import Side, View


@dataclass(frozen=True, eq=False)
class Difference(View):
    """A view whose values are A − B in −1 … 1. A label of two different words is ``a / b``."""

    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()

    def head_and_hidden(self, layer: int, head: int) -> tuple[np.ndarray, np.ndarray]:
        """A − B (query, key), and zeros (query,): nothing is hidden in a difference."""
        return self._full(layer, head), np.zeros(len(self.query), dtype=np.float32)

    def largest(self) -> float:
        """Largest absolute value over all heads: the scale that all of them share."""
        return max(float(np.abs(self.head(i, j)).max()) for i in range(self.layers) for j in range(self.heads))


def difference(a: Trace, b: Trace) -> Difference:
    """A − B over the aligned words of two sentences read by the same one-stack model.

    Raises:
        BadInput: traces of different models, or of an encoder–decoder, or with no word in common.
    """
    if a.provenance != b.provenance or a.kinds != ("self",):
        raise BadInput("Two sentences can be subtracted only when the same one-stack model read both.")
    pairs = align(a.tokens.words, b.tokens.words)
    if not pairs:
        raise BadInput("The two sentences have no words in common, so there is nothing to subtract.")
    rows_a, rows_b = (list(side) for side in zip(*pairs, strict=True))
    side = _side(a.tokens, b.tokens, pairs)

    def full(layer: int, head: int) -> np.ndarray:
        left, right = (t.merged(t.attention(layer, head)) for t in (a, b))
        return left[np.ix_(rows_a, rows_a)] - right[np.ix_(rows_b, rows_b)]

    return Difference(
        query=side, key=side, layers=a.layers(), heads=a.heads(), kind="self", renormalised=False, _full=full,
        only_a=_rest(a.tokens, rows_a), only_b=_rest(b.tokens, rows_b),
    )  # fmt: skip


def align(a: tuple[str, ...], b: tuple[str, ...]) -> list[tuple[int, int]]:
    """Pairs of word indices (in a, in b), increasing on both sides."""
    pairs: list[tuple[int, int]] = []
    for change, start_a, end_a, start_b, end_b in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if change == "equal" or (change == "replace" and end_a - start_a == end_b - start_b):
            pairs += zip(range(start_a, end_a), range(start_b, end_b), strict=True)
    return pairs


def _side(a: Tokens, b: Tokens, pairs: list[tuple[int, int]]) -> Side:
    labels = tuple(a.words[i] if a.words[i] == b.words[j] else f"{a.words[i]} / {b.words[j]}" for i, j in pairs)
    special = {a.word_of[position] for position, is_special in enumerate(a.special) if is_special}
    unknown_a, unknown_b = ({t.word_of[i] for i, unknown in enumerate(t.unknown) if unknown} for t in (a, b))
    return Side(
        labels=labels,
        special=tuple(i in special for i, _ in pairs),
        unknown=tuple(i in unknown_a or j in unknown_b for i, j in pairs),
        positions=tuple(range(len(pairs))),
    )


def _rest(tokens: Tokens, kept: list[int]) -> tuple[str, ...]:
    return tuple(word for index, word in enumerate(tokens.words) if index not in set(kept))
