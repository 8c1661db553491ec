"""axe-core on every page: no WCAG A or AA violation, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

PATHS = ["/", "/explorar", "/jarra_e_copo", "/minhas_frases", "/modelos"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_no_accessibility_violation(server: str, browser: Browser, path: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}, locale="pt-BR")
    page = context.new_page()
    page.goto(server + path)
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=60_000)
    if path in ("/minhas_frases", "/modelos"):
        expect(page.get_by_text("O que isso não significa")).to_be_visible(timeout=60_000)
    else:
        expect(page.locator(".takeaway").last).not_to_be_empty(timeout=60_000)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(1000)  # elements fade in
    found = Axe().run(page, options=RULES).response["violations"]
    context.close()
    places = [(rule["id"], node["target"], node["any"][:1] and node["any"][0]["message"]) for rule in found for node in rule["nodes"]]
    assert places == []
