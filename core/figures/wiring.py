"""Heads wired to the keys and values that they share: query heads above, key/value heads below."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from .theme import INK, Look, finish, label, ramps


def wiring(
    heads: int, groups: int, *, chosen: int, look: Look, names: Sequence[str], above: str, below: str
) -> go.Figure:
    """heads query heads (filled, each in its own colour), groups of shared keys and values (rings); the chosen head's
    wire is thick.
    """
    colours = ramps()["heads"][look.mode]
    each = heads // groups
    places = [group * each + (each - 1) / 2 for group in range(groups)]
    figure = go.Figure()
    for head in range(heads):
        colour, wide = colours[head % len(colours)], head == chosen
        figure.add_scatter(
            x=[head, places[head // each]],
            y=[1, 0],
            mode="lines",
            line={"width": 5 if wide else 1.5, "color": colour},
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            x=[head],
            y=[1],
            mode="markers+text",
            marker={"size": 18, "color": colour, "line": {"width": 3 if wide else 0, "color": INK[look.mode]}},
            text=[f"<b>{label(names[head])}</b>" if wide else label(names[head])],
            textposition="top center",
            hovertemplate=f"{label(names[head])}<extra></extra>",
            showlegend=False,
            cliponaxis=False,
        )
    figure.add_scatter(
        x=places,
        y=[0] * groups,
        mode="markers+text",
        marker={"size": 22, "symbol": "circle-open", "color": INK[look.mode], "line": {"width": 3}},
        text=[f"K, V {group + 1}" for group in range(groups)],
        textposition="bottom center",
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        cliponaxis=False,
    )
    figure.update_yaxes(
        range=[-0.5, 1.5],
        tickvals=[0, 1],
        ticktext=[label(below), label(above)],
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    figure.update_xaxes(range=[-0.7, heads - 0.3], visible=False)
    return finish(figure, look, height=230).update_layout(dragmode=False, margin={"l": 8, "t": 8, "b": 8})
