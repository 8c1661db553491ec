"""Answers leave as they are, in parts that are taken, large files a few of an address at a time."""

from __future__ import annotations

import asyncio

import pytest

from tests.loops import run_async
from ui.serving import bounds, sending
from ui.serving.sending import Sending


class Answering:
    """An application that answers everything with one body, and notes what it was asked."""

    def __init__(self, body: bytes) -> None:
        self.body, self.asked, self.inside, self.most = body, [], 0, 0

    async def __call__(self, scope, receive, send) -> None:
        self.asked.append(dict(scope["headers"]))
        self.inside += 1
        self.most = max(self.most, self.inside)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.body})
        self.inside -= 1


class Browser:
    """Takes parts of an answer when ``open`` is set."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.status, self.parts, self.ended = 0, [], False

    async def send(self, message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.parts.append(message.get("body", b""))
            self.ended = not message.get("more_body", False)
            await self.open.wait()


async def nothing_more():
    return {"type": "http.disconnect"}


def asked(app, browser: Browser, path: str = "/media/a.npz", visitor: str = "10.0.0.1", **headers: str):
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": named, "client": (visitor, 1)}
    return app(scope, nothing_more, browser.send)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Sizes of the files of /media."""
    files: dict[str, int] = {}
    monkeypatch.setattr(sending, "held_bytes", lambda name: files.get(name, 0))
    return files


def test_a_body_leaves_in_parts_and_the_next_when_the_last_was_taken(held) -> None:
    body = bytes(range(256)) * 1_000

    async def answer() -> None:
        slow, fast = Browser(), Browser()
        slow.open.clear()
        app = Sending(Answering(body))
        waiting = asyncio.ensure_future(asked(app, slow))
        await asked(app, fast)
        assert b"".join(fast.parts) == body and fast.ended and fast.status == 200
        assert max(map(len, fast.parts)) == bounds.SEND_PART_BYTES
        assert len(slow.parts) == 1 and not waiting.done()
        slow.open.set()
        await waiting
        assert b"".join(slow.parts) == body and slow.ended

    run_async(answer())


def test_nothing_is_compressed_and_files_are_given_whole(held) -> None:
    inner = Answering(b"a")

    async def ask() -> None:
        for path in ("/media/a.npz", "/mirante/media/a.npz", "/component/a.js"):
            await asked(Sending(inner), Browser(), path, accept_encoding="gzip", range="bytes=1-", accept="*/*")

    run_async(ask())
    assert inner.asked == [{b"accept": b"*/*"}] * 2 + [{b"accept": b"*/*", b"range": b"bytes=1-"}]


def test_a_few_large_files_of_an_address_are_sent_at_once_and_who_waits_holds_nothing(held) -> None:
    held["large.npz"] = bounds.LARGE_FILE_BYTES + 1
    inner = Answering(b"a" * 100)
    most = bounds.LARGE_FILES_OF_ADDRESS

    async def ask() -> None:
        app, browsers = Sending(inner), [Browser() for _ in range(most + 3)]
        for browser in browsers:
            browser.open.clear()
        asks = [asyncio.ensure_future(asked(app, browser, "/media/large.npz")) for browser in browsers]
        await asyncio.sleep(0.01)
        assert inner.inside == most
        small, other = Browser(), Browser()
        await asked(app, small, "/media/picture.png")
        await asked(app, other, "/media/large.npz", visitor="10.0.0.2")
        assert small.ended and other.ended
        for browser in browsers:
            browser.open.set()
        await asyncio.gather(*asks)
        assert all(browser.ended for browser in browsers) and not app.in_work

    run_async(ask())


def test_a_large_file_that_is_taken_in_drops_is_ended(held, monkeypatch: pytest.MonkeyPatch) -> None:
    held["large.npz"] = bounds.LARGE_FILE_BYTES + 1
    monkeypatch.setattr(bounds, "SEND_SECONDS", 0.02)
    monkeypatch.setattr(bounds, "LARGE_FILE_BYTES_A_SECOND", 10**9)

    async def ask() -> None:
        app, browser = Sending(Answering(bytes(200_000))), Browser()
        browser.open.clear()
        await asyncio.wait_for(asked(app, browser, "/media/large.npz"), 5)
        assert not browser.ended and not app.in_work

    run_async(ask())


def test_an_address_has_so_many_requests_in_work(held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "REQUESTS_OF_ADDRESS", 3)

    async def ask() -> None:
        app, browsers = Sending(Answering(b"a")), [Browser() for _ in range(4)]
        for browser in browsers[:3]:
            browser.open.clear()
        asks = [asyncio.ensure_future(asked(app, browser)) for browser in browsers[:3]]
        await asyncio.sleep(0)
        other = Browser()
        await asked(app, browsers[3])
        await asked(app, other, visitor="10.0.0.2")
        assert browsers[3].status == 503 and other.status == 200
        for browser in browsers:
            browser.open.set()
        await asyncio.gather(*asks)
        again = Browser()
        await asked(app, again)
        assert again.status == 200

    run_async(ask())
