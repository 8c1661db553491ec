"""Fixtures for the browser tests: a fresh server, Chromium, and a page that forbids errors and outside requests.

``server`` starts ``streamlit run app.py`` in a process of its own on a free port, once per test
module; ``fresh_server`` once per test (for the first visit of a server's life). Not here: helpers
of one test file.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-prefers-reduced-motion",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(*arguments: str) -> Iterator[str]:
    """A server of our own, from its first breath to its end: the address, once /_stcore/health answers."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", *arguments]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_healthy(address: str, process: subprocess.Popen, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address} in {seconds} s")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Address of a running app, shared by the tests of a module."""
    with running() as address:
        yield address


@pytest.fixture
def fresh_server() -> Iterator[str]:
    """Address of an app that nobody has visited."""
    with running() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, else Playwright's own."""
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A Portuguese-speaking visitor on a laptop; the test fails on console errors and on requests to elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="pt-BR")
    context.set_default_timeout(30_000)
    opened = context.new_page()
    problems = watch(opened)
    yield opened
    context.close()
    assert problems == []


def watch(page: Page) -> list[str]:
    """A list that fills with what must not happen on ``page``."""
    problems: list[str] = []

    def on_console(message) -> None:
        where = message.location.get("url", "")
        # A deep link makes Streamlit ask /page/_stcore/… before it finds its base path at /: two answers of 404.
        if message.type == "error" and "/_stcore/" not in where:
            problems.append(f"console: {message.text} ({where})")

    def on_request(request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            problems.append(f"outside request: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"page error: {error}"))
    page.on("request", on_request)
    return problems
