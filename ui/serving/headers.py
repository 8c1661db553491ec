"""Security headers on every answer of the server: what a page may load, who may show it in a frame.

Inside: `SecurityHeaders` (ASGI), `policy`. The policy knows no ``unsafe-eval`` and no foreign host; inline scripts are
allowed by the digests of those in the index page (ui/serving/index_page.py). Styles are written by the page itself
(``unsafe-inline``). Not inside: routes (ui/serving/api.py)."""

from __future__ import annotations

import base64
import hashlib
import os
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .index_page import index_page

VARIABLE = "MIRANTE_FRAME_ANCESTORS"
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
ANCESTORS = re.compile(r"[A-Za-z0-9:/.*' \-\[\]]+")


class SecurityHeaders:
    """Adds the headers to every HTTP answer that does not have them; web sockets pass through."""

    def __init__(self, app: ASGIApp, *, ancestors: str | None = None) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": policy(os.environ.get(VARIABLE, "'self'") if ancestors is None else ancestors),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    present.setdefault(name, value)
                message["headers"] = [(name, _partitioned(name, value)) for name, value in message["headers"]]
            await send(message)

        return await self.app(scope, receive, with_headers)


def policy(ancestors: str = "'self'") -> str:
    """The Content-Security-Policy.

    ``ancestors``: who may frame the pages, as ``frame-ancestors`` writes it ("https://moodle.example.edu").

    Raises:
        ValueError: something that is no list of hosts.
    """
    if not ANCESTORS.fullmatch(ancestors):
        raise ValueError(f"{VARIABLE} must be hosts separated by spaces, 'self' or 'none', not {ancestors!r}")
    scripts = " ".join(f"'sha256-{_digest(text)}'" for text in INLINE.findall(index_page()))
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {scripts}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' data: blob:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )


def _partitioned(name: bytes, value: bytes) -> bytes:
    """A cookie for pages inside other sites (``SameSite=None``) is kept apart for each of them.

    Browsers that take no cookies of other sites take these (CHIPS, draft-cutler-httpbis-partitioned-cookies).
    """
    for_frames = name.lower() == b"set-cookie" and b"samesite=none" in value.lower()
    return value + b"; Partitioned" if for_frames and b"partitioned" not in value.lower() else value


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
