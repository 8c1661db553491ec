"""Bars of a few words' probabilities at one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from .theme import Look, attention_scale, finish, label

TICKS = (0, 50, 100)


def probability_bars(
    probabilities: Mapping[str, float | None], *, right: Sequence[str], look: Look, right_note: str, unknown_note: str
) -> go.Figure:
    """Horizontal bars on 0 … 100 %, in the given order; right words filled and named, others outlined.

    A word that the vocabulary does not have whole (None) is listed with ``unknown_note`` and no bar.
    """
    colour = attention_scale(look.mode)[-3][1]
    names = [label(word) + (f" · {label(right_note)}" if word in right else "") for word in probabilities]
    values = [100 * (value or 0) for value in probabilities.values()]
    texts = [label(unknown_note) if value is None else f"%{{x:.1f}}{look.percent}" for value in probabilities.values()]
    figure = go.Figure(
        go.Bar(
            y=list(range(len(names))),
            x=values,
            orientation="h",
            texttemplate=texts,
            textposition="outside",
            cliponaxis=False,
            marker={
                "color": [colour if word in right else "rgba(0,0,0,0)" for word in probabilities],
                "line": {"color": colour, "width": 1.5},
            },
            hovertemplate=f"%{{customdata}}: %{{x:.4f}}{look.percent}<extra></extra>",
            customdata=names,
        )
    )
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, autorange="reversed", showgrid=False)
    figure.update_xaxes(
        range=[0, 112], tickvals=TICKS, ticktext=[f"{n}{look.percent}" for n in TICKS], showgrid=False, zeroline=False
    )
    return finish(figure, look, height=60 + 44 * len(names))


def prediction_bars(predictions: Sequence[tuple[str, float]], *, look: Look) -> go.Figure:
    """What is expected at one place: (piece, probability 0 … 1), most probable first, as compact bars on 0 … 100 %."""
    colour = attention_scale(look.mode)[-3][1]
    shares = [100 * probability for _, probability in predictions]
    small = f"< {look.share(0.001, 1)}"
    texts = [small if share < 0.1 else f"%{{x:.1f}}{look.percent}" for share in shares]
    figure = go.Figure(
        go.Bar(
            y=list(range(len(shares))),
            x=shares,
            orientation="h",
            texttemplate=texts,
            textposition="outside",
            cliponaxis=False,
            marker={"color": colour},
            hovertemplate=f"%{{customdata}}: %{{x:.4f}}{look.percent}<extra></extra>",
            customdata=[label(piece) for piece, _ in predictions],
        )
    )
    figure.update_yaxes(
        tickvals=list(range(len(shares))),
        ticktext=[label(piece) for piece, _ in predictions],
        autorange="reversed",
        showgrid=False,
    )
    figure.update_xaxes(range=[0, 118], visible=False)
    return finish(figure, look, height=24 + 30 * len(shares)).update_layout(margin={"t": 8, "b": 8})
