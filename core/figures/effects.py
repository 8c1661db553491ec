"""Does a head that looks there also matter there? One point per head: how much it looks, and how much its loss moves
the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import INK, QUIET, Look, attention_scale, finish, label, share_ticks

_NAMED_HEADS = 5  # heads that are named in the picture


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
    """looks (layer, head) 0 … 1; changes (layer, head) nats, signed. The points farthest out are named; each has
    customdata [layer, head] from 0.
    """
    heads = list(np.ndindex(looks.shape))
    x, y = looks.ravel(), changes.ravel()
    far = {heads[i] for i in (*np.argsort(-np.abs(y))[:_NAMED_HEADS].tolist(), *np.argsort(-x)[:_NAMED_HEADS].tolist())}
    names = [f"{prefix}{layer + 1}·{head + 1}" for layer, head in heads]
    texts = [
        f"{name}: {look.share(weight, 1)}, {look.number(change, 2, signed=True)}"
        for name, weight, change in zip(names, x, y, strict=True)
    ]
    figure = go.Figure(
        go.Scatter(
            x=x,
            y=y,
            mode="markers+text",
            customdata=heads,
            text=[name if head in far else "" for name, head in zip(names, heads, strict=True)],
            textposition="middle right",
            textfont={"size": 13, "color": INK[look.mode]},
            hovertext=texts,
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
            cliponaxis=False,
            marker={
                "size": 11,
                "color": [
                    attention_scale(look.mode)[-3][1] if head not in chosen else INK[look.mode] for head in heads
                ],
                "line": {"width": 1, "color": INK[look.mode]},
            },
        )
    )
    right = max(1e-6, float(np.nanmax(x, initial=0.0)))
    figure.add_hline(y=0, line={"color": QUIET[look.mode], "width": 1})
    figure.update_xaxes(
        title_text=label(x_title),
        gridcolor="rgba(128,128,128,0.25)",
        zeroline=False,
        range=[-0.03 * right, 1.15 * right],  # points and names stand clear of the ticks
        **share_ticks(0.0, right, look),
    )
    figure.update_yaxes(title_text=label(y_title), gridcolor="rgba(128,128,128,0.25)", zeroline=False)
    return finish(figure, look, height=420).update_layout(dragmode=False)
