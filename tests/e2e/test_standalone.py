"""A saved page, opened from the disk: no request leaves it, its numbers are the trace's, and it walks, holds and
changes with the theme.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

import core
from core.export import html_page, record
from core.tracing.trace import Trace
from core.views.view import View, view
from tests import tiny
from tests.core.export.test_export_numbers import labelled
from tests.e2e.apps.explorer import HOSTILE
from tests.e2e.test_accessibility import violations

HEAD = (1, 2)
SENTENCE = "Ela derramou água da jarra para o copo até que ficasse cheio."


@pytest.fixture(scope="module")
def trace() -> Trace:
    return core.capture(core.load("mirante-encoder-pt"), SENTENCE)


@pytest.fixture(params=["light", "dark"])
def visitor(browser: Browser, request) -> Iterator[tuple[Page, list[str]]]:
    """A page without a network, and what it asked for or complained of."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=request.param, locale="pt-BR", offline=True
    )
    opened, noted = context.new_page(), []
    opened.on("request", lambda one: noted.append(one.url) if not one.url.startswith("data:") else None)
    opened.on("console", lambda message: noted.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: noted.append(str(error)))
    yield opened, noted
    context.close()


def written(folder: Path, shown: View, trace: Trace, **options) -> str:
    path = folder / "página.html"
    path.write_text(html_page(shown, [HEAD], record(trace, shown, [HEAD]), **options), encoding="utf-8")
    return path.as_uri()


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".takeaway")).not_to_be_empty(timeout=20_000)


def over(page: Page, row: int, column: int) -> str:
    """What the picture says over a cell of a map without special tokens; its place is read from the painted area, as an
    eye would.
    """
    box = page.evaluate("""() => {
        const canvas = document.querySelector('.cells');
        const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let [left, top, right, bottom] = [width, height, 0, 0];
        for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (data[4 * (y * width + x) + 3]) {
            left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
        }
        const ratio = canvas.width / canvas.clientWidth;
        return [left / ratio, top / ratio, (right + 1) / ratio, (bottom + 1) / ratio];
    }""")
    n = page.locator(".query-side .word").count()
    left, top, right, bottom = box
    page.locator(".marks").hover(
        position={"x": left + (column + 0.5) * (right - left) / n, "y": top + (row + 0.5) * (bottom - top) / n}
    )
    return page.locator(".tip").inner_text()


def portuguese(value: float, decimals: int = 4) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")


def test_it_shows_the_trace_s_numbers_and_asks_for_nothing(visitor, trace, tmp_path) -> None:
    page, noted = visitor
    shown = view(trace, specials=False)
    address = written(tmp_path, shown, trace)
    visit(page, address)
    for row, column in [(4, 7), (8, 0), (12, 11)]:
        assert over(page, row, column).endswith(portuguese(float(shown.head(*HEAD)[row, column])))
    expect(page.locator(".chip")).to_have_text("C2·3")
    page.locator(".explorer").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".chip")).to_have_text("C2·4")
    assert f"≈ {portuguese(float(shown.head(1, 3)[4, 7]), 3)}" in over(page, 4, 7)
    page.keyboard.press("ArrowUp")
    expect(page.locator(".chip")).to_have_text("C1·4")
    assert noted == [address]


def test_words_are_held_and_heads_chosen_without_a_server(visitor, trace, tmp_path) -> None:
    page, noted = visitor
    shown = view(trace)
    visit(page, written(tmp_path, shown, trace))
    page.locator(".query-side .word").nth(12).click()
    best = shown.key.labels[int(np.argmax(shown.head(*HEAD)[12]))]
    expect(page.locator(".takeaway")).to_contain_text(f"{shown.query.labels[12]} → ")
    expect(page.locator(".takeaway")).to_contain_text(best)
    page.locator(".thumbs").wait_for()
    page.get_by_role("button", name="Linhas").click()
    expect(page.locator(".controls")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".takeaway")).to_contain_text("ligações mais fortes")
    with page.expect_download() as saved:
        page.get_by_role("button", name="SVG").click()
    assert trace.provenance.tokenizer_hash in Path(saved.value.path()).read_text(encoding="utf-8")
    assert len(noted) == 1


def test_the_theme_is_the_reader_s_and_changes_with_it(visitor, trace, tmp_path) -> None:
    page, noted = visitor
    visit(page, written(tmp_path, view(trace), trace))
    colours = {"light": "rgb(251, 249, 244)", "dark": "rgb(20, 21, 31)"}
    pixel = (
        "() => document.querySelector('.cells').getContext('2d').getImageData(0, 0, 900, 900).data.reduce((a, "
        "b) => a + b, 0)"
    )
    before = page.evaluate(pixel)
    now = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    expect(page.locator("body")).to_have_css("background-color", colours[now])
    other = "light" if now == "dark" else "dark"
    page.emulate_media(color_scheme=other)
    expect(page.locator("body")).to_have_css("background-color", colours[other])
    page.wait_for_function(f"before => ({pixel})() !== before", arg=before)
    assert len(noted) == 1


def test_hostile_labels_and_sentences_stay_text(visitor, tmp_path) -> None:
    page, noted = visitor
    trace = core.capture(core.load(str(tiny.folder("llama"))), "</script><img src=x onerror=alert(1)> <s> $packet &lt;")
    shown = labelled(HOSTILE, heads=3)
    page.goto(written(tmp_path, View(**{**vars(shown), "layers": 2}), trace, language="en"))
    expect(page.locator(".query-side .word")).to_have_count(len(HOSTILE))
    faces = page.locator(".query-side .face").all_inner_texts()
    assert faces[:5] == HOSTILE[:5] and faces[-1] == HOSTILE[-1]
    assert page.locator("img, .explorer a").count() == 0 and page.evaluate("document.documentElement.lang") == "en"
    expect(page.locator("#citation")).to_contain_text("</script><img src=x onerror=alert(1)>")
    assert len(noted) == 1


def test_a_phone_and_a_page_without_scripts(browser: Browser, trace, tmp_path) -> None:
    address = written(tmp_path, view(trace), trace)
    phone = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
    page = phone.new_page()
    visit(page, address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.close()
    bare = browser.new_context(java_script_enabled=False, offline=True)
    page = bare.new_page()
    page.goto(address)
    expect(page.get_by_text("precisa de JavaScript")).to_be_visible()
    expect(page.locator("#citation")).to_contain_text("mirante-encoder-pt")
    bare.close()


def test_axe_finds_nothing(visitor, trace, tmp_path) -> None:
    page, _ = visitor
    visit(page, written(tmp_path, view(trace), trace))
    assert violations(page) == []
