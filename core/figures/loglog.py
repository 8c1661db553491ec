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

_DASHES = ("solid", "dash", "dot", "dashdot")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "star", "pentagon", "hexagon")


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
    """x: every value of the first curve gets a tick. y_ticks: values and texts (default: plotly's own). Each loud curve
    has its own colour, dash and mark.
    """
    figure = go.Figure()
    drawn = 0  # curves with a colour of their own
    for curve in curves:
        if curve.quiet:
            figure.add_scatter(
                x=list(curve.x),
                y=list(curve.y),
                mode="lines",
                name=label(curve.name),
                line={"width": 1.5 * look.size, "dash": curve.quiet, "color": QUIET[look.mode]},
                hoverinfo="skip",
            )
            continue
        colours = ramps()["heads"][look.mode]
        colour = colours[drawn % len(colours)] if drawn < len(colours) else INK[look.mode]
        figure.add_scatter(
            x=list(curve.x),
            y=list(curve.y),
            mode="lines+markers",
            name=label(curve.name),
            customdata=list(curve.hover),
            hovertemplate="%{customdata}<extra></extra>",
            line={"width": 2.5 * look.size, "color": colour, "dash": _DASHES[drawn % len(_DASHES)]},
            marker={"size": 9 * look.size, "symbol": _SYMBOLS[drawn % len(_SYMBOLS)], "color": colour},
        )
        drawn += 1
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
        ticks_inside = [(value, text) for value, text in y_ticks if _inside(value, curves)]
        figure.update_yaxes(tickvals=[value for value, _ in ticks_inside], ticktext=[text for _, text in ticks_inside])
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"})
    return finish(figure, look, height=height).update_layout(dragmode=False, margin={"l": 8, "t": 12})


def _inside(value: float, curves: Sequence[Power]) -> bool:
    """Whether a tick lies within a decade of what is drawn."""
    values = [y for curve in curves for y in curve.y if y > 0]
    return math.log10(min(values)) - 1 < math.log10(value) < math.log10(max(values)) + 1
