"""Two possibilities that share 100 %: one stacked bar per sentence, the true one filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from .theme import INK, QUIET, Look, attention_scale, finish, label

_HALF = 0.23  # of the height of a bar, where rows are 1 apart


@dataclass(frozen=True)
class ShareBar:
    """One bar: its question, the true possibility and its share 0 … 1 (None: not measured), the other one."""

    name: str
    right: str
    share: float | None
    other: str


def split_bars(splits: Sequence[ShareBar], *, look: Look, unknown_note: str, chance_note: str) -> go.Figure:
    """Horizontal bars on 0 … 100 %, in the given order; a dashed line at one half of each, which no writing crosses."""
    scale = attention_scale(look.mode)
    known = [(row, split, split.share) for row, split in enumerate(splits) if split.share is not None]
    figure = go.Figure()
    for filled in (True, False):
        figure.add_bar(
            y=[row for row, *_ in known],
            x=[100 * (share if filled else 1 - share) for *_, share in known],
            orientation="h",
            width=2 * _HALF,
            marker={"color": scale[-3][1] if filled else scale[2][1], "line": {"width": 0}},
            showlegend=False,
            customdata=[label(split.right if filled else split.other) for _, split, _ in known],
            hovertemplate=f"%{{customdata}}: %{{x:.2f}}{look.percent}<extra></extra>",
        )
    for row in range(len(splits)):
        figure.add_shape(
            type="line",
            x0=50,
            x1=50,
            y0=row - _HALF,
            y1=row + _HALF + (0.05 if row == len(splits) - 1 else 0),  # as far as its name, below the last bar
            line={"color": QUIET[look.mode], "width": 1.5, "dash": "dash"},
        )
    for row, split in enumerate(splits):
        text = (
            label(unknown_note)
            if split.share is None
            else f"<b>{label(split.right)}</b> {_percent(split.share, look)} · "
            f"{label(split.other)} {_percent(1 - split.share, look)}"
        )
        figure.add_annotation(
            x=0,
            y=row - 0.26,
            text=f"{label(split.name)}  {text}",
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            font={"color": INK[look.mode], "size": 15},
        )
    figure.add_annotation(
        x=50,
        y=len(splits) - 0.68,
        text=label(chance_note),
        showarrow=False,
        yanchor="top",
        font={"color": QUIET[look.mode], "size": 13},
    )
    figure.update_layout(barmode="stack")
    figure.update_yaxes(visible=False, range=[len(splits) - 0.35, -0.75])
    figure.update_xaxes(visible=False, range=[0, 100])
    return finish(figure, look, height=100 + 66 * len(splits))


def _percent(share: float, look: Look) -> str:
    """As people read it; never 100 for a little less, never 0 for a little more."""
    rounded = f"{100 * share:.0f}"
    if 0 < share < 1 and rounded in ("0", "100"):
        rounded = "&lt;1" if rounded == "0" else "&gt;99"
    return rounded + look.percent
