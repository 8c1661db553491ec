"""Jarra e copo in front of a class: the five steps with the keyboard alone; Bancada: a run, a clicked head, its
downloads.
"""

from __future__ import annotations

import csv
import io
import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settled

STEPS = (
    "Seu palpite vem primeiro",
    "De 32 cabeças",
    "Gênero e sentido apontam",
    "As medidas",
    "Pergunta feita a 512 frases",
)


def focus(page: Page, role: str, name: str, most: int = 60) -> None:
    """Tab until the element is reached, as a person without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        reached = page.evaluate(
            "() => [document.activeElement?.getAttribute('role') || document.activeElement?.tagName, "
            "document.activeElement?.textContent]"
        )
        if reached[0] == role and name in (reached[1] or ""):
            return
    raise AssertionError(f"the keyboard never reached {name}")


def test_five_steps_with_the_keyboard_alone(server: str, page: Page) -> None:
    page.goto(f"{server}/jarra_e_copo?lang=pt")
    expect(page.get_by_text(STEPS[0])).to_be_visible(timeout=60_000)
    settled(page)
    focus(page, "radio", "Ela")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text("Você disse")).to_be_visible(timeout=60_000)
    for number, text in enumerate(STEPS[1:], 2):
        page.keyboard.press("Shift+N")
        expect(page.get_by_text(text).first).to_be_visible(timeout=60_000)
        settled(page)
        assert f"step={number}" in page.url
    page.keyboard.press("Shift+B")
    expect(page.get_by_text("As medidas")).to_be_visible(timeout=60_000)


@pytest.mark.slow
def test_a_run_of_the_bench_its_head_and_its_files(server: str, page: Page) -> None:
    page.goto(f"{server}/bancada?lang=pt&conditions=P0")
    page.get_by_role("button", name="Testar em 128 frases").click(timeout=60_000)
    expect(page.get_by_text("Cabeça por cabeça")).to_be_visible(timeout=120_000)
    settled(page)
    with page.expect_download() as table:
        page.get_by_role("button", name="Baixar a tabela (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(table.value.path().read_text(encoding="utf-8-sig"))))
    with page.expect_download() as everything:
        page.get_by_role("button", name="Baixar tudo (JSON)").click()
    document = json.loads(everything.value.path().read_text(encoding="utf-8"))
    assert (
        rows[0]["condition"] == "P0" and float(rows[0]["choice"]) == document["results"][0]["choices"]["right"]["value"]
    )
    cells = page.locator(".js-plotly-plot").last.locator(".scatterlayer .point")
    cells.nth(9).click(force=True)
    expect(page.get_by_text("C2·2: certa em")).to_be_visible(timeout=30_000)
    assert "layer=2" in page.url and "head=2" in page.url


@pytest.mark.slow
def test_a_stopped_run_goes_on_where_it_stood(server: str, page: Page) -> None:
    page.goto(f"{server}/bancada?lang=pt&conditions=P7,P6")
    page.get_by_role("button", name="Testar em 256 frases").click(timeout=60_000)
    expect(page.get_by_text("frases testadas")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Parar").click()
    again = page.get_by_role("button", name="Testar em 256 frases")
    expect(again).to_be_visible(timeout=60_000)
    again.click()
    expect(page.get_by_text("Cabeça por cabeça")).to_be_visible(timeout=120_000)
