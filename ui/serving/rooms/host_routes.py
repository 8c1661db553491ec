"""Below /api/rooms: a teacher's room, for programs and for the host's page: open it, lead it, read it, delete it.

Whoever has the teacher's key (``Authorization: Bearer …``) is the host. Described in docs/api.md. Not here: phones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from anyio import to_thread
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.classroom.room import STEPS, Room
from core.errors import BadInput
from core.storage import room_changes
from core.storage.room_keys import same_secret
from core.storage.room_rows import answer_times

from .. import bounds
from ..visitors import address
from . import room_limits as limits
from .hall import hall
from .host_view import host_view
from .phone_routes import known_room
from .room_requests import NotAllowed, json_answer, json_body, language_of, refusing, whole_number

_BEARER = "bearer "


@refusing
async def open_room(request: Request) -> Response:
    """A new room: ``{"title", "cards": [{"title", "text", "link", "question"}]}`` → ``{"code", "key", "phone"}``."""
    document = await json_body(request, bounds.ROOM_BYTES)
    limits.count(limits.ROOMS_OF_ADDRESS, address(request.scope))
    opened = await to_thread.run_sync(_open, document)
    return json_answer({"code": opened.code, "key": opened.key, "phone": f"s/{opened.code}"}, 201)


def _open(document: object) -> room_changes.OpenedRoom:
    """In a thread: pydantic is imported when the first room is opened."""
    from core.classroom.room_questions import room_content

    return room_changes.open_room(hall().writer, room_content(document))


@refusing
async def look(request: Request) -> Response:
    """Where the room stands, with counts: host_view.py."""
    room = await led_room(request)
    return json_answer(_view(room, request))


@refusing
async def live(request: Request) -> Response:
    """The same as server-sent events, at most three times a second."""
    room = await led_room(request)
    listening = hall().listening(room.code, address(request.scope))
    bell = listening.__enter__()

    async def events() -> AsyncIterator[ServerSentEvent]:
        try:
            while True:
                bell.clear()
                now = await hall().find(room.code)
                if now is None or now.created != room.created:
                    break
                yield ServerSentEvent(json.dumps(_view(now, request), ensure_ascii=False), event="room")
                await asyncio.sleep(bounds.TALLY_SECONDS)
                await bell.wait()
            yield ServerSentEvent("{}", event="gone")
        finally:
            listening.__exit__(None, None, None)

    return EventSourceResponse(events(), sep="\n")


@refusing
async def lead(request: Request) -> Response:
    """``{"step": "open"}``, ``{"card": 2}`` (from 0) or ``{"link": "explorar?layer=4"}``."""
    room = await led_room(request)
    document = await json_body(request, bounds.PHONE_BYTES * 2)
    limits.count(limits.STEPS_OF_ROOM, room.code)
    writer, step, link = hall().writer, document.get("step"), document.get("link")
    if isinstance(step, str) and step in STEPS:
        version = await asyncio.wrap_future(room_changes.advance(writer, room.code, step))
    elif isinstance(link, str):
        version = await asyncio.wrap_future(room_changes.follow(writer, room.code, _checked(link)))
    elif "card" in document:
        version = await asyncio.wrap_future(room_changes.turn_to(writer, room.code, whole_number(document, "card")))
    else:
        raise BadInput("Say a step ({steps}), a card or a link.", steps=", ".join(STEPS))
    return json_answer({"version": version})


def _checked(link: str) -> str:
    from core.classroom.room_questions import is_link

    if not is_link(link):
        raise BadInput("A state is a page of Mirante and its parameters (explorar?layer=4&head=1).")
    return link


@refusing
async def answers(request: Request) -> Response:
    """The answers as a file, ``answers.csv`` or ``answers.json`` (core/classroom/room_answers.py), in ``?lang=``."""
    from core.classroom.room_answers import answers_csv, answers_json

    room, language = await led_room(request), language_of(request)
    times = await asyncio.wrap_future(hall().writer.read(lambda connection: answer_times(connection, room.code)))
    form = request.url.path.rpartition(".")[2]
    name = f"mirante-{room.code}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if form == "json":
        text = await to_thread.run_sync(answers_json, room, times, language)
        return Response(text.encode("utf-8", "replace"), headers=headers, media_type="application/json")
    data = await to_thread.run_sync(answers_csv, room, times, language)
    return Response(data, headers=headers, media_type="text/csv; charset=utf-8")


@refusing
async def delete(request: Request) -> Response:
    """Delete the room and all answers in it."""
    room = await led_room(request)
    await asyncio.wrap_future(hall().writer.delete(room.code))
    return Response(status_code=204)


async def led_room(request: Request) -> Room:
    """The room whose key was said.

    Raises:
        NoSuchRoom, TooOften: as `known_room`. NotAllowed: another key.
    """
    room = await known_room(request)
    said = request.headers.get("authorization", "")[: bounds.LONGEST_SECRET]
    if not (said.lower().startswith(_BEARER) and same_secret(said[len(_BEARER) :].strip(), room.key_digest)):
        limits.note_wrong_guess(address(request.scope))
        raise NotAllowed("This needs the teacher's key of the room.")
    return room


def _view(room: Room, request: Request) -> dict:
    hidden = request.query_params.get("view") == "projector"
    return host_view(room, hall().present(room.code), language_of(request), hidden=hidden)


HOST_ROUTES = [
    Route("/api/rooms", open_room, methods=["POST"]),
    Route("/api/rooms/{code}", look, methods=["GET"]),
    Route("/api/rooms/{code}", delete, methods=["DELETE"]),
    Route("/api/rooms/{code}/live", live, methods=["GET"]),
    Route("/api/rooms/{code}/lead", lead, methods=["POST"]),
    *(Route(f"/api/rooms/{{code}}/answers.{form}", answers, methods=["GET"]) for form in ("csv", "json")),
]
