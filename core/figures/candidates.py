"""Small layer × head maps, one per candidate and sentence: how much each head looks at it from one word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from .theme import INK, QUIET, Look, Mode, attention_scale, finish, label


def candidate_maps(
    weights: Sequence[np.ndarray],
    queries: Sequence[str],
    candidates: Sequence[str],
    *,
    gold: Sequence[int],
    look: Look,
    layer: str,
    head: str,
    prefix: str,
    gold_note: str,
) -> go.Figure:
    """One row of maps per candidate, one column per sentence, all on one scale from 0 to the largest weight shown.

    weights: per sentence (layer, head, candidate). gold: per sentence the candidate that the sentence means; its
    title is in ink and says ``gold_note``. layer, head: axis titles; prefix: of a layer's name (C or L).
    """
    cells = [(row, column) for row in range(len(candidates)) for column in range(len(queries))]
    titles = [_title(queries[c], candidates[r], gold_note if r == gold[c] else "", look.mode) for r, c in cells]
    layers, heads = weights[0].shape[:2]
    height = 120 + len(candidates) * (44 + 24 * layers)
    figure = make_subplots(
        len(candidates),
        len(queries),
        subplot_titles=titles,
        shared_xaxes=True,
        shared_yaxes=True,
        horizontal_spacing=0.05,
        vertical_spacing=36 / height,
    )
    top = 100 * max(float(w.max()) for w in weights)
    for r, c in cells:
        figure.add_trace(
            _map(100 * weights[c][..., r], queries[c], candidates[r], top, look, prefix, r + c == 0), r + 1, c + 1
        )
    figure.update_yaxes(
        autorange="reversed",
        tickvals=_ticks(layers),
        ticktext=[f"{prefix}{i + 1}" for i in _ticks(layers)],
        showgrid=False,
        zeroline=False,
    )
    figure.update_xaxes(
        tickvals=_ticks(heads), ticktext=[str(i + 1) for i in _ticks(heads)], showgrid=False, zeroline=False
    )
    figure.update_yaxes(title_text=layer, col=1)
    figure.update_xaxes(title_text=head, row=len(candidates))
    return finish(figure, look, height=height)


def _title(query: str, candidate: str, note: str, mode: Mode) -> str:
    text = f"{label(query)} → {label(candidate)}"
    return f"<b>{text}</b> · {label(note)}" if note else f'<span style="color:{QUIET[mode]}">{text}</span>'


def _map(values: np.ndarray, query: str, candidate: str, top: float, look: Look, prefix: str, bar: bool) -> go.Heatmap:
    """One layer × head map in percent."""
    names = [[f"{prefix}{i + 1}·{j + 1}" for j in range(values.shape[1])] for i in range(values.shape[0])]
    return go.Heatmap(
        z=values,
        zmin=0,
        zmax=top,
        colorscale=attention_scale(look.mode),
        xgap=1,
        ygap=1,
        showscale=bar,
        customdata=names,
        colorbar={
            "thickness": 10,
            "outlinewidth": 0,
            "ticksuffix": look.percent,
            "tickfont": {"color": INK[look.mode]},
        },
        hovertemplate=f"%{{customdata}}: {label(query)} → {label(candidate)} %{{z:.2f}}{look.percent}<extra></extra>",
    )


def _ticks(size: int) -> list[int]:
    """At most about twelve ticks."""
    return list(range(0, size, -(-size // 12)))
