"""Back and Forward in Chromium: one visit is one entry, and every entry opens as it was left."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import choose, settled, to_page, watch
from ui.shell.page_registry import REGISTRY

SLOW = 90_000  # ms
CHOSEN = "/explorar?picture=lines&layer=2&head=3&token=12:cheio"
OTHERS = [entry.slug for entry in REGISTRY if entry.slug != "explorar"]
FEW = ["comparar"]  # it writes parameters of its own, a head among them


def still(page: Page) -> None:
    """The script has ended, and what it wrote into the address is there."""
    for _ in range(2):
        page.wait_for_timeout(250)
        settled(page)


def follow_menu(page: Page, slug: str, *, wait: bool = True) -> None:
    path = "/" if slug == REGISTRY[0].slug else f"/{slug}"
    to_page(page, slug)
    if wait:
        page.wait_for_url(lambda url: urlsplit(url).path == path)
        still(page)


def entries(page: Page) -> int:
    return page.evaluate("history.length")


def is_as_chosen(page: Page) -> None:
    """Explore shows the picture and the word of CHOSEN."""
    expect(page.locator(".tabs [aria-pressed=true]")).to_have_text("Linhas", timeout=SLOW)
    expect(page.locator(".takeaway").first).to_contain_text("cheio", timeout=SLOW)


@pytest.mark.parametrize("slugs", [FEW, pytest.param(OTHERS, marks=pytest.mark.slow)], ids=["few", "all"])
def test_one_visit_is_one_entry_and_back_and_forward_find_it_as_it_was(
    server: str, page: Page, slugs: list[str]
) -> None:
    page.goto(server + CHOSEN)
    is_as_chosen(page)
    still(page)
    addresses, before = [page.url], entries(page)
    for slug in slugs:
        follow_menu(page, slug)
        addresses.append(page.url)
        assert entries(page) == before + len(addresses) - 1, slug
    for address in reversed(addresses[:-1]):
        page.go_back()
        still(page)
        assert page.url == address
    is_as_chosen(page)
    for address in addresses[1:]:
        page.go_forward()
        still(page)
        assert page.url == address
    assert entries(page) == before + len(addresses) - 1


@pytest.mark.slow
def test_back_finds_what_was_chosen_before_not_what_was_chosen_last(server: str, page: Page) -> None:
    page.goto(f"{server}/jarra_e_copo?step=3&lang=pt")
    still(page)
    follow_menu(page, "gerar")
    follow_menu(page, "jarra_e_copo")
    page.locator(".st-key-step button").first.click()
    page.wait_for_url(lambda url: "step" not in url)
    still(page)
    for _ in range(2):
        page.go_back()
        still(page)
    assert parse_qs(urlsplit(page.url).query)["step"] == ["3"]
    expect(page.locator(".st-key-step button").nth(2)).to_have_attribute("aria-checked", "true")


@pytest.mark.slow
def test_clicks_that_are_quicker_than_pages_leave_every_entry_its_own_address(server: str, page: Page) -> None:
    page.goto(server + CHOSEN)
    is_as_chosen(page)
    still(page)
    first, before = page.url, entries(page)
    for slug in ["gerar", "modelos", "variantes", "comparar", "anatomia", "jarra_e_copo"] * 2:
        follow_menu(page, slug, wait=False)
        page.wait_for_timeout(120)
    page.wait_for_url("**/jarra_e_copo**")
    still(page)
    visits = entries(page) - before
    assert visits <= 12
    for _ in range(visits):
        page.go_back()
        page.wait_for_timeout(60)
    still(page)
    assert page.url == first
    is_as_chosen(page)


@pytest.mark.slow
def test_a_word_held_on_the_start_page_is_held_on_the_pages_after_it_and_after_a_refresh(
    server: str, page: Page
) -> None:
    page.goto(f"{server}/?lang=pt")
    expect(page.locator(".takeaway").first).not_to_be_empty(timeout=SLOW)
    page.locator("button.word").filter(has_text="jarra").first.click()
    page.wait_for_url("**token=**jarra**")
    for slug in ("jarra_e_copo", "explorar", "passo_a_passo"):
        follow_menu(page, slug)
        if slug == "jarra_e_copo":
            page.reload()
            still(page)
        assert "jarra" in parse_qs(urlsplit(page.url).query)["token"][0], slug


@pytest.mark.slow
def test_the_sent_list_is_still_there_after_explore_and_back(server: str, page: Page) -> None:
    page.goto(f"{server}/minhas_frases?lang=pt")
    still(page)
    page.get_by_text("Enviar arquivo").click()
    page.locator('input[type="file"]').set_input_files(
        {"name": "f.txt", "mimeType": "text/plain", "buffer": b"A jarra caiu.\nO copo caiu.\nO gato dorme.\n"}
    )
    expect(page.get_by_text("3 frases").first).to_be_visible(timeout=SLOW)
    still(page)
    assert parse_qs(urlsplit(page.url).query)["source"] == ["file"]
    choose(page, "Frase para explorar", "3 · O gato dorme.")
    page.get_by_role("link", name="Explorar esta frase").click()
    page.wait_for_url("**/explorar**")
    still(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Minhas frases", timeout=SLOW)
    still(page)
    expect(page.get_by_text("3 frases").first).to_be_visible(timeout=SLOW)
    assert parse_qs(urlsplit(page.url).query)["source"] == ["file"]


@pytest.mark.parametrize(
    ("path", "locale", "said"),
    [
        ("/nowhere", "pt-BR", "Não há página no endereço “nowhere”"),
        pytest.param("/inicio", "pt-BR", None, marks=pytest.mark.slow),
        pytest.param("/a/b/nowhere", "en-GB", "There is no page at the address “nowhere”", marks=pytest.mark.slow),
    ],
)
def test_an_unknown_address_opens_the_start_page(
    server: str, browser, path: str, locale: str, said: str | None
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale=locale)
    page = context.new_page()
    problems = watch(page)
    page.goto(server + path)
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    expect(page.locator(".takeaway").first).not_to_be_empty(timeout=SLOW)
    still(page)
    assert page.get_by_role("dialog").count() == 0 and problems == []
    alerts = page.get_by_test_id("stAlert")
    expect(alerts).to_have_count(1 if said else 0)
    if said:
        expect(alerts.first).to_contain_text(said)
    assert entries(page) == 2, "about:blank and this page"
    context.close()
