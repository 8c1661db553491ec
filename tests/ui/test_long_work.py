"""Long work on a page: what runs takes the place of what was asked, and says how far it is from the beginning."""

from __future__ import annotations

import pytest
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from core.models.loading import LanguageModel
from ui.explorer.run_cost import run_seconds


def page() -> None:
    import streamlit as st

    from ui.serving.long_work import work

    st.session_state["result"] = work(("a key of this test",), lambda progress: "made", seconds=5.0, name="slot_test")


@pytest.fixture
def sent(monkeypatch):
    """(path of the place, its element) of everything that a page sends."""
    messages = []
    enqueue = ScriptRunContext.enqueue

    def noted(self, message):
        if message.HasField("delta") and message.delta.HasField("new_element"):
            messages.append((tuple(message.metadata.delta_path), message.delta.new_element))
        enqueue(self, message)

    monkeypatch.setattr(ScriptRunContext, "enqueue", noted)
    return messages


def place(sent, label: str) -> tuple[int, ...]:
    return next(path for path, element in sent if element.HasField("button") and element.button.label == label)


def test_stop_takes_the_place_of_compute_and_the_share_begins_at_none(sent) -> None:
    app = AppTest.from_function(page).run()
    asked = place(sent, "Calcular")
    sent.clear()
    app.button[0].click().run()
    assert app.session_state["result"] == "made" and not app.exception
    assert place(sent, "Parar")[:2] == asked[:2]
    shares = [element.progress.text for _, element in sent if element.HasField("progress")]
    assert shares[0].startswith("0")


class OfSize:
    """As much of a model, or of a trace, as the estimate reads."""

    def __init__(self, tokens: int) -> None:
        self.tokens, self.target, self.kinds, self.parameters = "x" * tokens, None, ("self",), 6_800_000

    def layers(self, _kind: str) -> int:
        return 4

    def heads(self, _kind: str) -> int:
        return 8


def test_a_long_text_costs_what_was_measured_so_that_the_page_asks() -> None:
    measured = {14: 0.011, 202: 0.048, 332: 0.113}
    for tokens, seconds in measured.items():
        of_size: LanguageModel = OfSize(tokens)
        assert 0.75 * seconds < run_seconds(of_size, of_size) < 1.4 * seconds
    assert 32 * run_seconds(of_size, of_size) > 2
