"""Measured shares with their intervals against chance, by condition: what the bench and the verdict show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from ..intervals import Estimate
from .theme import INK, QUIET, Look, attention_scale, finish, label, ramps

SeriesKind = Literal["look", "choice", "contrast", "knockout", "twin", "rule"]
_SYMBOLS: dict[SeriesKind, str] = {
    "look": "circle",
    "choice": "diamond",
    "contrast": "diamond-open",
    "knockout": "square-open",
    "twin": "circle-open",
    "rule": "line-ew-open",
}


@dataclass(frozen=True)
class Series:
    """One measure over the conditions: its name, how it is marked, an estimate per condition (None: not measured)."""

    name: str
    mark: SeriesKind
    values: Sequence[Estimate | None]


def estimate_chart(
    conditions: Sequence[str],
    series: Sequence[Series],
    *,
    chance: float,
    luck: Sequence[float | None],
    look: Look,
    chance_note: str,
    luck_note: str,
) -> go.Figure:
    """Shares 0 … 1 with whiskers of 95 %, one column per condition; series stand side by side.

    chance: the dashed line. luck: per condition, what the best of as many heads would show by luck alone (thin dashed
    marks)."""
    figure = go.Figure()
    width = 0.7 / max(1, len(series))
    figure.add_hline(
        y=chance,
        line={"color": QUIET[look.mode], "width": 1.5, "dash": "dash"},
        annotation={
            "text": label(chance_note),
            "font": {"color": QUIET[look.mode], "size": 13},
            "xanchor": "right",
            "yanchor": "top",
        },
    )
    _luck(figure, luck, look, luck_note)
    for index, measured in enumerate(series):
        _series(figure, measured, width * (index - (len(series) - 1) / 2), look)
    figure.update_xaxes(
        tickvals=list(range(len(conditions))),
        ticktext=[label(name) for name in conditions],
        range=[-0.5, len(conditions) - 0.5],
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        range=[-0.02, 1.06],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=[f"{n}{look.percent}" for n in (0, 25, 50, 75, 100)],
        gridcolor="rgba(128,128,128,0.25)",
        zeroline=False,
    )
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return finish(figure, look, height=400)


def colour_of(mark: SeriesKind, look: Look) -> str:
    """One colour per measure, everywhere: looks as attention, choices warm, what was proved in ink, nulls grey."""
    colours = {
        "look": attention_scale(look.mode)[-3][1],
        "choice": ramps()["difference"][look.mode]["more"],
        "contrast": ramps()["difference"][look.mode]["more"],
        "knockout": INK[look.mode],
    }
    return colours.get(mark, QUIET[look.mode])


def _series(figure: go.Figure, series: Series, shift: float, look: Look) -> None:
    points = [
        (column, estimate, estimate.value)
        for column, estimate in enumerate(series.values)
        if estimate is not None and estimate.value is not None
    ]
    figure.add_scatter(
        x=[column + shift for column, *_ in points],
        y=[value for *_, value in points],
        mode="markers",
        name=label(series.name),
        marker={
            "size": 11,
            "symbol": _SYMBOLS[series.mark],
            "color": colour_of(series.mark, look),
            "line": {"width": 2, "color": colour_of(series.mark, look)},
        },
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [(estimate.high or value) - value for _, estimate, value in points],
            "arrayminus": [0 if estimate.low is None else value - estimate.low for _, estimate, value in points],
            "thickness": 2,
            "width": 5,
        },
        hovertext=[f"{label(series.name)}: {_interval(estimate, value, look)}" for _, estimate, value in points],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _interval(estimate: Estimate, value: float, look: Look) -> str:
    """``75,0 % (61,2 % – 85,4 %, n = 48)``."""
    share = look.share(value, 1)
    if estimate.low is None or estimate.high is None:
        return f"{share}, n = {estimate.n}"
    return f"{share} ({look.share(estimate.low, 1)} – {look.share(estimate.high, 1)}, n = {estimate.n})"


def _luck(figure: go.Figure, luck: Sequence[float | None], look: Look, note: str) -> None:
    """The best-of-many chance line, a dotted step over each condition."""
    x: list[float | None] = []
    y: list[float | None] = []
    for column, value in enumerate(luck):
        if value is not None:
            x += [column - 0.45, column + 0.45, None]
            y += [value, value, None]
    if x:
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            name=label(note),
            line={"color": QUIET[look.mode], "width": 2, "dash": "dot"},
            hovertext=["" if value is None else f"{label(note)}: {look.share(value, 1)}" for value in y],
            hovertemplate="%{hovertext}<extra></extra>",
        )
