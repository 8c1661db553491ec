"""Who may come in: a full server says so at once, in the visitor's languages, and everybody inside goes on.

Full is: as many open pages as ``MOST_SESSIONS``, or too few file descriptors left. A new visitor then gets a page that
says it and tries again by itself. A page that lost its connection, or was half-way in, may use the places held back;
when these are gone too, Streamlit's own front end shows our sentence in its dialogue (it asks ``host-config`` before
each attempt and shows what it is answered) and goes on trying. One address may have most of the places but not all, and
not open them all at once; one session may send so many messages a second, what it sends beyond waits in its own
connection. Not here: the numbers (ui.serving.bounds), what a session may upload (ui.serving.upload_quota)."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from html import escape
from itertools import count, islice

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.languages import LANGUAGES, region_tag, translate

from . import bounds, descriptors
from .messages import checked
from .rates import allowed
from .visitors import address

_NEW = RateLimitItemPerSecond(bounds.NEW_SESSIONS_IN_10_SECONDS, 10, namespace="sessions")
_MESSAGES = RateLimitItemPerSecond(bounds.MESSAGES_A_SECOND, namespace="messages")
_RERUNS = RateLimitItemPerSecond(bounds.RERUNS_IN_5_SECONDS, 5, namespace="reruns")
_RERUNS_FOR_LONG = RateLimitItemPerMinute(bounds.RERUNS_A_MINUTE, namespace="reruns for long")
_NOW_AND_THEN = RateLimitItemPerSecond(bounds.RERUNS_NOW_AND_THEN_IN_5_SECONDS, 5, namespace="now and then")
_RERUNS_OF_ADDRESS = RateLimitItemPerSecond(bounds.RERUNS_A_SECOND_OF_ADDRESS, namespace="reruns of an address")
_SELDOM_OF_ADDRESS = RateLimitItemPerSecond(bounds.SELDOM_RERUNS_A_SECOND_OF_ADDRESS, namespace="seldom, of an address")
_RERUNS_OF_ALL = RateLimitItemPerSecond(bounds.RERUNS_A_SECOND, namespace="reruns of all")
WORK = {"rerun_script", "backend_operation_request"}
"""Messages that make the server work: a run of the page, a file that is made when it is asked for."""
_FRONT, _GONE = 16, 1.0  # how many of a line may go next; seconds after which who does not look is gone
_PAUSE = 0.05  # seconds between two looks whether a session may send again

FULL = "All places on this server are taken at the moment."
RETRY = "This page tries again by itself every {n} seconds. The link and what it says are kept."


class Admission:
    """ASGI: counts the open sessions and refuses the next one where there is no place."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.open: Counter[str] = Counter()  # sessions by address
        self.numbers = count()  # of sessions; an id() comes back, and with it what somebody else has sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        path = scope.get("path", "")
        if scope["type"] == "websocket":
            if path.endswith("/_stcore/stream"):
                return await self._session(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "GET":
            visitor = address(scope)
            if path.endswith("/_stcore/host-config") and self._is_full(visitor, bounds.SESSIONS_HELD_BACK):
                return await _refusal_text()(scope, receive, send)
            if _is_page(scope, path) and self._is_full(visitor):
                return await _refusal_page()(scope, receive, send)
        await self.app(scope, receive, send)

    async def _session(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = address(scope)
        if self._is_full(visitor, bounds.SESSIONS_HELD_BACK) or not allowed(_NEW, visitor):
            return await _refuse_session(scope, receive, send)
        self.open[visitor] += 1
        try:
            await self.app(scope, _paced(receive, f"{visitor} {next(self.numbers)}", visitor), send)
        finally:
            self.open[visitor] -= 1
            if not self.open[visitor]:
                del self.open[visitor]
                for place in [place for place, line in _lines.items() if place[1] == visitor and not line]:
                    del _lines[place]

    def _is_full(self, visitor: str, held_back: int = 0) -> bool:
        """Whether there is no place for one more; ``held_back``: places that may be used beyond the most."""
        return (
            self.open.total() >= bounds.MOST_SESSIONS + held_back
            or self.open[visitor] >= bounds.MOST_SESSIONS_OF_ADDRESS + held_back
            or descriptors.free() < bounds.DESCRIPTORS_HELD_BACK * (1 if held_back else 2)
        )


def _is_page(scope: Scope, path: str) -> bool:
    """Whether a browser asks for a page, not for a part of one, nor for the phones' page (which is no session)."""
    return "text/html" in Request(scope).headers.get("accept", "") and not {"_stcore", "s"} & set(path.split("/")[:-1])


def _refusal_page() -> Response:
    sentences = "".join(
        f'<section lang="{region_tag(language)}"><h1>{escape(translate(FULL, language))}</h1>'
        f"<p>{escape(translate(RETRY, language, n=bounds.RETRY_SECONDS))}</p></section>"
        for language in LANGUAGES
    )
    page = (
        f'<!doctype html><html lang="{region_tag(LANGUAGES[0])}"><meta charset="utf-8"><title>Mirante</title>'
        '<meta name="viewport" content="width=device-width">'
        "<style>:root { color-scheme: light dark } body { font: 1.1rem/1.5 sans-serif; max-width: 40rem; "
        f"margin: 4rem auto; padding: 0 1rem }} h1 {{ font-size: 1.4rem }}</style><main>{sentences}</main></html>"
    )
    return HTMLResponse(page, 503, {"Refresh": str(bounds.RETRY_SECONDS), **_retry_headers()})


def _refusal_text() -> Response:
    """As JSON: Streamlit's front end shows the string of a refused ``host-config`` only if it is one."""
    return JSONResponse("\n\n".join(translate(FULL, language) for language in LANGUAGES), 503, _retry_headers())


def _retry_headers() -> dict[str, str]:
    return {"Retry-After": str(bounds.RETRY_SECONDS), "Cache-Control": "no-store"}


async def _refuse_session(scope: Scope, receive: Receive, send: Send) -> None:
    """An answer to the handshake where the server can give one, else a close with a reason."""
    if "websocket.http.response" in scope.get("extensions", {}):
        return await _refusal_text()(scope, receive, send)
    await send({"type": "websocket.close", "code": 1013, "reason": FULL})


def _paced(receive: Receive, session: str, visitor: str = "") -> Receive:
    """``receive`` of one session of an address: only what our pages say (messages.py), and it waits while it has sent
    too much; its connection fills up meanwhile.
    """

    async def paced() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            size = len(data or message.get("text") or "")
            await _wait(_MESSAGES, session, 1 + size // bounds.MESSAGE_BYTES)
            if data is None:
                return message  # text, which Streamlit refuses
            if (said := checked(data)) is None:
                continue
            if said.WhichOneof("type") in WORK:
                await _wait(_RERUNS, session)
                await _wait(_RERUNS_FOR_LONG, session)
                seldom = allowed(_NOW_AND_THEN, session)
                await _wait_in_line(_SELDOM_OF_ADDRESS if seldom else _RERUNS_OF_ADDRESS, visitor)
                await _wait_in_line(_RERUNS_OF_ALL, "")
            return {**message, "bytes": said.SerializeToString()}

    return paced


_lines: dict[tuple[str, str], dict[object, float]] = {}
"""(Name of a rate, address, or "" for all) → who waits, in the order of coming, and when they looked last."""


async def _wait_in_line(rate: RateLimitItem, visitor: str) -> None:
    """Until it is allowed, about in the order of coming: a session has one message in line at a time, so whoever floods
    waits as often as everybody else. Who has stopped looking (a connection that was cut) is passed over.
    """
    line, me = _lines.setdefault((rate.namespace, visitor), {}), object()
    try:
        while True:
            now = line[me] = time.monotonic()
            alive = (ticket for ticket, looked in line.items() if now - looked < _GONE)
            if me in islice(alive, _FRONT) and allowed(rate, visitor):
                return
            await asyncio.sleep(_PAUSE)
    finally:
        line.pop(me, None)


async def _wait(rate: RateLimitItem, visitor: str, cost: int = 1) -> None:
    """Until it is allowed; then it is counted."""
    while not allowed(rate, visitor, cost):
        await asyncio.sleep(_PAUSE)
