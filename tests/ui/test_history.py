"""Back and Forward without a browser: what the session forgets, the index page with our script, unknown addresses."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.serving.headers import policy
from ui.serving.index_page import INDEX, IndexPage, index_page
from ui.shell import history, unknown_page
from ui.shell.history import follow_history, follows_link, history_script


def run_of(monkeypatch: pytest.MonkeyPatch, page: str, *, back: bool = False) -> None:
    """The next calls belong to a run of ``page``, which Back has started, or a click."""
    context = SimpleNamespace(page_script_hash=page, is_history_navigation=back)
    monkeypatch.setattr(history, "get_script_run_ctx", lambda suppress_warning: context)


def test_back_forgets_what_the_link_of_its_page_says_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict = {"sentence": "O gato.", "layer": 2, "step": "3", "a list that was sent": [1]}
    monkeypatch.setattr(st, "session_state", session)
    run_of(monkeypatch, "explorar")
    follows_link("layer")
    run_of(monkeypatch, "jarra")
    follows_link("step")
    follow_history(["sentence"])
    assert {"sentence", "layer", "step"} <= session.keys()  # a click is no Back
    run_of(monkeypatch, "explorar", back=True)
    follow_history(["sentence"])
    assert "sentence" not in session and "layer" not in session
    assert session["step"] == "3" and session["a list that was sent"] == [1]


@pytest.fixture(params=["", "/mirante"], ids=["root", "path"])
def client(request: pytest.FixtureRequest) -> tuple[TestClient, str]:
    """Streamlit's index page at every address below a path, seen through ours."""

    async def streamlits(_) -> HTMLResponse:
        return HTMLResponse(INDEX.read_text(encoding="utf-8"), headers={"ETag": "streamlit's"})

    app = Starlette(routes=[Route("/{path:path}", streamlits)])
    return TestClient(IndexPage(app, base=request.param), follow_redirects=False), request.param


@pytest.mark.parametrize("path", ["/", "/explorar", "/nowhere?lang=en"])
def test_our_script_stands_before_streamlits(client: tuple[TestClient, str], path: str) -> None:
    browser, base = client
    answer = browser.get(base + path)
    assert answer.status_code == 200 and answer.text == index_page()
    assert answer.headers["cache-control"] == "no-cache" and "etag" not in answer.headers
    assert answer.text.index(history_script()) < answer.text.index('src="./static/js/')
    assert policy().count("'sha256-") == 3


@pytest.mark.parametrize(
    ("path", "to"),
    [("/a/b?lang=en", "../b?lang=en"), ("/a/b/explorar", "../../explorar"), ("/a/https:x", "../https%3Ax")],
)
def test_an_address_of_several_parts_is_sent_on_to_its_last(client: tuple[TestClient, str], path: str, to: str) -> None:
    browser, base = client
    answer = browser.get(base + path)
    assert answer.status_code == 307 and answer.headers["location"] == to


@pytest.mark.parametrize("path", ["/_stcore/page", "/component/x/index.html"])
def test_pages_that_are_not_the_index_are_left_alone(client: tuple[TestClient, str], path: str) -> None:
    browser, base = client
    assert browser.get(base + path).headers["etag"] == "streamlit's"


@pytest.mark.parametrize(
    ("name", "digest", "opened", "said"),
    [
        ("nowhere", "", "", "nowhere"),
        ("inicio", "", "", None),
        ("explorar", "", "explorar", None),
        ("", "", "", None),
        ("nowhere", "4711", "nowhere", None),  # a page that is asked for by its digest, as a click does
        ("x" * 500, "", "", "x" * 60 + "…"),
    ],
)
def test_an_unknown_address_opens_the_start_page_and_says_so(
    name: str, digest: str, opened: str, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    session: dict = {}
    asked = SimpleNamespace(intended_page_name=name, intended_page_script_hash=digest)
    asked.set_script_intent = lambda digest, name: setattr(asked, "intended_page_name", name)
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(
        unknown_page, "get_script_run_ctx", lambda suppress_warning: SimpleNamespace(pages_manager=asked)
    )
    unknown_page.open_start_for_unknown()
    assert asked.intended_page_name == opened
    assert [error.fields["name"] for error in session.values()] == ([said] if said else [])
