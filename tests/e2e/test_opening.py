"""Opening a page: nothing jumps, and three Tabs reach the sentence; one visit measures both.

Layout shift is the browser's own measure (the layout-shift entries, buffered), summed over the load.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import settled
from ui.shell.page_registry import REGISTRY, PageEntry

SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().filter((entry) => !entry.hadRecentInput)))
  .observe({ type: "layout-shift", buffered: true });
"""
SIZES = {"laptop": (1280, 720), "phone": (390, 844)}
MOST = 0.05
STILL_JUMP = {"traduzir", "anatomia", "causa", "minhas_frases", "bancada", "modelos", "variantes", "convolucao"}
"""On a laptop, measured between 0.05 and 0.23 (the last two not yet): options of a second line beside the title arrive
late. On a phone every page but the first does so (0.13 to 0.37 measured).
"""


def _visits() -> list:
    return [
        pytest.param(entry, size, id=f"{entry.slug}-{size}", marks=_marks(entry.slug, size))
        for entry in REGISTRY
        for size in SIZES
    ]


def _marks(slug: str, size: str) -> list:
    if (slug, size) == ("explorar", "laptop"):
        return []
    jumps = slug in STILL_JUMP if size == "laptop" else slug != "inicio"
    return [pytest.mark.slow, *([pytest.mark.xfail(reason="options arrive late", strict=False)] if jumps else [])]


@pytest.mark.parametrize(("entry", "size"), _visits())
def test_nothing_jumps_and_three_tabs_reach_the_sentence(
    server: str, browser: Browser, entry: PageEntry, size: str
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="pt-BR")
    page = context.new_page()
    page.add_init_script(SHIFTS)
    page.goto(server + entry.path)
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=60_000)
    settled(page)
    page.wait_for_timeout(1500)
    shift = page.evaluate("shifts.reduce((sum, entry) => sum + entry.value, 0)")
    if entry.reads_sentence:
        for _ in range(3):
            page.keyboard.press("Tab")
        expect(page.locator(".st-key-sentence textarea")).to_be_focused()
    context.close()
    assert shift < MOST, f"{shift:.3f}"
