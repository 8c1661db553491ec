"""How many files a visitor may have on the server: so much per session, much more per address, a limit for all.

Streamlit takes any file of any page into memory, without counting. Here each upload is counted against what the server
already holds for that session, for its address and for everybody; beyond it the answer is 413 or 429. Of a file that is
still arriving the session counts what was announced, everybody else what has arrived: who announces much and sends
nothing takes room from nobody. A few files of a session arrive at once, the others wait unread; one that comes too
slowly is ended (408). A file that the person takes away, or whose session ends, is off the count with the memory it
took; what a page keeps of it (kept_files.py) is counted as long as it is kept. Not here: what a file of a page may
weigh (the reader that reads it), the words shown beside the field (ui.explorer.upload_field)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from weakref import WeakValueDictionary

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from . import bounds
from .bodies import TooSlow, watched
from .kept_files import kept_bytes
from .visitors import address

_PATH = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
_MULTIPART = 2**20  # bytes that a form may add around its file, as Streamlit allows
_LOOK = 2**20  # bytes: so often a file that is arriving is compared with the room there is


@dataclass
class Arriving:
    """A file on its way: of a session, from an address; bytes announced, bytes that have come."""

    session: str
    visitor: str
    announced: int
    come: int = 0


class NoRoom(Exception):
    """The room that there was when a file began to arrive is gone."""


class UploadQuota:
    """ASGI: refuses an upload for which there is no room."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.addresses: dict[str, str] = {}  # session -> address that sent its files
        self.arriving: dict[int, Arriving] = {}  # by request
        self.places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()  # by session, while it sends

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not (at := _PATH.search(scope["path"])):
            return await self.app(scope, receive, send)
        length = Headers(scope=scope).get("content-length", "")
        if not (length.isascii() and length.isdecimal() and len(length) < 12):
            return await PlainTextResponse("The length of the file is missing.", 411)(scope, receive, send)
        file = Arriving(at[1], address(scope), int(length))
        if refusal := self._refusal(file):
            return await _no_room(refusal)(scope, receive, send)
        self.arriving[id(scope)] = file
        places = self.places.setdefault(file.session, asyncio.Semaphore(bounds.MOST_FILES_ARRIVING))
        try:
            async with places:
                await self._take(file, scope, receive, send)
        finally:
            del self.arriving[id(scope)]
            if file.session in held_bytes():
                self.addresses[file.session] = file.visitor

    async def _take(self, file: Arriving, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the file on while it comes; the answer where it is ended. Streamlit answers only when it has all."""

        def arrived(size: int) -> None:
            before, file.come = file.come, file.come + size
            if file.come // _LOOK > before // _LOOK and (refusal := self._full(file, 0)):
                raise NoRoom(refusal)

        try:
            with suppress(ClientDisconnect):  # nobody to answer, and no error of ours for the log
                await self.app(scope, watched(receive, arrived), send)
        except TooSlow:
            slow = PlainTextResponse("The file comes too slowly. Send it again.", 408, {"Connection": "close"})
            await slow(scope, receive, send)
        except NoRoom as refusal:
            await _no_room(str(refusal))(scope, receive, send)

    def _refusal(self, file: Arriving) -> str | None:
        """Why there is no room for a file that wants to come; None where there is."""
        held = held_files().get(file.session, {})
        others = [other for other in self.arriving.values() if other.session == file.session]
        size = held_bytes().get(file.session, 0) + sum(other.announced for other in others)
        too_many = len(held) + len(others) >= bounds.MOST_FILES_OF_SESSION
        if too_many or size + file.announced > bounds.UPLOADED_BYTES_OF_SESSION + _MULTIPART:
            return "This page holds enough files. Take some away first."
        return self._full(file, file.announced)

    def _full(self, file: Arriving, more: int) -> str | None:
        """Why the address of ``file``, or the server, has no room for ``more`` bytes than have come; else None."""
        held = held_bytes()
        self.addresses = {name: sender for name, sender in self.addresses.items() if name in held}
        coming = list(self.arriving.values())
        of_address = sum(held[name] for name, sender in self.addresses.items() if sender == file.visitor)
        of_address += sum(other.come for other in coming if other.visitor == file.visitor)
        of_all = sum(held.values()) + sum(other.come for other in coming)
        if of_address + more > bounds.UPLOADED_BYTES_OF_ADDRESS or of_all + more > bounds.UPLOADED_BYTES:
            return "The server holds enough files at the moment. Try again later."
        return None


def _no_room(why: str) -> PlainTextResponse:
    return PlainTextResponse(why, 429, {"Retry-After": "60"})


def held_files() -> Mapping[str, Mapping[str, UploadedFileRec]]:
    """What the server holds: session -> id of a file -> the file. A copy: other threads add to the original."""
    manager = Runtime.instance().uploaded_file_mgr
    with manager._lock:
        return {session: dict(files) for session, files in manager.file_storage.items() if files}


def held_bytes() -> dict[str, int]:
    """Session → bytes of its files and of what its pages keep of them."""
    sizes = kept_bytes()
    for session, files in held_files().items():
        sizes[session] = sizes.get(session, 0) + sum(len(file.data) for file in files.values())
    return sizes
