"""A small table of numbers as colour: shares from 0, or signed numbers about 0, each cell with its exact number on
hover.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import INK, MAX_COLUMN_NAMES, Look, attention_scale, finish, label, name_ticks, ramps

_ROW = 26  # pixels


def grid(
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    look: Look,
    hover: Sequence[Sequence[str]],
    signed: bool = False,
    reach: float | None = None,
    frame: tuple[int, int] | None = None,
    row: int | None = None,
    below: str = "",
    beside: str = "",
    click: bool = False,
) -> go.Figure:
    """values (row, column); NaN stays empty. hover: one text per cell, already escaped by `label`. reach: value at the
    end of the colours (default: the largest there is). frame: a cell with a frame; row: a row with one. below, beside:
    titles of the axes. click: transparent marks over the cells, each with customdata [row, column], because a heatmap
    returns no clicks."""
    end = reach or float(np.nanmax(np.abs(values), initial=0)) or 1.0
    tones = ramps()["difference"][look.mode]
    scale = (
        [(0, tones["less"]), (0.5, "rgba(128,128,128,0.06)"), (1, tones["more"])]
        if signed
        else attention_scale(look.mode)
    )
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=-end if signed else 0,
            zmax=end,
            colorscale=scale,
            xgap=1,
            ygap=1,
            hoverongaps=False,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
            hoverinfo="skip" if click else None,
            showscale=False,
        )
    )
    if click:
        _targets(figure, hover)
    for i, j in [frame] if frame else []:
        figure.add_shape(
            type="rect", x0=j - 0.5, x1=j + 0.5, y0=i - 0.5, y1=i + 0.5, line={"color": INK[look.mode], "width": 3}
        )
    if row is not None:
        figure.add_shape(
            type="rect",
            x0=-0.5,
            x1=len(columns) - 0.5,
            y0=row - 0.5,
            y1=row + 0.5,
            line={"color": INK[look.mode], "width": 2},
        )
    for update, names, most, title in (
        (figure.update_xaxes, columns, MAX_COLUMN_NAMES, below),
        (figure.update_yaxes, rows, 48, beside),
    ):
        update(**name_ticks(names, most), title_text=label(title), showgrid=False, zeroline=False, ticks="")
    figure.update_xaxes(
        side="top", range=[-0.5, len(columns) - 0.5], tickangle=0 if max(map(len, columns), default=0) < 4 else -90
    )
    figure.update_yaxes(range=[len(rows) - 0.5, -0.5])
    return finish(figure, look, height=120 + _ROW * len(rows)).update_layout(
        dragmode=False, margin={"l": 8, "b": 12, "t": 30}
    )


def _targets(figure: go.Figure, hover: Sequence[Sequence[str]]) -> None:
    places = [(i, j) for i, row in enumerate(hover) for j in range(len(row))]
    figure.add_scatter(
        x=[j for _, j in places],
        y=[i for i, _ in places],
        mode="markers",
        customdata=places,
        marker={"symbol": "square", "size": 22, "color": "rgba(0,0,0,0)"},
        text=[hover[i][j] for i, j in places],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
