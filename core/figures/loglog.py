"""What grows or falls by a power: curves on two logarithmic axes, where a power is a straight line and its exponent the
slope.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from .theme import INK, QUIET, Look, finish, label, ramps

DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "star", "pentagon", "hexagon")


@dataclass(frozen=True, eq=False)
class Power:
    """One curve: its name, (x, y) values, what each point says on hover (escaped), and quiet: the dash of a thin grey
    line (a guide, a null).
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    hover: Sequence[str] = ()
    quiet: Literal["", "dot", "dash"] = ""


def loglog(
    curves: Sequence[Power],
    *,
    look: Look,
    x_title: str,
    y_title: str,
    y_ticks: Sequence[tuple[float, str]] = (),
    height: int = 520,
) -> go.Figure:
    """x: every value of the first curve gets a tick. y_ticks: places and texts (default: plotly's own). Each loud curve
    has its own colour, dash and mark.
    """
    figure = go.Figure()
    place = 0
    for one in curves:
        if one.quiet:
            figure.add_scatter(
                x=list(one.x),
                y=list(one.y),
                mode="lines",
                name=label(one.name),
                line={"width": 1.5 * look.size, "dash": one.quiet, "color": QUIET[look.mode]},
                hoverinfo="skip",
            )
            continue
        set_ = ramps()["heads"][look.mode]
        colour = set_[place % len(set_)] if place < len(set_) else INK[look.mode]
        figure.add_scatter(
            x=list(one.x),
            y=list(one.y),
            mode="lines+markers",
            name=label(one.name),
            customdata=list(one.hover),
            hovertemplate="%{customdata}<extra></extra>",
            line={"width": 2.5 * look.size, "color": colour, "dash": DASHES[place % len(DASHES)]},
            marker={"size": 9 * look.size, "symbol": SYMBOLS[place % len(SYMBOLS)], "color": colour},
        )
        place += 1
    ticks = list(curves[0].x)
    figure.update_xaxes(
        type="log",
        title_text=label(x_title),
        tickvals=ticks,
        ticktext=[f"{x:,.0f}".replace(",", "." if look.decimal == "," else ",") for x in ticks],
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(type="log", title_text=label(y_title), gridcolor="rgba(128,128,128,0.25)", zeroline=False)
    if y_ticks:
        shown = [one for one in y_ticks if _inside(one[0], curves)]
        figure.update_yaxes(tickvals=[value for value, _ in shown], ticktext=[text for _, text in shown])
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"})
    return finish(figure, look, height=height).update_layout(dragmode=False, margin={"l": 8, "t": 12})


def _inside(value: float, curves: Sequence[Power]) -> bool:
    """Whether a tick lies within a decade of what is drawn."""
    values = [y for one in curves for y in one.y if y > 0]
    return math.log10(min(values)) - 1 < math.log10(value) < math.log10(max(values)) + 1
