"""The main picture of every page stands where one looks first: the whole of it in the window, without scrolling.

The registry names it (ui/shell/page_registry.py). All pages at all sizes are slow; two pages run always.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import settled
from ui.shell.page_registry import REGISTRY, PageEntry, page_entry

LAPTOP, LAPTOP_PROJECTOR, PROJECTOR, PHONE = "laptop", "laptop_projector", "projector", "phone"
SIZES = {
    LAPTOP: (1280, 720, "", 240),
    LAPTOP_PROJECTOR: (1280, 720, "projector=true", 200),
    PROJECTOR: (1920, 1080, "projector=true", 200),
    PHONE: (390, 844, "", 400),
}
"""Width and height of the window, what the link says, and above which line of it the picture begins."""
LATE_ON_A_PHONE = {
    "inicio", "explorar", "mascarar", "gerar", "passo_a_passo", "comece_aqui", "minhas_frases", "bancada", "varredura",
}  # fmt: skip
"""Where words, buttons or the question itself stand first: measured at 470 to 530 px, Mask a word and Generate beyond
the screen; the last two were not measured.
"""
MOST = 120_000  # ms; a page that computes


def box(page: Page, selector: str) -> tuple[float, float]:
    """Top and bottom, in the window's pixels, of what the selector finds (both maps of a pair), once it is at rest."""
    found = page.locator(selector).locator("visible=true")
    expect(found.first).to_be_visible(timeout=MOST)
    settled(page)
    before = None
    for _ in range(20):
        boxes = [one for i in range(found.count()) if (one := found.nth(i).bounding_box()) and one["height"] > 8]
        now = min(one["y"] for one in boxes), max(one["y"] + one["height"] for one in boxes)
        if now == before:
            return now
        before = now
        page.wait_for_timeout(250)
    raise AssertionError(f"{selector} does not come to rest")


def misplaced(browser: Browser, server: str, entry: PageEntry, size: str) -> str:
    """What is wrong with a page's main picture in one window; "" where nothing is."""
    width, height, query, highest = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, locale="pt-BR")
    try:
        page.goto(f"{server}{entry.path}?" + "&".join(filter(None, (query, entry.shown_by))))
        if entry.asks:
            page.locator(entry.asks).click(timeout=MOST)
        top, bottom = box(page, entry.main_picture)
    finally:
        page.close()
    if top >= highest:
        return f"{entry.slug}: begins at {top:.0f}, not above {highest}"
    if size != PHONE and bottom > height:
        return f"{entry.slug}: ends at {bottom:.0f}, below the {height} of the window"
    return ""


@pytest.mark.parametrize("slug", ["comparar", "passo_a_passo"])
def test_the_main_picture_is_in_sight_on_a_laptop(browser: Browser, server: str, slug: str) -> None:
    assert misplaced(browser, server, page_entry(slug), LAPTOP) == ""


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_the_main_picture_of_every_page_is_in_sight(browser: Browser, server: str, size: str) -> None:
    opening = [entry for entry in REGISTRY if not entry.asks]  # what is computed when asked for is not measured yet
    entries = [entry for entry in opening if size != PHONE or entry.slug not in LATE_ON_A_PHONE]
    assert [wrong for entry in entries if (wrong := misplaced(browser, server, entry, size))] == []
