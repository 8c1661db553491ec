"""How a trace shows itself in a notebook: one head as a shaded HTML table, no script, every label escaped."""

from __future__ import annotations

from html import escape

from ..axes import head_name
from .trace import Trace

MOST_TOKENS = 40


def trace_html(trace: Trace, layer: int = 0, head: int = 0) -> str:
    """The map of one head as a table: rows look, columns are looked at; the weight is the cell's title."""
    kind = trace.kinds[0]
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
    return f"<table><caption>{caption}</caption><tr><td></td>{header}</tr>{body}</table>"


def _cell(weight: float) -> str:
    return f'<td title="{weight:.4f}" style="background:rgba(49,46,129,{weight:.3f})">&nbsp;</td>'
