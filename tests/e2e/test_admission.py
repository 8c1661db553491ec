"""A server with few descriptors or places: who is in goes on, who comes too late is told so, and the log is short."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from websockets.exceptions import InvalidStatus

from core.languages import LANGUAGES, translate
from tests.visitor import Visitor, ask
from tools.served import running
from ui.serving.admission import FULL

PAGE = {"Accept": "text/html,application/xhtml+xml"}


@contextmanager
def served(folder: Path, descriptors: str = "", **variables: str) -> Iterator[tuple[str, int]]:
    """(address, process) of a server. descriptors: what ``ulimit`` is told before it starts."""
    start = ("sh", "-c", f'echo $$ > {folder}/pid; {descriptors or ":"}; exec "$@"', "sh")
    database = f"sqlite:///{folder}/texts.db"
    with running(log=folder / "log", before=start, MIRANTE_DATABASE=database, **variables) as address:
        yield address, int((folder / "pid").read_text())


def open_descriptors(process: int) -> int:
    return len(os.listdir(f"/proc/{process}/fd"))


def come_in(address: str, inside: ExitStack, most: int) -> int:
    """How many sessions could be opened before one was refused; they stay open."""
    for n in range(most):
        try:
            inside.enter_context(Visitor(address))
        except InvalidStatus as refusal:
            assert refusal.response.status_code == 503 and refusal.response.headers["Retry-After"]
            return n
    return most


def assert_full(address: str) -> None:
    """A browser reads in every language that there is no place, and the front end gets the sentence to show."""
    status, headers, body = ask(address, "/explorar?lang=pt", headers=PAGE)
    assert status == 503 and headers["refresh"] == headers["retry-after"] == "15"
    assert "frame-ancestors" in headers["content-security-policy"] and headers["cache-control"] == "no-store"
    assert all(translate(FULL, language) in body.decode() for language in LANGUAGES)
    assert ask(address, "/_stcore/health")[0] == 200


@pytest.mark.slow
def test_a_session_costs_one_descriptor_and_none_when_its_page_is_gone(tmp_path: Path) -> None:
    with served(tmp_path, "ulimit -Sn 128") as (address, process):
        limits = Path(f"/proc/{process}/limits").read_text()
        assert int(re.search(r"Max open files\s+(\d+)", limits)[1]) > 128, "the limit was not raised"
        with Visitor(address) as first:
            first.visit("inicio")
            before = open_descriptors(process)
            with ExitStack() as inside:
                visitors = [inside.enter_context(Visitor(address)) for _ in range(20)]
                for visitor in visitors:
                    visitor.visit("inicio")
                assert open_descriptors(process) - before <= 20 + 3
            first.visit("inicio")
            assert open_descriptors(process) - before <= 3
        gone = visitors[-1].session
        with Visitor(address, existing=gone) as back:  # a page that comes back finds its session
            back.visit("inicio")
            assert back.session == gone


@pytest.mark.slow
def test_without_descriptors_the_next_is_refused_and_everybody_inside_goes_on(tmp_path: Path) -> None:
    with served(tmp_path, "ulimit -n 200") as (address, process), ExitStack() as inside:
        first = inside.enter_context(Visitor(address))
        first.visit("inicio")
        opened = come_in(address, inside, 300)
        assert 60 < opened < 200
        assert_full(address)
        status, _, body = ask(address, "/_stcore/host-config")
        assert status == 503 and all(translate(FULL, language) in json.loads(body) for language in LANGUAGES)
        for _ in range(200):
            come_in(address, inside, 1)
        assert "heading {" in first.visit("inicio")
        inside.close()
        with Visitor(address) as later:
            assert "heading {" in later.visit("inicio")
        assert len((tmp_path / "log").read_text()) < 150_000


def test_one_address_does_not_take_every_place_and_a_browser_comes_in_when_there_is_room(
    tmp_path: Path, browser: Browser
) -> None:
    places = {"MIRANTE_MAX_SESSIONS": "20", "MIRANTE_MAX_SESSIONS_PER_ADDRESS": "10"}
    with served(tmp_path, **places) as (address, _), ExitStack() as inside:
        assert come_in(address, inside, 40) == 10 + 2  # those held back for pages that come back
        assert_full(address)
        assert ask(address, "/explorar", source="127.0.0.2", headers=PAGE)[0] == 200
        with Visitor(address, source="127.0.0.2") as other:
            assert "heading {" in other.visit("inicio")
        late = browser.new_page(locale="pt-BR")
        assert late.goto(f"{address}/explorar?lang=pt").status == 503
        expect(late.get_by_text(translate(FULL, "pt"))).to_be_visible()
        inside.close()
        expect(late.get_by_role("heading", name="Explorar")).to_be_visible(timeout=60_000)  # it came back by itself
        late.close()


@pytest.mark.slow
def test_a_page_that_was_half_way_in_shows_the_sentence(tmp_path: Path, browser: Browser) -> None:
    with served(tmp_path, MIRANTE_MAX_SESSIONS="1") as (address, _), ExitStack() as inside:
        page = browser.new_page(locale="pt-BR")
        page.route("**/_stcore/health", lambda route: (come_in(address, inside, 5), route.continue_()))
        page.goto(f"{address}/explorar?lang=pt")
        expect(page.get_by_role("dialog")).to_contain_text(translate(FULL, "pt"), timeout=60_000)
        inside.close()
        page.unroute("**/_stcore/health")
        expect(page.get_by_role("heading", name="Explorar")).to_be_visible(timeout=60_000)
        page.close()
