"""Which cells of a score matrix may be looked at, and why, in three colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import INK, MAX_COLUMN_NAMES, QUIET, Look, finish, label, name_ticks, ramps

TONES = {"light": (0, 1, 2), "dark": (4, 1, 2)}
"""Places in the colour-blind-safe set of window, global and random, by mode: light, warm and dark on paper; blue, warm
and light at night.
"""
CELL = 22  # pixels


LEAST_LOST = 0.01
"""Of a row: what is less is no circle."""


def pattern(
    reasons: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    look: Look,
    names: Sequence[str],
    shut: str,
    lost: tuple[str, np.ndarray] | None = None,
) -> go.Figure:
    """reasons (query, key): 0 shut, 1 … names a reason each. One heatmap per reason, so that the legend can name it
    (shut cells are pale, and named on hover). Hover: query → key = reason. lost: a name, and (query, key) weights that
    stood before, shares 0 … 1: on shut cells as circles, their area the weight (1 fills the cell).
    """
    figure = go.Figure()
    set_ = ramps()["heads"][look.mode]
    for code, name in enumerate((shut, *names)):
        where = reasons == code
        if not where.any():
            continue
        colour = "rgba(128,128,128,0.10)" if code == 0 else set_[TONES[look.mode][code - 1]]
        hover = [[f"{label(query)} → {label(key)} = {label(name)}" for key in columns] for query in rows]
        figure.add_heatmap(
            z=np.where(where, 1.0, np.nan),
            colorscale=[(0, colour), (1, colour)],
            showscale=False,
            xgap=1,
            ygap=1,
            hoverongaps=False,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
        if code == 0:
            continue
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            name=label(name),
            marker={"symbol": "square", "size": 14, "color": colour, "line": {"width": 1, "color": QUIET[look.mode]}},
        )
    if lost is not None:
        _lost(figure, lost[0], np.where(reasons == 0, lost[1], 0.0), rows, columns, look)
    axes(figure, rows, columns)
    figure.update_layout(legend={"orientation": "h", "y": -0.03, "yanchor": "top", "x": 0})
    return finish(figure, look, height=170 + CELL * len(rows)).update_layout(
        dragmode=False, margin={"l": 8, "b": 40, "t": 30}
    )


def _lost(
    figure: go.Figure, name: str, weights: np.ndarray, rows: Sequence[str], columns: Sequence[str], look: Look
) -> None:
    """Circles on the cells of ``weights`` (query, key) that are not next to nothing."""
    cells = [(int(i), int(j)) for i, j in np.argwhere(weights >= LEAST_LOST)]
    if not cells:
        return
    figure.add_scatter(
        x=[j for _, j in cells],
        y=[i for i, _ in cells],
        mode="markers",
        name=label(name),
        marker={
            "size": [CELL * float(weights[cell]) ** 0.5 for cell in cells],
            "color": "rgba(0,0,0,0)",
            "line": {"width": 1.5, "color": INK[look.mode]},
        },
        customdata=[f"{label(rows[i])} → {label(columns[j])}: {look.share(weights[i, j], 0)}" for i, j in cells],
        hovertemplate="%{customdata}<extra></extra>",
    )


def axes(figure: go.Figure, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Words on both sides, the columns' on top; of many not all; row 0 is at the top."""
    for update, names, most in ((figure.update_xaxes, columns, MAX_COLUMN_NAMES), (figure.update_yaxes, rows, 48)):
        update(**name_ticks(names, most), showgrid=False, zeroline=False, ticks="")
    figure.update_xaxes(side="top", range=[-0.5, len(columns) - 0.5], tickangle=-90)
    figure.update_yaxes(range=[len(rows) - 0.5, -0.5])
