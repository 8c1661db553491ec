"""The steps of one head in a real browser: arrows walk, the numbers are the trace's, sliders change only what they say,
links restore.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import parse_qs, quote, urlencode, urlparse

import pytest
from playwright.sync_api import Page, expect

import core
from core.analyses.steps import Steps, attention_steps
from core.tracing.layer import layer_context
from tests.e2e.conftest import settled
from tests.tiny import folder
from tools.served import running

expect.set_options(timeout=45_000)
JUG = "Ela derramou água da jarra para o copo até que ficasse cheio."
LAYER, HEAD = 3, 0  # from 0
LONG = " ".join([JUG] * 12)


@cache
def jug(query: str = "cheio") -> Steps:
    """The steps of head C4·1 for one word, by the library itself."""
    lm = core.load("mirante-encoder-pt", "cpu")
    trace = core.capture(lm, JUG)
    return attention_steps(
        lm, trace, layer_context(lm, trace, LAYER, "self"), LAYER, HEAD, trace.tokens.pieces.index(query)
    )


def place(word: str) -> int:
    return core.capture(core.load("mirante-encoder-pt", "cpu"), JUG).tokens.pieces.index(word)


def visit(page: Page, address: str, **query: object) -> None:
    asked = {
        "lang": "pt",
        "layer": LAYER + 1,
        "head": HEAD + 1,
        "token": f"{place('cheio')}:cheio",
        "key": f"{place('copo')}:copo",
        **query,
    }
    page.goto(f"{address}/passo_a_passo?{urlencode(asked, quote_via=quote)}")
    expect(page.locator(".takeaway")).not_to_be_empty()
    settled(page)


def strongest(query: str) -> int:
    """The word, not special, that gets most of ``query``'s share."""
    weights = jug(query).weights.copy()
    weights[[0, -1]] = 0
    return int(weights.argmax())


def linked(page: Page, **expected: str) -> None:
    """The address says ``expected``."""
    for name, value in expected.items():
        page.wait_for_function(
            "([name, value]) => new URLSearchParams(location.search).get(name) === value", arg=[name, value]
        )
    assert {name: parse_qs(urlparse(page.url).query)[name][0] for name in expected} == expected


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


def cell(page: Page, column: str, key: int) -> float:
    """The exact number of a cell of the table."""
    return number(page.locator(f"tr[data-key='{key}'] td[data-column='{column}']").get_attribute("title"))


def test_arrows_walk_over_the_steps_and_the_link_follows(page: Page, server: str) -> None:
    visit(page, server)
    current = page.locator("[aria-current='step']")
    expect(current).to_contain_text("1 · Entrada")
    page.locator(".steps").focus()
    for heading in (
        "2 · Três",
        "3 · Quanto",
        "4 · Do produto",
        "5 · Quem",
        "6 · Das",
        "7 · Cada",
        "8 · O que",
        "9 · Todas",
        "10 · Somado",
    ):
        page.keyboard.press("ArrowRight")
        expect(page.locator(".heading")).to_contain_text(heading)
    page.keyboard.press("ArrowRight")
    expect(current).to_contain_text("10 · Soma")
    linked(page, step="10")
    page.keyboard.press("ArrowLeft")
    expect(current).to_contain_text("9 · Todas")
    linked(page, step="9")


def test_the_numbers_are_the_model_s(page: Page, server: str) -> None:
    visit(page, server, step=7)
    expected, key = jug(), place("copo")
    said = round(100 * float(expected.weights[key]))
    expect(page.locator(".takeaway")).to_contain_text(f"cheio → copo {said} %")
    shown = [int(row.get_attribute("data-key")) for row in page.locator(".sheet tr[data-key]").all()]
    assert shown == list(range(len(expected.weights)))
    for j in shown:
        assert cell(page, "dots", j) == pytest.approx(float(expected.dots[j]), abs=2e-5)
        assert cell(page, "scaled", j) == pytest.approx(float(expected.scaled[j]), abs=2e-5)
        assert cell(page, "score", j) == pytest.approx(float(expected.scores[j]), abs=2e-5)
        assert cell(page, "weight", j) == pytest.approx(float(expected.weights[j]), abs=2e-6)


@pytest.mark.parametrize("step", [9, *(pytest.param(step, marks=pytest.mark.slow) for step in (1, 8, 10))])
def test_every_number_of_a_picture_can_be_read(page: Page, server: str, step: int) -> None:
    visit(page, server, step=step)
    page.get_by_text("Os números deste passo").click()
    found = jug()
    name, expected = {
        1: ("entrada de cheio", found.input),
        8: ("saída desta cabeça", found.output),
        9: ("saída de W_O", found.written),
        10: ("fluxo residual depois", found.residual.after),
    }[step]
    text = (
        page.locator(".tableBody dt", has_text=re.compile(f"^{name}$"))
        .locator("xpath=following-sibling::dd[1]")
        .text_content()
    )
    assert [number(one) for one in text.split()] == pytest.approx(expected.tolist(), abs=6e-5)


def test_the_temperature_is_marked_changes_the_shares_and_returns(page: Page, server: str) -> None:
    visit(page, server, step=6)
    real = page.locator("td[data-column='weight']").all_text_contents()
    slider = page.get_by_role("slider")
    slider.focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".heading")).to_contain_text("6 ·")
    expect(page.locator(".what-if")).to_have_class(re.compile(r"\bon\b"))
    expect(page.locator(".what-if .note")).to_contain_text("O modelo calculou")
    warm = [float(x) for x in (cell(page, "weight", key) for key in (place("copo"), place("jarra")))]
    scores = jug().scores.astype("float64") / 10 ** (15 / 50)
    powers = [2.718281828459045 ** float(s - scores.max()) for s in scores]
    assert warm == pytest.approx([powers[place(word)] / sum(powers) for word in ("copo", "jarra")], abs=2e-6)
    expect(page.locator(".takeaway")).to_contain_text(
        f"{round(100 * float(jug().weights[place('copo')]))} %"
    )  # the sentence on top stays the model's
    page.get_by_role("button", name="Todas as cabeças").click()
    assert cell(page, "weight", place("copo")) == pytest.approx(
        float(jug().weights[place("copo")]), abs=2e-6
    )  # beyond the head: the model's own
    page.get_by_role("button", name="6 · Softmax").click()
    page.get_by_role("button", name="Voltar a 1").click()
    assert page.locator("td[data-column='weight']").all_text_contents() == real
    expect(page.locator(".what-if .note")).to_contain_text("números do modelo")


def test_the_slider_can_be_dragged(page: Page, server: str) -> None:
    visit(page, server, step=4)
    slider = page.get_by_role("slider")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.4, 0.2, 0.6, 0.98):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        page.wait_for_timeout(50)
    page.mouse.up()
    expect(page.locator(".toy .slider-value")).to_have_text("d = 512")
    expect(page.locator(".toy .note")).to_contain_text("512 dimensões")


@pytest.mark.slow
def test_another_word_looks_and_another_is_looked_at(page: Page, server: str) -> None:
    visit(page, server, step=3)
    page.locator("tr[data-key]", has_text="jarra").click()
    expect(page.locator(".takeaway")).to_contain_text("cheio → jarra")
    linked(page, key=f"{place('jarra')}:jarra")
    page.get_by_role("button", name="derramou").first.click()
    expect(page.locator(".takeaway")).to_contain_text("derramou →")
    linked(page, token=f"{place('derramou')}:derramou")
    expect(page.locator(".steps")).to_have_attribute("aria-busy", "false")
    settled(page)
    key = int(page.locator("tr.in-view").get_attribute("data-key"))
    assert key == strongest("derramou"), "another word looks at its own strongest word, not at that of the one before"
    assert cell(page, "dots", key) == pytest.approx(float(jug("derramou").dots[key]), abs=2e-5)
    page.reload()
    expect(page.locator(".takeaway")).to_contain_text("derramou →")
    expect(page.locator(".heading")).to_contain_text("3 ·")


def test_hovering_a_key_brings_it_into_the_picture(page: Page, server: str) -> None:
    visit(page, server, step=3)
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.locator("tr[data-key]", has_text="água").hover()
    expect(page.locator(".said")).to_contain_text("água")
    page.mouse.move(5, 5)
    expect(page.locator(".said")).to_contain_text("copo")
    assert sent == []


def test_a_long_sentence_has_few_rows_and_a_list_of_all(page: Page, server: str) -> None:
    page.goto(f"{server}/passo_a_passo?{urlencode({'lang': 'pt', 'step': 6, 'sentence': LONG}, quote_via=quote)}")
    expect(page.locator("tr[data-key]")).to_have_count(12)
    settled(page)
    count = page.locator(".every option").count()
    assert count > 100
    page.locator(".every select").select_option(str(count - 1))
    linked(page, key=f"{count - 1}:[SEP]")
    expect(page.locator(f"tr[data-key='{count - 1}']")).to_have_class(re.compile("in-view"))


def test_a_phone_has_the_step_and_its_column(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, server, step=4)
    expect(page.locator("td[data-column='scaled']").first).to_be_visible()
    expect(page.locator("td[data-column='dots']").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for _ in range(3):
        page.get_by_role("button", name="Passo seguinte").click()
    expect(page.locator(".heading")).to_contain_text("7 ·")
    stop, trail = (page.locator(name).bounding_box() for name in ("[aria-current='step']", ".stops"))
    assert trail["x"] <= stop["x"] and stop["x"] + stop["width"] <= trail["x"] + trail["width"] + 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture(scope="module")
def tiny() -> Iterator[str]:
    """A server that accepts the tiny models of the tests."""
    root = folder("bloom").removesuffix("/bloom")
    folder("gemma2"), folder("gpt_oss")
    with running(MIRANTE_MODELS=root) as address:
        yield address


@pytest.mark.slow
def test_a_model_whose_steps_are_not_seen_is_refused_in_words(page: Page, tiny: str) -> None:
    page.goto(f"{tiny}/passo_a_passo?lang=pt&model=bloom")
    expect(page.get_by_text(re.compile("calcula a atenção à sua maneira"))).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "step", "text"),
    [("gpt_oss", 6, "sumidouro"), ("gemma2", 4, "limitado"), ("gemma2", 10, "transforma o vetor")],
)
def test_what_only_some_models_have_is_shown_there(page: Page, tiny: str, model: str, step: int, text: str) -> None:
    page.goto(f"{tiny}/passo_a_passo?lang=pt&model={model}&step={step}")
    expect(page.locator(".said")).to_contain_text(text)
