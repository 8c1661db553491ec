"""What a session may have uploaded: so many files and bytes, its own address's share, and nothing after it ends."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.visitor import Visitor, ask
from tools.served import running
from ui.serving.bounds import MOST_FILES_OF_SESSION

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
