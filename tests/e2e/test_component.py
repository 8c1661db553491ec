"""The attention explorer in a real browser: painted, exact, quiet while hovering, and in step with Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.apps.explorer import HOSTILE, softmax_maps
from tools.served import running

expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong

PAINTED = """selector => {
    const roots = [...document.querySelectorAll('*')].map(e => e.shadowRoot);
    const root = roots.find(r => r && r.querySelector('.explorer'));
    const canvas = root.querySelector(selector);
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    return new Set(new Uint32Array(pixels.buffer)).size;
}"""


@pytest.fixture(scope="module")
def explorer() -> Iterator[str]:
    """Address of a page with nothing but the component (tests/e2e/apps/explorer.py)."""
    with running(app="tests/e2e/apps/explorer.py") as address:
        yield address


def visit(page: Page, address: str, **query: object) -> Page:
    page.goto(f"{address}/?{urlencode({'lang': 'pt', **query})}")
    expect(page.locator(".takeaway")).not_to_be_empty()
    page.wait_for_load_state("networkidle")  # fonts: a late one changes the widths of labels
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    return page


SERVED = {
    "attention/main.js": 200,
    "shared/ramps.json": 200,
    "shared/base.css": 200,
    "shared/": 404,
    "../frame.css": 400,
    "shared/../../frame.css": 400,
    "%2e%2e/frame.css": 400,
}


def test_nothing_outside_the_components_is_served(page: Page, explorer: str) -> None:
    visit(page, explorer)  # registers the component
    assert {path: status(explorer, f"mirante.attention/{path}") for path in SERVED} == SERVED


def status(address: str, path: str) -> int:
    """The answer to ``path`` as it is written: a browser would take its dots away."""
    connection = HTTPConnection(address.removeprefix("http://"))
    connection.request("GET", f"/_stcore/bidi-components/{path}")
    answer = connection.getresponse().status
    connection.close()
    return answer


def takeaway(page: Page) -> Locator:
    return page.locator(".takeaway")


PAINTED_AREA = """() => {
        const roots = [...document.querySelectorAll('*')].map(e => e.shadowRoot);
    const root = roots.find(r => r && r.querySelector('.explorer'));
        const canvas = root.querySelector('.cells');
        const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let [left, top, right, bottom] = [width, height, 0, 0];
        for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (data[4 * (y * width + x) + 3]) {
            left = Math.min(left, x); right = Math.max(right, x + 1);
            top = Math.min(top, y); bottom = Math.max(bottom, y + 1);
        }
        const ratio = canvas.width / canvas.clientWidth;
        return [left / ratio, top / ratio, right / ratio, bottom / ratio];
    }"""


def cell(page: Page, row: int, column: int, n: int) -> dict[str, float]:
    """Position of a cell on the matrix canvas: read from the corners of the painted area, as a person's eye would.

    Fonts may still arrive and move the cells: the area is read until two readings agree.
    """
    before, box = None, page.evaluate(PAINTED_AREA)
    while box != before:
        page.wait_for_timeout(250)
        before, box = box, page.evaluate(PAINTED_AREA)
    left, top, right, bottom = box
    return {"x": left + (column + 0.5) * (right - left) / n, "y": top + (row + 0.5) * (bottom - top) / n}


def portuguese(value: float) -> str:
    return f"{value:.4f}".replace(".", ",")


def test_everything_is_painted(page: Page, explorer: str) -> None:
    visit(page, explorer, n=14, layers=6, heads=8)
    assert page.evaluate(PAINTED, ".cells") > 50
    assert page.evaluate(PAINTED, ".thumbs") > 100
    expect(page.locator(".chip")).to_have_text("C1·1")
    expect(page.locator(".sentence .word")).to_have_count(14)
    assert page.locator(".sentence .face").all_inner_texts()[:3] == ["[CLS]", "Ela", "derramou"]


@pytest.mark.parametrize("n", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 64))])
def test_any_length_is_painted(page: Page, explorer: str, n: int) -> None:
    visit(page, explorer, n=n, case="one" if n == 1 else "plain")
    assert page.evaluate(PAINTED, ".cells") >= (2 if n == 1 else 4)


def test_hovering_gives_the_exact_value_and_sends_nothing(page: Page, explorer: str) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    visit(page, explorer, case="hostile")
    weights = softmax_maps(4, 6, 12, 12)[0, 0]
    page.wait_for_timeout(500)
    before = len(sent)
    for row, column in [(4, 7), (0, 11), (11, 3)]:
        page.locator(".marks").hover(position=cell(page, row, column, 12))
        expect(page.locator(".tip")).to_contain_text(portuguese(float(weights[row, column])))
    page.wait_for_timeout(600)
    assert len(sent) == before


STANDS = """() => {
    const root = [...document.querySelectorAll('*')].map(e => e.shadowRoot).find(r => r && r.querySelector('.frame'));
    const frame = root.querySelector('.frame');
    return [frame.scrollTop, frame.scrollHeight - frame.clientHeight];
}"""


def test_a_long_map_scrolls_in_its_frame_and_can_be_made_to_fit(page: Page, explorer: str) -> None:
    visit(page, explorer, n=64, layers=2, heads=2)
    canvas, (at, furthest) = page.locator(".marks").bounding_box(), page.evaluate(STANDS)
    assert at == 0 and furthest > 100
    page.locator(".sentence .word").nth(60).click()
    page.wait_for_function(f"() => ({STANDS})()[0] > 100")
    page.locator(".frame").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("python: 0 0 61 63 query")).to_be_visible()
    page.get_by_role("button", name="Ajustar").press("Enter")
    expect(page.get_by_role("button", name="Tamanho real")).to_be_visible()
    assert page.evaluate(STANDS) == [0, 0]
    visit(page, explorer, n=64, layers=2, heads=2)
    expect(page.get_by_role("button", name="Tamanho real")).to_be_visible()  # remembered by this browser
    page.get_by_role("button", name="Tamanho real").click()
    assert page.evaluate(STANDS)[1] == furthest and page.locator(".marks").bounding_box() == canvas


def test_the_end_of_the_walk_over_heads_is_said(page: Page, explorer: str) -> None:
    visit(page, explorer, layers=2, heads=2)
    page.locator(".explorer").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".edge")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".edge")).to_have_text("Esta é a última cabeça.")
    expect(page.locator(".live")).to_have_text("Esta é a última cabeça.")
    expect(page.locator(".chip")).to_have_text("C1·2")


def test_the_picture_stays_where_it_is_under_the_pointer(page: Page, explorer: str) -> None:
    visit(page, explorer, case="hostile")  # its strongest links fill two lines, the links of one word fill one
    before = page.locator(".marks").bounding_box()
    for row in (9, 4, 0):
        page.locator(".marks").hover(position=cell(page, row, 2, 12))
        page.wait_for_timeout(100)
        assert page.locator(".marks").bounding_box() == before
    page.mouse.move(5, 5)
    expect(takeaway(page)).to_contain_text("ligações mais fortes")
    assert page.locator(".marks").bounding_box() == before


def test_a_click_locks_the_row_and_escape_lets_go(page: Page, explorer: str) -> None:
    visit(page, explorer, case="hostile")
    weights = softmax_maps(4, 6, 12, 12)[0, 0]
    page.locator(".marks").click(position=cell(page, 9, 2, 12))
    best = int(np.argmax(weights[9]))
    expect(takeaway(page)).to_contain_text(f"**b** → {HOSTILE[best]} {round(weights[9, best] * 100)} %")
    expect(page.get_by_text("python: 0 0 9 2 query")).to_be_visible()
    page.mouse.move(5, 5)
    expect(takeaway(page)).to_contain_text("**b** →")
    page.keyboard.press("Escape")
    expect(takeaway(page)).to_contain_text("ligações mais fortes")
    expect(page.get_by_text("python: 0 0 None None query")).to_be_visible()


def test_a_word_is_a_row_or_a_column(page: Page, explorer: str) -> None:
    visit(page, explorer, case="hostile")
    weights = softmax_maps(4, 6, 12, 12)[0, 0]
    page.locator(".sentence .word").nth(11).click()
    expect(takeaway(page)).to_contain_text("ação →")
    page.get_by_role("button", name="quem olha").click()
    best = int(np.argmax(weights[:, 11]))
    expect(takeaway(page)).to_contain_text(
        f"quem olha para ação: {HOSTILE[best]} {round(weights[best, 11] * 100)} %".replace("\u200b", "⟨ZWSP⟩")
    )
    expect(page.get_by_text("python: 0 0 None 11 key")).to_be_visible()


def test_arrows_walk_over_heads_and_send_one_message(page: Page, explorer: str) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    visit(page, explorer, n=14, layers=4, heads=6)
    page.locator(".explorer").focus()
    page.wait_for_timeout(500)
    before = len(sent)
    for key in ["ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowDown"]:
        page.keyboard.press(key)
    expect(page.locator(".chip")).to_have_text("C2·2")
    expect(page.get_by_text("python: 1 1 None None query")).to_be_visible()
    assert len(sent) == before + 1


def test_another_head_brings_that_head_and_not_all_of_them_again(page: Page, explorer: str) -> None:
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    visit(page, explorer, n=64, layers=12, heads=12)
    assert max(received) > 200_000
    received.clear()
    page.locator(".explorer").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("python: 0 1 None None query")).to_be_visible()
    page.locator(".marks").hover(position=cell(page, 30, 30, 64))
    expect(page.locator(".tip")).to_contain_text(re.compile(r" \d,\d{4}$"))  # four decimals: the exact head has arrived
    assert sum(received) < 60_000


AT_ONCE = """key => {
    const roots = [...document.querySelectorAll('*')].map(e => e.shadowRoot);
    const root = roots.find(r => r && r.querySelector('.explorer'));
    const find = name => root.querySelector(name);
    const shown = () => find('.cells').toDataURL();
    const before = shown();
    find('.explorer').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    return { same: shown() === before, busy: find('.stage').getAttribute('aria-busy'),
        text: ['.takeaway', '.budget', '.profile', '.live'].map(name => find(name).textContent) };
}"""


@pytest.mark.parametrize("mode", ["explore", "matrix"])
def test_no_number_is_shown_before_the_exact_head_is_here(page: Page, explorer: str, mode: str) -> None:
    visit(page, explorer, n=200, layers=2, heads=4, mode=mode)
    expect(page.locator(".stage")).to_have_attribute("aria-busy", "false")
    at_once = page.evaluate(AT_ONCE, "ArrowRight")
    takeaway_, budget, profile, live = at_once["text"]
    assert at_once["busy"] == "true" and at_once["same"] == (mode == "matrix")
    assert takeaway_.endswith("…") and "…" in budget and "%" not in takeaway_ + budget + profile + live
    expect(page.locator(".chip")).to_have_text("C1·2")
    expect(page.locator(".stage")).to_have_attribute("aria-busy", "false")
    expect(takeaway(page)).to_contain_text(" %")
    expect(page.locator(".budget")).to_contain_text("% em palavras")
    expect(page.locator(".live")).to_contain_text(" %")
    assert page.evaluate(PAINTED, ".cells") > 50


def test_python_and_the_person_do_not_fight(page: Page, explorer: str) -> None:
    visit(page, explorer, n=14, layers=4, heads=6, follow=1)
    page.locator(".explorer").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("spinbutton", name="head")).to_have_value("1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("python: 1 2 None None query")).to_be_visible()
    expect(page.locator(".chip")).to_have_text("C2·3")
    page.get_by_role("spinbutton", name="layer").fill("3")
    page.get_by_role("spinbutton", name="layer").press("Enter")
    expect(page.locator(".chip")).to_have_text("C4·3")


def test_labels_are_text_whatever_they_say(page: Page, explorer: str) -> None:
    visit(page, explorer, case="hostile")
    faces = page.locator(".sentence .face")
    assert faces.all_text_contents() == [label.replace("\u200b", "⟨ZWSP⟩") for label in HOSTILE]
    page.locator("summary").click()
    expect(page.locator("caption").first).to_be_visible()
    assert page.locator(".explorer a, .explorer img, .explorer s").count() == 0


def test_two_texts_have_two_lines_of_words(page: Page, explorer: str) -> None:
    visit(page, explorer, case="cross", n=14)
    assert page.locator(".query-side .face").all_inner_texts() == ["The", "cup", "was", "full", "."]
    expect(page.locator(".key-side .word")).to_have_count(14)
    page.locator(".query-side .word").nth(3).click()
    expect(takeaway(page)).to_contain_text("full →")


def test_a_phone_gets_bars_and_a_strip_instead_of_a_squeezed_matrix(page: Page, explorer: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, explorer, n=14, layers=6, heads=8)
    expect(page.locator(".picture")).to_be_hidden()
    expect(page.locator(".bars .bar")).to_have_count(14)
    page.locator(".bars .bar").nth(5).click()
    expect(takeaway(page)).to_contain_text("jarra →")
    assert page.locator(".strip .heads").count() == 6
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_nothing_to_show_is_said(page: Page, explorer: str) -> None:
    page.goto(f"{explorer}/?case=empty&lang=pt")
    expect(page.get_by_text(re.compile("Não há o que mostrar"))).to_be_visible()


def test_a_difference_is_signed(page: Page, explorer: str) -> None:
    visit(page, explorer, n=14, mode="matrix", ramp="difference", locked=4)
    expect(takeaway(page)).to_contain_text(re.compile(r"da → .*[+\u2212]\d+\sp\.p\."))
    expect(page.locator(".side")).to_be_hidden()
    expect(page.locator(".legend")).to_contain_text("A olha mais")
