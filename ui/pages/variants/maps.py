"""What the pictures of several variants share: the part of a head that is drawn, its weights, two figures abreast."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.figures.grid import grid
from core.figures.theme import label

from ...explorer.token_pickers import WINDOW, window
from ...shell.charts import chart, look
from ...shell.numbers import exact as share
from .link import HeadSetup

_ROW_PIXELS, _BESIDE_PIXELS, _LEGEND_PIXELS = 20, 160, 52
"""Height of a row; of the words and the legend together; of the legend alone."""


def side_by_side(left: go.Figure, right: go.Figure, titles: tuple[str, str], key: str) -> None:
    """Draw two figures of one height under their titles; on a phone one stands below the other."""
    height = max(figure.layout.yaxis.range[0] for figure in (left, right)) * _ROW_PIXELS * look().size + _BESIDE_PIXELS
    for column, figure, title, name in zip(st.columns(2), (left, right), titles, ("left", "right"), strict=True):
        with column:
            st.markdown(f"**{title}**")
            chart(
                figure.update_layout(
                    height=height, margin_b=_LEGEND_PIXELS * look().size, xaxis_title=None, yaxis_title=None
                ),
                key=f"{key}_{name}",
            )


def pieces_of(setup: HeadSetup, rows: range, columns: range) -> tuple[list[str], list[str]]:
    """The pieces of the rows and of the columns that are drawn."""
    query, key = setup.sides
    return [query.pieces[i] for i in rows], [key.pieces[j] for j in columns]


def drawn_ranges(setup: HeadSetup) -> tuple[range, range]:
    """Rows and columns that are drawn: all of a short text, a part of a long one."""
    query, key = setup.sides
    columns = window(key, 0)
    return (columns if setup.square else range(min(WINDOW, len(query.pieces)))), columns


def weight_map(setup: HeadSetup, values: np.ndarray, rows: range, columns: range) -> go.Figure:
    """The figure of ``values`` (query, key), weights over words on the scale 0 … 1."""
    queries, keys = pieces_of(setup, rows, columns)
    part = values[np.ix_(rows, columns)]
    hover = [
        [f"{label(query)} → {label(key)} = {share(float(part[i, j]))}" for j, key in enumerate(keys)]
        for i, query in enumerate(queries)
    ]
    return grid(part, queries, keys, look=look(), hover=hover, reach=1.0)
