"""The page "Vision" in a real browser: a click on a patch changes what is shown, hovering sends nothing, keys walk, the
link restores.
"""

from __future__ import annotations

from functools import cache
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.vision.captures import PictureRun, capture_picture
from core.vision.models import load_vision
from core.vision.scenes import draw
from tests.e2e.conftest import settled

expect.set_options(timeout=45_000)
LAYER, HEAD, DRAWING = 1, 0, 42  # from 0


@cache
def seen() -> PictureRun:
    """The same picture through the same model, by the library itself."""
    return capture_picture(load_vision("mirante-vision", "cpu"), draw(DRAWING).pixels)


def visit(page: Page, address: str, **query: object) -> None:
    page.goto(
        f"{address}/visao?"
        + urlencode({"lang": "pt", "drawing": DRAWING, "vision_layer": LAYER + 1, "vision_head": HEAD + 1, **query})
    )
    expect(page.locator(".patches .takeaway")).not_to_be_empty()
    settled(page)


def middle(page: Page, row: int, column: int) -> dict[str, float]:
    """Where the middle of a patch (from 1) is on the large picture."""
    box = page.locator(".patches .view").bounding_box()
    return {"x": (column - 0.5) * box["width"] / 8, "y": (row - 0.5) * box["height"] / 8}


def position(row: int, column: int) -> int:
    return 1 + (row - 1) * 8 + column - 1


def begins(query: int, head: int = HEAD) -> str:
    """The takeaway's first words: who looks, and where most."""
    names = ["[CLS]", *(f"recorte ({row}, {column})" for row in range(1, 9) for column in range(1, 9))]
    best = int(np.argmax(seen().trace.attention(LAYER, head)[query]))
    return f"{names[query]} → {names[best]} "


def linked(page: Page, **expected: str) -> None:
    for name, value in expected.items():
        page.wait_for_function(
            "([name, value]) => new URLSearchParams(location.search).get(name) === value", arg=[name, value]
        )


def test_a_click_on_a_patch_shows_its_row_and_the_link_restores_it(page: Page, server: str) -> None:
    visit(page, server)
    takeaway, view = page.locator(".patches .takeaway"), page.locator(".patches .view")
    expect(takeaway).to_contain_text(begins(0))
    before = view.screenshot()
    view.click(position=middle(page, 6, 3))
    expect(takeaway).to_contain_text(begins(position(6, 3)))
    page.mouse.move(5, 5)
    assert view.screenshot() != before
    linked(page, patch="6,3")
    page.locator(".patches .heads .thumb").nth(2).click()
    page.mouse.move(5, 5)
    expect(takeaway).to_contain_text(begins(position(6, 3), head=2))
    expect(page.locator(".patches .chip")).to_have_text("C2·3")
    linked(page, vision_head="3")
    page.reload()
    expect(takeaway).to_contain_text(begins(position(6, 3), head=2))
    page.get_by_role("button", name="[CLS]").click()
    expect(takeaway).to_contain_text(begins(0, head=2))


def test_hovering_reads_exact_weights_and_other_heads_and_sends_nothing(page: Page, server: str) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    visit(page, server)
    page.wait_for_timeout(500)
    before = len(sent)
    page.locator(".patches .view").hover(position=middle(page, 2, 7))
    weight = float(seen().trace.attention(LAYER, HEAD)[0, position(2, 7)])
    expect(page.locator(".patches .tip")).to_have_text(f"[CLS] → recorte (2, 7) = {weight:.4f}".replace(".", ","))
    page.locator(".patches .heads .thumb").nth(3).hover()
    expect(page.locator(".patches .chip")).to_have_text("C2·4")
    page.mouse.move(5, 5)
    expect(page.locator(".patches .chip")).to_have_text("C2·1")
    page.wait_for_timeout(500)
    assert len(sent) == before


@pytest.mark.slow
def test_arrow_keys_walk_over_the_patches(page: Page, server: str) -> None:
    visit(page, server, patch="4,4")
    page.locator(".patches .stage").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(".patches .takeaway")).to_contain_text(begins(position(6, 5)))
    linked(page, patch="6,5")
    page.keyboard.press("Home")
    expect(page.locator(".patches .takeaway")).to_contain_text(begins(0))
