"""A matrix that is walked over tile by tile: what was seen, the tile of the moment, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    shapes = [*_hatches(shares, tile), *_borders(shares.shape, tile, look)]
    if now is not None:
        shapes.append(_box(now[0].start, now[0].stop, now[1].start, now[1].stop) | _line(INK[look.mode], 4))
    figure.update_layout(shapes=shapes)  # all at once: each that is added alone copies all the others
    axes(figure, rows, columns)
    return finish(figure, look, height=130 + CELL * len(rows)).update_layout(
        dragmode=False, margin={"l": 8, "b": 12, "t": 30}
    )


def _hatches(shares: np.ndarray, tile: tuple[int, int]) -> Iterator[dict]:
    """Tiles in which nothing was seen: grey, with a line across."""
    n, m = shares.shape
    for i, j in _unseen(shares, tile):
        box = _box(i, min(n, i + tile[0]), j, min(m, j + tile[1])) | {"layer": "below"}
        yield box | {"line": {"width": 0}, "fillcolor": "rgba(128,128,128,0.12)"}
        yield box | {"type": "line", "y0": box["y1"], "y1": box["y0"]} | _line("rgba(128,128,128,0.5)", 1)


def _borders(size: tuple[int, ...], tile: tuple[int, int], look: Look) -> Iterator[dict]:
    """Lines between tiles, while they are few enough to be drawn."""
    n, m = size
    if n / tile[0] <= LINES:
        for i in range(tile[0], n, tile[0]):
            yield _box(i, i, 0, m) | {"type": "line"} | _line(QUIET[look.mode], 1)
    if m / tile[1] <= LINES:
        for j in range(tile[1], m, tile[1]):
            yield _box(0, n, j, j) | {"type": "line"} | _line(QUIET[look.mode], 1)


def _box(top: int, bottom: int, left: int, right: int) -> dict:
    """A rectangle around cells; the ends are the first ones outside."""
    return {"type": "rect", "x0": left - 0.5, "x1": right - 0.5, "y0": top - 0.5, "y1": bottom - 0.5}


def _line(colour: str, width: float) -> dict:
    return {"line": {"color": colour, "width": width}}


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
