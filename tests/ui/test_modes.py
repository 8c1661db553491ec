"""Projector and embedded pages: larger type in figures too, and nothing of the panel where a page stands inside
another.
"""

from __future__ import annotations

import tomllib

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from core.assets import ROOT
from core.figures.theme import Look, finish
from tests.ui.test_pages import open_page


def test_figures_write_larger_on_a_projector() -> None:
    def made(size: float) -> go.Figure:
        figure = go.Figure().add_annotation(text="x", font={"size": 10})
        return finish(figure, Look("light", ",", size), height=200)

    usual, large = made(1.0), made(1.4)
    assert usual.layout.font.size == 15 and large.layout.font.size == 21
    assert large.layout.annotations[0].font.size == 14 and large.layout.height == 240


@pytest.mark.parametrize(
    ("link", "larger"), [({}, False), ({"projector": "true"}, True), ({"projector": "maybe"}, False)]
)
def test_the_link_asks_for_the_projector(link: dict[str, str], larger: bool) -> None:
    def script() -> None:
        import streamlit as st

        from ui.shell.modes import projector

        st.write(projector())

    app = AppTest.from_function(script)
    for key, value in link.items():
        app.query_params[key] = value
    assert app.run().markdown[0].value == f"`{larger}`"


def test_every_page_opens_on_a_projector() -> None:
    for name in ("explorar.py", "comparar.py", "jarra_e_copo.py"):
        assert not open_page(name, lang="pt", projector="true").exception


def test_a_string_alone_on_a_line_of_a_page_is_not_shown() -> None:
    """Streamlit's magic showed the comment under a constant of Início as its first line."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["magicEnabled"] is False
