"""One number per word or part, as horizontal bars from 0 to either side, with what it is to be compared with as thin
marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go

from .theme import INK, PAPER, QUIET, Look, attention_scale, finish, label, ramps, share_ticks, span

_ROW = 23  # pixels
_NAME_CHARACTERS = 26  # characters of a name on one line: on a phone a longer one would leave no room for the bars


@dataclass(frozen=True, eq=False)
class NullMarks:
    """A null beside the bars: its name, one value per bar, and its sign."""

    name: str
    values: Sequence[float] | np.ndarray
    symbol: str = "line-ns-open"


def bars(
    values: Sequence[float] | np.ndarray,
    names: Sequence[str],
    *,
    look: Look,
    hover: Sequence[str],
    marks: Sequence[NullMarks] = (),
    signed: bool = False,
    strong: Sequence[int] = (),
    percent: bool = False,
    title: str = "",
    texts: Sequence[str] = (),
) -> go.Figure:
    """values: one per name, shares 0 … 1 with ``percent``. signed: two colours about 0. strong: indices of names that
    are bold. hover: already escaped by `label`. texts: a number written at the end of each bar.
    """
    rows = list(range(len(names)))
    tones = ramps()["difference"][look.mode]
    middle = 3 if look.mode == "light" else 6  # the tone of data elsewhere; the marks have a rim of the paper's colour
    plain = attention_scale(look.mode)[middle][1]
    colour = [tones["more" if value > 0 else "less"] for value in values] if signed else plain
    figure = go.Figure(
        go.Bar(
            y=rows,
            x=list(values),
            orientation="h",
            marker={"color": colour},
            text=[label(text) for text in texts] or None,
            textposition="outside",
            cliponaxis=False,
            customdata=list(hover),
            hovertemplate="%{customdata}<extra></extra>",
            showlegend=False,
        )
    )
    ink, paper = INK[look.mode], PAPER[look.mode]
    for mark in marks:
        figure.add_scatter(
            x=list(mark.values),
            y=rows,
            mode="markers",
            marker={"symbol": mark.symbol, "size": 17, "color": paper, "line": {"width": 6, "color": paper}},
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            x=list(mark.values),
            y=rows,
            mode="markers",
            name=label(mark.name),
            marker={"symbol": mark.symbol, "size": 14, "color": ink, "line": {"width": 2.5, "color": ink}},
            hoverinfo="skip",
        )
    lines = [_lines(name) for name in names]
    texts = [f"<b>{'<br>'.join(line)}</b>" if row in strong else "<br>".join(line) for row, line in enumerate(lines)]
    figure.update_yaxes(
        tickvals=rows, ticktext=texts, range=[len(names) - 0.5, -0.5], showgrid=False, zeroline=False, ticks=""
    )
    figure.update_xaxes(
        zeroline=True,
        zerolinecolor=QUIET[look.mode],
        gridcolor="rgba(128,128,128,0.25)",
        title_text=label(title),
        side="bottom",
    )
    if texts:
        low, high = span(values)
        figure.update_xaxes(range=[1.25 * low, 1.25 * high])  # room for what is written
    if percent:
        figure.update_xaxes(share_ticks(*span(values, *(mark.values for mark in marks)), look))
    figure.update_layout(
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0}, barmode="overlay", bargap=0.35
    )
    return finish(
        figure, look, height=110 + round(_ROW * len(names) * (1 + 0.6 * (max(map(len, lines), default=1) - 1)))
    ).update_layout(dragmode=False, margin={"l": 8, "t": 34 if marks else 8})


def _lines(name: str) -> list[str]:
    """A name on as many lines as it needs, escaped."""
    return [label(name)] if len(name) <= _NAME_CHARACTERS else [label(line) for line in wrap(name, _NAME_CHARACTERS)]
