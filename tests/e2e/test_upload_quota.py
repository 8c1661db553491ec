"""What a session may have uploaded: so many files and bytes, its own address's share, and nothing after it ends."""

from __future__ import annotations

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.visitor import Visitor, ask
from tools.served import running
from ui.serving.bounds import BODY_IDLE_SECONDS, MOST_FILES_OF_SESSION

MB = 2**20


def test_a_session_an_address_and_everybody_have_their_share(tmp_path: Path) -> None:
    room = {"MIRANTE_MAX_UPLOADS_MB_PER_ADDRESS": "60", "MIRANTE_MAX_UPLOADS_MB": "90"}
    with running(MIRANTE_DATABASE=f"sqlite:///{tmp_path}/texts.db", **room) as address:
        with Visitor(address) as first, Visitor(address) as second, Visitor(address, source="127.0.0.2") as other:
            for visitor in (first, second, other):
                visitor.visit("inicio")
            many = [first.send_file(f"{n}.txt", b"a" * 1000) for n in range(300)]
            assert many == [204] * MOST_FILES_OF_SESSION + [429] * (300 - MOST_FILES_OF_SESSION)
            large = [second.send_file(f"{n}.txt", bytes(19 * MB)) for n in range(4)]
            assert large == [204, 204, 429, 429]
            with Visitor(address) as third:  # of the same address
                third.visit("inicio")
                assert [third.send_file("a", bytes(19 * MB)) for _ in range(2)] == [204, 429]
                assert [other.send_file("a", bytes(19 * MB)) for _ in range(2)] == [204, 429]  # all are used
            second.send_file("b", b"")
            assert_no_length(address, other)
        with Visitor(address) as later:
            later.visit("inicio")
            assert ask(address, "/_stcore/health")[0] == 200


def assert_no_length(address: str, visitor: Visitor) -> None:
    """A file whose length is not said before is not taken: it could be any."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(
            f"PUT /_stcore/upload_file/{visitor.session}/1 HTTP/1.1\r\nHost: {place.netloc}\r\n"
            "Transfer-Encoding: chunked\r\n\r\n5\r\naaaaa\r\n".encode()
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 411 ")


@pytest.mark.slow
def test_files_go_with_their_session(tmp_path: Path) -> None:
    room = {"MIRANTE_MAX_UPLOADS_MB_PER_ADDRESS": "30", "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1"}
    with running(MIRANTE_DATABASE=f"sqlite:///{tmp_path}/texts.db", **room) as address:
        for _ in range(3):
            with Visitor(address) as visitor:
                visitor.visit("inicio")
                assert visitor.send_file("a.txt", bytes(19 * MB)) == 204
                assert visitor.send_file("b.txt", bytes(19 * MB)) == 429
            time.sleep(1.5)
            with Visitor(address) as other:  # when a page goes, those whose time is over go too
                other.visit("inicio")
            time.sleep(0.5)


def begin(visitor: Visitor, length: int) -> socket.socket:
    """A connection on which a file was announced, and nothing but its name sent."""
    place = urlsplit(visitor.address)
    connection = socket.create_connection((place.hostname, place.port), timeout=60)
    connection.sendall(
        f"PUT /_stcore/upload_file/{visitor.session}/a HTTP/1.1\r\nHost: {place.netloc}\r\n"
        f"Cookie: _streamlit_xsrf={visitor.xsrf}\r\nX-Xsrftoken: {visitor.xsrf}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {length}\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'.encode()
    )
    return connection


def status_of(connection: socket.socket) -> int:
    """What the server answers on it, whenever it does."""
    return int(re.match(rb"HTTP/1.1 (\d+) ", connection.recv(1000))[1])


def trickle(connection: socket.socket) -> int:
    """Status after a kilobyte a second, for as long as the server takes it."""
    connection.settimeout(1)
    for _ in range(3 * BODY_IDLE_SECONDS):
        try:
            connection.sendall(b"a" * 1000)
            return status_of(connection)
        except TimeoutError:
            continue
    return 0


@pytest.mark.slow
def test_a_file_that_does_not_come_takes_room_from_nobody_and_is_ended(tmp_path: Path) -> None:
    room = {"MIRANTE_MAX_UPLOADS_MB_PER_ADDRESS": "60", "MIRANTE_MAX_UPLOADS_MB": "60"}
    with running(MIRANTE_DATABASE=f"sqlite:///{tmp_path}/texts.db", **room) as address, ExitStack() as inside:
        visitors = [inside.enter_context(Visitor(address)) for _ in range(4)]
        for visitor in visitors:
            visitor.visit("inicio")
        start = time.monotonic()
        silent = [inside.enter_context(begin(visitor, 19 * MB)) for visitor in visitors[:3] for _ in range(2)]
        slow = inside.enter_context(begin(visitors[3], 5 * MB))
        late = inside.enter_context(begin(visitors[0], 21 * MB))
        assert status_of(late) == 429  # of its own session: what it has announced
        with ThreadPoolExecutor(1) as own:
            ended = own.submit(trickle, slow)
            assert visitors[3].send_file("a.txt", bytes(19 * MB)) == 204
            assert time.monotonic() - start < BODY_IDLE_SECONDS
            assert [status_of(connection) for connection in silent] == [408] * 6
            assert BODY_IDLE_SECONDS <= time.monotonic() - start < BODY_IDLE_SECONDS + 15
            assert ended.result() == 408
        assert visitors[0].send_file("b.txt", bytes(19 * MB)) == 204


@pytest.mark.slow
def test_files_of_a_session_that_are_sent_at_once_wait_for_each_other(tmp_path: Path) -> None:
    with running(MIRANTE_DATABASE=f"sqlite:///{tmp_path}/texts.db") as address, ExitStack() as inside:
        visitor = inside.enter_context(Visitor(address))
        visitor.visit("inicio")
        silent = [inside.enter_context(begin(visitor, 1000)) for _ in range(2)]
        start = time.monotonic()
        with ThreadPoolExecutor(6) as six:
            assert list(six.map(lambda n: visitor.send_file(f"{n}.txt", bytes(MB)), range(6))) == [204] * 6
        assert time.monotonic() - start > BODY_IDLE_SECONDS - 1
        assert [status_of(connection) for connection in silent] == [408] * 2


@pytest.mark.slow
def test_a_file_that_arrives_when_the_room_is_gone_is_ended(tmp_path: Path) -> None:
    room, log = {"MIRANTE_MAX_UPLOADS_MB_PER_ADDRESS": "30"}, tmp_path / "log"
    with running(log=log, MIRANTE_DATABASE=f"sqlite:///{tmp_path}/texts.db", **room) as address:
        with Visitor(address) as first, Visitor(address) as second:
            first.visit("inicio")
            second.visit("inicio")
            with begin(first, 19 * MB) as early:
                assert second.send_file("a.txt", bytes(19 * MB)) == 204
                early.sendall(bytes(12 * MB))
                assert status_of(early) == 429
            begin(first, MB).close()  # whoever goes half-way is no error either
            time.sleep(1)
            assert ask(address, "/_stcore/health")[0] == 200
        assert not re.search("ClientDisconnect|TooSlow|NoRoom|Traceback", log.read_text())
