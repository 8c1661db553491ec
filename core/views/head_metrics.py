"""What a head does on one map, as numbers: each metric is defined here once, for the map of heads, "this head in
words", the list of a person's sentences and the profiles over many sentences.

Inside: the metrics as functions of rows of attention (`focus`, `entropy`, `mean_distance`, `sink`,
`step_cells`), `head_metrics` (all of METRICS for shown maps), `most_focused` and `summarise` (one sentence). Not
inside: claims over many sentences, which need intervals (core/studies/profiles.py), and the roles of
core/studies/roles.py, of which previous, self and next use `step_cells`.

``head_metrics`` takes means over the rows of a view that are not special (all rows when every one is), over what the
view shows; the same definitions are in assets/components/attention/reading.js (``profile``).

========  =====================================================================================================
focus     mean of the largest weight on a key that is not special (Voita et al. 2019 call it confidence and leave out
          the end of sentence, which is not a real token; here every special token is left out)
entropy   mean of −Σ p log p ÷ log(keys with any weight), p the row rescaled to 1: 0 one key, 1 evenly over all
distance  Σ α·|i − j| ÷ Σ α over keys that are not special, in positions of the shown text (Vig & Belinkov 2019)
previous  weight on the position before; a special neighbour is left out. ``self``, ``next`` likewise
first     weight on the first word of the text, where it is shown
special   weight on special keys
========  =====================================================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..axes import Kind

if TYPE_CHECKING:
    from ..tracing.trace import Trace
    from .view import Side

HEAD_METRICS = ("focus", "entropy", "distance", "previous", "self", "next", "first", "special")
_STEPS = {"previous": -1, "self": 0, "next": 1}


def focus(rows: np.ndarray) -> np.ndarray:
    """Rows over the keys that count, (…, query, key) → (…,) 0 … 1: the largest weight of a row, mean over the rows; NaN
    without keys.
    """
    return rows.max(-1).mean(-1) if rows.shape[-1] else np.full(rows.shape[:-2], np.nan)


def entropy(rows: np.ndarray) -> np.ndarray:
    """(…, query, key) → (…, query) 0 … 1: entropy of each row rescaled to 1, divided by the log of the number of keys
    with any weight; 0 for rows of one key or of none.
    """
    total = rows.sum(-1, keepdims=True)
    p = np.divide(rows, total, out=np.zeros_like(rows), where=total > 0)
    nats = -(p * np.log(np.where(p > 0, p, 1))).sum(-1)
    keys = (rows > 0).sum(-1)
    return np.divide(nats, np.log(np.maximum(keys, 2)), out=np.zeros_like(nats), where=keys > 1)


def mean_distance(rows: np.ndarray, query_positions: np.ndarray, key_positions: np.ndarray) -> np.ndarray:
    """(…, query, key) and the positions of both sides → (…,) mean |i − j| in positions, by weight; NaN where there is
    no weight.
    """
    distances = np.abs(query_positions[:, None] - key_positions[None])
    total = rows.sum((-1, -2))
    return np.divide((rows * distances).sum((-1, -2)), total, out=np.full(np.shape(total), np.nan), where=total > 0)


def sink(rows: np.ndarray, resting: np.ndarray) -> np.ndarray:
    """(…, query, key) and the keys on which attention rests, (key,) bool → (…,) 0 … 1: the weight on them and on what a
    model's own sinks take, which is all that no other key gets; mean over the rows.
    """
    return (1 - rows[..., ~resting].sum(-1)).mean(-1)


def step_cells(
    query_positions: Sequence[int], key_positions: Sequence[int], key_special: Sequence[bool], step: int
) -> np.ndarray:
    """(query, key) bool: the key that lies ``step`` positions after the row's own; a special key counts only for itself
    (step 0). At most one cell of a row.
    """
    cells = np.asarray(query_positions)[:, None] + step == np.asarray(key_positions)[None]
    return cells if step == 0 else cells & ~np.asarray(key_special, dtype=bool)[None]


def head_metrics(attention: np.ndarray, query: Side, key: Side, *, paired: bool) -> np.ndarray:
    """Maps (…, query, key), 0 … 1 → (metric, …) float32 in the order of METRICS; NaN where one is not defined.

    paired: both sides are the same text; otherwise distance, previous, self and next mean nothing.
    """
    rows, words = _word_rows(query), ~np.array(key.special, dtype=bool)
    weights = attention[..., rows, :].astype(np.float64)
    undefined = np.full(attention.shape[:-2], np.nan)
    values = {
        "focus": focus(weights[..., words]),
        "entropy": entropy(weights).mean(-1),
        "first": undefined if (first := _first_word(key)) is None else weights[..., first].mean(-1),
        "special": undefined if words.all() else weights[..., ~words].sum(-1).mean(-1),
    }
    if paired:
        positions = np.array(query.positions)[rows], np.array(key.positions)[words]
        values["distance"] = mean_distance(weights[..., words], *positions)
        for name, step in _STEPS.items():
            cells = step_cells(query.positions, key.positions, key.special, step)[rows]
            values[name] = attention[..., rows, :][..., cells].mean(-1) if cells.any() else undefined
    return np.stack([values.get(name, undefined) for name in HEAD_METRICS]).astype(np.float32)


def _word_rows(side: Side) -> np.ndarray:
    """Indices of the rows that are not special; of all rows when every one is."""
    words = np.flatnonzero(~np.array(side.special, dtype=bool))
    return words if words.size else np.arange(len(side))


def _first_word(key: Side) -> int | None:
    """Column of the text's first word; None where it is not shown. Of a side that does not say, the first that is not
    special.
    """
    if key.opening is not None:
        return key.positions.index(key.opening) if key.opening in key.positions else None
    return next((k for k, special in enumerate(key.special) if not special), None)


@dataclass(frozen=True)
class SentenceSummary:
    """Counts of a sentence and its most focused head: one line of a list of sentences.

    tokens: pieces, special ones included. words: words of the text (special tokens are not words of it).
    unknown: pieces the tokenizer does not know. layer, head: from 0; focus: 0 … 1. These three are None when the
    sentence has no piece of its own (only special tokens).
    """

    tokens: int
    words: int
    unknown: int
    layer: int | None
    head: int | None
    focus: float | None


def summarise(trace: Trace) -> SentenceSummary:
    """The summary of one trace, over its own sentence: the only stack, or the encoder of an encoder–decoder."""
    tokens = trace.tokens
    words = {word for word, special in zip(tokens.word_of, tokens.special, strict=True) if not special}
    layer, head, value = most_focused(trace)
    return SentenceSummary(len(tokens.ids), len(words), sum(tokens.unknown), layer, head, value)


def most_focused(trace: Trace, kind: Kind | None = None) -> tuple[int | None, int | None, float | None]:
    """(layer, head, focus) of the head of a kind (default: the first) with the highest focus; None where a side has
    only special tokens.

    Rows are not renormalised, so a head that rests on [CLS], [SEP] or </s> scores low. The first word of a
    left-to-right model without an opening special token sees only itself and scores 1 in every head alike. Ties go to
    the lower layer, then the lower head.
    """
    kind = kind or trace.kinds[0]
    queries, keys = (~np.array(side.special, dtype=bool) for side in trace.sides(kind))
    if not queries.any() or not keys.any():
        return None, None, None
    attending = trace.attending(kind)
    layers = (trace.layer_attention(layer, kind) for layer in attending)
    values = np.stack([focus(attention[:, queries][:, :, keys]) for attention in layers])
    layer, head = np.unravel_index(values.argmax(), values.shape)
    return attending[int(layer)], int(head), float(values[layer, head])
