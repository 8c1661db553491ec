"""Plotly on a page: the theme of the moment, and one set of options for every chart."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.figures.theme import Look

from .locale import language, t
from .modes import size
from .numbers import decimal_sign

CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"]}


def config() -> dict[str, Any]:
    """The options of a chart, the names of its tools in the visitor's language."""
    names = {
        "Download plot as a PNG": t("Download the chart as a PNG"),
        "Zoom": t("Zoom"),
        "Pan": t("Move"),
        "Zoom in": t("Closer"),
        "Zoom out": t("Farther"),
        "Reset axes": t("The whole chart again"),
        "Double-click to zoom back out": t("Double-click to see the whole chart again"),
    }
    return {**CONFIG, "locale": language(), "locales": {language(): {"dictionary": names, "format": {}}}}


def look() -> Look:
    """The visitor's theme now, and the decimal sign of the language."""
    return Look("dark" if st.context.theme.type == "dark" else "light", decimal_sign(), size())


def chart(figure: go.Figure, *, key: str, tools: bool = True) -> None:
    """Draw a figure of ours as it is (its colours are already the theme's). tools: the bar of buttons over it, which on
    a phone lies on the figure.
    """
    st.plotly_chart(figure, key=key, theme=None, config=config() | ({} if tools else {"displayModeBar": False}))
