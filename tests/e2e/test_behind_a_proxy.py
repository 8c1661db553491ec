"""Mirante at a path of a school's server, behind a proxy that passes the path on or takes it away."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settled, to_page
from tests.e2e.reverse_proxy import proxy
from tests.tiny import folder
from tools.served import running

PATH = "/mirante"
SLOW = 120_000  # ms: a cold server imports torch


@pytest.fixture(
    scope="module",
    params=["passed on", *(pytest.param(way, marks=pytest.mark.slow) for way in ("taken away", "streamlit"))],
)
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """What a visitor types: the proxy's address with the path."""
    stripped = request.param == "taken away"
    mode = "streamlit" if request.param == "streamlit" else "asgi"
    arguments = [f"--root-path={PATH}"] if stripped else []
    base = "" if stripped else PATH
    with (
        running(*arguments, mode=mode, base=base, MIRANTE_MODELS=str(Path(folder("bert")).parent)) as server,
        proxy(server, PATH, strip=stripped) as outside,
    ):
        yield outside


def test_a_deep_link_opens_page_frame_and_component(page: Page, address: str) -> None:
    page.goto(f"{address}/explorar?lang=pt&sentence=O+gato+dorme.&layer=2&head=3")
    expect(page.get_by_role("heading", level=1)).to_have_text("Explorar", timeout=SLOW)
    expect(page.locator(".takeaway").first).not_to_be_empty(timeout=SLOW)
    expect(page.locator(".st-key-sentence textarea")).to_have_value("O gato dorme.")
    settled(page)
    assert page.evaluate("location.pathname") == f"{PATH}/explorar"
    to_page(page, "perfis")
    expect(page.get_by_role("heading", level=1)).to_have_text("Perfis", timeout=SLOW)
    assert page.evaluate("location.pathname") == f"{PATH}/perfis"


def test_the_bare_path_opens_the_first_page(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=SLOW)
    expect(page.locator(".takeaway").first).not_to_be_empty(timeout=SLOW)


def test_a_file_is_sent_and_read(page: Page, address: str) -> None:
    page.goto(f"{address}/minhas_frases?model=bert&lang=pt")
    expect(page.get_by_role("heading", level=1, name="Minhas frases")).to_be_visible(timeout=SLOW)
    settled(page)
    page.get_by_text("Enviar arquivo").click()
    page.locator('input[type="file"]').set_input_files(
        {"name": "frases.txt", "mimeType": "text/plain", "buffer": "A jarra está cheia.\nO copo caiu.\n".encode()}
    )
    expect(page.get_by_text("2 frases").first).to_be_visible(timeout=SLOW)


def test_the_api_answers_below_the_path_and_nowhere_else(address: str, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["address"] == "streamlit":
        pytest.skip("streamlit run has no API")
    with urllib.request.urlopen(f"{address}/api/v1/models", timeout=60) as answer:
        assert json.load(answer)["models"] and answer.headers["Content-Security-Policy"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{address.removesuffix(PATH)}/api/v1/models", timeout=60)
