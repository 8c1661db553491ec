"""Queries and keys of one head in one plane: filled marks look, rings are looked at, lines go from one query to its
keys.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import INK, QUIET, Look, attention_scale, finish, label

MAX_NAMED_KEYS = 24  # keys: with more, only the chosen query and its keys are named
_TEXT_SIDES = ("top center", "bottom center", "middle right", "middle left")


def vector_plane(
    queries: np.ndarray,
    keys: np.ndarray,
    query_names: Sequence[str],
    key_names: Sequence[str],
    *,
    chosen: int,
    looks: Sequence[tuple[int, float]],
    look: Look,
    axes: tuple[str, str],
    roles: tuple[str, str],
) -> go.Figure:
    """queries (query, 2), keys (key, 2). looks: (key, weight 0 … 1) of the chosen query, largest first; axes: their
    titles; roles: what a filled mark and a ring are called."""
    figure = go.Figure()
    for key, weight in looks:
        figure.add_scatter(
            x=[queries[chosen, 0], keys[key, 0]],
            y=[queries[chosen, 1], keys[key, 1]],
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            line={"color": attention_scale(look.mode)[-3][1], "width": 1.5 + 6 * weight},
            opacity=0.25 + 0.75 * weight,
        )
    _keys(figure, keys, key_names, dict(looks), look, roles[1])
    _queries(figure, queries, query_names, chosen, look, roles[0])
    _names(figure, queries, keys, query_names, key_names, chosen, dict(looks), look)
    for update, title in ((figure.update_xaxes, axes[0]), (figure.update_yaxes, axes[1])):
        update(
            title_text=label(title),
            showgrid=False,
            zeroline=False,
            showticklabels=False,
            title_font={"color": QUIET[look.mode]},
        )
    figure.update_layout(
        dragmode=False, legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "reversed"}
    )
    return finish(figure, look, height=480).update_layout(margin={"l": 32, "b": 40})


def _keys(
    figure: go.Figure, keys: np.ndarray, names: Sequence[str], weights: dict[int, float], look: Look, role: str
) -> None:
    """Rings; those that are looked at in ink."""
    figure.add_scatter(
        x=keys[:, 0],
        y=keys[:, 1],
        mode="markers",
        name=label(role),
        marker={
            "symbol": "circle-open",
            "size": 12,
            "color": [INK[look.mode] if i in weights else QUIET[look.mode] for i in range(len(keys))],
            "line": {"width": 2.5},
        },
        text=[label(name) for name in names],
        hovertemplate=f"{label(role)}: %{{text}}<extra></extra>",
    )


def _queries(figure: go.Figure, queries: np.ndarray, names: Sequence[str], chosen: int, look: Look, role: str) -> None:
    """Filled marks; the chosen one larger."""
    colour = attention_scale(look.mode)[-3][1]
    figure.add_scatter(
        x=queries[:, 0],
        y=queries[:, 1],
        mode="markers",
        name=label(role),
        marker={
            "size": [17 if i == chosen else 8 for i in range(len(queries))],
            "color": colour,
            "opacity": [1 if i == chosen else 0.55 for i in range(len(queries))],
            "line": {"width": 0},
        },
        text=[label(name) for name in names],
        hovertemplate=f"{label(role)}: %{{text}}<extra></extra>",
    )


def _names(
    figure: go.Figure,
    queries: np.ndarray,
    keys: np.ndarray,
    query_names: Sequence[str],
    key_names: Sequence[str],
    chosen: int,
    weights: dict[int, float],
    look: Look,
) -> None:
    """Names beside the marks: the chosen query and its keys in ink, other keys in grey while they are few; each on its
    freest side.
    """
    wanted = [(queries[chosen], f"<b>{label(query_names[chosen])}</b>", True)]
    wanted += [
        (keys[i], label(name), i in weights)
        for i, name in enumerate(key_names)
        if i in weights or len(key_names) <= MAX_NAMED_KEYS
    ]
    marks = np.concatenate([queries, keys])
    span = np.maximum(np.ptp(marks, axis=0), 1e-9)
    sides = _sides(np.array([point for point, *_ in wanted]) / span, marks / span)
    for ink in (False, True):
        named = [i for i, (*_, strong) in enumerate(wanted) if strong == ink]
        if named:
            figure.add_scatter(
                x=[wanted[i][0][0] for i in named],
                y=[wanted[i][0][1] for i in named],
                mode="markers+text",
                marker={"size": 18, "color": "rgba(0,0,0,0)"},
                text=[wanted[i][1] for i in named],
                textposition=[sides[i] for i in named],
                textfont={"size": 16 if ink else 13, "color": INK[look.mode] if ink else QUIET[look.mode]},
                hoverinfo="skip",
                showlegend=False,
                cliponaxis=False,
            )


def _sides(points: np.ndarray, marks: np.ndarray) -> list[str]:
    """For each name the side with the fewest marks and earlier names close by, in units of the picture."""
    steps = np.array([(0, 0.05), (0, -0.05), (0.06, 0), (-0.06, 0)])
    occupied, chosen = list(marks), []
    for point in points:
        crowd = [
            sum(float(np.exp(-(((at - point - step) / (0.07, 0.035)) ** 2).sum())) for at in occupied) for step in steps
        ]
        best = int(np.argmin(crowd))
        chosen.append(_TEXT_SIDES[best])
        occupied += [point + steps[best]] * 3
    return chosen
