"""Anatomy in Chromium: walking up the stages with the button, and straight to one by a click on its row."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

expect.set_options(timeout=45_000)


def test_the_pass_is_walked_with_the_button_and_by_a_click(page: Page, server: str) -> None:
    page.goto(f"{server}/anatomia?lang=pt")
    heading = page.get_by_role("heading", level=4)
    expect(heading).to_have_text("C1 atenção")
    page.get_by_role("button", name="Próximo estágio").click()
    expect(heading).to_have_text("C1 feed-forward")
    page.wait_for_url(re.compile("stage=2"))
    area = page.locator(".js-plotly-plot .nsewdrag").first
    box = area.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.5 / 9)  # the uppermost of nine rows
    expect(heading).to_have_text("C4 feed-forward")
    page.wait_for_url(re.compile("stage=8"))
