"""Two maps over the same words: two heads of one run, two sentences, or two models, word by aligned word.

Inside: `Comparison` (how the words of both sides are paired) with `overlay` (A and B as two maps of one view) and `gap`
(A − B). Alignment and the signed map over all heads of one model are in difference.py. Words, never pieces: two
tokenizers cut differently. What lies on words without a partner is left out of both maps; a row then adds up to less
than 1, and the partners are named."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..axes import Kind, LayerHead
from ..errors import BadInput
from ..text.tokens import merge
from ..tracing.trace import Trace
from .difference import Aligned, Difference, aligned
from .view import View

_NO_CHANGE = 1e-4
"""Of a row's 1: below it two maps count as the same."""


class Overlay(View):
    """Two maps over paired words: ``_full`` has exactly the shown rows and columns; what lies on other words is outside
    the map.
    """

    def _shown(self, maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The maps as they are, and zeros: nothing is hidden in them."""
        return maps, np.zeros(maps.shape[:-1], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Traces A and B, the attention kind of each (their names may differ: a model of one stack beside an encoder),
    their paired words.
    """

    a: Trace
    b: Trace
    kind_a: Kind
    kind_b: Kind

    @cached_property
    def sides(self) -> tuple[Aligned, Aligned]:
        """(query, key) words, paired; the same object twice where both sides of both maps are one text.

        Raises:
            BadInput: no word in common.
        """
        (query_a, key_a), (query_b, key_b) = self.a.sides(self.kind_a), self.b.sides(self.kind_b)
        query = aligned(query_a, query_b)
        key = query if query_a is key_a and query_b is key_b else aligned(key_a, key_b)
        if not query.pairs or not key.pairs:
            raise BadInput("The two sentences have no words in common, so there is nothing to compare word by word.")
        return query, key

    def overlay(self, a: LayerHead, b: LayerHead) -> View:
        """A view of one layer and two heads over the paired words: head 0 is A's (layer, head), head 1 is B's."""
        maps = self._map(self.a, self.kind_a, a, 0), self._map(self.b, self.kind_b, b, 1)
        return Overlay(**self._frame(heads=2), _full=lambda layer, head: maps[head])

    def gap(self, a: LayerHead, b: LayerHead) -> Difference:
        """A − B of one head of each, −1 … 1, over the paired words."""
        signed = self._map(self.a, self.kind_a, a, 0) - self._map(self.b, self.kind_b, b, 1)
        query, key = self.sides
        only = tuple(dict.fromkeys((*query.only_a, *key.only_a))), tuple(dict.fromkeys((*query.only_b, *key.only_b)))
        return Difference(**self._frame(heads=1), _full=lambda layer, head: signed, only_a=only[0], only_b=only[1])

    def most_changed(self) -> tuple[LayerHead, int] | None:
        """((layer, head), paired word from 0) of the largest |A − B| over all heads, special rows apart; None where
        nothing changes or the models' heads are not the same.

        A way to begin, not a finding: it is the largest of all heads on one pair of sentences.
        """
        traces, kinds = (self.a, self.b), (self.kind_a, self.kind_b)
        if self.a.provenance != self.b.provenance or self.kind_a != self.kind_b:
            return None
        rows = [row for row, special in enumerate(self.sides[0].side.special) if not special]
        changes = []
        for layer in (attending := self.a.attending(self.kind_a)):
            a, b = (
                self._cut(merge(trace.layer_attention(layer, kind), *trace.sides(kind)), which)
                for which, (trace, kind) in enumerate(zip(traces, kinds, strict=True))
            )
            changes.append(np.abs(a - b)[:, rows].max(axis=-1))  # (head, row)
        largest = np.array(changes)
        if not largest.size or largest.max() < _NO_CHANGE:
            return None
        place, head, row = map(int, np.unravel_index(int(largest.argmax()), largest.shape))
        return (attending[place], head), rows[row]

    def _frame(self, heads: int) -> dict:
        query, key = self.sides
        return {
            "query": query.side,
            "key": key.side,
            "layers": 1,
            "heads": heads,
            "kind": self.kind_a,
            "renormalised": False,
        }

    def _map(self, trace: Trace, kind: Kind, head: LayerHead, which: int) -> np.ndarray:
        """(query word, key word) of one side, cut to the paired words."""
        return self._cut(merge(trace.attention(*head, kind), *trace.sides(kind)), which)

    def _cut(self, full: np.ndarray, which: int) -> np.ndarray:
        """(…, query word, key word) of one side → the paired words of both."""
        rows, columns = ([pair[which] for pair in side.pairs] for side in self.sides)
        return np.ascontiguousarray(full[..., rows, :][..., columns])


def compare(a: Trace, b: Trace, kind: Kind | None = None) -> Comparison:
    """A and B, by the attention ``kind`` of A (None: its first) and the like of B: the same name, or else B's first.

    Raises:
        BadInput: A has no such kind.
    """
    kind_a = a.checked_kind(kind)
    kind_b = kind_a if kind_a in b.kinds else b.kinds[0]
    if (kind_a == "cross") != (kind_b == "cross"):
        raise BadInput(
            "“{a}” is looked at across two texts, and “{b}” reads only one: choose another attention of the first.",
            a=a.provenance.model,
            b=b.provenance.model,
        )
    return Comparison(a, b, kind_a, kind_b)
