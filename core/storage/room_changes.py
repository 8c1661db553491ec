"""What happens in rooms, each as one change that is kept: a room opens, a phone joins or votes, the host goes on.

Functions of a `RoomWriter` that return its futures. Not here: who may do so (ui/serving/rooms)."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ..classroom.room import (
    MOST_SEATS,
    Ballot,
    Room,
    RoomStep,
    cast_vote,
    first_state,
    show_card,
    show_link,
    take_seat,
    take_step,
)
from ..errors import BadInput
from .room_keys import new_code, new_key, new_seat, new_secret, secret_digest
from .room_rows import insert_seat, save_ballot, save_state
from .room_writer import CodeTaken, RoomWriter

if TYPE_CHECKING:
    from ..classroom.room_questions import RoomContent

ROOM_DAYS = 7
A_DAY_OF_ROOM = 86_400.0
_TRIES = 50


@dataclass(frozen=True)
class OpenedRoom:
    """A new room's code and the teacher's key, which is nowhere else."""

    code: str
    key: str


@dataclass(frozen=True)
class Seat:
    """A phone's number in a room and the secret that proves it, which is nowhere else."""

    number: int
    secret: str


def open_room(writer: RoomWriter, content: RoomContent, days: float = ROOM_DAYS) -> OpenedRoom:
    """Make a room; it is on the disk on return.

    Raises:
        MiranteError: no room for it, or it cannot be written.
    """
    key, now = new_key(), time.time()
    for _ in range(_TRIES):
        code, state = new_code(), first_state(len(content.cards), content.cards[0].link)
        room = Room(code, secret_digest(key), now, now + days * A_DAY_OF_ROOM, content.title, content.cards, state)
        try:
            writer.create(room).result()
            return OpenedRoom(code, key)
        except CodeTaken:
            continue
    raise BadInput("No free code was found for a room. Try again.")


def join(writer: RoomWriter, code: str) -> Future[Seat]:
    """A seat for a phone."""

    def change(room: Room, connection: sa.Connection) -> Seat:
        seat, secret = new_seat(room.seats), new_secret()
        if seat is None:
            raise BadInput("This room is full: it has {n} seats.", n=MOST_SEATS)
        take_seat(room, seat, secret_digest(secret))
        insert_seat(connection, code, seat, room.seats[seat])
        return Seat(seat, secret)

    return writer.change(code, change)


def vote(
    writer: RoomWriter, code: str, seat: int, *, card: int, vote_round: int, edition: int, value: object
) -> Future[Ballot]:
    """A vote of a seat: the future has the vote that counts, once it is on the disk."""

    def change(room: Room, connection: sa.Connection) -> Ballot:
        ballot = cast_vote(room, seat, card, vote_round, edition, value)
        if ballot.edition == edition:
            save_ballot(connection, code, seat, card, vote_round, ballot, time.time())
        return ballot

    return writer.change(code, change)


def advance(writer: RoomWriter, code: str, name: RoomStep) -> Future[int]:
    """The next phase of the card that is shown; the future has the version of the room's state."""
    return writer.change(code, _moving(lambda room: take_step(room, name)))


def turn_to(writer: RoomWriter, code: str, card: int) -> Future[int]:
    """Another card, from 0."""
    return writer.change(code, _moving(lambda room: show_card(room, card)))


def follow(writer: RoomWriter, code: str, link: str) -> Future[int]:
    """What the host looks at (a checked link), for those who follow."""
    return writer.change(code, _moving(lambda room: show_link(room, link)))


def _moving(move: Callable[[Room], None]) -> Callable[[Room, sa.Connection], int]:
    def change(room: Room, connection: sa.Connection) -> int:
        move(room)
        save_state(connection, room, time.time())
        return room.state.version

    return change
