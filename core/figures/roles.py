"""How much a few heads do at each step of a training: one line per role, the null dashed, the present step marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from .theme import INK, QUIET, Look, finish, label, ramps

COLOURS = {"previous": 4, "next": 1, "agreement": 3, "answer": 2}
"""Place of each role in the head colours of ramps.json: the same in every film."""


@dataclass(frozen=True)
class RoleLine:
    """One role: its name as shown, the score at each step, its 95 % interval, and the null that it is to be compared
    with.
    """

    role: str
    name: str
    scores: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    null: float


def role_curves(
    steps: Sequence[int], lines: Sequence[RoleLine], *, present: int, look: Look, x_title: str, y_title: str, null: str
) -> go.Figure:
    """Scores (mean attention weights) against steps, evenly spaced whatever lies between them; ``present``: place of
    the step shown.

    The vertical axis does not move while the film runs. ``null``: what the dashed grey lines are called.
    """
    places = list(range(len(steps)))
    figure = go.Figure()
    for line in lines:
        _null(figure, places, line, look, null, first=line is lines[0])
    for line in lines:
        _line(figure, places, steps, line, look)
    figure.add_vline(x=present, line={"color": INK[look.mode], "width": 1.5})
    top = max([1.0, *(value for line in lines for value in line.high)])
    bottom = min([0.0, *(value for line in lines for value in line.low)])
    figure.update_yaxes(
        title_text=label(y_title), range=[bottom - 0.03, top + 0.03], gridcolor="rgba(128,128,128,0.25)", zeroline=False
    )
    figure.update_xaxes(
        title_text=label(x_title),
        tickvals=places,
        ticktext=[str(step) for step in steps],
        tickangle=-45,
        showgrid=False,
        range=[-0.4, len(steps) - 0.6],
    )
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return finish(figure, look, height=400)


def _line(figure: go.Figure, places: list[int], steps: Sequence[int], line: RoleLine, look: Look) -> None:
    """The interval as a band, then the scores as a line with its points."""
    colour = ramps()["heads"][look.mode][COLOURS[line.role]]
    figure.add_scatter(
        x=[*places, *reversed(places)],
        y=[*line.high, *reversed(line.low)],
        fill="toself",
        fillcolor=colour,
        opacity=0.18,
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=places,
        y=list(line.scores),
        mode="lines+markers",
        name=label(line.name),
        line={"width": 3, "color": colour},
        marker={"size": 6},
        hovertext=[
            f"{step} · {label(line.name)}: {look.share(score, 1)} ({look.share(low, 1)} – {look.share(high, 1)})"
            for step, score, low, high in zip(steps, line.scores, line.low, line.high, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _null(figure: go.Figure, places: list[int], line: RoleLine, look: Look, name: str, *, first: bool) -> None:
    """A thin dashed grey line behind the data; all nulls share one entry of the legend."""
    figure.add_scatter(
        x=[places[0], places[-1]],
        y=[line.null, line.null],
        mode="lines",
        name=label(name),
        showlegend=first,
        hoverinfo="skip",
        line={"width": 1, "dash": "dash", "color": QUIET[look.mode]},
    )
