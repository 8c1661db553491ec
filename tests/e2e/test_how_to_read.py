"""“Como ler” in a real browser: one key opens it on every page, it is remembered, the picture stays where it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import settled
from tests.e2e.test_accessibility import violations

PAGES = ("/explorar", "/causa", "/jarra_e_copo?step=2")


def control(page: Page):
    return page.get_by_role("button", name="Como ler")


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_closed_then_as_the_visitor_left_it(server: str, browser: Browser, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 720}, locale="pt-BR")
    page = context.new_page()
    page.goto(server + PAGES[0])
    expect(control(page)).to_be_visible(timeout=60_000)
    settled(page)
    seen = page.get_by_text("O que você vê")
    expect(page.get_by_text("O que isso não significa")).to_be_visible()
    expect(seen).to_be_hidden()
    control(page).focus()  # which scrolls
    before = page.locator("canvas").first.bounding_box()
    page.keyboard.press("Enter")
    expect(seen).to_be_visible()
    expect(control(page)).to_have_attribute("aria-expanded", "true")
    assert page.locator("canvas").first.bounding_box() == before
    assert violations(page) == []
    for path in PAGES:
        page.goto(server + path)
        expect(seen).to_be_visible(timeout=60_000)
        expect(control(page)).to_have_attribute("aria-expanded", "true")
    control(page).click()
    page.reload()
    expect(control(page)).to_have_attribute("aria-expanded", "false", timeout=60_000)
    expect(seen).to_be_hidden()
    context.close()
