"""The residual stream in pictures: a river that its parts flow into, a vector before and after its norm, stripes of positions, growing distances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .theme import INK, QUIET, Look, attention_scale, finish, label, ramps


def river(shares: Sequence[float], names: Sequence[str], tones: Sequence[int], hover: Sequence[str], flow: Sequence[str], *, look: Look, end: str) -> go.Figure:
    """A Sankey of additions: every part flows into the stream, whose width is what all parts so far are of the last vector. shares: of the last vector, they sum to 1;
    tones: of the head colours, one per part; hover: one text per part, flow: one per piece of the stream (n − 1), already escaped by `label`; end: name of the last vector."""
    n = len(shares)
    colours = ramps()["heads"][look.mode]
    parts = [colours[tone % len(colours)] for tone in tones]
    stream = attention_scale(look.mode)[2][1]
    widths = np.cumsum(shares)
    # nodes: the parts 0 … n − 1, then the stream after each sum n … 2n − 2 (the first part is the stream's beginning)
    node = lambda place: 0 if place == 0 else n + place - 1  # noqa: E731
    source = [*range(1, n), *(node(place) for place in range(n - 1))]
    target = [*(node(place) for place in range(1, n)), *(node(place + 1) for place in range(n - 1))]
    value = [*shares[1:], *widths[:-1]]
    figure = go.Figure(
        go.Sankey(
            arrangement="snap", textfont={"color": INK[look.mode], "shadow": "none", "size": 15 * look.size},
            node={"label": [*(label(name) for name in names), *[""] * (n - 2), label(end)] if n > 1 else [label(end)], "color": [*parts, *[stream] * (n - 1)], "pad": 14, "thickness": 14,
                  "line": {"width": 0}, "customdata": [*hover, *[""] * (n - 1)], "hovertemplate": "%{customdata}<extra></extra>"},
            link={"source": source, "target": target, "value": value, "color": [*(_pale(colour) for colour in parts[1:]), *[_pale(stream)] * (n - 1)],
                  "customdata": [*hover[1:], *flow], "hovertemplate": "%{customdata}<extra></extra>", "hovercolor": QUIET[look.mode]},
        )
    )  # fmt: skip
    return finish(figure, look, height=460).update_layout(margin={"l": 8, "r": 8, "t": 12, "b": 12})


def before_after(pairs: Sequence[tuple[str, np.ndarray]], *, look: Look, x_title: str, y_title: str) -> go.Figure:
    """How the numbers of one vector are spread, before a norm and after it: (name, (model,) vector) of each, in one histogram."""
    figure, low, high = go.Figure(), min(float(vector.min()) for _, vector in pairs), max(float(vector.max()) for _, vector in pairs)
    for (name, vector), colour in zip(pairs, (QUIET[look.mode], attention_scale(look.mode)[-3][1]), strict=False):
        figure.add_histogram(x=vector, name=label(name), xbins={"start": low, "end": high, "size": (high - low) / 48 or 1.0}, opacity=0.7, marker={"color": colour})
    figure.update_xaxes(title_text=label(x_title), zeroline=True, zerolinecolor=QUIET[look.mode], showgrid=False)
    figure.update_yaxes(title_text=label(y_title), gridcolor="rgba(128,128,128,0.25)", zeroline=False)
    figure.update_layout(barmode="overlay", legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0})
    return finish(figure, look, height=300)


def stripes(values: np.ndarray, *, look: Look, x_title: str, y_title: str, hover: str, square: bool = False) -> go.Figure:
    """A table of signed numbers as stripes: (row, column), symmetric colours about 0. hover: plotly template of %{x}, %{y} and %{z}."""
    tones = ramps()["difference"][look.mode]
    end = float(np.abs(values).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(z=values, zmin=-end, zmax=end, colorscale=[(0, tones["less"]), (0.5, "rgba(128,128,128,0.06)"), (1, tones["more"])], hovertemplate=hover + "<extra></extra>", showscale=False)
    )
    figure.update_xaxes(title_text=label(x_title), showgrid=False, zeroline=False, constrain="domain")
    figure.update_yaxes(title_text=label(y_title), autorange="reversed", showgrid=False, zeroline=False, **({"scaleanchor": "x", "constrain": "domain"} if square else {}))
    return finish(figure, look, height=360).update_layout(margin={"l": 64, "t": 12, "b": 48}, dragmode=False)


def distances(lengths: Sequence[int], lines: Sequence[tuple[str, int, Sequence[float]]], *, look: Look, x_title: str, y_title: str) -> go.Figure:
    """A number against the words of a text on two logarithmic scales: (name, tone, values) of each network; the tone is its colour and its dash everywhere."""
    colours = ramps()["heads"][look.mode]
    figure = go.Figure()
    for name, place, values in lines:
        figure.add_scatter(
            x=list(lengths), y=list(values), mode="lines+markers", name=label(name), line={"color": colours[(2 * place + 2) % len(colours)], "width": 3, "dash": ("solid", "dash", "dot", "dashdot")[place % 4]},
            hovertemplate=f"{label(name)}: %{{x}} → %{{y}}<extra></extra>",
        )  # fmt: skip
    ticks = [value for value in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024) if value <= max(lengths)]
    figure.update_xaxes(type="log", title_text=label(x_title), tickvals=ticks, ticktext=[str(one) for one in ticks], showgrid=False)
    figure.update_yaxes(type="log", title_text=label(y_title), tickvals=ticks, ticktext=[str(one) for one in ticks], gridcolor="rgba(128,128,128,0.25)")
    figure.update_layout(legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0}, font={"color": INK[look.mode]})
    return finish(figure, look, height=320)


def _pale(colour: str) -> str:
    """#rrggbb at four tenths."""
    if not colour.startswith("#"):
        return colour
    return "rgba({}, {}, {}, 0.4)".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))
