"""A Trace: everything one run of one model on one text showed. Immutable; a new run makes a new object.

Inside: tokens, records per layer and kind, logits, hidden states on request, provenance. Derived from them on demand:
the map, query, key and value of any head. Analyses with a parameter are free functions elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np

from ..attention.edits import Edit
from ..attention.record import AnyRecord, NoAttention
from ..axes import KINDS, Kind, checked_index
from ..errors import BadInput, Message
from ..models.loading import headless
from ..models.mixing import Mixing
from ..text.tokens import Tokens, merge
from ..text.translation import LanguagePair


@dataclass(frozen=True)
class Provenance:
    """What a figure must carry to be repeated.

    without_attention: (layer from 0, what it is instead) of a hybrid's other layers.
    """

    model: str
    revision: str
    architecture: str
    tokenizer_hash: str
    adapter: str
    dtype: str
    device: str
    versions: tuple[tuple[str, str], ...]
    mixing: Mixing = Mixing("none")
    without_attention: tuple[tuple[int, str], ...] = ()
    languages: LanguagePair | None = None

    @property
    def caution(self) -> Message | None:
        """What must be known of the model before one reads its maps."""
        return self.mixing.caution(dict(self.without_attention))

    def as_dict(self) -> dict:
        """For JSON; ``languages`` of a translator of many, ``caution`` where there is something that must be known.
        Layers without attention are counted from 1.
        """
        entries = {**asdict(self), "versions": dict(self.versions)}
        without = {layer + 1: part for layer, part in entries.pop("without_attention")}
        if not self.mixing.elsewhere:
            del entries["mixing"]["elsewhere"]
        more = {
            "languages": entries.pop("languages"),
            "without_attention": without,
            "caution": None if self.caution is None else str(self.caution),
        }
        return entries | {name: value for name, value in more.items() if value}


@dataclass(frozen=True, eq=False)
class Trace:
    """One captured run. Layers and heads count from 0; a row is a query (looks), a column a key (is looked at).

    text: as given. tokens: its pieces (the source side of an encoder–decoder). target_text, target: the side the
    decoder read, None in one-stack models. logits (position, vocab) float32 of the token side (one-stack) or the
    target side; None when the checkpoint has no head. hidden: (layer + 1, position, model) when asked for.
    generated: the model wrote the target itself; cut: it stopped at the limit, not at an end of its own.
    edits: what this run was made to do differently; empty in an ordinary one.
    """

    text: str
    tokens: Tokens
    target: Tokens | None
    records: Mapping[Kind, tuple[AnyRecord, ...]]
    logits: np.ndarray | None
    hidden: np.ndarray | None
    provenance: Provenance
    generated: bool = False
    cut: bool = False
    edits: tuple[Edit, ...] = ()

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for kind in KINDS if kind in self.records)

    def checked_kind(self, kind: str | None) -> Kind:
        """``kind`` if this trace has it; None means the only, or the first, one.

        Raises:
            BadInput: with the kinds that this model has.
        """
        if kind is None:
            return self.kinds[0]
        for known in self.kinds:
            if known == kind:
                return known
        raise BadInput("This model has no “{kind}” attention; it has: {kinds}.", kind=kind, kinds=", ".join(self.kinds))

    def layers(self, kind: Kind | None = None) -> int:
        """Layers of the model, those without attention included (see ``attending``)."""
        return len(self.records[self.checked_kind(kind)])

    def attending(self, kind: Kind | None = None) -> tuple[int, ...]:
        """The layers that have attention, from 0: all but in hybrids (Jamba, LFM2 …)."""
        records = self.records[self.checked_kind(kind)]
        return tuple(layer for layer, record in enumerate(records) if not isinstance(record, NoAttention))

    def attending_records(self, kind: Kind | None = None) -> tuple[AnyRecord, ...]:
        """The records of the layers that have attention."""
        records = self.records[self.checked_kind(kind)]
        return tuple(record for record in records if not isinstance(record, NoAttention))

    def others(self, kind: Kind | None = None) -> dict[int, str]:
        """layer → what it is instead, of the layers without attention."""
        records = self.records[self.checked_kind(kind)]
        return {record.layer: record.part for record in records if isinstance(record, NoAttention)}

    def heads(self, kind: Kind | None = None) -> int:
        return self.records[self.checked_kind(kind)][0].heads

    def sides(self, kind: Kind | None = None) -> tuple[Tokens, Tokens]:
        """(query tokens, key tokens) of a kind; they differ only in cross-attention."""
        kind = self.checked_kind(kind)
        if self.target is None:
            return self.tokens, self.tokens
        query = self.target if kind in ("decoder", "cross") else self.tokens
        key = self.target if kind == "decoder" else self.tokens
        return query, key

    def require_logits(self) -> np.ndarray:
        """The logits, (position, vocab) float32.

        Raises:
            BadInput: the checkpoint has no prediction head.
        """
        if self.logits is None:
            raise headless(self.provenance.model)
        return self.logits

    def record(self, layer: int, kind: Kind | None = None) -> AnyRecord:
        """The record of a layer.

        Raises:
            BadInput: no such layer or kind.
        """
        records = self.records[self.checked_kind(kind)]
        return records[checked_index(layer, len(records), "layer")]

    def attention(self, layer: int, head: int, kind: Kind | None = None) -> np.ndarray:
        """One head's map, (query, key) float32, 0 … 1; rows sum to 1 (less the share of a sink)."""
        record = self.record(layer, kind)
        return record.attention(checked_index(head, record.heads, "head")).numpy()

    def layer_attention(self, layer: int, kind: Kind | None = None) -> np.ndarray:
        """Every head of a layer, (head, query, key) float32."""
        return self.record(layer, kind).maps().numpy().copy()

    def scores(self, layer: int, head: int, kind: Kind | None = None) -> np.ndarray:
        """Pre-softmax scores with bias and mask, (query, key) float32, −inf where the model may not look."""
        record = self.record(layer, kind)
        return record.scores(checked_index(head, record.heads, "head")).numpy()

    def query(self, layer: int, head: int, kind: Kind | None = None) -> np.ndarray:
        """Query vectors of a head, (position, dim) float32, as they enter q·k (rotated where the model rotates)."""
        return self._vectors("query", layer, head, kind)

    def key(self, layer: int, head: int, kind: Kind | None = None) -> np.ndarray:
        """Key vectors that this query head uses, (position, dim) float32 (grouped heads expanded)."""
        return self._vectors("key", layer, head, kind)

    def value(self, layer: int, head: int, kind: Kind | None = None) -> np.ndarray:
        """Value vectors that this query head uses, (position, dim) float32 (grouped heads expanded)."""
        return self._vectors("value", layer, head, kind)

    def merged(self, attention: np.ndarray, kind: Kind | None = None) -> np.ndarray:
        """Word × word map from a piece × piece map: SUM over the pieces of a key word, MEAN over those of a query word.

        Rows keep their sum (Clark et al. 2019, §4.1). kind: needed where the model has more than one.
        """
        if kind is None and len(self.kinds) > 1:
            raise BadInput("Say which attention is merged: this model has {kinds}.", kinds=", ".join(self.kinds))
        return merge(attention, *self.sides(kind))

    def _vectors(self, name: str, layer: int, head: int, kind: Kind | None) -> np.ndarray:
        vectors = self.record(layer, kind).require_vectors()
        head = checked_index(head, vectors.heads, "head")
        return getattr(vectors, name)[head if name == "query" else vectors.shared(head)].clone().numpy()

    def show(self, layer: int = 0, head: int = 0, kind: Kind | None = None, **options: Any) -> Any:
        """The interactive explorer of this trace for a notebook's cell: ``trace.show(layer=2, head=1)``.

        options: as core.export.notebook.explorer takes them (words, language, height). Returns its `Explorer`.
        """
        return _notebook().explorer(self, layer, head, kind, **options)

    def _repr_html_(self) -> str:
        """A notebook shows the tokens and the first head as a shaded table, without a script."""
        return _notebook().trace_html(self)


def _notebook() -> Any:
    """core.export.notebook, by name: the one place where a lower room calls a higher one, so that a trace can show
    itself.
    """
    return import_module("..export.notebook", __package__)
