"""A small table of numbers as colour: shares from 0, or signed numbers about 0, each cell with its exact number on
hover.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import INK, MAX_COLUMN_NAMES, PAPER, Look, attention_scale, finish, label, name_ticks, ramps

_ROW = 26  # pixels
_TOOLS = 30  # pixels: the tools of the chart stand above the names of the columns
_LETTER, _LONGEST = 8, 24  # pixels of a letter of a name that stands upright, and letters of it that get room
_MOST_NUMBERS = 12  # columns: with more, a cell has no room for its number


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
    percent: bool | None = None,
    scale: bool = True,
) -> go.Figure:
    """values (row, column); NaN stays empty. hover: one text per cell, already escaped by `label`. reach: value at the
    end of the colours (default: the largest there is). frame: a cell with a frame; row: a row with one. below, beside:
    titles of the axes. click: transparent marks over the cells, each with customdata [row, column], because a heatmap
    returns no clicks. percent: values are shares (default: unless signed). scale: a bar beside it says what the colours
    are worth, and cells that have room say their number; False where rows have colours of their own."""
    end = reach or float(np.nanmax(np.abs(values), initial=0)) or 1.0
    tones = ramps()["difference"][look.mode]
    shares = not signed if percent is None else percent
    colours = (
        [(0, tones["less"]), (0.5, PAPER[look.mode]), (1, tones["more"])] if signed else attention_scale(look.mode)
    )
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=-end if signed else 0,
            zmax=end,
            colorscale=colours,
            xgap=1,
            ygap=1,
            hoverongaps=False,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
            hoverinfo="skip" if click else None,
            showscale=scale,
            colorbar=_bar(-end if signed else 0.0, end, shares, look),
        )
    )
    if scale and values.size and values.shape[1] <= _MOST_NUMBERS and values.shape[0] <= 2 * _MOST_NUMBERS:
        figure.update_traces(
            text=[[_cell(float(value), end, signed, shares, look) for value in row] for row in values],
            texttemplate="%{text}",
            textfont={"size": 13 * look.size},
            selector={"type": "heatmap"},
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
    longest = max(map(len, columns), default=0)
    upright = longest < 4
    figure.update_xaxes(side="top", range=[-0.5, len(columns) - 0.5], tickangle=0 if upright else -90)
    figure.update_yaxes(range=[len(rows) - 0.5, -0.5])
    above = (
        _TOOLS + round((24 if upright else 12 + _LETTER * min(longest, _LONGEST)) * look.size) + (24 if below else 0)
    )
    # `finish` makes the height larger with the letters, by half of what they grow
    height = (above + 24 + _ROW * look.size * len(rows)) * 2 / (1 + look.size)
    return finish(figure, look, height=round(height)).update_layout(
        dragmode=False, margin={"l": 8, "b": 12, "t": above, "r": 8}
    )


def _bar(low: float, high: float, shares: bool, look: Look) -> dict:
    """The bar of colours: what its ends and its middle are worth."""
    values = (low, (low + high) / 2, high)
    return {
        "thickness": 12,
        "len": 1.0,
        "outlinewidth": 0,
        "xpad": 6,
        "tickvals": values,
        "ticktext": [
            _number(value, high, low < 0, shares, look) + (look.percent if shares else "") for value in values
        ],
        "tickfont": {"size": 12 * look.size},
    }


def _cell(value: float, end: float, signed: bool, shares: bool, look: Look) -> str:
    return "" if np.isnan(value) else _number(value, end, signed, shares, look)


def _number(value: float, end: float, signed: bool, shares: bool, look: Look) -> str:
    """A short number: as many decimals as tell cells apart when ``end`` is the end of the colours."""
    size = 100 * value if shares else value
    reach = 100 * end if shares else end
    digits = 0 if reach >= 20 else 1 if reach >= 5 else 2
    written = (
        f"{round(size, digits) + 0.0:+.{digits}f}" if signed and round(size, digits) else f"{abs(size):.{digits}f}"
    )
    return written.replace(".", look.decimal).replace("-", "−")


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
