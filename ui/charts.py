"""Plotly on a page: the theme of the moment, and one set of options for every chart."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from core.figures.theme import Mode

CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"]}


def mode() -> Mode:
    """Whether the visitor's page is light or dark now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def chart(figure: go.Figure, *, key: str) -> None:
    """Draw a figure of ours as it is (its colours are already the theme's)."""
    st.plotly_chart(figure, key=key, theme=None, config=CONFIG)
