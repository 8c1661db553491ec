"""The names that this server answers to: ``server.allowedHosts``, on everything and not on sessions alone.

A page of somebody else's name that leads here (DNS rebinding) could otherwise read as if it were ours. Streamlit
compares the name only where a session begins. The health check is asked by addresses that nobody lists, and says
nothing. Not inside: which pages may frame ours (ui.serving.headers)."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed


class KnownHosts:
    """ASGI: 421 for a request to a name that is not in ``server.allowedHosts``; an empty list allows all."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"].endswith("/_stcore/health"):
            return await self.app(scope, receive, send)
        if not is_host_allowed(Headers(scope=scope).get("host")):
            answer = PlainTextResponse("This server does not answer to this name (server.allowedHosts).", 421)
            return await answer(scope, receive, send)
        await self.app(scope, receive, send)
