"""A matrix that is walked over tile by tile: what was seen, the tile of the moment, and what is still to come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .pattern import CELL, axes
from .theme import INK, QUIET, Look, attention_scale, finish

LINES = 64  # borders of tiles that are drawn, at most


def walk(
    shares: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    look: Look,
    tile: tuple[int, int],
    now: tuple[slice, slice] | None,
    hover: Sequence[Sequence[str]],
) -> go.Figure:
    """shares (query, key) 0 … 1, NaN where no tile was yet (hatched). tile: its rows and columns; now: the tile of this
    step, framed. hover: escaped texts.
    """
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            zmin=0,
            zmax=1,
            colorscale=attention_scale(look.mode),
            showscale=False,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
            hoverongaps=False,
        )
    )
    n, m = shares.shape
    for i, j in _unseen(shares, tile):
        figure.add_shape(
            type="rect",
            x0=j - 0.5,
            x1=min(m, j + tile[1]) - 0.5,
            y0=i - 0.5,
            y1=min(n, i + tile[0]) - 0.5,
            line={"width": 0},
            fillcolor="rgba(128,128,128,0.12)",
            layer="below",
        )
        figure.add_shape(
            type="line",
            x0=j - 0.5,
            x1=min(m, j + tile[1]) - 0.5,
            y0=min(n, i + tile[0]) - 0.5,
            y1=i - 0.5,
            line={"width": 1, "color": "rgba(128,128,128,0.5)"},
            layer="below",
        )
    for size, step, way in ((n, tile[0], "y"), (m, tile[1], "x")):
        for border in range(step, size, step) if size / step <= LINES else ():
            figure.add_shape(
                type="line",
                **{f"{way}0": border - 0.5, f"{way}1": border - 0.5},
                **{f"{'x' if way == 'y' else 'y'}{end}": (m if way == "y" else n) * end - 0.5 for end in (0, 1)},
                line={"width": 1, "color": QUIET[look.mode]},
            )
    if now is not None:
        figure.add_shape(
            type="rect",
            x0=now[1].start - 0.5,
            x1=now[1].stop - 0.5,
            y0=now[0].start - 0.5,
            y1=now[0].stop - 0.5,
            line={"color": INK[look.mode], "width": 4},
        )
    axes(figure, rows, columns)
    return finish(figure, look, height=130 + CELL * len(rows)).update_layout(
        dragmode=False, margin={"l": 8, "b": 12, "t": 30}
    )


def _unseen(shares: np.ndarray, tile: tuple[int, int]) -> list[tuple[int, int]]:
    """First cells of the tiles in which nothing was seen, while they are few enough to be drawn."""
    n, m = shares.shape
    cells = [
        (i, j)
        for i in range(0, n, tile[0])
        for j in range(0, m, tile[1])
        if np.isnan(shares[i : i + tile[0], j : j + tile[1]]).all()
    ]
    return cells if len(cells) <= LINES * 4 else []
