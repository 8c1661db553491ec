"""The information flow into one position: tokens down, layers to the right, a line for every contribution that is large
enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from ..analyses.information_flow import Edge, Flow
from .theme import INK, QUIET, Look, attention_scale, finish, label

BINS = 6  # widths: lines of one width are one plotly trace
_ROW = 26  # pixels


def flow_graph(
    flow: Flow,
    positions: Sequence[int],
    labels: Sequence[str],
    levels: Sequence[str],
    *,
    look: Look,
    prefix: str,
    keeps: str,
    brings: str,
) -> go.Figure:
    """The graph. positions: those that get a row, in order; labels: of all positions; levels: names of the columns,
    level ``flow.first`` first.

    Attention in the accent colour, what a position keeps in grey; width and opacity say the share. Columns are levels:
    an edge of layer l ends at level l + 1. prefix: of a layer's name (C or L). keeps, brings: what the two kinds of
    lines are called on hover."""
    row = {position: index for index, position in enumerate(positions)}
    edges = [edge for edge in flow.edges if edge.query in row and edge.key in row]
    figure = go.Figure()
    for stays in (True, False):
        for step in range(BINS):
            _lines(
                figure,
                [edge for edge in edges if edge.to_itself == stays and _bin(edge.share) == step],
                row,
                look,
                stays,
                step,
                flow.first,
            )
    _hover_marks(figure, edges, row, labels, look, prefix, keeps, brings, flow.first)
    _nodes(figure, flow, row, labels, levels, look)
    names = [
        f"<b>{label(labels[position])}</b>" if position == flow.target else label(labels[position])
        for position in positions
    ]
    figure.update_yaxes(
        range=[len(positions) - 0.4, -0.6],
        tickvals=list(range(len(positions))),
        ticktext=names,
        showgrid=False,
        zeroline=False,
    )
    ticks = list(range(0, len(levels), -(-len(levels) // 8)))
    figure.update_xaxes(
        side="top",
        range=[-0.15, len(levels) - 0.85],
        tickvals=ticks,
        ticktext=[label(levels[level]) for level in ticks],
        showgrid=False,
        zeroline=False,
        tickangle=0,
    )
    figure.update_layout(showlegend=False, dragmode=False)
    return finish(figure, look, height=72 + _ROW * len(positions)).update_layout(margin={"t": 48, "b": 8, "l": 8})


def _bin(share: float) -> int:
    return min(BINS - 1, int(share * BINS))


def _lines(
    figure: go.Figure, edges: Sequence[Edge], row: dict[int, int], look: Look, stays: bool, step: int, first: int
) -> None:
    """All edges of one width: those by which a position keeps its own state (``stays``), or those of attention."""
    if not edges:
        return
    strength = (step + 1) / BINS
    figure.add_scatter(
        x=[at for edge in edges for at in (edge.layer - first, edge.layer - first + 1, None)],
        y=[at for edge in edges for at in (row[edge.key], row[edge.query], None)],
        mode="lines",
        hoverinfo="skip",
        opacity=0.35 + 0.55 * strength,
        line={"width": 1.5 + 7.5 * strength, "color": QUIET[look.mode] if stays else attention_scale(look.mode)[-3][1]},
    )


def _hover_marks(
    figure: go.Figure,
    edges: Sequence[Edge],
    row: dict[int, int],
    labels: Sequence[str],
    look: Look,
    prefix: str,
    keeps: str,
    brings: str,
    first: int,
) -> None:
    """Transparent marks on the lines, which plotly does not hover: query → key = share."""
    texts = [
        f"{prefix}{edge.layer + 1} · {label(labels[edge.query])} → {label(labels[edge.key])} = "
        f"{look.share(edge.share, 1)}"
        f"<br>{label(keeps if edge.to_itself else brings)}"
        for edge in edges
    ]
    figure.add_scatter(
        x=[edge.layer - first + 0.62 for edge in edges],
        y=[row[edge.key] + 0.62 * (row[edge.query] - row[edge.key]) for edge in edges],
        mode="markers",
        marker={"size": 16, "color": "rgba(0,0,0,0)"},
        text=texts,
        hovertemplate="%{text}<extra></extra>",
    )


def _nodes(
    figure: go.Figure, flow: Flow, row: dict[int, int], labels: Sequence[str], levels: Sequence[str], look: Look
) -> None:
    """Rings for positions reached, small dots for the others, a filled mark for the target."""
    everywhere = [(level, position) for level in range(len(levels)) for position in row]
    reached = [(level, position) for level, position in everywhere if position in flow.levels[level]]
    quiet = [node for node in everywhere if node not in set(reached)]
    target = (len(levels) - 1, flow.target)
    ring = {"size": 11, "color": attention_scale(look.mode)[0][1], "line": {"color": INK[look.mode], "width": 1.5}}
    marks = (
        (quiet, {"size": 3, "color": QUIET[look.mode], "opacity": 0.5}),
        (reached, ring),
        ([target], {"size": 15, "color": INK[look.mode]}),
    )
    for nodes, marker in marks:
        figure.add_scatter(
            x=[level for level, _ in nodes],
            y=[row[position] for _, position in nodes],
            mode="markers",
            marker=marker,
            cliponaxis=False,
            text=[f"{label(labels[position])} · {label(levels[level])}" for level, position in nodes],
            hovertemplate="%{text}<extra></extra>",
        )
