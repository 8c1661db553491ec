"""Who may read ``/_stcore/metrics`` (sessions, memory of the caches): this machine, and whom the setting names.

A request that a proxy passes on comes from this machine as well, but says for whom: it is the visitor's, not ours.
Not inside: the figures (Streamlit's)."""

from __future__ import annotations

import ipaddress
import os

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

VARIABLE = "MIRANTE_METRICS_FOR"
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class PrivateMetrics:
    """ASGI: 403 for everybody else. readers: addresses and networks, with spaces between them."""

    def __init__(self, app: ASGIApp, *, readers: str | None = None) -> None:
        self.app = app
        self.networks = _networks(os.environ.get(VARIABLE, "") if readers is None else readers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        path = scope.get("path", "").rstrip("/")
        if scope["type"] == "http" and path.endswith("/_stcore/metrics") and not self._may_read(scope):
            answer = PlainTextResponse(f"The metrics are for this machine and for {VARIABLE}.", 403)
            return await answer(scope, receive, send)
        await self.app(scope, receive, send)

    def _may_read(self, scope: Scope) -> bool:
        try:
            client = ipaddress.ip_address((scope.get("client") or ("",))[0].partition("%")[0])
        except ValueError:
            return False
        client = getattr(client, "ipv4_mapped", None) or client
        if any(client in network for network in self.networks):
            return True
        headers = Headers(scope=scope)
        return client.is_loopback and not any(name in headers for name in _FORWARDED)


def _networks(text: str) -> list[Network]:
    """Raises ValueError for what is no address and no network."""
    try:
        return [ipaddress.ip_network(part) for part in text.split()]
    except ValueError as error:
        raise ValueError(f"{VARIABLE} must be addresses or networks separated by spaces: {error}") from None
