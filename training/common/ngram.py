"""An interpolated Kneser–Ney n-gram model over token ids, exact and in memory: the baseline of the decoder's
perplexity and of both models' agreement.

P_k(w | h) = max(a(h w) − D_k, 0) / a(h ·) + D_k · types(h ·) / a(h ·) · P_{k−1}(w | h without its first token), down to
the uniform distribution (Kneser & Ney 1995; interpolated as in Chen & Goodman 1999, one discount per order, D_k = n₁ /
(n₁ + 2 n₂)). a is the count for the highest order and for grams that open a sequence, and for the others the number of
different tokens seen before the gram. A history that was never seen passes everything on. Grams are numbered level by
level: a gram is its context's number and its last token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

ORDER = 5


@dataclass(frozen=True, eq=False)
class Level:
    """One order. keys: sorted context · entries + token of every gram; adjusted: its count a; totals, types: by context
    number.
    """

    keys: np.ndarray
    adjusted: np.ndarray
    totals: np.ndarray
    types: np.ndarray
    discount: float

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Number of each gram, −1 where it was never seen."""
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, place, -1)


@dataclass(frozen=True, eq=False)
class KneserNey:
    """levels[0] is the unigram, whose one context is nothing. `predictable`: how many entries can follow anything."""

    levels: tuple[Level, ...]
    entries: int
    predictable: int

    def log_probabilities(self, rows: Iterable[Sequence[int]]) -> list[np.ndarray]:
        """For each sequence the natural log of P(id | what stands before it) of every id but the first: (length −
        1,).
        """
        ids, places = _joined(rows)
        found = _unigram(self.levels[0], ids, self.predictable)
        grams = ids
        for order, level in enumerate(self.levels[1:], start=2):
            context = np.concatenate([[-1], grams[:-1]])
            context[places < order - 1] = -1
            grams = np.where(context >= 0, level.find(np.maximum(context, 0) * self.entries + ids), -1)
            found = _interpolated(level, context, grams, found)
        ends = np.flatnonzero(places == 0)[1:]
        return [row[1:] for row in np.split(np.log(found), ends)]


def train(
    rows: Iterable[Sequence[int]], entries: int, *, predictable: int | None = None, order: int = ORDER
) -> KneserNey:
    """Counted on whole sequences, whose first id (<s>) opens every history and is never predicted. `entries`: size of
    the vocabulary; `predictable`: how many of them share what is left for the never seen (default: all but the first id
    of a sequence)."""
    ids, places = _joined(rows)
    grams, keys, firsts = [ids], [np.arange(entries)], []
    for k in range(2, order + 1):
        valid = np.flatnonzero(places >= k - 1)
        if not len(valid):
            break  # no sequence is that long
        unique, first, inverse = np.unique(
            grams[-1][valid - 1] * entries + ids[valid], return_index=True, return_inverse=True
        )
        numbers = np.full(len(ids), -1)
        numbers[valid] = inverse
        grams.append(numbers)
        keys.append(unique)
        firsts.append(valid[first])  # a place where each gram ends
    levels = [_adjusted(grams, keys, firsts, places, index, entries) for index in range(len(keys))]
    return KneserNey(tuple(levels), entries, predictable or entries - 1)


def _adjusted(
    grams: list[np.ndarray],
    keys: list[np.ndarray],
    firsts: list[np.ndarray],
    places: np.ndarray,
    index: int,
    entries: int,
) -> Level:
    """Level `index`: counts at the top and for grams that open a sequence, else the number of different longer grams
    that end so.
    """
    counts = np.bincount(grams[index][places >= max(index, 1)], minlength=len(keys[index]))
    if index < len(keys) - 1:
        opening = grams[index][places == index] if index else np.array([], dtype=int)
        seen = counts[opening]
        counts = np.bincount(grams[index][firsts[index]], minlength=len(keys[index]))
        counts[opening] = seen
    if index == 0:
        return _level(keys[0], counts, np.zeros(entries, int), 1)
    return _level(keys[index], counts, keys[index] // entries, len(keys[index - 1]))


def _level(keys: np.ndarray, adjusted: np.ndarray, contexts: np.ndarray, size: int) -> Level:
    once, twice = int((adjusted == 1).sum()), int((adjusted == 2).sum())
    return Level(
        keys,
        adjusted,
        np.bincount(contexts, weights=adjusted, minlength=size),
        np.bincount(contexts, weights=adjusted > 0, minlength=size),
        once / (once + 2 * twice) if once else 0.5,
    )


def _unigram(level: Level, ids: np.ndarray, predictable: int) -> np.ndarray:
    kept = np.maximum(level.adjusted[ids] - level.discount, 0)
    return (kept + level.discount * level.types[0] / predictable) / level.totals[0]


def _interpolated(level: Level, context: np.ndarray, grams: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """One order up; what has no seen context keeps the lower order's probability."""
    total = np.where(context >= 0, level.totals[context], 0)
    kept = np.where(grams >= 0, np.maximum(level.adjusted[grams] - level.discount, 0), 0)
    passed = level.discount * level.types[context] * lower
    return np.where(total > 0, (kept + passed) / np.maximum(total, 1), lower)


def _joined(rows: Iterable[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """All ids in one array, and the place of each in its own sequence."""
    listed = [np.asarray(row, dtype=np.int64) for row in rows]
    return np.concatenate(listed), np.concatenate([np.arange(len(row)) for row in listed])
