"""Links: the first visit of a server's life, and what a copied address restores."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settled, to_page, write
from ui.shell.locale import error_text
from ui.shell.page_registry import page_entry

SLOW = 90_000  # ms: a cold server imports torch
SENTENCE = "O gato\nviu a jarra & o copo: 100% cheio?"


def text_area(page: Page):
    """The shared sentence; pages have text fields of their own."""
    return page.locator(".st-key-sentence textarea")


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1, name=text)).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize("slug", ["explorar", pytest.param("jarra_e_copo", marks=pytest.mark.slow)])
def test_the_very_first_visit_by_deep_link_shows_frame_and_page(fresh_server: str, page: Page, slug: str) -> None:
    first_visit(page, fresh_server, slug)


def test_the_very_first_visit_of_streamlit_run_too(fresh_streamlit: str, page: Page) -> None:
    first_visit(page, fresh_streamlit, "explorar")


def first_visit(page: Page, address: str, slug: str) -> None:
    """The page that the link names, in its frame."""
    entry = page_entry(slug)
    page.goto(address + entry.path)
    heading(page, error_text(entry.title))
    expect(text_area(page)).to_have_count(int(entry.reads_sentence), timeout=SLOW)
    expect(page.locator(".st-key-menu").get_by_role("button", name="Aulas e dados")).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/explorar?lang=en", "Explore"),
        *(pytest.param(f"/explorar?lang={lang}", "Explorar", marks=pytest.mark.slow) for lang in ("pt", "xx")),
    ],
)
def test_the_language_of_a_link(server: str, page: Page, path: str, title: str) -> None:
    page.goto(server + path)
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=SLOW)
    assert (
        page.locator(".st-key-sentence textarea").get_attribute("aria-label")
        == {"Explore": "Sentence", "Explorar": "Frase"}[title]
    )


def test_an_english_browser_reads_english_and_its_link_says_so(server: str, browser) -> None:
    context = browser.new_context(locale="en-GB")
    visitor = context.new_page()
    visitor.goto(f"{server}/explorar")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Explore", timeout=SLOW)
    expect(visitor).to_have_url(re.compile(r"[?&]lang=en\b"), timeout=SLOW)
    context.close()


def test_a_copied_link_restores_sentence_and_language_on_another_page(server: str, page: Page, browser) -> None:
    page.goto(f"{server}/explorar")
    heading(page, "Explorar")
    write(page, SENTENCE)
    page.locator(".st-key-lang").get_by_text("en", exact=True).click()
    heading(page, "Explore")
    to_page(page, "comparar")
    heading(page, "Compare")
    expect(text_area(page)).to_have_value(SENTENCE, timeout=SLOW)
    context = browser.new_context(locale="pt-BR")
    other = context.new_page()
    other.goto(page.url)
    heading(other, "Compare")
    expect(text_area(other)).to_have_value(SENTENCE, timeout=SLOW)
    context.close()


def test_a_long_text_stays_out_of_the_link_and_on_the_page(server: str, page: Page) -> None:
    page.goto(f"{server}/perfis")
    heading(page, "Perfis")
    long = "palavra " * 400
    write(page, long)
    page.wait_for_url(lambda url: "text=" in url and "sentence=" not in url, timeout=SLOW)
    to_page(page, "inicio")
    page.wait_for_url("**/?**")
    expect(text_area(page)).to_have_value(long, timeout=SLOW)
    write(page, "curta de novo")
    page.wait_for_url("**sentence=curta+de+novo**")


def test_an_example_replaces_the_sentence_and_enters_the_link(server: str, page: Page) -> None:
    page.goto(f"{server}/perfis")
    heading(page, "Perfis")
    settled(page)
    page.get_by_role("button", name="Exemplos").click()
    page.get_by_role("button", name="O que não tem remédio").click()
    expect(text_area(page)).to_have_value("O que não tem remédio, remediado está.", timeout=SLOW)
    page.wait_for_url("**sentence=O+que+n**")


@pytest.mark.parametrize(
    "path",
    [
        "/explorar?model=../../etc",
        "/explorar?sentence=%00%3Cb%3E&lang=pt&lang=en",
        *(
            pytest.param(path, marks=pytest.mark.slow)
            for path in ("/?model=../../etc", "/explorar?layer=999&head=abc&device=quantum", "/explorar?sentence=")
        ),
    ],
)
def test_a_link_that_makes_no_sense_still_opens_the_page(server: str, page: Page, path: str) -> None:
    page.goto(server + path)
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=SLOW)
    expect(text_area(page)).to_be_visible(timeout=SLOW)
    assert page.get_by_text("Traceback").count() == 0
    assert page.locator(".stException").count() == 0


def test_back_to_an_address_without_a_language_opens_the_page(page: Page, server: str) -> None:
    page.goto(f"{server}/gerar")
    expect(page.locator(".takeaway").first).not_to_be_empty(timeout=SLOW)
    to_page(page, "anatomia")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anatomia", timeout=SLOW)
    settled(page)
    page.go_back()
    page.wait_for_timeout(1000)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Gerar", timeout=SLOW)
    expect(page.locator(".takeaway").first).not_to_be_empty(timeout=SLOW)
    expect(page.get_by_test_id("stException")).to_have_count(0)
