"""The pictures of the README: ``python -m tools.screenshots [folder]``, by default docs/images.

Starts a server of its own, opens each page at 1280 × 720 in light and dark and once as a phone,
waits until nothing runs, and writes PNG files. Not here: any judgement of what they show.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = Path("/usr/bin/chromium")
LAPTOP, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
SHOTS = {  # name → (path, colour scheme, viewport)
    "inicio-light": ("/", "light", LAPTOP),
    "inicio-dark": ("/", "dark", LAPTOP),
    "explorar-light": ("/explorar", "light", LAPTOP),
    "explorar-dark": ("/explorar", "dark", LAPTOP),
    "jarra-e-copo-light": ("/jarra-e-copo", "light", LAPTOP),
    "minhas-frases-light": ("/minhas-frases", "light", LAPTOP),
    "explorar-phone": ("/explorar", "light", PHONE),
}
WITHOUT_PICTURE = ("/minhas-frases",)  # every other page is not ready before its canvas is


def main(folder: Path) -> None:
    """Take every picture of ``SHOTS`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with server() as address, sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name in SHOTS:
            shoot(browser, address, name, folder / f"{name}.png")
            print(folder / f"{name}.png")
        browser.close()


def shoot(browser: Browser, address: str, name: str, target: Path) -> None:
    """One picture, once the page stands still."""
    path, scheme, viewport = SHOTS[name]
    context = browser.new_context(
        color_scheme=scheme, viewport=viewport, locale="pt-BR", reduced_motion="reduce", device_scale_factor=1
    )
    page = context.new_page()
    page.goto(address + path)
    page.get_by_role("heading", level=1).first.wait_for(timeout=120_000)
    for busy in ("stSpinner", "stSkeleton", "stStatusWidget"):
        expect(page.get_by_test_id(busy)).to_have_count(0, timeout=120_000)
    if path not in WITHOUT_PICTURE:
        page.locator("canvas").first.wait_for(timeout=120_000)
    page.wait_for_timeout(1500)
    page.screenshot(path=target)
    context.close()


@contextmanager
def server() -> Iterator[str]:
    """The app on a free port of this machine, from its first breath to its end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={address.rsplit(':', 1)[1]}"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
