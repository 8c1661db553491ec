"""Does a head that looks there also matter there? One point per head: how much it looks, and how much its loss moves
the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import INK, QUIET, Look, attention_scale, finish, label

NAMED = 5  # heads that are named in the picture


def looks_and_effects(
    looks: np.ndarray,
    changes: np.ndarray,
    *,
    chosen: Sequence[tuple[int, int]],
    look: Look,
    prefix: str,
    x_title: str,
    y_title: str,
) -> go.Figure:
    """looks (layer, head) 0 … 1; changes (layer, head) nats, signed. The points farthest from the rest are named; each
    has customdata [layer, head] from 0.
    """
    places = list(np.ndindex(looks.shape))
    x, y = looks.ravel(), changes.ravel()
    far = {places[i] for i in (*np.argsort(-np.abs(y))[:NAMED].tolist(), *np.argsort(-x)[:NAMED].tolist())}
    names = [f"{prefix}{layer + 1}·{head + 1}" for layer, head in places]
    texts = [
        f"{name}: {100 * weight:.1f}{look.percent}, {change:+.2f}".replace(".", look.decimal)
        for name, weight, change in zip(names, x, y, strict=True)
    ]
    figure = go.Figure(
        go.Scatter(
            x=100 * x,
            y=y,
            mode="markers+text",
            customdata=places,
            text=[name if place in far else "" for name, place in zip(names, places, strict=True)],
            textposition="middle right",
            textfont={"size": 13, "color": INK[look.mode]},
            hovertext=texts,
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
            cliponaxis=False,
            marker={
                "size": 11,
                "color": [
                    attention_scale(look.mode)[-3][1] if place not in chosen else INK[look.mode] for place in places
                ],
                "line": {"width": 1, "color": INK[look.mode]},
            },
        )
    )
    figure.add_hline(y=0, line={"color": QUIET[look.mode], "width": 1})
    figure.update_xaxes(
        title_text=label(x_title),
        ticksuffix=look.percent,
        gridcolor="rgba(128,128,128,0.25)",
        zeroline=False,
        rangemode="tozero",
    )
    figure.update_yaxes(title_text=label(y_title), gridcolor="rgba(128,128,128,0.25)", zeroline=False)
    return finish(figure, look, height=420).update_layout(dragmode=False)
