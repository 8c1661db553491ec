"""Changing the sentence from inside the picture, keys that reach the page around it, links and modes, in Chromium."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import settled, to_page

expect.set_options(timeout=45_000)
WORDS = "[CLS] Ela derramou água da jarra para o copo até que ficasse cheio . [SEP]".split()


def visit(page: Page, address: str, path: str = "/explorar?lang=pt") -> None:
    page.goto(address + path)
    expect(page.locator(".takeaway").first).not_to_be_empty()


def faces(page: Page):
    return page.locator(".sentence.query-side .face")


def hold(page: Page, i: int) -> None:
    page.locator(".sentence.query-side .word").nth(i).click()


def test_a_word_is_hidden_and_shown_again_and_the_prediction_stands_below(page: Page, server: str) -> None:
    visit(page, server)
    hold(page, 12)
    page.get_by_role("button", name="Esconder “cheio”").click()
    expect(faces(page)).to_have_text([*WORDS[:12], "[MASK]", *WORDS[13:]])
    expect(page.get_by_text("Atrás da máscara o modelo espera")).to_be_visible()
    expect(
        page.get_by_text("O modelo lê: “Ela derramou água da jarra para o copo até que ficasse [MASK].”")
    ).to_be_visible()
    expect(page.locator(".takeaway")).to_contain_text("[MASK] →")
    page.wait_for_url(re.compile("mask=12%3Acheio|mask=12:cheio"))
    expect(page.get_by_role("textbox", name="Frase", exact=True)).to_have_value(re.compile("cheio"))
    page.get_by_role("button", name="Mostrar a palavra").click()
    expect(faces(page)).to_have_text(WORDS)
    expect(page.get_by_text("Atrás da máscara")).to_have_count(0)


def test_a_word_is_replaced_in_the_sentence_itself(page: Page, server: str) -> None:
    visit(page, server)
    hold(page, 12)
    page.get_by_role("textbox", name="Trocar “cheio” por").fill("vazia")
    page.get_by_role("textbox", name="Trocar “cheio” por").press("Enter")
    expect(faces(page)).to_have_text([*WORDS[:12], "vazia", *WORDS[13:]])
    expect(page.get_by_role("textbox", name="Frase", exact=True)).to_have_value(
        "Ela derramou água da jarra para o copo até que ficasse vazia."
    )
    expect(page.locator(".takeaway")).to_contain_text("vazia →")


@pytest.mark.parametrize(
    "text", ["<b>x</b>", *(pytest.param(text, marks=pytest.mark.slow) for text in ("[SEP]", "dois nomes", "🙂"))]
)
def test_whatever_replaces_a_word_is_text(page: Page, server: str, text: str) -> None:
    visit(page, server)
    hold(page, 8)
    field = page.get_by_role("textbox", name="Trocar “copo” por")
    field.fill(text)
    field.press("Enter")
    expect(page.get_by_role("textbox", name="Frase", exact=True)).to_have_value(
        f"Ela derramou água da jarra para o {text} até que ficasse cheio."
    )
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    assert page.locator(".explorer b, .explorer a").count() == 0


@pytest.mark.slow
def test_a_decoder_says_what_comes_next(page: Page, server: str) -> None:
    visit(page, server, f"/explorar?lang=pt&model=mirante-decoder-pt&sentence={quote('O menino leu o livro')}")
    expect(page.get_by_text("Depois de “livro” o modelo espera")).to_be_visible()
    hold(page, 2)
    expect(page.get_by_text("Depois de “menino” o modelo espera")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Esconder"))).to_have_count(0)


def test_a_prediction_is_taken_into_the_sentence(page: Page, server: str) -> None:
    visit(page, server, f"/explorar?lang=pt&model=mirante-decoder-pt&sentence={quote('O menino leu o')}")
    field = page.get_by_role("textbox", name="Frase", exact=True)
    for _ in range(2):
        settled(page)  # until then the candidates may be those of the text before
        before = field.input_value()
        pill = page.get_by_role("radiogroup", name="Acrescentar e continuar").get_by_role("radio").first
        word = pill.inner_text()
        pill.click()
        expect(field).to_have_value(re.compile(rf"^{re.escape(before)} ?{re.escape(word)}$"))
        expect(page.get_by_text(f"Depois de “{word}” o modelo espera")).to_be_visible()
    visit(page, server, "/explorar?lang=pt&mask=12:cheio")
    page.get_by_role("radiogroup", name="Pôr no lugar dela").get_by_role("radio").nth(1).click()
    expect(field).not_to_have_value(re.compile("MASK|\\bcheio cheio"))
    expect(page.get_by_text("Atrás da máscara")).to_have_count(0)


def test_letters_reach_the_page_around_the_picture(page: Page, server: str) -> None:
    visit(page, server, f"/explorar?lang=pt&sentence={quote('desproporcionadamente azul')}")
    before = faces(page).count()
    page.keyboard.press("m")
    page.wait_for_url(re.compile("unit=pieces"))
    expect(page.locator(".sentence.query-side .word")).not_to_have_count(before)
    page.keyboard.press("m")
    expect(page.locator(".sentence.query-side .word")).to_have_count(before)
    page.keyboard.press("s")
    page.wait_for_url(re.compile("specials=false"))
    expect(page.locator(".sentence.query-side .word")).to_have_count(before - 2)
    page.keyboard.press("/")
    field = page.get_by_role("textbox", name="Frase", exact=True)
    expect(field).to_be_focused()
    field.press_sequentially(" m?", delay=30)
    expect(field).to_have_value(re.compile(r" m\?$"))
    expect(page.get_by_role("heading", name="Teclas")).to_be_hidden()


@pytest.mark.slow
def test_the_link_is_copied_with_one_key_and_brings_everything_back(page: Page, server: str, browser: Browser) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(page, server)
    hold(page, 12)
    page.locator(".sentence.query-side .word").nth(8).click(modifiers=["Shift"])
    page.locator(".explorer").focus()
    for key in ("f", "ArrowDown", "v", "d"):
        page.keyboard.press(key)
    page.get_by_label("Limite").fill("35")
    page.locator(".explorer").focus()
    page.keyboard.press("l")
    expect(page.get_by_text("Link copiado.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    asked = parse_qs(urlsplit(link).query)
    assert (
        asked["picture"] == ["lines"]
        and asked["side"] == ["key"]
        and asked["share"] == ["35"]
        and len(asked["token"]) == 2
        and "heads" in asked
    ), link
    said = page.locator(".takeaway").inner_text()
    other = browser.new_page(locale="pt-BR", viewport={"width": 1280, "height": 720})
    other.goto(link)
    expect(other.locator(".takeaway")).to_have_text(said)
    expect(other.locator(".tabs [aria-pressed=true]")).to_have_text("Linhas")
    expect(other.get_by_label("Limite")).to_have_value("35")
    expect(other.locator(".pin")).to_have_count(2)
    other.close()


def test_the_head_and_what_is_held_stay_from_page_to_page(page: Page, server: str) -> None:
    visit(page, server, "/explorar?lang=pt&layer=2&head=5&picture=lines&token=12:cheio")
    to_page(page, "comparar")
    expect(page.get_by_role("heading", name="Comparar", level=1)).to_be_visible()
    expect(page.locator(".chip").first).to_have_text("C2·5")
    page.wait_for_url(re.compile("layer=2.*head=5"))
    to_page(page, "passo_a_passo")
    expect(page.get_by_role("heading", name="Passo a passo", level=1)).to_be_visible()
    expect(page.locator(".steps .chip")).to_have_text("C2·5")
    to_page(page, "explorar")
    expect(page.locator(".tabs [aria-pressed=true]")).to_have_text("Linhas")
    expect(page.locator(".takeaway")).to_contain_text("cheio →")
    expect(page.locator(".chip")).to_have_text("C2·5")
    page.wait_for_url(re.compile("layer=2.*head=5.*|head=5.*layer=2.*"))


def test_quick_keys_never_turn_one_word_into_another(page: Page, server: str) -> None:
    visit(page, server, "/explorar?lang=pt&layer=2&head=5")
    hold(page, 5)
    expect(page.locator(".takeaway")).to_contain_text("jarra →")
    page.wait_for_timeout(600)
    page.keyboard.press("s")
    page.keyboard.press("ArrowLeft")
    page.mouse.move(5, 5)  # where nothing is held, a word under the pointer would be read
    expect(page.locator(".sentence.query-side .word")).to_have_count(13)
    page.wait_for_timeout(2500)
    assert page.locator(".takeaway").inner_text().startswith("jarra →"), page.locator(".takeaway").inner_text()
    assert re.search("token=[0-9]+(:|%3A)jarra", page.url), page.url


def test_a_word_hidden_by_the_keyboard_keeps_the_keyboard(page: Page, server: str) -> None:
    visit(page, server)
    hold(page, 12)
    page.get_by_role("button", name="Esconder “cheio”").press("Enter")
    expect(page.locator(".takeaway")).to_contain_text("[MASK] →")
    assert page.evaluate("document.activeElement !== document.body")


def test_a_link_to_a_word_that_is_gone_says_so(page: Page, server: str) -> None:
    visit(page, server, f"/explorar?lang=pt&token=12:cheio&mask=3:vinho&sentence={quote('O gato dorme.')}")
    expect(page.get_by_text("Este link fixa uma palavra que a frase não tem (cheio)")).to_be_visible()
    expect(page.get_by_text("Uma palavra que o link esconde não está nesta frase")).to_be_visible()
    expect(faces(page)).to_have_text(["[CLS]", "O", "gato", "dorme", ".", "[SEP]"])


def test_an_embedded_page_is_the_page_alone_with_a_way_out(page: Page, server: str) -> None:
    visit(page, server, f"/explorar?lang=pt&embed=true&layer=2&head=3&sentence={quote('O gato dorme.')}")
    expect(page.locator(".st-key-top_bar")).to_have_count(0)
    expect(faces(page)).to_have_text(["[CLS]", "O", "gato", "dorme", ".", "[SEP]"])
    expect(page.locator(".chip")).to_have_text("C2·3")
    way = page.get_by_role("link", name="Abrir no Mirante")
    found = parse_qs(urlsplit(way.get_attribute("href")).query)
    assert found["sentence"] == ["O gato dorme."] and found["layer"] == ["2"] and "embed" not in found


def test_on_a_projector_the_type_is_large_and_the_first_screen_holds_the_picture(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    visit(page, server, "/explorar?lang=pt&projector=true&token=12:cheio")
    size = page.locator(".takeaway").evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert (
        size >= 22
        and page.locator(".sentence .face").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 20
    )
    box = page.locator(".cells").bounding_box()
    assert box["y"] + box["height"] <= 1080
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
