"""A classifier's verdict word by word: its attention against the even one, what each position adds, and what falls when
the word is hidden.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from .theme import QUIET, Look, attention_scale, finish, label, name_ticks, ramps, share_ticks


@dataclass(frozen=True, eq=False)
class Panel:
    """One row of columns: its title, one value per word, and what hovering says. shares: 0 … 1, with lines across; else
    signed numbers about 0.

    lines: (height, name, dash) of the nulls.
    """

    title: str
    values: np.ndarray
    hover: Sequence[str]
    shares: bool = False
    lines: Sequence[tuple[float, str, str]] = ()


def verdict_panels(words: Sequence[str], panels: Sequence[Panel], *, look: Look) -> go.Figure:
    """The panels above each other over the same words, signed ones on one common scale."""
    figure = make_subplots(
        rows=len(panels),
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.11,
        subplot_titles=[label(panel.title) for panel in panels],
    )
    signed = [np.abs(panel.values).max(initial=0) for panel in panels if not panel.shares]
    reach = 1.12 * max([0.1, *signed])
    for row, panel in enumerate(panels, 1):
        _columns(figure, row, panel, look)
        top = max([float(panel.values.max(initial=0)), *(height for height, _, _ in panel.lines)])
        extent = [0, 1.15 * top] if panel.shares else [-reach, reach]
        ticks = (
            share_ticks(0, extent[1], look, most=4)
            if panel.shares
            else {"tickvals": [-_round(reach), 0, _round(reach)]}
        )
        figure.update_yaxes(
            range=extent,
            **ticks,
            gridcolor="rgba(128,128,128,0.25)",
            zeroline=True,
            zerolinecolor=QUIET[look.mode],
            row=row,
            col=1,
        )
    figure.update_xaxes(range=[-0.6, len(words) - 0.4], showgrid=False, zeroline=False, ticks="", showticklabels=False)
    figure.update_xaxes(
        **name_ticks(words), showticklabels=True, tickangle=0 if len(words) <= 8 else -60, row=len(panels), col=1
    )
    for note in figure.layout.annotations[: len(panels)]:
        note.update(x=0, xanchor="left", font={"size": 15})
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.06, "yanchor": "bottom", "x": 0}, bargap=0.35
    )
    return finish(figure, look, height=90 + 165 * len(panels)).update_layout(
        dragmode=False, margin={"l": 8, "r": 8, "t": 64, "b": 12}
    )


def _round(reach: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above ``reach``."""
    power = 10 ** math.floor(math.log10(reach))
    return max(digit * power for digit in (1, 2, 5) if digit * power <= reach)


def _columns(figure: go.Figure, row: int, panel: Panel, look: Look) -> None:
    tones = ramps()["difference"][look.mode]
    plain = attention_scale(look.mode)[4][1]
    colour = plain if panel.shares else [tones["more" if value > 0 else "less"] for value in panel.values]
    figure.add_bar(
        x=list(range(len(panel.values))),
        y=list(panel.values),
        marker={"color": colour},
        customdata=list(panel.hover),
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
        row=row,
        col=1,
    )
    for height, name, dash in panel.lines:
        figure.add_scatter(
            x=[-0.6, len(panel.values) - 0.4],
            y=[height, height],
            mode="lines",
            name=label(name),
            line={"color": QUIET[look.mode], "width": 1.5, "dash": dash},
            hoverinfo="skip",
            row=row,
            col=1,
        )
