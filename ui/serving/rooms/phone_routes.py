"""Below /s: the phones' page and its two files, a seat in a room, what the phone listens to, what it answers.

A vote is answered when it is on the disk. Not here: limits (room_limits.py), the page's text (phone_page.py)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.classroom.room import Room
from core.storage import room_changes
from core.storage.room_keys import read_code, same_secret
from core.storage.room_writer import NoSuchRoom

from .. import bounds
from ..visitors import address
from . import room_limits as limits
from .hall import hall
from .phone_page import FILES, phone_page
from .phone_view import own_votes, phone_view
from .room_requests import NotAllowed, json_answer, json_body, language_of, refusing, short_text, whole_number

BEAT_SECONDS = 15


async def page(request: Request) -> Response:
    """The page of a room, whether there is one of this code or not: the phone asks for its seat next."""
    if request.url.path.endswith("/s"):
        return RedirectResponse("s/")
    if "code" in request.query_params:  # the form, where no script runs
        return RedirectResponse(read_code(request.query_params["code"]) or "./")
    return phone_page(language_of(request))


async def file(request: Request) -> Response:
    """The page's script or style; its address holds its digest, so a browser may keep it."""
    name = request.url.path.rpartition("/")[2]
    text, kind = FILES[name]
    return Response(text, headers={"Cache-Control": "public, max-age=31536000, immutable"}, media_type=kind)


@refusing
async def seat(request: Request) -> Response:
    """A seat; the same one again for a phone that has one already. ``{"seat": 4711, "secret": "…"}``."""
    document = await json_body(request, bounds.PHONE_BYTES)
    room = await known_room(request)
    number, secret = whole_number(document, "seat"), short_text(document, "secret")
    if same_secret(secret, room.seats.get(number)):
        return json_answer({"seat": number, "secret": secret, "expires": room.expires})
    limits.count(limits.SEATS_OF_ADDRESS, f"{room.code} {address(request.scope)}")
    joined = await asyncio.wrap_future(room_changes.join(hall().writer, room.code))
    return json_answer({"seat": joined.number, "secret": joined.secret, "expires": room.expires}, 201)


@refusing
async def answer(request: Request) -> Response:
    """A vote: ``{"seat", "secret", "card", "round", "edition", "value"}``. 200 when it is on the disk."""
    document = await json_body(request, bounds.PHONE_BYTES)
    room, number = await seated(request, whole_number(document, "seat"), short_text(document, "secret"))
    limits.count(limits.VOTES_OF_SEAT, f"{room.code} {number}")
    limits.count(limits.VOTES_OF_ADDRESS, address(request.scope))
    ballot = await asyncio.wrap_future(
        room_changes.vote(
            hall().writer,
            room.code,
            number,
            card=whole_number(document, "card"),
            vote_round=whole_number(document, "round"),
            edition=whole_number(document, "edition"),
            value=document.get("value"),
        )
    )
    return json_answer({"saved": True, "value": ballot.value, "edition": ballot.edition})


@refusing
async def live(request: Request) -> Response:
    """Server-sent events: ``mine`` (own votes) once, ``state`` now and at every change, ``beat``, ``gone`` at last."""
    query = request.query_params
    number = query.get("seat", "")
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else -1
    room, number = await seated(request, wanted, query.get("secret", "")[: bounds.LONGEST_SECRET])
    limits.count(limits.STREAMS_OF_SEAT, f"{room.code} {number}")
    listening = hall().listening(room.code, address(request.scope), number)
    bell = listening.__enter__()  # refused here, before anything is sent

    async def events() -> AsyncIterator[ServerSentEvent]:
        try:
            yield ServerSentEvent(own_votes(room, number), event="mine")
            sent = 0
            while True:
                bell.clear()
                now = await hall().find(room.code)
                if now is None or now.created != room.created:
                    break
                if now.state.version != sent:
                    sent = now.state.version
                    yield ServerSentEvent(phone_view(now), event="state")
                await bell.wait()
            yield ServerSentEvent("{}", event="gone")
        finally:
            listening.__exit__(None, None, None)

    return EventSourceResponse(events(), ping=BEAT_SECONDS, ping_message_factory=_beat, sep="\n")


def _beat() -> ServerSentEvent:
    """A sign of life that the page hears, as it does not hear a comment."""
    return ServerSentEvent("{}", event="beat")


async def known_room(request: Request) -> Room:
    """The room of the address.

    Raises:
        NoSuchRoom: none. TooOften: the address has guessed too often.
    """
    visitor = address(request.scope)
    limits.check_guesses(visitor)
    written = request.path_params["code"]
    code = read_code(written)
    room = None if code is None else await hall().find(code)
    if room is None:
        limits.note_wrong_guess(visitor)
        raise NoSuchRoom("There is no room {code}.", code=written[:20])
    return room


async def seated(request: Request, number: int, secret: str) -> tuple[Room, int]:
    """The room and the seat whose secret was said; who has one is not held up by others of the same address.

    Raises:
        NoSuchRoom, TooOften: as `known_room`. NotAllowed: the secret is not that of the seat.
    """
    code = read_code(request.path_params["code"])
    room = None if code is None else await hall().find(code)
    if room is not None and same_secret(secret, room.seats.get(number)):
        return room, number
    room = await known_room(request)
    limits.note_wrong_guess(address(request.scope))
    raise NotAllowed("This phone has no seat in this room.")


async def nothing(request: Request) -> Response:
    """Anything else below /s."""
    return json_answer({"error": "There is nothing here.", "reason": "nothing"}, 404)


PHONE_ROUTES = [
    Route("/s", page),
    Route("/s/", page),
    *(Route(f"/s/{name}", file) for name in FILES),
    Route("/s/{code}", page),
    Route("/s/{code}/seat", seat, methods=["POST"]),
    Route("/s/{code}/answer", answer, methods=["POST"]),
    Route("/s/{code}/live", live, methods=["GET"]),
    Route("/s/{rest:path}", nothing),
]
