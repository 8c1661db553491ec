"""A curve of training: the loss against the tokens read."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from .theme import QUIET, Look, attention_scale, finish, label


def loss_curve(tokens: Sequence[int], loss: Sequence[float], *, look: Look, x_title: str, y_title: str) -> go.Figure:
    """Loss in nats against millions of tokens; the dots are the reports, the line their running mean over nine of
    them.
    """
    millions = [value / 1e6 for value in tokens]
    figure = go.Figure()
    figure.add_scatter(
        x=millions, y=list(loss), mode="markers", marker={"size": 3, "color": QUIET[look.mode]}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=millions,
        y=smooth(loss),
        mode="lines",
        line={"width": 3, "color": attention_scale(look.mode)[-3][1]},
        hovertemplate=f"%{{x:.2f}} M · %{{y:.2f}} {label(y_title)}<extra></extra>",
    )
    figure.update_xaxes(title_text=label(x_title), rangemode="tozero", showgrid=False)
    figure.update_yaxes(title_text=label(y_title), gridcolor="rgba(128,128,128,0.25)", zeroline=False)
    figure.update_layout(showlegend=False)
    return finish(figure, look, height=300)


def smooth(values: Sequence[float], reach: int = 4) -> list[float]:
    """Running mean over ``reach`` neighbours on each side, fewer at the ends."""
    windows = (values[max(0, i - reach) : i + reach + 1] for i in range(len(values)))
    return [sum(window) / len(window) for window in windows]
