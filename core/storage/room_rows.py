"""Rooms as rows: what is written of a change, and how a room is read back. Each function is part of a transaction.

Not here: transactions and their order (room_writer.py), what a change is allowed to do (core/classroom/room.py)."""

from __future__ import annotations

import json
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ..classroom.answer_value import AnswerValue
from ..classroom.room import Ballot, Room, RoomState, Round
from .room_tables import BALLOTS, ROOMS, ROUNDS_HELD, SEATS


def insert_room(connection: sa.Connection, room: Room) -> None:
    """A new room without seats."""
    content = {"title": room.title.model_dump(), "cards": [card.model_dump(mode="json") for card in room.cards]}
    connection.execute(
        sa.insert(ROOMS).values(
            code=room.code,
            key_digest=room.key_digest,
            created=room.created,
            expires=room.expires,
            content=json.dumps(content, ensure_ascii=False),
            **_state_columns(room.state),
        )
    )


def insert_seat(connection: sa.Connection, code: str, seat: int, digest: str) -> None:
    """A new seat."""
    connection.execute(sa.insert(SEATS).values(code=code, seat=seat, digest=digest))


def save_state(connection: sa.Connection, room: Room, now: float) -> None:
    """Where a room stands; the first time that a round is open, when that was."""
    connection.execute(sa.update(ROOMS).where(ROOMS.c.code == room.code).values(**_state_columns(room.state)))
    if room.state.open_round is not None:
        opened = {"code": room.code, "card": room.state.card, "round": room.state.open_round, "opened": now}
        connection.execute(_insert(connection, ROUNDS_HELD).values(**opened).on_conflict_do_nothing())


def save_ballot(
    connection: sa.Connection, code: str, seat: int, card: int, vote_round: int, ballot: Ballot, now: float
) -> None:
    """A vote, in the place of the seat's earlier one."""
    answer = json.dumps(ballot.value, ensure_ascii=False)
    place = {"code": code, "card": card, "round": vote_round, "seat": seat}
    said = {"answer": answer, "edition": ballot.edition, "saved": now}
    insert = _insert(connection, BALLOTS).values(**place, **said)
    connection.execute(insert.on_conflict_do_update(index_elements=list(place), set_=said))


def find_room(connection: sa.Connection, code: str, now: float) -> Room | None:
    """A room with its seats and votes; None where there is none, or it has expired."""
    row = connection.execute(sa.select(ROOMS).where(ROOMS.c.code == code, ROOMS.c.expires > now)).first()
    return None if row is None else _read_room(connection, row)


def delete_room(connection: sa.Connection, code: str) -> None:
    """A room and everything in it."""
    connection.execute(sa.delete(ROOMS).where(ROOMS.c.code == code))


def delete_expired(connection: sa.Connection, now: float) -> list[str]:
    """Delete the rooms whose time is over; their codes."""
    codes = list(connection.scalars(sa.select(ROOMS.c.code).where(ROOMS.c.expires <= now)))
    if codes:
        connection.execute(sa.delete(ROOMS).where(ROOMS.c.expires <= now))
    return codes


def room_codes(connection: sa.Connection) -> set[str]:
    """The codes in use."""
    return set(connection.scalars(sa.select(ROOMS.c.code)))


def answer_times(connection: sa.Connection, code: str) -> dict[tuple[int, int, int], float]:
    """(card, round, seat) → seconds between the opening of the round and what the seat last answered."""
    joined = sa.and_(
        BALLOTS.c.code == ROUNDS_HELD.c.code,
        BALLOTS.c.card == ROUNDS_HELD.c.card,
        BALLOTS.c.round == ROUNDS_HELD.c.round,
    )
    rows = connection.execute(
        sa.select(BALLOTS.c.card, BALLOTS.c.round, BALLOTS.c.seat, BALLOTS.c.saved, ROUNDS_HELD.c.opened)
        .join(ROUNDS_HELD, joined)
        .where(BALLOTS.c.code == code)
    )
    return {(row.card, row.round, row.seat): max(0.0, row.saved - row.opened) for row in rows}


def _read_room(connection: sa.Connection, row: Any) -> Room:
    from ..classroom.room_questions import RoomContent

    content = RoomContent.model_validate_json(row.content)
    state = RoomState(row.card, tuple(json.loads(row.phases)), row.link, row.version)
    seats = connection.execute(sa.select(SEATS.c.seat, SEATS.c.digest).where(SEATS.c.code == row.code))
    room = Room(row.code, row.key_digest, row.created, row.expires, content.title, content.cards, state)
    room.seats = {seat: digest for seat, digest in seats}
    for each in connection.execute(sa.select(BALLOTS).where(BALLOTS.c.code == row.code)):
        votes = room.ballots.setdefault((each.card, cast(Round, each.round)), {})
        votes[each.seat] = Ballot(_answer(each.answer), each.edition)
    return room


def _answer(written: str) -> AnswerValue:
    value = json.loads(written)
    return tuple(value) if isinstance(value, list) else value


def _state_columns(state: RoomState) -> dict[str, object]:
    phases = json.dumps(state.phases)
    return {"card": state.card, "phases": phases, "link": state.link, "version": state.version}


def _insert(connection: sa.Connection, table: sa.Table) -> Any:
    """An insertion that may say what happens where the row is there already; each database has its own."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
