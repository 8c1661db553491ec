"""“What are these numbers?” in a real browser: one key opens it, nothing runs again, axe is content, a phone fits."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import settled
from tests.e2e.test_accessibility import violations


@pytest.mark.slow
@pytest.mark.parametrize(("path", "width"), [("/explorar", 1280), ("/minhas_frases", 390), ("/varredura", 390)])
def test_one_key_opens_the_cards_and_nothing_runs_again(server: str, browser: Browser, path: str, width: int) -> None:
    context = browser.new_context(color_scheme="light", viewport={"width": width, "height": 800}, locale="pt-BR")
    page = context.new_page()
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(server + path)
    button = page.get_by_role("button", name="O que são estes números?")
    expect(button).to_be_visible(timeout=60_000)
    settled(page)
    page.wait_for_timeout(1500)
    button.focus()
    before = len(sent)
    page.keyboard.press("Enter")
    opened = page.locator("[data-testid=stPopoverBody]")
    expect(opened.get_by_text("Fórmula").first).to_be_visible()
    page.wait_for_timeout(500)
    assert len(sent) == before, "the page ran again"
    box = opened.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert opened.evaluate("body => body.scrollWidth <= body.clientWidth + 1"), "lines are cut"
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    context.close()
