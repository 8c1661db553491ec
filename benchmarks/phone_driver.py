"""Phones without a browser, many of them in one process: real connections, real server-sent events, plain HTTP/1.1.

Inside: `ask` (one request), `Phone` (a seat, what it listens to, what it answers), `Host` (a teacher's key). An address
of this machine may be chosen for each (127.0.0.2). Not here: what is measured with them (phones.py)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

SECONDS = 30.0  # after which a request counts as failed
Reply = tuple[int, Any]


_opened: set[asyncio.StreamWriter] = set()


async def _connect(address: str, source: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    url = urlsplit(address)
    streams = await asyncio.open_connection(url.hostname, url.port, local_addr=(source, 0), limit=2**20)
    _opened.add(streams[1])
    return streams


async def close_all() -> None:
    """Let every connection go that was opened; at the end of an event loop."""
    while _opened:
        writer = _opened.pop()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _request(address: str, method: str, path: str, body: bytes | None, key: str) -> bytes:
    url = urlsplit(address)
    lines = [f"{method} {url.path}{path} HTTP/1.1", f"Host: {url.netloc}"]
    lines += [f"Authorization: Bearer {key}"] if key else []
    lines += [] if body is None else ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + (body or b"")


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    return int(status.split()[1]), {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}


class Line:
    """One connection that is used again and again, as a browser does."""

    def __init__(self, address: str, source: str = "127.0.0.1") -> None:
        self.address, self.source = address, source
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._lock = asyncio.Lock()

    async def ask(self, method: str, path: str, document: object = None, key: str = "") -> Reply:
        """(status, what the answer says: JSON, else its bytes). Raises OSError, TimeoutError."""
        body = None if document is None else json.dumps(document).encode()
        async with self._lock, asyncio.timeout(SECONDS):
            if self._streams is not None:  # it may have been closed meanwhile: then once more on a new one
                with suppress(OSError, asyncio.IncompleteReadError):
                    return await self._once(method, path, body, key)
            self.close()
            self._streams = await _connect(self.address, self.source)
            try:
                return await self._once(method, path, body, key)
            except (OSError, asyncio.IncompleteReadError) as error:
                self.close()
                raise ConnectionError("the server went away") from error

    async def _once(self, method: str, path: str, body: bytes | None, key: str) -> Reply:
        assert self._streams is not None
        reader, writer = self._streams
        writer.write(_request(self.address, method, path, body, key))
        status, headers = await _head(reader)
        data = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.close()
        is_json = headers.get("content-type", "").startswith("application/json")
        return status, json.loads(data) if is_json else data

    def close(self) -> None:
        """Let the connection go."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


async def events(
    address: str, path: str, *, source: str = "127.0.0.1", key: str = ""
) -> AsyncIterator[tuple[str, Any, float]]:
    """(name, data, when it came) of a stream of server-sent events; ends with the connection.

    Raises:
        ConnectionError: refused, with the status.
    """
    reader, writer = await _connect(address, source)
    try:
        writer.write(_request(address, "GET", path, None, key))
        status, _ = await _head(reader)
        if status != 200:
            raise ConnectionError(f"status {status}")
        name = ""
        while line := await reader.readline():
            text = line.decode().rstrip("\r\n")
            if text.startswith("event: "):
                name = text[7:]
            elif text.startswith("data: "):
                yield name, json.loads(text[6:]), time.perf_counter()
    except asyncio.IncompleteReadError as error:
        raise ConnectionError("the server went away") from error
    finally:
        writer.close()


@dataclass(eq=False)
class Phone:
    """One phone. state: the latest; seen: version → when it came; acknowledged: "card.round" → (edition, value)."""

    address: str
    code: str
    source: str = "127.0.0.1"
    seat: int = 0
    secret: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    mine: dict[str, Any] = field(default_factory=dict)
    seen: dict[int, float] = field(default_factory=dict)
    acknowledged: dict[str, tuple[int, Any]] = field(default_factory=dict)
    on_state: Callable[[Phone], None] = lambda phone: None
    line: Line = field(init=False)
    listening: asyncio.Task | None = None

    def __post_init__(self) -> None:
        self.line = Line(self.address, self.source)

    async def join(self) -> float:
        """Take a seat, or the one that it has, and listen; seconds until the first state.

        Raises:
            ConnectionError: refused.
        """
        begun = time.perf_counter()
        status, said = await self.line.ask("POST", f"/s/{self.code}/seat", {"seat": self.seat, "secret": self.secret})
        if status not in (200, 201):
            raise ConnectionError(f"seat: {status} {said}")
        self.seat, self.secret, first = said["seat"], said["secret"], asyncio.Event()
        self.listening = asyncio.create_task(self._listen(first))
        done, _ = await asyncio.wait(
            [self.listening, waiting := asyncio.create_task(first.wait())],
            return_when=asyncio.FIRST_COMPLETED,
            timeout=SECONDS,
        )
        waiting.cancel()
        if not first.is_set():
            raise ConnectionError("nothing came" if not done else str(self.listening.exception()))
        return time.perf_counter() - begun

    async def _listen(self, first: asyncio.Event) -> None:
        path = f"/s/{self.code}/live?seat={self.seat}&secret={self.secret}"
        async for name, data, now in events(self.address, path, source=self.source):
            if name == "mine":
                self.mine = data
            elif name == "state":
                self.state = data
                self.seen[data["version"]] = now
                first.set()
                self.on_state(self)

    async def vote(self, value: object, edition: int = 1) -> tuple[int, float]:
        """(status, seconds) of a vote in the round that is open."""
        card, nth = self.state["card"], self.state["round"]
        said = {"card": card, "round": nth, "edition": edition, "value": value}
        begun = time.perf_counter()
        status, reply = await self.line.ask(
            "POST", f"/s/{self.code}/answer", {"seat": self.seat, "secret": self.secret, **said}
        )
        if status == 200:
            self.acknowledged[f"{card}.{nth}"] = (reply["edition"], reply["value"])
        return status, time.perf_counter() - begun

    async def leave(self) -> None:
        """Both connections are gone, as when the Wi-Fi fails."""
        self.line.close()
        if self.listening is not None:
            self.listening.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await self.listening
        self.listening = None


class Host:
    """A teacher's room."""

    def __init__(self, address: str, code: str, key: str) -> None:
        self.address, self.code, self.key = address, code, key
        self.line = Line(address)

    @classmethod
    async def open(cls, address: str, content: object) -> Host:
        """A new room."""
        status, said = await Line(address).ask("POST", "/api/rooms", content)
        assert status == 201, said
        return cls(address, said["code"], said["key"])

    async def lead(self, **what: object) -> Reply:
        """``step=``, ``card=`` or ``link=``."""
        return await self.line.ask("POST", f"/api/rooms/{self.code}/lead", what, self.key)

    async def look(self, query: str = "") -> Any:
        """What the host sees."""
        status, said = await self.line.ask("GET", f"/api/rooms/{self.code}{query}", key=self.key)
        assert status == 200, said
        return said
