"""The residual stream in pictures: a river that its parts flow into, a vector before and after its norm, stripes of
positions, growing distances.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import INK, QUIET, Look, attention_scale, finish, label, ramps


def river(
    shares: Sequence[float],
    names: Sequence[str],
    tones: Sequence[int],
    hover: Sequence[str],
    flow: Sequence[str],
    *,
    look: Look,
    end: str,
) -> go.Figure:
    """A Sankey of additions: every part flows into the stream, whose width is what all parts so far are of the last
    vector. shares: of the last vector, they sum to 1;
    tones: of the head colours, one per part; hover: one text per part, flow: one per piece of the stream (n − 1),
    already escaped by `label`; end: name of the last vector.

    Drawn here: Plotly's own Sankey orders the flows itself, so that some cross, and writes names over them.
    """
    n = len(shares)
    height = max(460, 240 + 22 * n)
    room = 18 / (height - 24 - 18 * (n - 1))  # between two parts, in shares of the whole
    colours, stream = ramps()["heads"][look.mode], attention_scale(look.mode)[2][1]
    parts = [colours[tone % len(colours)] for tone in tones]
    widths = np.cumsum(shares)
    starts = widths - shares + room * np.arange(n)  # upper edges of the parts
    tops = room * np.arange(n) / 2  # of the stream: in the middle of what has flowed in
    figure = go.Figure()
    for k in range(1, n):
        before = widths[k - 1]
        _band(figure, (k - 1, k), (tops[k - 1], tops[k]), before, _pale(stream), flow[k - 1])
        _band(figure, (0, k), (starts[k], tops[k] + before), shares[k], _pale(parts[k]), hover[k])
    for k in range(n):
        _bar(figure, 0, starts[k], shares[k], parts[k], hover[k])
    for k in range(1, n):
        _bar(figure, k, tops[k], widths[k], stream, flow[k] if k < len(flow) else "")
    middles = [float(start + share / 2) for start, share in zip(starts, shares, strict=True)]
    figure.update_yaxes(
        tickvals=middles,
        ticktext=[label(name) for name in names],
        range=[1 + room * (n - 1) + 0.01, -0.01],
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    figure.update_xaxes(range=[-0.1, max(1, n - 1) + 0.1], visible=False)
    figure.add_annotation(
        text=label(end), x=max(1, n - 1) + 0.1, xanchor="right", y=0, yanchor="top", showarrow=False, font={"size": 15}
    )
    return finish(figure, look, height=height).update_layout(dragmode=False, margin={"l": 8, "r": 8, "t": 12, "b": 12})


def _band(
    figure: go.Figure, x: tuple[float, float], y: tuple[float, float], width: float, colour: str, hover: str
) -> None:
    """A flow of one width from one upper edge to another, level at both ends."""
    along = np.linspace(0, 1, 25)
    across = x[0] + (x[1] - x[0]) * along
    edge = y[0] + (y[1] - y[0]) * along**2 * (3 - 2 * along)
    _area(figure, np.concatenate([across, across[::-1]]), np.concatenate([edge, edge[::-1] + width]), colour, hover)


def _bar(figure: go.Figure, x: float, top: float, width: float, colour: str, hover: str) -> None:
    _area(figure, x + np.array([-0.07, 0.07, 0.07, -0.07]), top + np.array([0, 0, width, width]), colour, hover)


def _area(figure: go.Figure, x: np.ndarray, y: np.ndarray, colour: str, hover: str) -> None:
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=colour,
        hoveron="fills",
        text=hover,
        hoverinfo="text" if hover else "skip",
        showlegend=False,
    )


def before_after(pairs: Sequence[tuple[str, np.ndarray]], *, look: Look, x_title: str, y_title: str) -> go.Figure:
    """How the numbers of one vector are spread, before a norm and after it: (name, (model,) vector) of each, in one
    histogram.
    """
    figure, low, high = (
        go.Figure(),
        min(float(vector.min()) for _, vector in pairs),
        max(float(vector.max()) for _, vector in pairs),
    )
    for (name, vector), colour in zip(pairs, (QUIET[look.mode], attention_scale(look.mode)[-3][1]), strict=False):
        figure.add_histogram(
            x=vector,
            name=label(name),
            xbins={"start": low, "end": high, "size": (high - low) / 48 or 1.0},
            opacity=0.7,
            marker={"color": colour},
        )
    figure.update_xaxes(title_text=label(x_title), zeroline=True, zerolinecolor=QUIET[look.mode], showgrid=False)
    figure.update_yaxes(title_text=label(y_title), gridcolor="rgba(128,128,128,0.25)", zeroline=False)
    figure.update_layout(barmode="overlay", legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0})
    return finish(figure, look, height=300)


def stripes(
    values: np.ndarray, *, look: Look, x_title: str, y_title: str, hover: str, square: bool = False
) -> go.Figure:
    """A table of signed numbers as stripes: (row, column), symmetric colours about 0. hover: plotly template of %{x},
    %{y} and %{text}, the number as the language writes it.
    """
    tones = ramps()["difference"][look.mode]
    end = float(np.abs(values).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=-end,
            zmax=end,
            colorscale=[(0, tones["less"]), (0.5, "rgba(128,128,128,0.06)"), (1, tones["more"])],
            text=[[look.number(float(value), 2) for value in row] for row in values],
            hovertemplate=hover + "<extra></extra>",
            showscale=False,
        )
    )
    figure.update_xaxes(title_text=label(x_title), showgrid=False, zeroline=False, constrain="domain")
    figure.update_yaxes(
        title_text=label(y_title),
        autorange="reversed",
        showgrid=False,
        zeroline=False,
        **({"scaleanchor": "x", "constrain": "domain"} if square else {}),
    )
    return finish(figure, look, height=360).update_layout(margin={"l": 64, "t": 12, "b": 48}, dragmode=False)


def distances(
    lengths: Sequence[int], lines: Sequence[tuple[str, int, Sequence[float]]], *, look: Look, x_title: str, y_title: str
) -> go.Figure:
    """A number against the words of a text on two logarithmic scales: (name, tone, values) of each network; the tone is
    its colour and its dash everywhere.
    """
    colours = ramps()["heads"][look.mode]
    figure = go.Figure()
    for name, tone, values in lines:
        figure.add_scatter(
            x=list(lengths),
            y=list(values),
            mode="lines+markers",
            name=label(name),
            line={
                "color": colours[(2 * tone + 2) % len(colours)],
                "width": 3,
                "dash": ("solid", "dash", "dot", "dashdot")[tone % 4],
            },
            hovertemplate=f"{label(name)}: %{{x}} → %{{y}}<extra></extra>",
        )
    ticks = [value for value in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024) if value <= max(lengths)]
    figure.update_xaxes(
        type="log", title_text=label(x_title), tickvals=ticks, ticktext=[str(tick) for tick in ticks], showgrid=False
    )
    figure.update_yaxes(
        type="log",
        title_text=label(y_title),
        tickvals=ticks,
        ticktext=[str(tick) for tick in ticks],
        gridcolor="rgba(128,128,128,0.25)",
    )
    figure.update_layout(
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0}, font={"color": INK[look.mode]}
    )
    return finish(figure, look, height=320)


def _pale(colour: str) -> str:
    """#rrggbb at four tenths."""
    if not colour.startswith("#"):
        return colour
    return "rgba({}, {}, {}, 0.4)".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))
