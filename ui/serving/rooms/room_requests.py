"""What the routes of rooms share: a small body of JSON, the language of a request, refusals that a program can read.

``refusing`` turns what a route raises into an answer with ``error`` (a sentence in the language of the request) and
``reason`` (a word for the page). Not here: limits (room_limits.py), routes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from core.classroom.room import VoteClosed
from core.errors import BadInput, Message, MiranteError
from core.languages import DEFAULT, LANGUAGES, Language, translate
from core.storage.room_writer import NoSuchRoom

from .. import bounds
from ..bodies import TooSlow, watched
from .hall import NoPlace
from .room_limits import TooOften


class NotAllowed(BadInput):
    """A key or a secret that is not this room's."""


class BodyTooLarge(BadInput):
    """More than a route reads."""


REASONS: dict[type[MiranteError], tuple[int, str]] = {
    NotAllowed: (403, "key"),
    BodyTooLarge: (413, "large"),
    NoSuchRoom: (404, "room"),
    VoteClosed: (409, "closed"),
    TooOften: (429, "often"),
    NoPlace: (503, "full"),
    BadInput: (422, "answer"),
    MiranteError: (503, "later"),
}
"""By class, the first that fits: status and reason."""


Route = Callable[[Request], Awaitable[Response]]


def refusing(route: Route) -> Route:
    """The route, with an answer for every refusal."""

    @wraps(route)
    async def answered(request: Request) -> Response:
        try:
            return await route(request)
        except (TooSlow, ClientDisconnect):
            return Response(status_code=408, headers={"Connection": "close"})
        except MiranteError as error:
            status, reason = next(known for kind, known in REASONS.items() if isinstance(error, kind))
            document = {"error": _sentence(error, language_of(request)), "reason": reason}
            seconds = str(getattr(error, "seconds", 2))
            if isinstance(error, TooOften | BodyTooLarge):
                await asyncio.sleep(bounds.REFUSAL_SECONDS)  # whoever asks on and on waits, and costs little
            return json_answer(document, status, {"Retry-After": seconds} if status in (429, 503) else {})

    return answered


def json_answer(document: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON that nobody on the way keeps."""
    text = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status, {"Cache-Control": "no-store", **(headers or {})}, "application/json")


async def json_body(request: Request, most: int) -> dict[str, Any]:
    """The mapping that a request brings.

    Raises:
        BodyTooLarge: more than ``most`` bytes. BadInput: no JSON, no mapping. TooSlow: it does not come.
    """
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal() and len(length) < 12 and int(length) <= most):
        raise BodyTooLarge("This takes at most {n} bytes, and their number must be said.", n=most)
    arrived = bytearray()
    timed = Request(request.scope, watched(request.receive, lambda size: None))
    async for part in timed.stream():
        arrived += part
    try:
        document = json.loads(arrived)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise BadInput("This is no JSON that is read here.")
    return document


def whole_number(document: dict[str, Any], name: str) -> int:
    """A field that is a whole number; -1 for anything else, which no card, seat or edition is."""
    value = document.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9 else -1


def short_text(document: dict[str, Any], name: str) -> str:
    """A field that is a short text; "" for anything else."""
    value = document.get(name)
    return value if isinstance(value, str) and len(value) <= bounds.LONGEST_SECRET else ""


def language_of(request: Request) -> Language:
    """``?lang=``, else the first language of the browser that Mirante speaks, else Portuguese."""
    if (language := request.query_params.get("lang")) in LANGUAGES:
        return str(language)
    for name in re.findall(r"[a-z]+", request.headers.get("accept-language", "")[:200].lower()):
        if name in LANGUAGES:
            return name
    return DEFAULT


def _sentence(error: MiranteError | Message, language: Language) -> str:
    fields = {
        name: _sentence(value, language) if isinstance(value, MiranteError | Message) else value
        for name, value in error.fields.items()
    }
    return translate(error.template, language, **fields)
