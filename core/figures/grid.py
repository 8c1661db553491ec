"""A small table of numbers as colour: shares from 0, or signed numbers about 0, each cell with its exact number on
hover.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import INK, MAX_COLUMN_NAMES, ZERO, Look, attention_scale, finish, ink_on, label, name_ticks, ramps, rgb

_ROW = 26  # pixels
_SCALE = 48  # pixels: the bar of colours and its numbers, below the map
_TOOLS = 30  # pixels: the tools of the chart stand above the names of the columns
_LETTER, _LONGEST = 8, 24  # pixels of a letter of a name that stands upright, and letters of it that get room
_SHORT = 6  # letters of the names of rows
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
    colours = [(0, tones["less"]), (0.5, ZERO[look.mode]), (1, tones["more"])] if signed else attention_scale(look.mode)
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
    if scale and 0 < values.shape[1] <= _MOST_NUMBERS and values.shape[0] <= 2 * _MOST_NUMBERS:
        _write(figure, values, colours, -end if signed else 0.0, end, signed, shares, look)
        if max(map(len, rows), default=0) <= _SHORT:  # then cells have room even on a phone
            figure.update_traces(textfont_size=12 * look.size, selector={"showscale": False})
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
    under = round(_SCALE * look.size) if scale else 12
    height = (above + under + _ROW * look.size * len(rows)) * 2 / (1 + look.size)
    return finish(figure, look, height=round(height)).update_layout(
        dragmode=False, margin={"l": 8, "b": under, "t": above, "r": 8}
    )


def _bar(low: float, high: float, shares: bool, look: Look) -> dict:
    """The bar of colours: what its ends and its middle are worth."""
    values = (low, (low + high) / 2, high)
    return {
        "orientation": "h",
        "thickness": 10,
        "len": 0.5,
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "ypad": 8,
        "outlinewidth": 0,
        "tickvals": values,
        "ticktext": [
            _number(value, high, low < 0, shares, look) + (look.percent if shares else "") for value in values
        ],
        "tickfont": {"size": 12 * look.size},
    }


def _write(
    figure: go.Figure,
    values: np.ndarray,
    colours: Sequence[tuple[float, str]],
    low: float,
    high: float,
    signed: bool,
    shares: bool,
    look: Look,
) -> None:
    """The number of every cell, in black or white by the cell's colour: two maps without colours, one for each ink.

    A map writes its numbers as large as its cells let it; they are all of one length, so that both maps write alike.
    """
    texts = [[_cell(float(value), high, signed, shares, look) for value in row] for row in values]
    longest = max(5, *(len(text) for row in texts for text in row))
    texts = [[text and text.center(longest, "\u2007") for text in row] for row in texts]
    stops, ends = [stop for stop, _ in colours], np.array([rgb(colour) for _, colour in colours])
    places = np.clip((np.nan_to_num(values) - low) / (high - low), 0, 1)
    inks = [[ink_on(np.array([np.interp(x, stops, end) for end in ends.T])) for x in row] for row in places]
    for ink in sorted({ink for row in inks for ink in row}):
        figure.add_trace(
            go.Heatmap(
                z=values,
                colorscale=[(0, "rgba(0,0,0,0)"), (1, "rgba(0,0,0,0)")],
                showscale=False,
                hoverinfo="skip",
                xgap=1,
                ygap=1,
                text=[
                    [
                        text.center(longest, "\u2007") if of == ink and text else ""
                        for text, of in zip(*row, strict=True)
                    ]
                    for row in zip(texts, inks, strict=True)
                ],
                texttemplate="%{text}",
                textfont={"color": ink},
            )
        )


def _cell(value: float, end: float, signed: bool, shares: bool, look: Look) -> str:
    return "" if np.isnan(value) else _number(value, end, signed, shares, look)


def _number(value: float, end: float, signed: bool, shares: bool, look: Look) -> str:
    """A short number: as many decimals as tell cells apart when ``end`` is the end of the colours."""
    size = 100 * value if shares else value
    reach = 100 * end if shares else end
    digits = 0 if reach >= 20 else 1 if reach >= 5 else 2
    return look.number(size if signed else abs(size), digits, signed=signed)


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
