"""axe-core on every page of the registry: no WCAG A or AA violation, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import settled
from ui.shell.page_registry import page_links

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def violations(page: Page, looks: int = 5) -> list:
    """What axe still finds when nothing fades any more: an element that is fading in has too little contrast for a
    moment.
    """
    places: list = []
    for _ in range(looks):
        page.wait_for_timeout(1500)
        found = Axe().run(page, options=RULES).response["violations"]
        places = [
            (rule["id"], node["target"], node["any"][:1] and node["any"][0]["message"])
            for rule in found
            for node in rule["nodes"]
        ]
        if not places:
            break
    return places


@pytest.mark.parametrize(
    ("path", "explorer"),
    [
        pytest.param(link, view.explorer, marks=[pytest.mark.slow] if view.accessibility == "slow" else [], id=link)
        for link, view in page_links()
        if view.accessibility
    ],
)
def test_no_accessibility_violation(server: str, browser: Browser, path: str, explorer: bool) -> None:
    context = browser.new_context(color_scheme="light", viewport={"width": 1280, "height": 900}, locale="pt-BR")
    page = context.new_page()
    page.goto(server + path)
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=60_000)
    if explorer:
        expect(page.locator(".takeaway").last).not_to_be_empty(timeout=60_000)
    else:
        expect(page.get_by_text("O que isso não significa")).to_be_visible(timeout=60_000)
    settled(page)
    papers = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)
        settled(page)
        papers[scheme] = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        assert violations(page) == [], scheme
    assert papers["light"] != papers["dark"], "the page follows the scheme"
    context.close()
