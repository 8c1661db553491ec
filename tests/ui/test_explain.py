"""Every page says what it does not mean, once, and has the rest behind one control."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.assets import ROOT
from ui.shell.page_registry import REGISTRY

CARDS = "comece_aqui"  # its cards are the explanation


def test_the_line_is_said_and_the_rest_is_in_one_container() -> None:
    def page() -> None:
        from ui.explorer.explain import explain

        explain("seen", "tried", "meant", "not meant")

    app = AppTest.from_function(page).run()
    assert not app.exception
    texts = [markdown.value for markdown in app.markdown]
    assert texts[0] == "**O que isso não significa:** not meant"
    assert [text.split("  \n")[1] for text in texts[1:]] == ["seen", "tried", "meant"]


@pytest.mark.parametrize("slug", [entry.slug for entry in REGISTRY if entry.slug != CARDS])
def test_every_page_explains_itself(slug: str) -> None:
    folder = next(entry for entry in REGISTRY if entry.slug == slug).folder
    sources = [ROOT / "pages" / f"{slug}.py", *(ROOT / "ui" / "pages" / folder).glob("*.py")]
    assert any("explain(" in path.read_text(encoding="utf-8") for path in sources if path.exists())
