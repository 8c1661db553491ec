"""The ladder of evidence: one row per rung, each on its own scale, the true noun beside the other one and both beside
the random twin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from .theme import INK, QUIET, Look, attention_scale, finish, label


@dataclass(frozen=True)
class Step:
    """One rung as drawn: its name, its unit, a value per candidate (None: not to be had), those of the random twin;
    causal ones are outlined.
    """

    name: str
    unit: str
    values: Sequence[float] | None
    null: Sequence[float] | None
    causal: bool


def ladder_bars(
    steps: Sequence[Step],
    candidates: Sequence[str],
    gold: int,
    *,
    look: Look,
    null: str,
    gold_note: str,
    other_note: str,
) -> go.Figure:
    """Horizontal bars from 0; the true noun filled, the others pale. ``null``: what the dotted marks of the random twin
    are called; ``gold_note``, ``other_note``: what the legend calls the filled and the pale bars.

    A rung outlined in ink is causal: something was changed and the answer fell. Every rung has a scale of its own, from
    0 both ways, since their units differ.
    """
    figure = make_subplots(
        len(steps),
        1,
        vertical_spacing=0.07,
        subplot_titles=[f"{label(step.name)} · {label(step.unit)}" for step in steps],
    )
    for row, step in enumerate(steps, 1):
        if step.values is not None:
            _bars(figure, row, step, step.values, candidates, gold, look, gold_note)
            _null(figure, row, step, candidates, look, null)
            _numbers(figure, row, step, step.values, look)
        _axes(figure, row, step, candidates, gold, look)
    titles = {"x": 0, "xanchor": "left", "font": {"size": 15, "color": INK[look.mode]}}
    figure.update_annotations(titles, selector={"xref": "paper", "yref": "paper"})
    _legend(figure, look, {gold_note: True, other_note: False}, null if any(step.null for step in steps) else "")
    figure.update_layout(barmode="group", legend={"orientation": "h", "y": 1.04, "yanchor": "bottom", "x": 0})
    return finish(figure, look, height=92 + 118 * len(steps)).update_layout(margin={"t": 72})


def _tones(look: Look) -> tuple[str, str]:
    """(of the true noun, of the others)."""
    return attention_scale(look.mode)[-3][1], attention_scale(look.mode)[3][1]


def _legend(figure: go.Figure, look: Look, notes: dict[str, bool], null: str) -> None:
    """What a filled bar, a pale one and a dotted mark stand for."""
    strong, pale = _tones(look)
    for note, filled in notes.items():
        square = {"symbol": "square", "size": 12, "color": strong if filled else pale}
        figure.add_scatter(x=[None], y=[None], mode="markers", marker=square, name=label(note))
    if null:
        dots = {"color": QUIET[look.mode], "width": 2, "dash": "dot"}
        figure.add_scatter(x=[None], y=[None], mode="lines", line=dots, name=label(null))


def _numbers(figure: go.Figure, row: int, step: Step, values: Sequence[float], look: Look) -> None:
    """The numbers stand in a column of their own at the right, where no mark of the twin can cross them."""
    for index, value in enumerate(values):
        figure.add_annotation(
            x=1, xref="x domain", xanchor="right", y=index, text=look.number(value, 3), showarrow=False, row=row, col=1
        )


def _bars(
    figure: go.Figure,
    row: int,
    step: Step,
    values: Sequence[float],
    candidates: Sequence[str],
    gold: int,
    look: Look,
    note: str,
) -> None:
    strong, pale = _tones(look)
    figure.add_trace(
        go.Bar(
            y=list(range(len(candidates))),
            x=list(values),
            orientation="h",
            width=0.7,
            marker={
                "color": [strong if i == gold else pale for i in range(len(candidates))],
                "line": {"color": INK[look.mode], "width": 2 if step.causal else 0},
            },
            cliponaxis=False,
            showlegend=False,
            customdata=[
                (label(name) + (f" · {label(note)}" if i == gold else ""), look.number(value, 4))
                for i, (name, value) in enumerate(zip(candidates, values, strict=True))
            ],
            hovertemplate=f"{label(step.name)} → %{{customdata[0]}}: %{{customdata[1]}} "
            f"{label(step.unit)}<extra></extra>",
        ),
        row,
        1,
    )


def _null(figure: go.Figure, row: int, step: Step, candidates: Sequence[str], look: Look, null: str) -> None:
    """The random twin's values as thin dotted marks."""
    if step.null is None:
        return
    for index, value in enumerate(step.null):
        figure.add_trace(
            go.Scatter(
                x=[value, value],
                y=[index - 0.42, index + 0.42],
                mode="lines",
                showlegend=False,
                line={"color": QUIET[look.mode], "width": 2, "dash": "dot"},
                hovertemplate=f"{label(null)}, {label(candidates[index])}: {look.number(value, 4)}<extra></extra>",
            ),
            row,
            1,
        )


def _axes(figure: go.Figure, row: int, step: Step, candidates: Sequence[str], gold: int, look: Look) -> None:
    names = [f"<b>{label(name)}</b>" if i == gold else label(name) for i, name in enumerate(candidates)]
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=names,
        range=[len(names) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
        row=row,
        col=1,
    )
    values = [*(step.values or ()), *(step.null or ())]
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    room = (high - low or 1) * 0.24  # for the numbers at the right
    figure.update_xaxes(
        range=[low, high + room],
        showgrid=False,
        zeroline=True,
        zerolinecolor=QUIET[look.mode],
        showticklabels=False,
        row=row,
        col=1,
    )
