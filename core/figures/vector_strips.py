"""Vectors as rows of thin bars: one number each, up positive, down negative, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import Look, finish, label, ramps

_STRIP = 96  # pixels


def vector_strips(vectors: np.ndarray, names: Sequence[str], *, look: Look) -> go.Figure:
    """vectors (word, model), any unit; one strip for each, with its name before it, in the order given."""
    reach = float(np.abs(vectors).max(initial=0)) or 1.0
    tones = ramps()["difference"][look.mode]
    figure = go.Figure()
    for row, vector in enumerate(vectors):
        base = -2.2 * row * reach
        figure.add_bar(
            x=list(range(len(vector))),
            y=vector.tolist(),
            base=base,
            width=1,
            marker={"color": [tones["more" if value > 0 else "less"] for value in vector], "line": {"width": 0}},
            hoverinfo="skip",
            showlegend=False,
        )
    figure.update_yaxes(
        tickvals=[-2.2 * row * reach for row in range(len(names))],
        ticktext=[f"<b>{label(name)}</b>" for name in names],
        range=[-(2.2 * (len(names) - 1) + 1.1) * reach, 1.1 * reach],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_xaxes(visible=False, range=[-1, vectors.shape[1]], fixedrange=True)
    figure.update_layout(barmode="overlay", bargap=0)
    return finish(figure, look, height=_STRIP * len(names) + 24).update_layout(dragmode=False, margin={"t": 8, "b": 8})
