"""A term in a real browser: pointer, tap, keyboard and Escape; the address stays, axe is content."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import settled, watch
from tests.e2e.test_accessibility import violations


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_a_term_opens_and_closes_in_every_way(server: str, browser: Browser, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="pt-BR", has_touch=width < 500)
    page = context.new_page()
    problems = watch(page)
    page.goto(f"{server}/explorar")
    term = page.locator('.st-key-not_means a[href="#termo-weight"]')
    expect(term).to_be_visible(timeout=60_000)
    settled(page)
    address, entries, panel = page.url, page.evaluate("history.length"), page.locator(".term-panel")
    expect(panel).to_be_attached()
    expect(panel).to_be_hidden()
    if width < 500:
        term.tap()
    else:
        term.hover()
        expect(panel).to_contain_text("uma posição recebe")
        page.mouse.move(5, 5)
        expect(panel).to_be_hidden()
        term.click()
    expect(panel).to_contain_text("uma posição recebe")
    box = panel.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    term.focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(term).to_be_focused()
    assert (page.url, page.evaluate("history.length")) == (address, entries)
    context.close()
    assert problems == []
