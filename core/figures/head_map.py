"""One number per head, layer × head: how often a head is right, against chance; a click on a cell chooses the head."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from .theme import INK, Look, finish, ramps


def head_map(
    share: np.ndarray,
    *,
    chosen: tuple[int, int] | None,
    chance: float,
    look: Look,
    layer: str,
    head: str,
    prefix: str,
    note: str,
) -> go.Figure:
    """share: (layer, head) of right sentences, 0 … 1. Diverging about ``chance``: the page's own colour there.

    The cells are a heatmap, which returns no clicks; transparent squares over them do, each with customdata [layer,
    head] from 0."""
    layers, heads = share.shape
    tones = ramps()["difference"][look.mode]
    reach = max(chance, 1 - chance)
    figure = go.Figure(
        go.Heatmap(
            z=share,
            zmin=chance - reach,
            zmax=chance + reach,
            colorscale=[(0, tones["less"]), (0.5, "rgba(128,128,128,0.06)"), (1, tones["more"])],
            xgap=2,
            ygap=2,
            hoverinfo="skip",
            colorbar={
                "thickness": 10,
                "outlinewidth": 0,
                "tickvals": [0, chance, 1],
                "ticktext": [f"{round(100 * value)}{look.percent}" for value in (0, chance, 1)],
            },
        )
    )
    places = [(i, j) for i in range(layers) for j in range(heads)]
    figure.add_scatter(
        x=[j for _, j in places],
        y=[i for i, _ in places],
        mode="markers",
        customdata=places,
        marker={"symbol": "square", "size": 26, "color": "rgba(0,0,0,0)"},
        text=[f"{prefix}{i + 1}·{j + 1}: {look.share(share[i, j], 1)} {note}" for i, j in places],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    if chosen is not None:
        i, j = chosen
        figure.add_shape(
            type="rect", x0=j - 0.48, x1=j + 0.48, y0=i - 0.48, y1=i + 0.48, line={"color": INK[look.mode], "width": 3}
        )
    figure.update_yaxes(
        autorange="reversed",
        title_text=layer,
        tickvals=_ticks(layers),
        ticktext=[f"{prefix}{i + 1}" for i in _ticks(layers)],
        showgrid=False,
        zeroline=False,
    )
    figure.update_xaxes(
        title_text=head,
        tickvals=_ticks(heads),
        ticktext=[str(i + 1) for i in _ticks(heads)],
        showgrid=False,
        zeroline=False,
        side="top",
    )
    figure.update_layout(dragmode=False)
    return finish(figure, look, height=110 + 40 * layers)


def _ticks(size: int) -> list[int]:
    """At most about twelve ticks."""
    return list(range(0, size, -(-size // 12)))
