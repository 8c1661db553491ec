"""Anatomy in Chromium: walking up the stages with the button, and straight to one by a click on its row."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

expect.set_options(timeout=45_000)


def shows_stage(page: Page, name: str) -> None:
    """By name: for a moment the heading of the stage before stands there too."""
    expect(page.get_by_role("heading", level=4, name=name)).to_be_visible()


def test_the_pass_is_walked_with_the_button_and_by_a_click(page: Page, server: str) -> None:
    page.goto(f"{server}/anatomia?lang=pt")
    shows_stage(page, "C1 atenção")
    page.get_by_role("button", name="Próximo estágio").click()
    shows_stage(page, "C1 feed-forward")
    page.wait_for_url(re.compile("stage=2"))
    area = page.locator(".js-plotly-plot .nsewdrag").first
    box = area.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.5 / 9)  # the uppermost of nine rows
    shows_stage(page, "C4 feed-forward")
    page.wait_for_url(re.compile("stage=8"))
