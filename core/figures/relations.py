"""What follows a relation: the best head with its interval, the best fixed step, and the random twin's best head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from .theme import INK, QUIET, Look, attention_scale, finish, label

_ROW = 30  # pixels


@dataclass(frozen=True)
class RelationLine:
    """One relation. value, low, high: of the head, 0 … 1; step: of the fixed offset; twin: of the random twin, or None;
    hover: escaped by `label`.
    """

    name: str
    value: float
    low: float
    high: float
    step: float | None
    twin: float | None
    hover: str


def relation_lines(lines: Sequence[RelationLine], *, look: Look, head: str, step: str, twin: str) -> go.Figure:
    """Horizontal: one row per relation. head, step, twin: names in the legend."""
    rows = list(range(len(lines)))
    colour, quiet = attention_scale(look.mode)[-3][1], QUIET[look.mode]
    figure = go.Figure()
    figure.add_scatter(
        x=[line.value for line in lines],
        y=rows,
        mode="markers",
        name=label(head),
        marker={"size": 12, "color": colour},
        hovertext=[line.hover for line in lines],
        hovertemplate="%{hovertext}<extra></extra>",
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [line.high - line.value for line in lines],
            "arrayminus": [line.value - line.low for line in lines],
            "thickness": 2,
            "width": 4,
            "color": colour,
        },
    )
    for name, values, symbol, ink in (
        (step, [line.step for line in lines], "line-ns-open", INK[look.mode]),
        (twin, [line.twin for line in lines], "circle-open", quiet),
    ):
        points = [(value, row) for row, value in enumerate(values) if value is not None]
        if points:
            figure.add_scatter(
                x=[value for value, _ in points],
                y=[row for _, row in points],
                mode="markers",
                name=label(name),
                hoverinfo="skip",
                marker={"size": 13, "symbol": symbol, "color": ink, "line": {"width": 2.5, "color": ink}},
            )
    figure.update_yaxes(
        tickvals=rows,
        ticktext=[label(line.name) for line in lines],
        range=[len(lines) - 0.5, -0.5],
        gridcolor="rgba(128,128,128,0.15)",
        zeroline=False,
        ticks="",
    )
    figure.update_xaxes(
        range=[-0.02, 1.02],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=[f"{n}{look.percent}" for n in (0, 25, 50, 75, 100)],
        gridcolor="rgba(128,128,128,0.25)",
        zeroline=False,
        side="top",
    )
    figure.update_layout(legend={"orientation": "h", "yref": "container", "y": 1, "yanchor": "top", "x": 0})
    return finish(figure, look, height=130 + _ROW * len(lines)).update_layout(
        dragmode=False, margin={"l": 8, "b": 12, "t": 70}
    )
