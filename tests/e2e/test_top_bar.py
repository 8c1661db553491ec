"""The bar on top: the sentence by three Tabs and submitted by Enter, the menu by pointer, keyboard and in a new tab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settled, to_page
from ui.shell.page_registry import REGISTRY

FIELD = ".st-key-sentence textarea"


def test_three_tabs_reach_the_sentence_and_enter_submits_it(page: Page, server: str) -> None:
    page.goto(f"{server}/explorar?lang=pt")
    expect(page.locator(".takeaway")).not_to_be_empty()
    settled(page)
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator(FIELD)).to_be_focused()
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("Pular para a página")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("O menino")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("caiu.")
    page.keyboard.press("Enter")
    expect(page.locator(".sentence.query-side .face")).to_have_text(["[CLS]", "O", "menino", "caiu", ".", "[SEP]"])
    expect(page.locator(FIELD)).to_have_value("O menino\ncaiu.")
    expect(page).to_have_url(re.compile("sentence=O(\\+|%20)menino%0Acaiu"))
    expect(page.get_by_text("Press")).to_have_count(0)


def test_the_menu_is_walked_by_keyboard_and_keeps_the_sentence(page: Page, server: str) -> None:
    page.goto(f"{server}/explorar?lang=pt&sentence=O+menino+caiu.")
    expect(page.locator(".takeaway")).not_to_be_empty()
    page.get_by_role("button", name="Entender").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Camadas")
    expect(page.locator(FIELD)).to_have_value("O menino caiu.")
    page.get_by_role("button", name="Causas e medidas").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Perfis")).to_have_count(0)


def test_a_link_of_the_menu_opens_beside_the_page_with_what_is_chosen(page: Page, server: str) -> None:
    page.goto(f"{server}/explorar?lang=pt&sentence=O+menino+caiu.&layer=2&head=3")
    expect(page.locator(".takeaway")).not_to_be_empty()
    page.get_by_role("button", name="Entender").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Camadas").click(modifiers=["ControlOrMeta"])
    expect(opened.value.locator(FIELD)).to_have_value("O menino caiu.", timeout=30_000)
    assert "layer=" not in opened.value.url and opened.value.url.startswith(f"{server}/camadas?")


@pytest.mark.slow
def test_the_menu_leads_to_every_page(page: Page, server: str) -> None:
    page.goto(f"{server}/explorar?lang=pt")
    for entry in REGISTRY:
        settled(page)
        to_page(page, entry.slug)
        page.wait_for_url(re.compile(f"{server}{entry.path}(\\?|$)"))
        expect(page.locator(FIELD)).to_have_count(int(entry.reads_sentence))


def test_enter_is_heard_from_the_moment_when_the_field_is_there(page: Page, server: str) -> None:
    """Typed before any component of the page is loaded; nothing of it is lost."""
    held, holding = [], [True]
    page.route("**/mirante.*/**", lambda route: held.append(route) if holding else route.continue_())
    page.goto(f"{server}/explorar?lang=pt", wait_until="commit")
    page.locator(FIELD).fill("O menino caiu.")
    page.locator(FIELD).press("Enter")
    expect(page).to_have_url(re.compile("sentence=O(\\+|%20)menino(\\+|%20)caiu"))
    assert held, "no component was there"
    holding.clear()
    for route in held:
        route.continue_()
    expect(page.locator(".sentence.query-side .face")).to_have_text(["[CLS]", "O", "menino", "caiu", ".", "[SEP]"])
    expect(page.locator(FIELD)).to_have_value("O menino caiu.")
