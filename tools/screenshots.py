"""The screenshots of docs/tour.md, and a larger set to judge by eye: ``make screenshots``.

    python -m tools.screenshots [--all FOLDER]

Without ``--all``: docs/images/NAME-{light,dark}.png of docs/tour.md. With it: every view in light and dark, at laptop,
projector (in projector mode) and phone size, into FOLDER (not committed)."""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Browser, expect

from ui.shell.page_registry import page_links

from .served import ROOT, chromium, running

PICTURES = {view.picture: link for link, view in page_links() if view.picture}
"""Name of a picture → the link that shows it."""
README = {view.readme: link for link, view in page_links() if view.readme}
SIZES = {"laptop": (1280, 720), "projector": (1920, 1080), "phone": (390, 844)}


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="every page, theme and size into FOLDER")
    folder = parser.parse_args().all
    with running() as address, chromium() as browser:
        for name, link in (README if folder is None else PICTURES).items():
            for theme in ("light", "dark"):
                if folder is None:
                    take(browser, f"{address}{link}", ROOT / "docs" / "images" / f"{name}-{theme}.png", theme, "laptop")
                    continue
                for size in SIZES:
                    more = ("&" if "?" in link else "?") + "projector=true" if size == "projector" else ""
                    take(
                        browser,
                        f"{address}{link}{more}",
                        folder / f"{name}-{theme}-{size}.png",
                        theme,
                        size,
                        full_page=size != "projector",
                    )


def take(browser: Browser, url: str, path: Path, theme: str, size: str, *, full_page: bool = False) -> None:
    """One picture: the window, or with ``full_page`` the page down to its end."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme, locale="pt-BR")
    page.goto(url)
    for busy in ("stSpinner", "stSkeleton", "stStatusWidget"):
        expect(page.get_by_test_id(busy)).to_have_count(0, timeout=120_000)
    page.locator("h1").first.wait_for(timeout=120_000)
    page.wait_for_timeout(3500)
    if full_page:
        end = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, int(end))})
        page.wait_for_timeout(1500)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
    page.close()
    print(path, flush=True)


if __name__ == "__main__":
    main()
