"""What one address sends without end, below what an application sees, does not keep others from their pages."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.visitor import Visitor, ask
from tools.served import running

HANDSHAKE = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
CHUNKED = "{method} {path} HTTP/1.1\r\nHost: {{host}}\r\nTransfer-Encoding: chunked\r\n\r\n"
FLOODS = {
    "pings": (HANDSHAKE, b"\x89\x80\0\0\0\0"),
    "pieces": (HANDSHAKE, b"\x00\x80\0\0\0\0"),
    "messages": (HANDSHAKE, b"\x82\x81\0\0\0\0a"),
    "chunks of an answerless request": (CHUNKED.format(method="GET", path="/_stcore/health"), b"1\r\na\r\n"),
    "chunks of a request": (CHUNKED.format(method="POST", path="/api/v1/attention"), b"1\r\na\r\n"),
    "requests": ("", b"GET /_stcore/health HTTP/1.1\r\nHost: a\r\n\r\n"),
}


@contextmanager
def flooded(address: str, start: str, drop: bytes, connections: int) -> Iterator[None]:
    """While it lasts, connections of one address that send a start and then drops, anew when they are cut off."""
    place, over = urlsplit(address), threading.Event()

    def flood() -> None:
        while not over.is_set():
            with suppress(OSError), socket.create_connection((place.hostname, place.port), 1, ("127.0.0.9", 0)) as wire:
                wire.sendall(start.format(host=place.netloc).encode())
                if "Upgrade" in start:
                    wire.recv(4096)
                    wire.sendall(b"\x02\x80\0\0\0\0")
                while not over.is_set():
                    with suppress(TimeoutError):
                        wire.send(drop * 10_000)

    threads = [threading.Thread(target=flood) for _ in range(connections)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("connections", [1, 40])
@pytest.mark.parametrize("flood", FLOODS)
def test_others_go_on(served: str, flood: str, connections: int) -> None:
    with flooded(served, *FLOODS[flood], connections):
        end, health, pages = time.monotonic() + 5, [], []
        while time.monotonic() < end:
            health.append(seconds_of_health(served))
            start = time.monotonic()
            with Visitor(served, source="127.0.0.2") as visitor:
                assert "heading {" in visitor.visit("inicio")
            pages.append(time.monotonic() - start)
    assert sorted(health)[len(health) // 2] < 0.5 and max(health) < 2 and sorted(pages)[len(pages) // 2] < 2, (
        health,
        pages,
    )


def seconds_of_health(address: str) -> float:
    start = time.monotonic()
    assert ask(address, "/_stcore/health", source="127.0.0.2")[0] == 200
    return time.monotonic() - start


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(MIRANTE_DATABASE=f"sqlite:///{Path(tmp_path_factory.mktemp('floods'))}/texts.db") as address:
        yield address
