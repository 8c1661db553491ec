"""Generate, Mask and Translate in Chromium: stepping, playing, forcing a translation, clicking a word away, and the way
back.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.conftest import to_page

expect.set_options(timeout=45_000)


def visit(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    expect(page.locator(".takeaway").first).not_to_be_empty()


def words(page: Page):
    return page.locator(".sentence.query-side .face")


def written(page: Page) -> int:
    """How many tokens the link says were written."""
    listed = parse_qs(urlsplit(page.url).query).get("wrote", [":"])[0]
    return len(re.findall("[0-9]+", listed.partition(":")[2]))


def test_a_decoder_writes_step_by_step(page: Page, server: str) -> None:
    visit(page, server, "/gerar?lang=pt")
    expect(page.get_by_text("Nada foi escrito ainda.")).to_be_visible()
    n = words(page).count()
    page.get_by_role("button", name="Escrever um token").click()
    expect(words(page)).to_have_count(n + 1)
    newest = words(page).last.inner_text()
    expect(page.locator(".takeaway")).to_contain_text(f"{newest} →")
    page.wait_for_url(re.compile("wrote="))
    page.get_by_role("radiogroup", name="Próximo token").get_by_role("radio").nth(2).click()
    expect(words(page)).to_have_count(n + 2)
    page.get_by_role("button", name="Recomeçar").click()
    expect(words(page)).to_have_count(n)


def test_a_text_writes_itself_until_it_is_paused_or_ends(page: Page, server: str) -> None:
    # A beginning the model repeats without end: one that ends by itself may do so before the click on Pausar.
    visit(page, server, f"/gerar?lang=pt&model=mirante-decoder-pt&sentence={quote('O presidente da República')}")
    n = words(page).count()
    page.get_by_role("button", name="Deixar escrever").click()
    expect(words(page)).not_to_have_count(n)
    page.get_by_role("button", name="Pausar").click()
    expect(page.get_by_role("button", name="Deixar escrever")).to_be_enabled()
    stopped = n + written(page)
    expect(words(page)).to_have_count(stopped)  # the link is ahead of the picture
    page.wait_for_timeout(2500)
    assert n + written(page) == words(page).count() == stopped > n
    page.goto(f"{server}/gerar?lang=pt")  # a text that ends soon: the page stops by itself
    page.get_by_role("button", name="Deixar escrever").click()
    expect(page.get_by_text("O modelo escreveu o seu fim")).to_be_visible()
    expect(page.get_by_role("button", name="Deixar escrever")).to_be_disabled()


def test_the_encoder_and_its_sentence_come_back(page: Page, server: str) -> None:
    visit(page, server, "/explorar?lang=pt")
    to_page(page, "gerar")
    expect(page.get_by_text("O gato está sentado no …")).to_be_visible()
    expect(page.get_by_role("textbox", name="Frase", exact=True)).to_have_value("O gato está sentado no")
    to_page(page, "explorar")
    expect(page.get_by_role("textbox", name="Frase", exact=True)).to_have_value(re.compile("ficasse cheio"))
    expect(words(page).nth(12)).to_have_text("cheio")


def test_a_translation_is_forced(page: Page, server: str) -> None:
    visit(page, server, "/traduzir?lang=pt")
    expect(page.locator(".tabs [aria-pressed=true]")).to_have_text("Linhas")
    field = page.get_by_role("textbox", name="Sua própria tradução")
    field.fill("Je mange des fraises.")
    field.press("Enter")
    expect(words(page)).to_have_text(["Je", "mange", "des", "fraises", "."])
    words(page).nth(3).click()
    expect(page.locator(".takeaway").first).to_contain_text(re.compile("fraises → strawberries [0-9]+"))
    page.wait_for_url(re.compile("target="))


def test_a_click_on_a_word_hides_it(page: Page, server: str) -> None:
    visit(page, server, "/mascarar?lang=pt")
    page.get_by_test_id("stButtonGroup").get_by_text("copo", exact=True).click()
    expect(words(page).nth(8)).to_have_text("[MASK]")
    expect(page.get_by_text(re.compile("à palavra escondida copo o modelo dá"))).to_be_visible()
    page.wait_for_url(re.compile("mask=8"))
    page.get_by_test_id("stButtonGroup").get_by_text("copo", exact=True).click()
    expect(words(page).nth(8)).to_have_text("copo")
