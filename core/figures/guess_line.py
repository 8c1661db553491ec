"""A guess on a line: what somebody said, what is true, and what chance or an untrained network would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from .theme import INK, QUIET, Look, attention_scale, finish, label

MarkKind = Literal["truth", "guess", "chance", "twin"]
_SYMBOLS: dict[MarkKind, str] = {"truth": "circle", "guess": "circle-open", "chance": "line-ns-open", "twin": "line-ns"}


@dataclass(frozen=True)
class LineMark:
    """One value on the line: its kind, its name, its number as it is written."""

    kind: MarkKind
    name: str
    value: float
    text: str


def guess_line(marks: Sequence[LineMark], least: float, most: float, *, look: Look) -> go.Figure:
    """One row for each mark, under each other so that no two names meet: the true one filled, a guess as a ring, what
    chance gives as a thin mark. The ends of the line are ``least`` and ``most``.
    """
    figure = go.Figure()
    colours = {"truth": attention_scale(look.mode)[-3][1], "guess": INK[look.mode]}
    for row, mark in enumerate(marks):
        colour = colours.get(mark.kind, QUIET[look.mode])
        figure.add_shape(
            type="line",
            x0=least,
            x1=most,
            y0=row,
            y1=row,
            layer="below",
            line={"color": "rgba(128,128,128,0.35)", "width": 2},
        )
        figure.add_scatter(
            x=[mark.value],
            y=[row],
            mode="markers",
            marker={
                "symbol": _SYMBOLS[mark.kind],
                "size": 17,
                "color": colour,
                "line": {"color": colour, "width": 3},
            },
            hovertemplate=f"{label(mark.name)}: {label(mark.text)}<extra></extra>",
            cliponaxis=False,
            showlegend=False,
        )
    figure.update_yaxes(
        tickvals=list(range(len(marks))),
        ticktext=[
            f"<b>{label(mark.name)}: {label(mark.text)}</b>"
            if mark.kind == "truth"
            else f"{label(mark.name)}: {label(mark.text)}"
            for mark in marks
        ],
        range=[len(marks) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
    )
    room = 0.04 * (most - least)
    figure.update_xaxes(range=[least - room, most + room], visible=False, fixedrange=True)
    return finish(figure, look, height=24 + 40 * len(marks)).update_layout(
        margin={"t": 8, "b": 8}, dragmode=False, showlegend=False
    )
