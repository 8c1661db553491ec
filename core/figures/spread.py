"""How a metric of heads is spread: every head of the model as a point, every head of its random twin below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from .theme import INK, QUIET, Look, attention_scale, finish, label, ramps, share_ticks, span


@dataclass(frozen=True, eq=False)
class Group:
    """One row of points: its name, (head,) values, and what each says on hover, escaped."""

    name: str
    values: np.ndarray
    hover: Sequence[str]


def spread(groups: Sequence[Group], *, look: Look, title: str, percent: bool, chosen: int | None = None) -> go.Figure:
    """One row per group, points moved a little up and down so that all are seen; ``chosen``: a point of the first row
    with a ring.
    """
    figure = go.Figure()
    for row, group in enumerate(groups):
        jitter = np.random.default_rng(0).uniform(-0.28, 0.28, len(group.values))
        colour = attention_scale(look.mode)[-3][1] if row == 0 else QUIET[look.mode]
        figure.add_scatter(
            x=group.values,
            y=row + jitter,
            mode="markers",
            marker={
                "size": 10,
                "color": colour,
                "symbol": "circle" if row == 0 else "circle-open",
                "line": {"width": 1.5, "color": colour},
            },
            hovertext=list(group.hover),
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
            cliponaxis=False,
        )
        if row == 0 and chosen is not None:
            figure.add_scatter(
                x=[group.values[chosen]],
                y=[jitter[chosen]],
                mode="markers",
                marker={"size": 20, "symbol": "circle-open", "color": INK[look.mode], "line": {"width": 3}},
                hoverinfo="skip",
                showlegend=False,
            )
    figure.update_yaxes(
        tickvals=list(range(len(groups))),
        ticktext=[label(group.name) for group in groups],
        range=[len(groups) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    figure.update_xaxes(title_text=label(title), gridcolor="rgba(128,128,128,0.25)", zeroline=False, rangemode="tozero")
    if percent:
        figure.update_xaxes(share_ticks(*span(*(group.values for group in groups)), look))
    return finish(figure, look, height=110 + 70 * len(groups)).update_layout(dragmode=False, margin={"l": 8, "t": 12})


_NAME_WIDTH, _NAME_HEIGHT = 0.09, 0.045  # room of a name, as shares of the plane


def head_plane(
    points: np.ndarray,
    names: Sequence[str],
    layers: Sequence[int],
    *,
    look: Look,
    prefix: str,
    chosen: int | None = None,
) -> go.Figure:
    """Heads as points, near each other when they look alike, coloured by layer. points (head, 2); axes have no meaning
    and no numbers.
    """
    colours, named = ramps()["heads"][look.mode], _with_room(points)
    figure = go.Figure()
    for layer in sorted(set(layers)):
        members = [i for i, member_layer in enumerate(layers) if member_layer == layer]
        figure.add_scatter(
            x=points[members, 0],
            y=points[members, 1],
            mode="markers+text",
            name=f"{prefix}{layer + 1}",
            text=[names[i] if i in named else "" for i in members],
            hovertext=[names[i] for i in members],
            textposition="top center",
            textfont={"size": 12},
            marker={"size": 12, "color": colours[layer % len(colours)], "line": {"width": 1, "color": INK[look.mode]}},
            hovertemplate="%{hovertext}<extra></extra>",
            cliponaxis=False,
        )
    if chosen is not None:
        figure.add_scatter(
            x=[points[chosen, 0]],
            y=[points[chosen, 1]],
            mode="markers",
            marker={"size": 22, "symbol": "circle-open", "color": INK[look.mode], "line": {"width": 3}},
            hoverinfo="skip",
            showlegend=False,
        )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return finish(figure, look, height=520).update_layout(dragmode=False, margin={"l": 8, "b": 8})


def _with_room(points: np.ndarray) -> set[int]:
    """Points whose names do not lie over that of an earlier one, or over its mark: the first ones come first."""
    reach = max(float(np.ptp(points)) if points.size else 0.0, 1e-9)
    named: list[int] = []
    for i, point in enumerate(points):
        apart = np.abs(points[named] - point) / reach if named else np.ones((1, 2))
        if ((apart[:, 0] > _NAME_WIDTH) | (apart[:, 1] > _NAME_HEIGHT)).all():
            named.append(i)
    return set(named)
