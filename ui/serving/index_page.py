"""Streamlit's index page with scripts of ours before all others, our style, and addresses of several parts.

Streamlit answers every path that is no file of its own with its index page, whose scripts stand beside the last part
of the path: ``/a/b`` finds none of them and stays blank, so it is sent on to ``/b``. Our scripts must be there before
Streamlit's first push (ui/shell/history.py) and before the sentence's field, of which Enter is heard (assets/enter.js):
so they stand in the page itself, and their digests in the policy (headers.py). The frame's style stands there too,
after Streamlit's own, which gives way to it: when it came with the first run, everything moved by the width of a
sidebar that nobody sees. ``streamlit run`` has no middleware: there all this comes with the first run, a little later.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import quote

import streamlit as st
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.assets import ASSETS

from ..shell.history import history_script
from .preloads import preloads

INDEX = Path(st.__file__).parent / "static" / "index.html"
_served = False


@cache
def index_page() -> str:
    """What every page of ours begins with, as HTML."""
    text = INDEX.read_text(encoding="utf-8")
    style = (ASSETS / "frame.css").read_text(encoding="utf-8")
    text = text.replace("<head>", "\n    ".join(["<head>", *_scripts()]), 1)
    text = text.replace("</head>", f"  {preloads()}\n  </head>", 1)
    return text.replace("<body>", f"<body>\n    <style>{style}</style>", 1)


def _scripts() -> list[str]:
    enter = f"({(ASSETS / 'enter.js').read_text(encoding='utf-8').strip()})()"
    return [f"<script>{script}</script>" for script in (history_script(), enter)]


def bring_frame() -> None:
    """The same by Streamlit's own means, where it served its index page itself (``streamlit run``)."""
    if not _served:
        st.html(ASSETS / "frame.css")
        st.html("".join(_scripts()), unsafe_allow_javascript=True)


class IndexPage:
    """ASGI: puts our index page in the place of Streamlit's. ``base``: the path in front of every address, or ""."""

    def __init__(self, app: ASGIApp, *, base: str = "") -> None:
        global _served
        _served = True
        self.app, self.base = app, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return await self.app(scope, receive, send)
        replacement: Response | None = None

        async def replacing(message: Message) -> None:
            nonlocal replacement
            if message["type"] == "http.response.start" and _is_index(scope, message):
                replacement = self._answer(scope)
            if replacement is None:
                await send(message)

        await self.app(scope, receive, replacing)
        if replacement is not None:
            await replacement(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix(self.base)
        *before, last = path.strip("/").split("/")
        headers = {"Cache-Control": "no-cache"}
        if not before:
            return HTMLResponse(index_page(), headers=headers)
        query = scope.get("query_string", b"").decode("latin-1")
        address = "../" * len(before) + quote(last) + (f"?{query}" if query else "")
        return RedirectResponse(address, headers=headers)


def _is_index(scope: Scope, start: Message) -> bool:
    """Whether an answer is Streamlit's index page: HTML at a path that is no file's and none of Streamlit's own. A page
    that brings a policy is one of ours (ui/serving/rooms/phone_page.py).
    """
    headers = dict(start["headers"])
    kind = headers.get(b"content-type", b"")
    path = scope["path"]
    return (
        start["status"] == 200
        and b"content-security-policy" not in headers
        and kind.startswith(b"text/html")
        and not path.endswith(".html")
        and "/_stcore/" not in path
    )
