"""Simple habits of a head on one sentence, as numbers: what the map of heads is coloured by and "this head in words"
says.

Inside: `METRICS`, `habits`. All are means over the rows of a view that are not special (all rows when every one is),
over what the view shows; the same definitions are in reading.js (`profile`). Not inside: claims over many sentences,
which need intervals.

========  =====================================================================================================
focus     mean of the largest weight on a key that is not special (Voita et al. 2019 leave out the end of sentence)
entropy   mean of −Σ p log p ÷ log(keys with any weight), p the row rescaled to 1: 0 one key, 1 evenly over all
distance  Σ α·|i − j| ÷ Σ α over keys that are not special, in positions of the shown text (Vig & Belinkov 2019)
previous  weight on the position before; a special neighbour is left out. ``self``, ``next`` likewise
first     weight on the first word of the text, where it is shown
special   weight on special keys
========  =====================================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .view import Side

METRICS = ("focus", "entropy", "distance", "previous", "self", "next", "first", "special")


def habits(attention: np.ndarray, query: Side, key: Side, *, paired: bool) -> np.ndarray:
    """One map (query, key), 0 … 1 → (metric,) float32 in the order of METRICS; NaN where one is not defined.

    paired: both sides are the same text; otherwise distance, previous, self and next mean nothing.
    """
    rows = _words(query)
    words = ~np.array(key.special, dtype=bool)
    shown = attention[rows].astype(np.float64)
    found = {
        "focus": shown[:, words].max(axis=1).mean() if words.any() else np.nan,
        "entropy": _entropy(shown).mean(),
        "first": np.nan if (first := _first(key)) is None else shown[:, first].mean(),
        "special": shown[:, ~words].sum(axis=1).mean() if not words.all() else np.nan,
    }
    if paired:
        found["distance"] = _distance(shown[:, words], np.array(query.positions)[rows], np.array(key.positions)[words])
        found |= {
            name: _neighbour(attention, query, key, rows, step)
            for name, step in (("previous", -1), ("self", 0), ("next", 1))
        }
    return np.array([found.get(name, np.nan) for name in METRICS], dtype=np.float32)


def _words(side: Side) -> np.ndarray:
    """Indices of the rows that count."""
    words = np.flatnonzero(~np.array(side.special, dtype=bool))
    return words if words.size else np.arange(len(side))


def _first(key: Side) -> int | None:
    """Column of the text's first word; None where it is not shown. Of a side that does not say, the first that is not
    special.
    """
    if key.opening is not None:
        return key.positions.index(key.opening) if key.opening in key.positions else None
    return next((k for k, special in enumerate(key.special) if not special), None)


def _entropy(rows: np.ndarray) -> np.ndarray:
    """(row, key) → (row,) normalised entropy; 0 for rows of one key or of none."""
    total = rows.sum(axis=1, keepdims=True)
    p = np.divide(rows, total, out=np.zeros_like(rows), where=total > 0)
    bits = -(p * np.log(p, out=np.zeros_like(p), where=p > 0)).sum(axis=1)
    most = np.log(np.maximum((rows > 0).sum(axis=1), 1))
    return np.divide(bits, most, out=np.zeros_like(bits), where=most > 0)


def _distance(rows: np.ndarray, here: np.ndarray, there: np.ndarray) -> float:
    """(row, key) and their positions → mean distance in positions; NaN where no weight is left."""
    apart = np.abs(here[:, None] - there[None])
    total = rows.sum()
    return float((rows * apart).sum() / total) if total > 0 else np.nan


def _neighbour(attention: np.ndarray, query: Side, key: Side, rows: np.ndarray, step: int) -> float:
    """Mean weight on the key ``step`` positions away, over the rows that have such a key."""
    place = {position: k for k, position in enumerate(key.positions)}
    pairs = [
        (q, k)
        for q in rows
        if (k := place.get(query.positions[q] + step)) is not None and not (step and key.special[k])
    ]
    return float(np.mean([attention[q, k] for q, k in pairs])) if pairs else np.nan
