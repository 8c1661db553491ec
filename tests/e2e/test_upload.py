"""My sentences in a real browser: a real upload, a file that lies, the row that leads to Explore, a long run
stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import choose, running, settled, to_page
from tests.tiny import folder

SLOW = 120_000  # ms: a cold server imports torch
CSV = 'id;frase\r\n1;Ela derramou água.\r\n2;"Não; só às três."\r\n3;"Aspas "erradas" aqui"\r\n'


@pytest.fixture(scope="module", params=["asgi", pytest.param("streamlit", marks=pytest.mark.slow)])
def tiny_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server whose models folder holds one tiny random model, ``bert``; in either mode of serving."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIRANTE_MODELS", str(Path(folder("bert")).parent))
        with running(mode=request.param) as address:
            yield address


@pytest.fixture
def my_sentences(tiny_server: str, page: Page) -> Page:
    page.goto(f"{tiny_server}/minhas_frases?model=bert&lang=pt")
    expect(page.get_by_role("heading", level=1, name="Minhas frases")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("O que isso não significa")).to_be_visible(timeout=SLOW)
    return page


def send(page: Page, name: str, data: bytes) -> None:
    page.get_by_text("Enviar arquivo").click()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})


def test_a_latin_1_csv_and_then_a_png_that_calls_itself_csv(my_sentences: Page) -> None:
    page = my_sentences
    send(page, "frases.csv", CSV.encode("latin-1"))
    expect(
        page.get_by_text("2 frases · lido como: tabela · codificação: cp1252 · separador: ponto e vírgula (;)")
    ).to_be_visible()
    expect(page.get_by_text("1 linha recusada")).to_be_visible()
    choose(page, "Frase para explorar", "2 · Não; só às três.")

    page.locator("input[type=file]").set_input_files(
        {"name": "foto.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(500)}
    )
    expect(page.get_by_text("foto.csv é uma imagem (PNG)")).to_be_visible()
    expect(page.get_by_text("Sua lista anterior continua abaixo.")).to_be_visible()
    expect(page.get_by_text("2 frases · lido como: tabela · codificação: cp1252")).to_be_visible()

    page.get_by_role("link", name="Explorar esta frase").click()
    expect(page.get_by_role("heading", level=1, name="Explorar")).to_be_visible()
    expect(page.get_by_role("textbox", name="Frase", exact=True)).to_have_value("Não; só às três.")
    page.wait_for_url("**/explorar?**model=bert**")


def test_pasted_lines_survive_a_reload_and_a_file_another_page(my_sentences: Page) -> None:
    page = my_sentences
    lines = page.get_by_role("textbox", name="Uma frase por linha")
    lines.fill("Olá.\nAção & reação: 100%?")
    lines.press("Control+Enter")
    expect(page.get_by_text("2 frases", exact=True)).to_be_visible()
    page.reload()
    expect(lines).to_have_value("Olá.\nAção & reação: 100%?", timeout=SLOW)

    send(page, "frases.csv", CSV.encode())
    expect(page.get_by_text("2 frases · lido como: tabela · codificação: utf-8")).to_be_visible()
    to_page(page, "inicio")
    expect(page.get_by_role("heading", level=1, name="Minhas frases")).not_to_be_visible()
    to_page(page, "minhas_frases")
    expect(page.get_by_text("Arquivo: frases.csv")).to_be_visible()
    expect(page.get_by_text("2 frases · lido como: tabela · codificação: utf-8")).to_be_visible()


def test_a_long_run_shows_progress_and_stops_with_what_was_read(my_sentences: Page) -> None:
    page = my_sentences
    data = "\n".join(f"Frase número {i}, com mais algumas palavras no fim." for i in range(900))
    send(page, "muitas.txt", data.encode())
    page.get_by_role("button", name="Ler 900 frases").click()
    expect(page.get_by_text("de 900 frases lidas")).to_be_visible()
    page.get_by_role("button", name="Parar").click()
    again = page.get_by_role("button", name=re.compile("^Ler "))
    expect(again).to_be_visible()
    assert 0 < int(again.inner_text().split()[1]) < 900
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Baixar a tabela (CSV)").click()
    rows = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 901 and rows[1].startswith("1,") and not rows[1].endswith(",,,,,,,")
