"""What has arrived and is not read yet: read in small parts, in turns, beside everything else that the loop does.

uvicorn reads what arrives in one go, 256 KB at a time, inside the event loop that answers everybody: one connection
that sends nothing but empty frames, a megabyte a second, stopped the server for as long as it liked. Here the processor
time that a connection's parts cost is measured, whatever they are made of: beyond a small share it rests until it has
paid them off, its own buffers fill, and it is told so by TCP. Of those that may go, the address that was given least
goes first, and all together have half of the loop at most.
Inside: `Intake`, what it reads from (`Source`). Not here: connections (gate.py), the numbers (bounds.py)."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections import deque
from itertools import count
from typing import Protocol

from . import bounds


class Source(Protocol):
    """A connection that has something to be read. ``part``: how many bytes it reads at a time; ``owes_until``: when, on
    the loop's clock, what that has cost is paid off.
    """

    visitor: str
    part: int
    owes_until: float

    def read_part(self) -> bool:
        """Read one part; whether there is more that may be read."""


class Intake:
    """The line of those that wait to be read, of one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._resting: list[tuple[float, int, Source]] = []  # by when they may go
        self._ready: dict[str, deque[Source]] = {}  # by address, those that may go
        self._addresses: list[tuple[float, int, str]] = []  # of those, by what they were given
        self._paid_until: dict[str, float] = {}  # address → when what it cost is paid off
        self._numbers = count()
        self._next: asyncio.TimerHandle | None = None

    def add(self, source: Source) -> None:
        """Into the line; once at a time."""
        self._enter(source)
        self._wake(self._resting[0][0])

    def _wake(self, at: float) -> None:
        """Go on at that time, or before; a pause that is being made for the rest of the loop is kept."""
        if self._next is not None:
            if self._ready or self._next.when() <= at:
                return
            self._next.cancel()
        self._next = self._loop.call_at(at, self._serve)

    def _serve(self) -> None:
        """Read parts for some milliseconds, then let the rest of the loop go on for as long."""
        self._next = None
        begun, spent = self._loop.time(), 0.0
        self._call_ready(begun)
        while self._ready and spent < bounds.READ_SECONDS_AT_A_TIME:
            spent += self._read_one()
            self._call_ready(begun)
        now = self._loop.time()
        if self._ready:
            self._next = self._loop.call_at(2 * now - begun, self._serve)
        elif self._resting:
            self._wake(self._resting[0][0])
        else:
            self._paid_until = {visitor: until for visitor, until in self._paid_until.items() if until > now}

    def _read_one(self) -> float:
        """Let the first of the address that was given least read a part; what it cost, in seconds of the processor."""
        visitor = heapq.heappop(self._addresses)[2]
        source = self._ready[visitor].popleft()
        start = time.thread_time()
        more = source.read_part()
        cost = time.thread_time() - start
        self._charge(source, cost)
        if more:
            self._enter(source)
        if self._ready[visitor]:
            self._line_up(visitor)
        else:
            del self._ready[visitor]
        return cost

    def _enter(self, source: Source) -> None:
        heapq.heappush(self._resting, (source.owes_until - bounds.READ_AHEAD_SECONDS, next(self._numbers), source))

    def _call_ready(self, now: float) -> None:
        while self._resting and self._resting[0][0] <= now:
            source = heapq.heappop(self._resting)[2]
            if source.visitor not in self._ready:
                self._ready[source.visitor] = deque()
                self._line_up(source.visitor)
            self._ready[source.visitor].append(source)

    def _line_up(self, visitor: str) -> None:
        key = max(self._loop.time(), self._paid_until.get(visitor, 0.0))
        heapq.heappush(self._addresses, (key, next(self._numbers), visitor))

    def _charge(self, source: Source, cost: float) -> None:
        """Note what a part has cost, in seconds of the processor; after a dear one the next is small."""
        dear = cost > bounds.READ_SECONDS_AT_A_TIME / 10
        source.part = bounds.READ_LEAST_BYTES if dear else min(2 * source.part, bounds.READ_MOST_BYTES)
        now, worth = self._loop.time(), cost / bounds.READ_SHARE
        source.owes_until = max(source.owes_until, now) + worth
        self._paid_until[source.visitor] = max(self._paid_until.get(source.visitor, now), now) + worth
