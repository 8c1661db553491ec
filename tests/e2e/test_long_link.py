"""A sentence too long for a link, in a browser: its address, opened by somebody else, shows the same sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from core.storage.texts import text_id
from tests.e2e.conftest import settled, watch, write
from tools.served import running

LONG = "A jarra derramou água no copo até que ele ficasse cheio; “=1+1” <b> & 100 %. " * 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app whose texts lie in a folder of the test."""
    folder: Path = tmp_path_factory.mktemp("texts")
    with running(MIRANTE_DATABASE=f"sqlite:///{folder}/texts.db") as address:
        yield address


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.slow
def test_a_copied_address_opens_the_long_sentence_elsewhere(page: Page, browser: Browser, server: str) -> None:
    page.goto(f"{server}/modelos?lang=pt")
    settled(page)
    write(page, LONG)
    page.wait_for_url(lambda address: "text=" in address)
    settled(page)
    assert query(page)["text"] == [text_id(LONG)] and "sentence" not in query(page)
    expect(page.get_by_text("longo demais para um link:")).to_have_count(0)

    other = browser.new_context(locale="pt-BR")
    second = other.new_page()
    problems = watch(second)
    second.goto(page.url)
    expect(second.get_by_role("textbox", name="Frase")).to_have_value(LONG, timeout=60_000)
    settled(second)
    assert query(second)["text"] == [text_id(LONG)] and "sentence" not in query(second)
    other.close()
    assert problems == []

    write(page, "O copo está cheio.")
    page.wait_for_url(lambda address: "sentence=" in address)
    settled(page)
    assert query(page)["sentence"] == ["O copo está cheio."] and "text" not in query(page)
    write(page, LONG)
    page.wait_for_url(lambda address: "text=" in address)
    page.get_by_role("link", name="Início").click()
    page.wait_for_url(lambda address: "modelos" not in address and "text=" in address)
    expect(page.get_by_role("textbox", name="Frase")).to_have_value(LONG)


@pytest.mark.slow
def test_an_address_whose_text_is_not_here_says_so(page: Page, server: str) -> None:
    page.goto(f"{server}/modelos?lang=pt&text=aaaaaaaaaaaa")
    expect(page.get_by_text("não está guardado aqui")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("textbox", name="Frase")).to_have_value(
        "Ela derramou água da jarra para o copo até que ficasse cheio."
    )


@pytest.mark.slow
def test_an_embedded_page_opens_the_long_sentence_and_leads_to_it(page: Page, server: str) -> None:
    page.goto(f"{server}/modelos?lang=pt")
    settled(page)
    write(page, "A jarra derramou água no copo até que ele ficasse cheio. " * 25)
    page.wait_for_url(lambda address: "text=" in address)
    key = query(page)["text"][0]
    page.goto(f"{server}/explorar?lang=pt&embed=true&text={key}")
    expect(page.locator(".query-side .word").nth(20)).to_be_visible(timeout=60_000)
    out = page.get_by_role("link", name="Abrir no Mirante").get_attribute("href")
    assert f"text={key}" in out and "sentence=" not in out
    page.goto(f"{server}/explorar?lang=pt&embed=true&text=aaaaaaaaaaaa")
    expect(page.get_by_text("não está guardado aqui")).to_be_visible(timeout=60_000)
