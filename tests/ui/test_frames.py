"""A message in pieces without end, and pings without end, are cut off; what browsers do passes."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Frame, Opcode
from websockets.sync.client import ClientConnection, connect

from tools.served import free_port
from ui.serving import bounds
from ui.serving.frames import BoundedFrames
from ui.serving.gate import gates

gone: list[str] = []
"""Paths of the pages that have left, as the application knows."""


async def echo(scope, receive, send) -> None:
    """Sends back what it is sent; over HTTP how many bytes."""
    if scope["type"] == "http":
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"8")]})
        return await send({"type": "http.response.body", "body": b"%08d" % size})
    while True:
        message = await receive()
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif message["type"] == "websocket.receive" and message["bytes"] == b"slow":
            await asyncio.sleep(0.05)
        elif message["type"] == "websocket.receive":
            await send({"type": "websocket.send", "bytes": message["bytes"]})
        else:
            gone.append(scope["path"])
            return None


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    number = free_port()
    options = {"http": gates(), "ws": BoundedFrames, "ws_max_size": 2_000_000, "lifespan": "off"}
    server = uvicorn.Server(uvicorn.Config(echo, port=number, log_level="critical", **options))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield number
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(port: int) -> Iterator[ClientConnection]:
    with connect(f"ws://127.0.0.1:{port}", max_size=None) as page:
        yield page


def say(page: ClientConnection, frames: list[Frame]) -> None:
    page.socket.sendall(b"".join(frame.serialize(mask=True) for frame in frames))


def pieces(count: int, of: bytes = b"a") -> list[Frame]:
    middle = [Frame(Opcode.CONT, of, fin=False) for _ in range(count - 2)]
    return [Frame(Opcode.BINARY, of, fin=False), *middle, Frame(Opcode.CONT, of, fin=True)]


def test_a_large_message_in_a_browser_s_pieces_arrives_whole(page: ClientConnection) -> None:
    say(page, pieces(16, bytes(120_000)))
    assert page.recv(timeout=20) == bytes(16 * 120_000)
    page.send(b"again")
    assert page.recv(timeout=20) == b"again"


@pytest.mark.parametrize("of", [b"", b"a"])
def test_a_message_in_too_many_pieces_ends_the_connection(page: ClientConnection, of: bytes) -> None:
    say(page, pieces(bounds.MOST_PIECES, of))
    assert page.recv(timeout=20) == of * bounds.MOST_PIECES
    say(page, pieces(bounds.MOST_PIECES + 2, of))
    with pytest.raises(ConnectionClosedError, match="1008.*too many pieces"):
        page.recv(timeout=20)


@pytest.mark.parametrize("kind", [Opcode.PING, Opcode.PONG])
def test_a_few_control_frames_are_answered_and_many_end_the_connection(page: ClientConnection, kind: Opcode) -> None:
    say(page, [Frame(kind, b"")] * 10)
    page.send(b"still here")
    assert page.recv(timeout=20) == b"still here"
    say(page, [Frame(kind, b"")] * (bounds.CONTROL_FRAMES + 5))
    with pytest.raises(ConnectionClosedError, match="1008.*control frames"):
        page.recv(timeout=20)


@pytest.mark.parametrize("size", [10, 3_000_000])
def test_a_body_arrives_whole(port: int, size: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        for _ in range(2):
            wire.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size + bytes(size))
            answer = b""
            while not answer.endswith(b"%08d" % size):
                answer += wire.recv(4096)


@pytest.mark.parametrize("messages", [20, 400])
def test_a_page_that_has_gone_is_gone_whatever_it_has_sent_before(port: int, messages: int) -> None:
    with connect(f"ws://127.0.0.1:{port}/{messages}") as page:
        page.send(b"here")
        assert page.recv(timeout=20) == b"here"
        say(page, [Frame(Opcode.BINARY, b"slow")] * messages)
        time.sleep(0.1)
        page.socket.shutdown(socket.SHUT_RDWR)
    end = time.monotonic() + 4  # twenty are read in a second, four hundred would take twenty
    while f"/{messages}" not in gone:
        assert time.monotonic() < end
        time.sleep(0.02)
