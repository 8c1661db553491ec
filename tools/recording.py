"""The moving picture of the README, recorded from the app itself: ``python -m tools.recording``.

A sentence is written, its map appears, words show where they look, another head is chosen: docs/images/
first-look-light.webp and first-look-dark.webp, an animated WebP each. Needs a Chromium; takes about a minute.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from .served import ROOT, chromium, running

SENTENCE = "A menina guardou o livro na mochila porque ele era dela."
WIDTH, HEIGHT = 1280, 720
SHOWN = (960, 540)
LIMIT = 1_500_000  # bytes of one file


class Film:
    """Frames of a page, each with the milliseconds that it stays."""

    def __init__(self, page: Page) -> None:
        self.page, self.frames, self.milliseconds = page, [], []

    def take(self, milliseconds: int) -> None:
        """What the page shows now."""
        shot = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        self.frames.append(shot.resize(SHOWN, Image.Resampling.LANCZOS))
        self.milliseconds.append(milliseconds)

    def save(self, path: Path) -> None:
        """As an animated WebP that repeats.

        Raises:
            ValueError: the file is larger than a README should load.
        """
        first, *others = self.frames
        first.save(path, save_all=True, append_images=others, duration=self.milliseconds, loop=0, quality=72, method=6)
        if path.stat().st_size > LIMIT:
            raise ValueError(f"{path} has {path.stat().st_size} bytes, more than {LIMIT}: take fewer frames.")


def record(browser: Browser, address: str, theme: str) -> Film:
    """The film in a theme ("light", "dark")."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=theme, locale="pt-BR")
    page.goto(f"{address}/explorar?layer=4&head=1")
    _ready(page)
    film = Film(page)
    field = page.locator(".st-key-sentence textarea")
    film.take(900)
    field.fill("")
    for end in range(4, len(SENTENCE) + 4, 4):
        field.fill(SENTENCE[:end])
        film.take(90)
    page.keyboard.press("Enter")
    expect(page.locator(".takeaway").first).to_contain_text("→", timeout=60_000)
    _ready(page)
    film.take(1400)
    for word in ("livro", "mochila", "ele", "dela"):
        page.locator(".sentence").get_by_text(word, exact=True).first.hover()
        page.wait_for_timeout(300)
        film.take(1300)
    page.locator(".sentence").get_by_text("ele", exact=True).first.click()
    for head in (2, 3, 4, 5):
        page.locator("select").nth(1).select_option(index=head - 1)
        _ready(page)
        film.take(1000)
    film.take(1200)
    page.close()
    return film


def _ready(page: Page) -> None:
    for busy in ("stSpinner", "stSkeleton", "stStatusWidget"):
        expect(page.get_by_test_id(busy)).to_have_count(0, timeout=120_000)
    page.locator("canvas.cells").first.wait_for(timeout=120_000)
    page.wait_for_timeout(1200)


def main() -> None:
    """Record both themes."""
    with running() as address, chromium() as browser:
        for theme in ("light", "dark"):
            path = ROOT / "docs" / "images" / f"first-look-{theme}.webp"
            record(browser, address, theme).save(path)
            print(path, path.stat().st_size, flush=True)


if __name__ == "__main__":
    main()
