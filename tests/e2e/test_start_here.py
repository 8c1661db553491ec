"""Comece aqui in the browser: a first-time visitor guesses, sees the picture, goes on, comes back by the link."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import settled, watch

CLICKED = {1: "256", 2: "copo", 6: "chão", 7: "telhado", 8: "car", 9: "gato"}
"""Card → the button that is clicked; the others are sliders, moved by the keyboard."""


def guess(page: Page, number: int) -> None:
    if number in CLICKED:
        role = "button" if number in (1, 7) else "radio"
        page.locator(".stMain").get_by_role(role, name=CLICKED[number], exact=number != 1).click()
    else:
        page.get_by_role("slider").focus()
        page.keyboard.press("ArrowRight")
        page.get_by_role("button", name="Este é meu palpite").click()
    expect(page.get_by_text(re.compile(r"Como você disse\.|Quase\.|Diferente do seu palpite\."))).to_be_visible()
    settled(page)


def test_three_cards_and_back_by_the_link(server: str, page: Page) -> None:
    page.goto(server)
    page.get_by_role("link", name="Primeira vez?").click()
    for number in (1, 2, 3):
        expect(page.get_by_text(f"{number} de 10", exact=True)).to_be_visible()
        guess(page, number)
        if number == 2:
            expect(page.locator(".takeaway").first).to_contain_text("copo 42 %")
        if number < 3:
            page.keyboard.press("Shift+N")
    address = page.url
    assert "lesson_card=3" in address and "guesses=1c3_2w8_3n51" in address and page.evaluate("history.length") < 5
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_text("você: 51 %")).to_be_visible()


@pytest.mark.slow
def test_two_visitors_see_their_own_cards_and_the_keyboard_is_enough(server: str, browser: Browser) -> None:
    first, second = (browser.new_context(locale="pt-BR").new_page() for _ in range(2))
    for page in (first, second):
        page.goto(f"{server}/comece_aqui")
        expect(page.get_by_text("1 de 10", exact=True)).to_be_visible(timeout=60_000)
        settled(page)
    first.locator(".stMain").get_by_role("button", name="5: um para cada letra").focus()
    first.keyboard.press("Enter")
    expect(first.get_by_text("Diferente do seu palpite.")).to_be_visible()
    settled(first)
    first.keyboard.press("Shift+N")
    expect(first.get_by_text("2 de 10", exact=True)).to_be_visible()
    settled(first)
    first.get_by_role("radio", name="derramou").focus()
    first.keyboard.press("Enter")
    expect(first.get_by_text("O maior peso vai para")).to_be_visible()
    assert "guesses=1c2_2w2" in first.url
    expect(second.get_by_text("1 de 10", exact=True)).to_be_visible()
    assert "guesses" not in second.url
    for page in (first, second):
        page.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=str)
def test_all_ten_cards(server: str, browser: Browser, size: tuple[int, int]) -> None:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="pt-BR", has_touch=width < 500)
    page = context.new_page()
    problems = watch(page)
    page.goto(f"{server}/comece_aqui")
    for number in range(1, 11):
        expect(page.get_by_text(f"{number} de 10", exact=True)).to_be_visible(timeout=60_000)
        guess(page, number)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= width, f"card {number} is {wide} px wide"
        if number < 10:
            page.get_by_role("button", name="Avançar").click()
    expect(page.get_by_text("Três formas de continuar")).to_be_visible()
    assert problems == []
    context.close()


@pytest.mark.slow
def test_the_link_of_every_card_opens_its_page(server: str, page: Page) -> None:
    for number in range(1, 11):
        page.goto(f"{server}/comece_aqui?lang=pt&lesson_card={number}&guesses={number}x")
        link = page.get_by_role("link", name="nova aba")
        expect(link).to_be_visible(timeout=60_000)
        page.goto(
            link.get_attribute("href") if "://" in link.get_attribute("href") else server + link.get_attribute("href")
        )
        settled(page)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator('[data-testid="stAlert"]')).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=str)
def test_the_way_on_is_in_sight_and_the_guess_is_marked(server: str, browser: Browser, size: tuple[int, int]) -> None:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="pt-BR", has_touch=width < 500)
    page = context.new_page()
    for card, guesses in ((2, "2w8"), (3, "3n50"), (6, "6w6"), (8, "8w5")):
        page.goto(f"{server}/comece_aqui?lesson_card={card}&guesses={guesses}")
        way_on = page.get_by_role("button", name="Avançar")
        expect(way_on).to_be_in_viewport(ratio=1, timeout=60_000)
        settled(page)
        expect(way_on).to_be_in_viewport(ratio=1)
        if width < 500 and card in (2, 6):
            expect(page.locator(".bars .ringed .bar-name")).to_have_text({2: "copo", 6: "chão"}[card])
    context.close()
