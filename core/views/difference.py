"""The signed difference of two sentences: A − B, word by aligned word.

Words are aligned by longest common runs (difflib); a changed run of equal length on both sides is aligned in order
(``cheio`` with ``vazia``). Words without a partner are left out of the map and named in ``only_a`` and ``only_b``.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from ..errors import BadInput
from ..text.tokens import Tokens
from ..tracing.trace import Trace
from .view import Side, View


@dataclass(frozen=True, eq=False)
class Difference(View):
    """A view whose values are A − B in −1 … 1. A label of two different words is ``a / b``."""

    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()

    def _shown(self, maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A − B as it is, and zeros: nothing is hidden in a difference."""
        return maps, np.zeros(maps.shape[:-1], dtype=np.float32)

    def largest(self) -> float:
        """Largest absolute value over all heads: the scale that all of them share."""
        return max(float(np.abs(self.head(i, j)).max()) for i in self.attending for j in range(self.heads))


@dataclass(frozen=True)
class Aligned:
    """The words of two texts, paired: (index in A, index in B) increasing on both sides, their labels, and those
    without a partner.
    """

    pairs: tuple[tuple[int, int], ...]
    side: Side
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]

    def partner(self, word: int, *, of_a: bool = True) -> int | None:
        """The word of B (or, with ``of_a=False``, of A) that stands for a word of the other; None without one."""
        return next((pair[of_a] for pair in self.pairs if pair[not of_a] == word), None)


def aligned(a: Tokens, b: Tokens) -> Aligned:
    """Two texts, word by word; a token that one model adds is never the partner of a word."""
    added_a, added_b = ({t.word_of[i] for i, special in enumerate(t.special) if special} for t in (a, b))
    pairs = [(i, j) for i, j in align(a.words, b.words) if (i in added_a) == (j in added_b)]
    return Aligned(
        tuple(pairs), _side(a, b, pairs), _without(a, {i for i, _ in pairs}), _without(b, {j for _, j in pairs})
    )


def difference(a: Trace, b: Trace) -> Difference:
    """A − B over the aligned words of two sentences read by the same one-stack model.

    Raises:
        BadInput: traces of different models, or of an encoder–decoder, or with no word in common.
    """
    if a.provenance != b.provenance or a.kinds != ("self",):
        raise BadInput("Two sentences can be subtracted only when the same one-stack model read both.")
    words = aligned(a.tokens, b.tokens)
    if not words.pairs:
        raise BadInput("The two sentences have no words in common, so there is nothing to subtract.")
    rows_a, rows_b = (list(side) for side in zip(*words.pairs, strict=True))

    def full(layer: int, head: int) -> np.ndarray:
        left, right = (t.merged(t.attention(layer, head)) for t in (a, b))
        return left[np.ix_(rows_a, rows_a)] - right[np.ix_(rows_b, rows_b)]

    return Difference(
        query=words.side,
        key=words.side,
        layers=a.layers(),
        others=a.others(),
        heads=a.heads(),
        kind="self",
        renormalised=False,
        _full=full,
        only_a=words.only_a,
        only_b=words.only_b,
    )


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
        positions=_positions(pairs),
        opening=None,
    )


def _positions(pairs: list[tuple[int, int]]) -> tuple[int, ...]:
    """Positions that follow each other only where the words do in both texts: a neighbour in the list of pairs may have
    been no neighbour.
    """
    positions = [0]
    for (i, j), (k, m) in zip(pairs, pairs[1:], strict=False):
        positions.append(positions[-1] + max(k - i, m - j))
    return tuple(positions[: len(pairs)])


def _without(tokens: Tokens, paired: set[int]) -> tuple[str, ...]:
    """The words that have no partner."""
    return tuple(word for index, word in enumerate(tokens.words) if index not in paired)
