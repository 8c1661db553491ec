"""The rooms of this process, and who listens to them: phones hear of another state, the host of every vote.

Who listens has a bell, which rings after the commit; whoever hears it looks at the room as it is then. So nothing is
kept for a slow reader: it gets the latest state when it takes it. Not here: what is sent (phone_view.py, host_view.py).
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from core.classroom.room import Room
from core.errors import MiranteError
from core.storage.room_writer import NoSuchRoom, RoomWriter, rooms_url

from .. import bounds, descriptors


class NoPlace(MiranteError):
    """As many listen as the server, an address or a seat may have."""


class _Bell(asyncio.Event):
    """every: rings for every change, not for another state alone."""

    def __init__(self, every: bool) -> None:
        super().__init__()
        self.every = every


class Hall:
    """The rooms of a database and their listeners, of one event loop. writer: for whoever changes a room."""

    def __init__(self, url: str) -> None:
        self.writer = RoomWriter(url, self._committed)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bells: defaultdict[str, set[_Bell]] = defaultdict(set)
        self._rung: dict[str, int] = {}  # code → version of the state of which its listeners heard
        self._listening: Counter[tuple[str, str]] = Counter()  # ("room"/"seat"/"address"/"all", which) → streams

    async def find(self, code: str) -> Room | None:
        """A room as it was committed last; None where there is none.

        Raises:
            MiranteError: the database cannot be read.
        """
        if (room := self.writer.room(code)) is not None:
            return room
        try:
            return await asyncio.wrap_future(self.writer.fetch(code))
        except NoSuchRoom:
            return None

    def present(self, code: str) -> int:
        """How many phones are connected."""
        return self._listening["room", code]

    @contextmanager
    def listening(self, code: str, visitor: str, seat: int | None = None) -> Iterator[asyncio.Event]:
        """A bell for a phone (``seat``) or a host.

        Raises:
            NoPlace: too many listen.
        """
        places = {("all", ""): bounds.MOST_STREAMS, ("address", visitor): bounds.MOST_STREAMS_OF_ADDRESS}
        if seat is not None:
            places |= {("seat", f"{code} {seat}"): bounds.MOST_STREAMS_OF_SEAT, ("room", code): bounds.MOST_STREAMS}
        else:
            places |= {("hosts", code): bounds.MOST_STREAMS_OF_HOST}
        full = any(self._listening[counted] >= most for counted, most in places.items())
        if full or descriptors.free() < bounds.DESCRIPTORS_HELD_BACK:
            raise NoPlace("Too many phones are connected to this server.")
        self._loop = asyncio.get_running_loop()
        self._listening.update(places.keys())
        self._bells[code].add(bell := _Bell(every=seat is None))
        try:
            yield bell
        finally:
            self._leave(code, bell, places)

    def _leave(self, code: str, bell: _Bell, places: Iterable[tuple[str, str]]) -> None:
        self._bells[code].discard(bell)
        if not self._bells[code]:
            del self._bells[code]
            self._rung.pop(code, None)
        for counted in places:
            self._listening[counted] -= 1
            if not self._listening[counted]:
                del self._listening[counted]

    def _committed(self, codes: Iterable[str]) -> None:
        """Called in the writing thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._ring, tuple(codes))

    def _ring(self, codes: Iterable[str]) -> None:
        for code in codes:
            if code not in self._bells:
                continue
            room = self.writer.room(code)
            version = 0 if room is None else room.state.version
            another, self._rung[code] = self._rung.get(code) != version, version
            for bell in self._bells[code]:
                if another or bell.every:
                    bell.set()


@cache
def hall() -> Hall:
    """That of this process; the database is opened when it is first used."""
    return Hall(rooms_url())
