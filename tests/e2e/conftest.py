"""Fixtures for the browser tests: a fresh server, Chromium, and a page that forbids errors and outside requests.

``server`` starts what ``make run`` starts in a process of its own on a free port, once per pytest process, and visits
it once; ``fresh_server`` once per test (for the first visit of a server's life; ``fresh_streamlit`` the same as
``streamlit run app.py``). Not here: helpers of one test file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from tools.served import chromium, running
from ui.shell.page_registry import GROUPS, page_entry

FIRST_VISIT = 180_000  # ms


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def server(browser: Browser) -> Iterator[str]:
    """Address of a running app, shared by all tests. The first visit loads torch and a model, which takes long beside
    other tests: it is made here.
    """
    with running() as address:
        first = browser.new_page()
        first.goto(f"{address}/explorar")
        expect(first.locator(".takeaway").first).not_to_be_empty(timeout=FIRST_VISIT)
        first.close()
        yield address


@pytest.fixture
def fresh_server() -> Iterator[str]:
    """Address of an app that nobody has visited."""
    with running() as address:
        yield address


@pytest.fixture
def fresh_streamlit() -> Iterator[str]:
    """The same as ``streamlit run app.py``: no headers, no API."""
    with running(mode="streamlit") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, else Playwright's own."""
    with chromium() as opened:
        yield opened


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


def settled(page: Page) -> None:
    """Wait until the page's script has ended: until then, what stands below may be of the run before."""
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible(timeout=60_000)


def write(page: Page, text: str) -> None:
    """Write the shared sentence and submit it."""
    page.locator(".st-key-sentence_tools .go").wait_for()
    field = page.locator(".st-key-sentence textarea")
    field.fill(text)
    field.press("Enter")


def to_page(page: Page, slug: str) -> None:
    """Go to a page by the menu of the bar, as a visitor does; to the first one by the name of the application."""
    entry = page_entry(slug)
    if entry.section not in GROUPS:
        page.locator(".st-key-top_bar").get_by_role("link", name="Mirante").click()
        return
    menu = page.locator(".st-key-menu")
    menu.locator("button.group").nth(list(GROUPS).index(entry.section)).click()
    menu.locator(f'a[href*="/{slug}"]:visible').click()


def choose(page: Page, listed: str, option: str, typed: str = "") -> None:
    """An option of a list by its name, after ``typed`` where a long list draws only the part in view. A list that is
    open closes when the page below it is drawn anew: then it is opened again.
    """
    for attempt in range(4):
        settled(page)
        page.get_by_role("combobox", name=listed).click()
        page.keyboard.type(typed)
        try:
            page.get_by_role("option", name=option).click(timeout=5_000)
            return
        except TimeoutError:
            if attempt == 3:
                raise
            page.keyboard.press("Escape")
