"""The cache of keys and values as a shelf: a board per layer, a box per token, the newest one in another tone; and the
time of a step.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import QUIET, Look, attention_scale, finish, label, name_ticks

_ROW = 30  # pixels


def shelf(layers: Sequence[str], tokens: Sequence[str], *, look: Look, hover: str) -> go.Figure:
    """A box per (layer, token); hover: what one box holds, already escaped by `label`."""
    tones = attention_scale(look.mode)
    old, new = tones[len(tones) // 4][1], tones[-3][1]
    filled = np.zeros((len(layers), len(tokens)))
    filled[:, -1] = 1
    names = [[f"{label(layer)} · {label(token)}: {hover}" for token in tokens] for layer in layers]
    figure = go.Figure(
        go.Heatmap(
            z=filled,
            zmin=0,
            zmax=1,
            colorscale=[(0, old), (1, new)],
            xgap=2,
            ygap=6,
            customdata=names,
            hovertemplate="%{customdata}<extra></extra>",
            showscale=False,
        )
    )
    figure.update_xaxes(**name_ticks(tokens), side="top", tickangle=-90, showgrid=False, zeroline=False, ticks="")
    figure.update_yaxes(
        tickvals=list(range(len(layers))),
        ticktext=[label(layer) for layer in layers],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    return finish(figure, look, height=110 + _ROW * len(layers)).update_layout(
        dragmode=False, margin={"l": 8, "b": 8, "t": 30}
    )


def step_times(
    lengths: Sequence[int], seconds: Sequence[tuple[str, Sequence[float]]], *, look: Look, x_title: str, y_title: str
) -> go.Figure:
    """Milliseconds of one new token against the tokens before it: (name, seconds) of each way, the first drawn
    strong.
    """
    figure = go.Figure()
    for index, (name, values) in enumerate(seconds):
        colour = attention_scale(look.mode)[-3][1] if index == 0 else QUIET[look.mode]
        figure.add_scatter(
            x=list(lengths),
            y=[1000 * value for value in values],
            mode="lines+markers",
            name=label(name),
            line={"color": colour, "width": 3, "dash": "solid" if index == 0 else "dash"},
            hovertemplate=f"{label(name)}: %{{x}} → %{{y:.1f}} ms<extra></extra>",
        )
    figure.update_xaxes(title_text=label(x_title), rangemode="tozero", showgrid=False)
    figure.update_yaxes(
        title_text=label(y_title), rangemode="tozero", gridcolor="rgba(128,128,128,0.25)", zeroline=False
    )
    figure.update_layout(legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0})
    return finish(figure, look, height=300)
