"""How answers leave: as they are, in parts that the other side takes, so many of an address at once.

Streamlit hands a file of /media over as one body: fifty megabytes in the memory of each connection that does not read
them, twice where a part was asked for (``Range``), and compressed at the highest level for whoever asks for that, four
seconds of a core a time, also when they have gone. Here nothing is compressed (what is worth it is packed already, a
proxy may do the rest), /media gives whole files, and of a body the next 64 KB are written when the last have left.
Inside: `Sending`. Not here: who does not take anything is cut off (gate.py); how much is allowed (bounds.py)."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from contextlib import suppress
from weakref import WeakValueDictionary

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime

from . import bounds
from .visitors import address

_MEDIA = re.compile(r"/media/([^/]+)$")


class Sending:
    """ASGI, around everything that answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.in_work: Counter[str] = Counter()  # requests by address
        self.places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()  # for large files, by address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        visitor = address(scope)
        if self.in_work[visitor] >= bounds.REQUESTS_OF_ADDRESS:
            busy = PlainTextResponse("Too many requests of this address are in work.", 503, {"Retry-After": "5"})
            return await busy(scope, receive, send)
        self.in_work[visitor] += 1
        try:
            await self._answer(visitor, scope, receive, _in_parts(send))
        finally:
            self.in_work[visitor] -= 1
            if not self.in_work[visitor]:
                del self.in_work[visitor]

    async def _answer(self, visitor: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A large file waits for its place before it is looked up: who waits holds nothing."""
        file = _MEDIA.search(scope["path"])
        plain = _asking_plainly(scope, file is not None)
        size = held_bytes(file[1]) if file else 0
        if size <= bounds.LARGE_FILE_BYTES:
            return await self.app(plain, receive, send)
        async with self.places.setdefault(visitor, asyncio.Semaphore(bounds.LARGE_FILES_OF_ADDRESS)):
            with suppress(TimeoutError):  # uvicorn then closes the connection
                async with asyncio.timeout(bounds.SEND_SECONDS + size / bounds.LARGE_FILE_BYTES_A_SECOND):
                    await self.app(plain, receive, send)


def held_bytes(file: str) -> int:
    """The size of a file of /media; 0 where there is none."""
    held = Runtime.instance().media_file_mgr.read_file(file)
    return 0 if held is None else held.content_size


def _in_parts(send: Send) -> Send:
    async def in_parts(message: Message) -> None:
        body = message.get("body", b"")
        if len(body) <= bounds.SEND_PART_BYTES:
            return await send(message)
        for start in range(0, len(body), bounds.SEND_PART_BYTES):
            end = start + bounds.SEND_PART_BYTES
            more = end < len(body) or message.get("more_body", False)
            await send({"type": message["type"], "body": bytes(body[start:end]), "more_body": more})
            await asyncio.sleep(0)

    return in_parts


def _asking_plainly(scope: Scope, media: bool) -> Scope:
    """The request without a wish for compression, or for a part of a file of /media."""
    wishes = {b"accept-encoding", b"range"} if media else {b"accept-encoding"}
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in wishes]}
