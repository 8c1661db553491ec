"""Two traces shown in one notebook page: each in a frame of its own, interactive, with no request, beside its table."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

import core

SENTENCES = ("O copo está cheio.", "A jarra ficou vazia.")


def test_two_cells_are_two_explorers(browser: Browser, tmp_path: Path) -> None:
    lm = core.load("mirante-encoder-pt")
    cells = [
        core.capture(lm, sentence).show(layer=2, head=1, language=language)._repr_html_()
        for sentence, language in zip(SENTENCES, ("pt", "en"), strict=True)
    ]
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!doctype html><meta charset=utf-8>{'<hr>'.join(cells)}", encoding="utf-8")
    context = browser.new_context(viewport={"width": 1000, "height": 1500}, offline=True)
    page, noted = context.new_page(), []
    page.on("request", lambda request: noted.append(request.url) if not request.url.startswith("data:") else None)
    page.on("console", lambda message: noted.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: noted.append(str(error)))
    page.goto(notebook.as_uri())
    first, second = (page.frame_locator("iframe").nth(i) for i in range(2))
    expect(first.locator(".chip")).to_have_text("C3·2", timeout=20_000)
    expect(second.locator(".chip")).to_have_text("L3·2", timeout=20_000)
    assert "jarra" in second.locator(".query-side").inner_text()
    first.locator(".explorer").focus()
    page.keyboard.press("ArrowRight")
    expect(first.locator(".chip")).to_have_text("C3·3")
    expect(second.locator(".chip")).to_have_text("L3·2")
    page.get_by_text("Tabela").click()
    expect(page.locator("details table").first).to_be_visible()
    assert [entry for entry in noted if entry not in (notebook.as_uri(), "about:srcdoc")] == []
    context.close()
