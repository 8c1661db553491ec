"""Features of a convolution over a sentence, as a heat map, and beside each row what that feature adds to the
verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from .theme import INK, QUIET, Look, attention_scale, finish, label, name_ticks, ramps

_ROW = 26  # pixels


def feature_map(
    values: np.ndarray,
    parts: np.ndarray,
    names: Sequence[str],
    words: Sequence[str],
    *,
    look: Look,
    hover: Sequence[Sequence[str]],
    part_hover: Sequence[str],
    column: int,
    titles: tuple[str, str],
) -> go.Figure:
    """values (feature, position) ≥ 0; parts (feature,) signed. column: the position with a frame. titles: of the map
    and of the bars. hover texts: already escaped.
    """
    figure = make_subplots(
        rows=1,
        cols=2,
        shared_yaxes=True,
        column_widths=[0.7, 0.3],
        horizontal_spacing=0.03,
        subplot_titles=[label(title) for title in titles],
    )
    tones = ramps()["difference"][look.mode]
    end = float(values.max(initial=0)) or 1.0
    figure.add_heatmap(
        z=values,
        zmin=0,
        zmax=end,
        colorscale=attention_scale(look.mode),
        xgap=1,
        ygap=1,
        customdata=hover,
        hovertemplate="%{customdata}<extra></extra>",
        showscale=False,
        row=1,
        col=1,
    )
    figure.add_shape(
        type="rect",
        x0=column - 0.5,
        x1=column + 0.5,
        y0=-0.5,
        y1=len(names) - 0.5,
        line={"color": INK[look.mode], "width": 2},
        row=1,
        col=1,
    )
    colour = [tones["more" if value > 0 else "less"] for value in parts]
    figure.add_bar(
        x=list(parts),
        y=list(range(len(names))),
        orientation="h",
        marker={"color": colour},
        customdata=list(part_hover),
        hovertemplate="%{customdata}<extra></extra>",
        row=1,
        col=2,
    )
    figure.update_xaxes(
        **name_ticks(words),
        tickangle=0 if len(words) <= 6 else -60,
        showgrid=False,
        zeroline=False,
        ticks="",
        row=1,
        col=1,
    )
    figure.update_xaxes(
        zeroline=True, zerolinecolor=QUIET[look.mode], gridcolor="rgba(128,128,128,0.25)", nticks=4, row=1, col=2
    )
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[label(name) for name in names],
        range=[len(names) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    for note, x in zip(figure.layout.annotations, (0, 0.72), strict=True):
        note.update(x=x, xanchor="left", font={"size": 15})
    return finish(figure, look, height=150 + _ROW * len(names)).update_layout(
        dragmode=False, showlegend=False, bargap=0.35, margin={"l": 8, "r": 8, "t": 34, "b": 12}
    )
