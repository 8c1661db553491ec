"""The phones' page in a real browser: by keyboard and touch, over a lost network, at 320 pixels, with axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from benchmarks.phone_driver import Host, close_all
from tests.e2e.conftest import watch
from tests.loops import run_async
from tests.room_server import rooms_in_a_thread

CONTENT = {
    "title": {"pt": "Uma aula", "en": "A lesson"},
    "cards": [
        {
            "title": {"pt": "Uma palavra olha", "en": "A word looks"},
            "text": "Em **uma** cabeça <b>x</b>.",
            "link": "explorar?layer=4",
            "question": {
                "kind": "word",
                "ask": "Para onde olha *cheio*?",
                "words": ["o", "copo", "ficou", "cheio"],
                "offered": [0, 1, 2],
                "right": [1],
                "reveal": {"pt": "Para o copo.", "en": "At the glass."},
            },
        },
        {"title": "b", "question": {"kind": "choice", "ask": "?", "options": ["um", "dois"]}},
        {"title": "c", "question": {"kind": "head", "ask": "?", "layers": 4, "heads": 8, "right": [2, 3]}},
        {"title": "d", "question": {"kind": "number", "ask": "?", "unit": "%"}},
        {"title": "e", "question": {"kind": "text", "ask": "?"}},
    ],
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with rooms_in_a_thread(tmp_path_factory.mktemp("rooms")) as running:
        yield running


def opened(address: str) -> Host:
    """A new room; its host's connection is made anew in every event loop."""

    async def new() -> Host:
        try:
            return await Host.open(address, CONTENT)
        finally:
            await close_all()

    return run_async(new())


def lead(host: Host, **what: object) -> None:
    async def led() -> None:
        host.line.close()
        assert (await host.lead(**what))[0] == 200
        host.line.close()
        await close_all()

    run_async(led())


def look(host: Host) -> dict:
    async def looked() -> dict:
        host.line.close()
        try:
            return await host.look()
        finally:
            host.line.close()
            await close_all()

    return run_async(looked())


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A small phone in Portuguese."""
    context: BrowserContext = browser.new_context(
        viewport={"width": 320, "height": 640}, locale="pt-BR", has_touch=True
    )
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    return [each["id"] for each in Axe().run(page, options=RULES).response["violations"]]


def test_a_word_is_chosen_by_keyboard_kept_over_a_reload_and_shown_with_the_answer(address: str, phone: Page) -> None:
    problems, host = watch(phone), opened(address)
    phone.goto(f"{address}/s/{host.code.lower()}")
    expect(phone.locator("#state")).to_have_text("A pergunta abre em breve.")
    expect(phone.locator("#notice")).to_be_visible()  # what is kept, before the first answer
    lead(host, step="open")
    phone.get_by_role("radio", name="copo").focus()
    phone.keyboard.press("Space")
    phone.keyboard.press("Enter")
    expect(phone.locator("#saved")).to_have_text("Salva.")
    assert look(host)["tallies"]["1"]["counts"][0]["text"] == "copo"
    phone.reload()
    expect(phone.get_by_role("radio", name="copo")).to_be_checked()
    expect(phone.locator("#send")).to_have_text("Mudar minha resposta")
    assert violations(phone) == []
    lead(host, step="reveal")
    expect(phone.locator("li")).to_have_text(["Sua primeira resposta: copo", "Certo: copo"])
    assert phone.locator("#card b").count() == 0 and "<b>x</b>" in phone.locator("#card").inner_text()
    assert phone.get_by_role("link", name="Ver no Mirante").get_attribute("href") == "../explorar?layer=4"
    assert phone.context.cookies() == [] and problems == []


def test_an_answer_given_without_a_network_is_sent_when_there_is_one(address: str, phone: Page) -> None:
    host = opened(address)
    phone.goto(f"{address}/s/{host.code}?lang=en")
    lead(host, step="open")
    phone.get_by_role("radio", name="copo").wait_for(state="attached")
    phone.context.set_offline(True)
    phone.locator("label", has_text="copo").tap()
    phone.locator("#send").tap()
    expect(phone.locator("#saved")).to_contain_text("Your answer stays on this phone")
    assert look(host)["answered"]["1"] == 0
    phone.context.set_offline(False)
    expect(phone.locator("#saved")).to_have_text("Saved.")
    assert look(host)["answered"]["1"] == 1


def test_every_kind_of_question_is_answered_and_fits_a_small_phone(address: str, phone: Page) -> None:
    host = opened(address)
    phone.emulate_media(color_scheme="dark")
    phone.goto(f"{address}/s/{host.code}")
    for card, answer in enumerate(("dois", (2, 3), "28,5", "um olhar"), 1):
        lead(host, card=card)
        lead(host, step="open")
        expect(phone.locator("#where")).to_contain_text(f"Cartão {card + 1}")
        phone.locator("#send").wait_for()
        if card == 1:
            phone.locator("label", has_text="dois").tap()
        elif card == 2:
            phone.get_by_label("Camada").select_option("2")
            phone.get_by_label("Cabeça").select_option("3")
        else:
            phone.locator("input[type=text]").fill("999" if card == 3 else "")
            phone.locator("#send").tap()
            expect(phone.locator("#saved")).not_to_be_empty()  # what is missing is said, nothing is sent
            phone.locator("input[type=text]").fill(str(answer))
        phone.locator("#send").tap()
        expect(phone.locator("#saved")).to_have_text("Salva.")
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(phone) == [], card
    answers = look(host)["tallies"]["1"]["counts"]
    assert answers[0]["text"] == "um olhar"


def test_a_code_that_no_room_has_is_asked_for_again(address: str, phone: Page) -> None:
    host = opened(address)
    phone.goto(f"{address}/s/")
    phone.get_by_label("Código da sala").fill("zzzz")
    phone.keyboard.press("Enter")
    expect(phone.locator("#state")).to_contain_text("Não há sala com este código")
    assert violations(phone) == []
    phone.get_by_label("Código da sala").fill(host.code.lower())
    phone.keyboard.press("Enter")
    expect(phone.locator("#state")).to_have_text("A pergunta abre em breve.")
