"""What one view of attention shows: pieces or words, special tokens shown or hidden.

A view never loses mass silently. Hiding the special tokens removes their rows and columns;
the mass that each remaining row had on hidden columns is kept in ``hidden`` (the attention
budget), and the rows are renormalised only on request, which the view says.
A row of a decoder reads one word and writes the next: ``rows="written"`` names the rows of the target side by what they
write. Heads are materialised one at a time: a view of a 512-token sentence is cheap until looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..axes import Kind
from ..errors import BadInput
from ..text.tokens import Tokens, merge, shifted_by_one
from ..tracing.trace import Trace

Rows = Literal["read", "written"]
Weight = Literal["attention", "value_norm"]


@dataclass(frozen=True)
class Side:
    """Labels of one axis: one entry per shown row or column.

    ``positions``: the row or column of the full map (of pieces or of words) it came from. ``opening``: the position of
    the first token of the text that is not special, shown or not; None where that is not known."""

    labels: tuple[str, ...]
    special: tuple[bool, ...]
    unknown: tuple[bool, ...]
    positions: tuple[int, ...]
    opening: int | None = None

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class View:
    """A (layer, head) family of maps over the same two sides; indices count from 0.

    others: what the layers without attention are, by number (hybrids); no map may be asked of them.
    """

    query: Side
    key: Side
    layers: int
    heads: int
    kind: Kind
    renormalised: bool
    _full: Callable[[int, int], np.ndarray]  # (layer, head) → the whole map, (query, key)
    _layer: Callable[[int], np.ndarray] | None = None  # layer → all its whole maps, (head, query, key)
    rows: Rows = "read"
    words: bool = True
    weight: Weight = "attention"
    others: Mapping[int, str] = field(default_factory=dict)

    @property
    def attending(self) -> tuple[int, ...]:
        """The layers that have attention, each by its number in the model, from 0."""
        return tuple(layer for layer in range(self.layers) if layer not in self.others)

    def nearest(self, layer: int) -> int:
        """The layer with attention that is nearest to ``layer``; of two the lower."""
        return min(self.attending, key=lambda other: abs(other - layer))

    def head(self, layer: int, head: int) -> np.ndarray:
        """Shown attention, (query, key) float32, 0 … 1; rows sum to 1 − hidden (less a sink's share), or to 1 when
        renormalised.
        """
        return self.head_and_hidden(layer, head)[0]

    def hidden(self, layer: int, head: int) -> np.ndarray:
        """Mass of each shown row that fell on hidden keys, (query,) float32, 0 … 1. A sink's share is in neither."""
        return self.head_and_hidden(layer, head)[1]

    def head_and_hidden(self, layer: int, head: int) -> tuple[np.ndarray, np.ndarray]:
        """Both at the price of one map: (query, key) and (query,), as ``head`` and ``hidden`` say."""
        return self._shown(self._full(layer, head))

    def layer_and_hidden(self, layer: int) -> tuple[np.ndarray, np.ndarray]:
        """The same of every head of a layer at once: (head, query, key) and (head, query)."""
        if self._layer is None:
            return self._shown(np.stack([self._full(layer, head) for head in range(self.heads)]))
        return self._shown(self._layer(layer))

    def _shown(self, maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Whole maps (…, query, key) → their shown part, and the mass of each shown row on what is hidden."""
        rows = maps if len(self.query) == maps.shape[-2] else maps[..., list(self.query.positions), :]
        visible = np.zeros(rows.shape[-1], dtype=bool)
        visible[list(self.key.positions)] = True
        if visible.all():
            attention, hidden = rows, np.zeros(rows.shape[:-1], dtype=rows.dtype)
        else:
            attention, hidden = rows[..., visible], rows[..., ~visible].sum(axis=-1)
        return (_rescaled(attention) if self.renormalised else attention), hidden


def _rescaled(rows: np.ndarray) -> np.ndarray:
    """Rows divided by their sum; a row of zeros stays as it is."""
    total = rows.sum(axis=-1, keepdims=True)
    return np.divide(rows, total, out=np.zeros_like(rows), where=total > 0)


def view(
    trace: Trace,
    kind: Kind | None = None,
    *,
    words: bool = True,
    specials: bool = True,
    renormalise: bool = False,
    rows: Rows = "read",
    weight: Weight = "attention",
    first: bool = True,
) -> View:
    """The maps of ``trace`` as a person wants to see them: ``words`` instead of pieces, ``specials`` shown or not.

    Hiding specials where nothing else is left (an empty sentence side) keeps them, so that a view is never empty.
    ``rows="written"``: a row is named by the token that it predicts, the next of the target; the last row, which writes
    what is not in the text, is left out. ``weight="value_norm"``: see ``by_value_norm``. ``first=False`` hides the
    first token that is not special, where much of a left-to-right model's attention rests.

    Raises:
        UnsupportedModel: weights by value norm, of a model whose value vectors are not known.
        BadInput: no such kind, or rows by what is written where the rows are not a target side of two or more tokens.
    """
    kind = trace.checked_kind(kind)
    query, key = trace.sides(kind)
    if rows == "written":
        if query is not trace.target or len(query) < 2:
            raise BadInput("Only the rows of a target of two or more tokens can be named by what they write.")
        query = shifted_by_one(query)

    def full(layer: int, head: int) -> np.ndarray:
        attention = trace.attention(layer, head, kind)[: len(query)]
        if weight == "value_norm":
            attention = by_value_norm(attention, trace.value(layer, head, kind))
        return merge(attention, query, key) if words else attention

    def every_head(layer: int) -> np.ndarray:
        attention = trace.layer_attention(layer, kind)[:, : len(query)]
        return merge(attention, query, key) if words else attention

    return View(
        query=_side(query, words=words, specials=specials, first=first),
        key=_side(key, words=words, specials=specials, first=first),
        layers=trace.layers(kind),
        heads=trace.heads(kind),
        kind=kind,
        renormalised=renormalise and not (specials and first),
        rows=rows,
        words=words,
        weight=weight,
        others=trace.others(kind),
        _full=full,
        _layer=every_head if weight == "attention" else None,
    )


def by_value_norm(attention: np.ndarray, value: np.ndarray) -> np.ndarray:
    """α_ij·‖v_j‖ as shares of the row: (query, key) 0 … 1 and value vectors (key, dim) → (query, key), each row with
    the sum that it had.

    A weight on a key whose value vector is small brings little (Kobayashi et al. 2020; AttentionViz weights by ‖v_j‖
    too). Departure: the norm of the head's own value vector, before the output matrix; how much a head brings beside
    other heads is not in these shares."""
    brought = attention * np.linalg.norm(value, axis=1)[None]
    total = brought.sum(axis=1, keepdims=True)
    shares = np.divide(brought, total, out=np.zeros_like(brought), where=total > 0)
    return (shares * attention.sum(axis=1, keepdims=True)).astype(np.float32)


def _side(tokens: Tokens, *, words: bool, specials: bool, first: bool) -> Side:
    labels, special, unknown = _of_words(tokens) if words else _of_pieces(tokens)
    opening = next((i for i, added in enumerate(special) if not added), None)
    positions = [i for i, added in enumerate(special) if (specials or not added) and (first or i != opening)]
    positions = positions or list(range(len(labels)))
    return Side(
        labels=tuple(labels[i] for i in positions),
        special=tuple(special[i] for i in positions),
        unknown=tuple(unknown[i] for i in positions),
        positions=tuple(positions),
        opening=opening,
    )


def _of_pieces(tokens: Tokens) -> tuple[tuple[str, ...], tuple[bool, ...], tuple[bool, ...]]:
    return tokens.pieces, tokens.special, tokens.unknown


def _of_words(tokens: Tokens) -> tuple[tuple[str, ...], tuple[bool, ...], tuple[bool, ...]]:
    return tokens.words, tokens.special_words, tokens.unknown_words
