"""The screenshots of the README, and a larger set to judge by eye: ``make screenshots``.

    python -m tools.screenshots [--all FOLDER]

Without ``--all``: docs/images/explorar-{light,dark}.png. With it: every page in light and dark, at laptop, projector
and phone width, into FOLDER (not committed).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Browser, expect

from .served import ROOT, chromium, running

PAGES = ("inicio", "explorar", "jarra_e_copo", "minhas_frases", "modelos")
SIZES = {"laptop": (1280, 720), "projector": (1920, 1080), "phone": (390, 844)}
LOCK = "?token=12:cheio"


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="every page, theme and size into FOLDER")
    folder = parser.parse_args().all
    with running() as address, chromium() as browser:
        if folder is None:
            for theme in ("light", "dark"):
                take(browser, f"{address}/explorar{LOCK}", ROOT / "docs" / "images" / f"explorar-{theme}.png", theme, "laptop")
            return
        for page in PAGES:
            for theme in ("light", "dark"):
                for size in SIZES:
                    take(browser, f"{address}/{page}", folder / f"{page}-{theme}-{size}.png", theme, size, whole=True)


def take(browser: Browser, url: str, path: Path, theme: str, size: str, *, whole: bool = False) -> None:
    """One picture: the window, or with ``whole`` the page down to its end."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme, locale="pt-BR")
    page.goto(url)
    for busy in ("stSpinner", "stSkeleton", "stStatusWidget"):
        expect(page.get_by_test_id(busy)).to_have_count(0, timeout=120_000)
    if not url.endswith(("minhas_frases", "modelos")):  # every other page has a picture
        page.locator(".takeaway").first.wait_for(timeout=120_000)
    page.wait_for_timeout(2500)
    if whole:
        end = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, int(end))})
        page.wait_for_timeout(1500)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
    page.close()
    print(path, flush=True)


if __name__ == "__main__":
    main()
