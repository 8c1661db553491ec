"""How many files a visitor may have on the server: so much per session, much more per address, a limit for all.

Streamlit takes any file of any page into memory, without counting. Here each upload is counted against what the server
already holds for that session, for its address and for everybody, and what is still arriving; beyond it the answer is
413 or 429. A file that the person takes away, or whose session ends, is off the count with the memory it took. Not
here: what a file of a page may weigh (the reader that reads it), the words shown beside the field
(ui.explorer.upload_field)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from . import bounds
from .visitors import address

_PATH = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
_MULTIPART = 2**20  # bytes that a form may add around its file, as Streamlit allows


class UploadQuota:
    """ASGI: refuses an upload for which there is no room."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.addresses: dict[str, str] = {}  # session -> address that sent its files
        self.arriving: dict[int, tuple[str, str, int]] = {}  # request -> session, address, bytes reserved

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not (at := _PATH.search(scope["path"])):
            return await self.app(scope, receive, send)
        session, visitor = at[1], address(scope)
        length = Headers(scope=scope).get("content-length", "")
        if not (length.isascii() and length.isdecimal() and len(length) < 12):
            return await PlainTextResponse("The length of the file is missing.", 411)(scope, receive, send)
        if refusal := self._refusal(session, visitor, int(length)):
            return await PlainTextResponse(refusal, 429, {"Retry-After": "60"})(scope, receive, send)
        self.arriving[id(scope)] = (session, visitor, int(length))
        try:
            await self.app(scope, receive, send)
        finally:
            del self.arriving[id(scope)]
            if session in held_files():
                self.addresses[session] = visitor

    def _refusal(self, session: str, visitor: str, length: int) -> str | None:
        """Why there is no room for ``length`` bytes more; None where there is."""
        held = {
            name: (len(files), sum(len(file.data) for file in files.values())) for name, files in held_files().items()
        }
        self.addresses = {name: sender for name, sender in self.addresses.items() if name in held}
        arriving = list(self.arriving.values())
        files = held.get(session, (0, 0))[0] + sum(name == session for name, _, _ in arriving)
        of_session = held.get(session, (0, 0))[1] + sum(size for name, _, size in arriving if name == session)
        of_address = sum(held[name][1] for name, sender in self.addresses.items() if sender == visitor)
        of_address += sum(size for _, sender, size in arriving if sender == visitor)
        of_all = sum(size for _, size in held.values()) + sum(size for _, _, size in arriving)
        if files >= bounds.MOST_FILES_OF_SESSION or of_session + length > bounds.UPLOADED_BYTES_OF_SESSION + _MULTIPART:
            return "This page holds enough files. Take some away first."
        if of_address + length > bounds.UPLOADED_BYTES_OF_ADDRESS or of_all + length > bounds.UPLOADED_BYTES:
            return "The server holds enough files at the moment. Try again later."
        return None


def held_files() -> Mapping[str, Mapping[str, UploadedFileRec]]:
    """What the server holds: session -> id of a file -> the file. A copy: other threads add to the original."""
    manager = Runtime.instance().uploaded_file_mgr
    with manager._lock:
        return {session: dict(files) for session, files in manager.file_storage.items() if files}
