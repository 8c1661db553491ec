"""How a trace shows itself in a notebook: the explorer in a frame of its own, and one head as a plain table.

Inside: `Explorer`, `explorer` (what ``trace.show(layer=2, head=1)`` gives back) and `trace_html` (the table). The frame
holds the standalone page (core/export/html.py) in its ``srcdoc``: it asks the network for nothing, several live in one
notebook without meeting, and Jupyter, VS Code, Colab and Quarto's HTML show it. Viewers that drop frames or scripts
show the table."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from ..axes import Kind, checked_index, head_name
from ..languages import DEFAULT, Language, translate
from ..tracing.trace import Trace
from ..views.view import view
from .html import html_page
from .provenance import record

MOST_TOKENS = 40
HEIGHT = 680  # pixels: sentence, matrix and overview of some fifteen words


@dataclass(frozen=True)
class Explorer:
    """The interactive explorer of one trace. page: a whole HTML document; table: an HTML fragment without scripts;
    height: pixels.
    """

    page: str
    table: str
    height: int
    table_name: str

    def _repr_html_(self) -> str:
        """What a notebook puts into the cell."""
        frame = (
            f'<iframe srcdoc="{escape(self.page)}" sandbox="allow-scripts allow-downloads" title="Mirante" '
            f'style="width:100%;height:{self.height}px;border:0"></iframe>'
        )
        return f"<div>{frame}<details><summary>{escape(self.table_name)}</summary>{self.table}</details></div>"


def explorer(
    trace: Trace,
    layer: int = 0,
    head: int = 0,
    kind: Kind | None = None,
    *,
    words: bool = True,
    language: Language = DEFAULT,
    height: int = HEIGHT,
) -> Explorer:
    """The explorer, open on one head; layer and head are counted from 0, as everywhere in Python.

    kind: of a model with more than one, the cross-attention where it is left out. words: words instead of pieces.

    Raises:
        BadInput: no such layer, head or kind.
    """
    kind = trace.checked_kind(kind or ("cross" if "cross" in trace.kinds else None))
    checked_index(layer, trace.layers(kind), "layer")
    checked_index(head, trace.heads(kind), "head")
    explored = view(trace, kind, words=words)
    heads = [(layer, head)]
    page = html_page(explored, heads, record(trace, explored, heads), language=language)
    return Explorer(page, trace_html(trace, layer, head, kind), height, translate("Table", language))


def trace_html(trace: Trace, layer: int = 0, head: int = 0, kind: Kind | None = None) -> str:
    """The map of one head as a shaded table: a row per query, a column per key, the weight as the cell's title; every
    label escaped.

    At most MOST_TOKENS rows and columns. kind: the first of the model where it is left out.
    """
    kind = trace.kinds[0] if kind is None else kind
    query, key = trace.sides(kind)
    rows, columns = query.pieces[:MOST_TOKENS], key.pieces[:MOST_TOKENS]
    weights = trace.attention(layer, head, kind)[: len(rows), : len(columns)]
    header = "".join(f"<th>{escape(piece)}</th>" for piece in columns)
    body = "".join(
        f"<tr><th>{escape(piece)}</th>{''.join(map(_cell, weights[i]))}</tr>" for i, piece in enumerate(rows)
    )
    caption = (
        f"{escape(trace.provenance.model)} · {head_name(layer, head, 'L')} ({kind}) of {trace.layers(kind)} "
        f"× {trace.heads(kind)} heads · "
        f"{len(query.pieces)} tokens. Rows look, columns are looked at."
    )
    if trace.provenance.caution is not None:
        caption += f" {escape(str(trace.provenance.caution))}"
    return f"<table><caption>{caption}</caption><tr><td></td>{header}</tr>{body}</table>"


def _cell(weight: float) -> str:
    return f'<td title="{weight:.4f}" style="background:rgba(49,46,129,{weight:.3f})">&nbsp;</td>'
