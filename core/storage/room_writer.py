"""The rooms of one database, as one process serves them: one thread writes, in the order in which changes came.

All changes that wait are committed together: a class that votes at once waits for the disk once. A change gets a draft
of the room; when the commit is on the disk the drafts take the place of the rooms, and only then is anybody told. So
whatever a reader sees was committed, and what could not be committed never was. One process serves a database's rooms.
Not here: what a change does (its function), rows (room_rows.py), codes and keys (room_keys.py)."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa

from ..classroom.room import Room
from ..errors import BadInput, MiranteError
from .migrating import migrate
from .room_rows import delete_expired, delete_room, find_room, insert_room, room_codes
from .sqlite import opened
from .texts import DEFAULT_FILE, VARIABLE

MOST_ROOMS = 500
MOST_TOGETHER = 500  # changes of one commit
SWEEP_SECONDS = 600.0  # between two looks for rooms whose time is over
_Result = TypeVar("_Result")
Change = Callable[[Room, sa.Connection], _Result]


class NoSuchRoom(BadInput):
    """A code that no room has, or that of a room whose time is over."""


class CodeTaken(BadInput):
    """A new room with the code of another."""


@dataclass(eq=False)
class _Drafts:
    """What one transaction does to rooms. rooms: as they will be, None: deleted. changed: those that others see."""

    rooms: dict[str, Room | None] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)


_Work = Callable[[_Drafts, sa.Connection], Any]


@dataclass(eq=False)
class _Waiting:
    work: _Work
    result: Future[Any] = field(default_factory=Future)


class RoomWriter:
    """The rooms of a database. ``told``: called with the codes of rooms that changed, in the writing thread.

    Futures have their result when it is committed. They raise MiranteError where a room cannot be written or read.
    """

    def __init__(self, url: str, told: Callable[[Iterable[str]], None] = lambda codes: None) -> None:
        self.url, self.told = url, told
        self._rooms: dict[str, Room] = {}
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._engine: sa.Engine | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._sweep_at = 0.0

    def room(self, code: str) -> Room | None:
        """The room as it was committed last, where it is in memory; nobody changes it."""
        room = self._rooms.get(code)
        return None if room is None or room.expires <= time.time() else room

    def fetch(self, code: str) -> Future[Room]:
        """The same, from the database where it is not in memory. Raises NoSuchRoom."""
        return self._submit(lambda drafts, connection: self._draft(drafts, connection, code))

    def create(self, room: Room) -> Future[Room]:
        """Write a new room. Raises CodeTaken; MiranteError: too many rooms."""

        def work(drafts: _Drafts, connection: sa.Connection) -> Room:
            codes = room_codes(connection)
            if room.code in codes:
                raise CodeTaken("The code {code} is in use.", code=room.code)
            if len(codes) >= MOST_ROOMS:
                raise MiranteError("This server holds {n} rooms, and no more. Delete one first.", n=MOST_ROOMS)
            insert_room(connection, room)
            drafts.rooms[room.code] = draft = room.draft()
            return draft

        return self._submit(work)

    def change(self, code: str, change: Change[_Result]) -> Future[_Result]:
        """Change a room: ``change`` gets a draft and the transaction; the future has what it returns.

        Raises NoSuchRoom; whatever MiranteError ``change`` raises, which must then have changed nothing.
        """

        def work(drafts: _Drafts, connection: sa.Connection) -> _Result:
            result = change(self._draft(drafts, connection, code), connection)
            drafts.changed.add(code)
            return result

        return self._submit(work)

    def delete(self, code: str) -> Future[None]:
        """Delete a room and all that was answered in it."""

        def work(drafts: _Drafts, connection: sa.Connection) -> None:
            delete_room(connection, code)
            drafts.rooms[code] = None
            drafts.changed.add(code)

        return self._submit(work)

    def read(self, question: Callable[[sa.Connection], _Result]) -> Future[_Result]:
        """Ask the database something, between two changes."""
        return self._submit(lambda drafts, connection: question(connection))

    def close(self) -> None:
        """Write what waits, then let the database go; the next use opens it again."""
        with self._starting:
            if self._thread is not None:
                self._queue.put(None)
                self._thread.join()
            self._thread = None

    def _submit(self, work: _Work) -> Future[Any]:
        waiting = _Waiting(work)
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="rooms", daemon=True)
                self._thread.start()
            self._queue.put(waiting)
        return waiting.result

    def _run(self) -> None:
        going = True
        while going:
            batch, going = self._next_batch()
            if self._commit(batch) is not None:
                for waiting in batch:  # one that cannot be written takes none of the others with it
                    if (error := self._commit([waiting])) is not None:
                        waiting.result.set_exception(_unavailable(error))
        if self._engine is not None:
            self._engine.dispose()
        self._engine = None

    def _next_batch(self) -> tuple[list[_Waiting], bool]:
        """All that wait, and whether to go on afterwards; nothing, where nothing came for a while."""
        batch: list[_Waiting] = []
        try:
            waiting = self._queue.get(timeout=SWEEP_SECONDS)
            while waiting is not None:
                if waiting.result.set_running_or_notify_cancel():
                    batch.append(waiting)
                if len(batch) == MOST_TOGETHER:
                    return batch, True
                waiting = self._queue.get_nowait()
        except queue.Empty:
            return batch, True
        return batch, False

    def _commit(self, batch: list[_Waiting]) -> Exception | None:
        """Do all of a batch in one transaction, and answer when it is on the disk; an error: nothing of it was done."""
        drafts, outcomes = _Drafts(), []
        try:
            with self._opened().execution_options(writes=True).begin() as connection:
                self._sweep(drafts, connection)
                outcomes = [_outcome(waiting.work, drafts, connection) for waiting in batch]
        except Exception as error:
            return error
        self._publish(drafts)
        for waiting, (result, refusal) in zip(batch, outcomes):
            if refusal is None:
                waiting.result.set_result(result)
            else:
                waiting.result.set_exception(refusal)
        return None

    def _publish(self, drafts: _Drafts) -> None:
        for code, room in drafts.rooms.items():
            if room is None:
                self._rooms.pop(code, None)
            else:
                self._rooms[code] = room
        if drafts.changed:
            self.told(drafts.changed)

    def _draft(self, drafts: _Drafts, connection: sa.Connection, code: str) -> Room:
        if code not in drafts.rooms:
            room = self.room(code)
            drafts.rooms[code] = find_room(connection, code, time.time()) if room is None else room.draft()
        draft = drafts.rooms[code]
        if draft is None:
            raise NoSuchRoom("There is no room {code}.", code=code)
        return draft

    def _sweep(self, drafts: _Drafts, connection: sa.Connection) -> None:
        """Now and then: delete the rooms whose time is over."""
        now = time.monotonic()
        if now >= self._sweep_at:
            for code in delete_expired(connection, time.time()):
                drafts.rooms[code] = None
                drafts.changed.add(code)
            self._sweep_at = now + SWEEP_SECONDS

    def _opened(self) -> sa.Engine:
        if self._engine is None:
            engine = opened(self.url)
            with engine.execution_options(writes=True).begin() as connection:
                migrate(connection)
            self._engine = engine
        return self._engine


def rooms_url() -> str:
    """The database of the environment; that of the long texts (texts.py)."""
    return os.environ.get(VARIABLE, "") or f"sqlite:///{DEFAULT_FILE}"


def _outcome(work: _Work, drafts: _Drafts, connection: sa.Connection) -> tuple[Any, MiranteError | None]:
    """(result, None), or (None, the refusal): a refusal has changed nothing, any other error ends the transaction."""
    try:
        return work(drafts, connection), None
    except MiranteError as refusal:
        return None, refusal


def _unavailable(cause: Exception) -> MiranteError:
    error = MiranteError("Rooms cannot be saved on this server now.")
    error.__cause__ = cause
    return error
