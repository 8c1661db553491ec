"""A small table of words: each cell holds one, in the colour of its weight; some cells have a frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import INK, Look, attention_scale, finish, ink_on, label, rgb

_ROW = 34  # pixels


def word_cells(
    weights: np.ndarray,
    words: Sequence[Sequence[str]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    look: Look,
    hover: Sequence[Sequence[str]],
    framed: Sequence[tuple[int, int]] = (),
) -> go.Figure:
    """weights (row, column) 0 … 1; words: one per cell. hover: already escaped by `label`. framed: (row, column) of
    the cells with a frame, their words bold.
    """
    scale = attention_scale(look.mode)
    stops = np.array([stop for stop, _ in scale])
    tones = np.array([rgb(colour) for _, colour in scale])
    figure = go.Figure(
        go.Heatmap(
            z=weights,
            zmin=0,
            zmax=1,
            colorscale=scale,
            showscale=False,
            xgap=2,
            ygap=2,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    texts, frames = [], []
    for row, column in np.ndindex(weights.shape):
        weight = weights[row, column]
        colour = np.array([np.interp(weight, stops, tones[:, channel]) for channel in range(3)])
        strong = (row, column) in framed
        texts.append(
            {
                "x": column,
                "y": row,
                "text": f"<b>{label(words[row][column])}</b>" if strong else label(words[row][column]),
                "showarrow": False,
                "font": {"size": 13, "color": ink_on(colour)},
            }
        )
        if strong:
            box = {"x0": column - 0.48, "x1": column + 0.48, "y0": row - 0.46, "y1": row + 0.46}
            frames.append({"type": "rect", **box, "line": {"color": INK[look.mode], "width": 3}})
    figure.update_layout(annotations=texts, shapes=frames)  # at once: each that is added alone copies all the others
    figure.update_xaxes(
        tickvals=list(range(len(columns))),
        ticktext=[label(name) for name in columns],
        side="top",
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[label(name) for name in rows],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    height = _ROW * len(rows) + 48
    return finish(figure, look, height=height).update_layout(dragmode=False, margin={"t": 36, "b": 4})
