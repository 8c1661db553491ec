"""The logit lens: a table of pieces, position × layer, and the probability of one piece by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from .theme import INK, QUIET, Look, attention_scale, finish, label

_ROW = 26  # pixels
_CELL_CHARACTERS = 8, 6  # characters that a cell shows on a phone: up to five columns, six


@dataclass(frozen=True)
class Cell:
    """The most probable pieces of one position after one layer, best first, with their probabilities 0 … 1."""

    pieces: Sequence[str]
    shares: Sequence[float]


def lens_table(
    cells: Sequence[Sequence[Cell]],
    rows: Sequence[str],
    layers: Sequence[str],
    *,
    chosen: int | None,
    look: Look,
    asks: str,
) -> go.Figure:
    """cells[row][layer]: the best piece as text, its probability as colour, all of them on hover. ``chosen``: row with
    a frame; ``asks``: title of the layers.
    """
    shares = [[100 * cell.shares[0] for cell in row] for row in cells]
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            zmin=0,
            zmax=100,
            colorscale=attention_scale(look.mode),
            xgap=2,
            ygap=2,
            hoverongaps=False,
            customdata=[
                [_hover(cell, rows[i], layers[j], look) for j, cell in enumerate(row)] for i, row in enumerate(cells)
            ],
            hovertemplate="%{customdata}<extra></extra>",
            colorbar={
                "orientation": "h",
                "thickness": 8,
                "outlinewidth": 0,
                "x": 0.5,
                "y": 0,
                "yanchor": "top",
                "ypad": 8,
                "len": 0.8,
                "tickvals": [0, 50, 100],
                "ticktext": [f"{n}{look.percent}" for n in (0, 50, 100)],
            },
        )
    )
    _texts(figure, cells, look)
    if chosen is not None:
        figure.add_shape(
            type="rect",
            x0=-0.5,
            x1=len(layers) - 0.5,
            y0=chosen - 0.5,
            y1=chosen + 0.5,
            line={"color": INK[look.mode], "width": 2},
        )
    names = [f"<b>{label(name)}</b>" if i == chosen else label(name) for i, name in enumerate(rows)]
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        ticks="",
        tickvals=list(range(len(rows))),
        ticktext=names,
        showgrid=False,
        zeroline=False,
    )
    figure.update_xaxes(
        side="top",
        range=[-0.5, len(layers) - 0.5],
        ticks="",
        title_text=label(asks),
        tickvals=list(range(len(layers))),
        ticktext=list(map(label, layers)),
        showgrid=False,
        zeroline=False,
        tickangle=0,
    )
    return finish(figure, look, height=116 + _ROW * len(rows)).update_layout(
        margin={"t": 64, "b": 44, "l": 8}, dragmode=False
    )


def piece_curve(
    shares: Sequence[float] | np.ndarray, layers: Sequence[str], *, look: Look, piece: str, y_title: str
) -> go.Figure:
    """Probability 0 … 1 of one piece after each layer, on 0 … 100 %."""
    colour = attention_scale(look.mode)[-3][1]
    figure = go.Figure(
        go.Scatter(
            x=list(range(len(layers))),
            y=[100 * float(share) for share in shares],
            mode="lines+markers",
            line={"width": 3, "color": colour},
            marker={"size": 9},
            customdata=list(map(label, layers)),
            hovertemplate=f"{label(piece)}, %{{customdata}}: %{{y:.2f}}{look.percent}<extra></extra>",
            cliponaxis=False,
        )
    )
    step = -(-len(layers) // 8)
    ticks = list(range(0, len(layers), step))
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=[label(layers[index]) for index in ticks],
        showgrid=False,
        zeroline=False,
        tickangle=0,
    )
    figure.update_yaxes(
        range=[0, 102],
        tickvals=[0, 50, 100],
        ticktext=[f"{n}{look.percent}" for n in (0, 50, 100)],
        gridcolor="rgba(128,128,128,0.25)",
        zeroline=False,
    )
    figure.add_annotation(
        x=0,
        y=1.02,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        text=label(y_title),
        showarrow=False,
        font={"color": QUIET[look.mode]},
    )
    return finish(figure, look, height=300)


def _texts(figure: go.Figure, cells: Sequence[Sequence[Cell]], look: Look) -> None:
    """The best pieces over their cells, in the ink or the paper of the ramp: the one that reads better (plotly's own
    choice fades on middle tones).
    """
    ends = attention_scale(look.mode)[0][1], attention_scale(look.mode)[-1][1]
    texts = [
        (i, j, cell, _readable(cell.shares[0], ends, look)) for i, row in enumerate(cells) for j, cell in enumerate(row)
    ]
    for ink in ends:
        inked = [(i, j, cell) for i, j, cell, colour in texts if colour == ink]
        figure.add_scatter(
            x=[j for _, j, _ in inked],
            y=[i for i, *_ in inked],
            text=[_short(cell.pieces[0], len(cells[0])) for *_, cell in inked],
            mode="text",
            textfont={"size": 12, "color": ink},
            hoverinfo="skip",
            showlegend=False,
        )


def _readable(share: float, ends: tuple[str, str], look: Look) -> str:
    """The end of the ramp that stands out more from the colour of a share (WCAG 2 contrast)."""
    scale = attention_scale(look.mode)
    behind = _luminance(scale[round(share * (len(scale) - 1))][1])
    return max(ends, key=lambda end: (max(_luminance(end), behind) + 0.05) / (min(_luminance(end), behind) + 0.05))


def _luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 … 1 (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def _short(piece: str, columns: int) -> str:
    room = _CELL_CHARACTERS[columns > 5]
    return label(piece if len(piece) <= room else piece[: room - 1] + "…")


def _hover(cell: Cell, row: str, layer: str, look: Look) -> str:
    """The pieces of a cell, one on each line."""
    lines = (f"{label(piece)}  {look.share(share, 2)}" for piece, share in zip(cell.pieces, cell.shares, strict=True))
    return "<br>".join([f"<b>{label(row)}</b> · {label(layer)}", *lines])
