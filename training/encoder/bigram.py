"""A two-sided bigram guess of a hidden token, as the baseline that knows its neighbours and nothing else.

P(w | left, right) ∝ P(w | left) · P(right | w), both interpolated with the unigram: share·c(a, b)/c(a) + (1 −
share)·c(b)/N. A neighbour that is hidden too is left out of the product. Counted on ids of training text; no model
here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

SHARE = 0.75


@dataclass(frozen=True, eq=False)
class Bigram:
    """Counts of neighbouring ids, sorted by the left one and by the right one; ``unigram``: (vocab,) probabilities,
    none 0.
    """

    unigram: np.ndarray
    totals: np.ndarray
    by_left: tuple[np.ndarray, np.ndarray, np.ndarray]  # starts (vocab + 1), right ids, counts
    by_right: tuple[np.ndarray, np.ndarray, np.ndarray]  # starts (vocab + 1), left ids, counts

    def follows(self, left: int) -> np.ndarray:
        """P(w | left) for every w: (vocab,)."""
        starts, others, counts = self.by_left
        found = (1 - SHARE) * self.unigram
        place = slice(starts[left], starts[left + 1])
        if self.totals[left]:
            found[others[place]] += SHARE * counts[place] / self.totals[left]
        return found

    def precedes(self, right: int) -> np.ndarray:
        """P(right | w) for every w: (vocab,)."""
        starts, others, counts = self.by_right
        found = np.full(len(self.unigram), (1 - SHARE) * self.unigram[right])
        place = slice(starts[right], starts[right + 1])
        found[others[place]] += SHARE * counts[place] / self.totals[others[place]]
        return found

    def guess(self, left: int | None, right: int | None) -> np.ndarray:
        """P(w | left, right) for every w, summing to 1; None for a neighbour that is hidden: (vocab,)."""
        found = self.follows(left) if left is not None else self.unigram.copy()
        if right is not None:
            found = found * self.precedes(right)
        return found / found.sum()


def count(rows: Iterable[list[int]], entries: int) -> Bigram:
    """Counts over sequences of ids; one is added to every unigram."""
    ids = [np.array(row) for row in rows]
    left, right = (np.concatenate([row[cut] for row in ids]) for cut in (slice(None, -1), slice(1, None)))
    pairs, counts = np.unique(left * entries + right, return_counts=True)
    left, right = pairs // entries, pairs % entries
    unigram = np.bincount(np.concatenate(ids), minlength=entries) + 1.0
    order = np.argsort(right, kind="stable")
    return Bigram(
        unigram / unigram.sum(),
        np.bincount(left, weights=counts, minlength=entries),
        (np.searchsorted(left, np.arange(entries + 1)), right, counts),
        (np.searchsorted(right[order], np.arange(entries + 1)), left[order], counts[order]),
    )
