"""Turns at the processor: as many pieces of work at a time as there are cores, the others by when they are due.

Inside: `Turns` (the queue) and `TURNS` (the one of this process). Work is due at its coming and so much later as it can
wait: a choice in a picture at once, a page after seconds. So a choice does not wait behind a class that opens its
pages, and nothing waits for ever. A visitor has one piece of work at most (Streamlit runs one script a session), so the
order is fair as well. Without turns two hundred scripts share one interpreter: each gets slower, and the event loop,
which answers everybody, waits behind all of them.
Not inside: what the page says meanwhile (forward_slots.py), who may ask how often (rates.py)."""

from __future__ import annotations

import heapq
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CORES = os.cpu_count() or 1
CHOICE, PAGE, LONG = 0.0, 2.0, 8.0  # seconds that a piece of work can wait before it goes in front of a newer choice
EVERY = 0.5  # seconds between two looks of whoever waits: is the page still wanted, how many are before it


@dataclass(order=True)
class _Ticket:
    due: float
    called: threading.Event = field(default_factory=threading.Event, compare=False)


class Turns:
    """``slots`` places; who finds none waits for the next that is given back, what is due first before the rest."""

    def __init__(self, slots: int) -> None:
        self._lock = threading.Lock()
        self._free = slots
        self._queue: list[_Ticket] = []
        self._thread = threading.local()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    @property
    def held(self) -> bool:
        """Whether this thread has a place."""
        return getattr(self._thread, "held", False)

    def due(self, patience: float) -> float:
        """When something that comes now is due, on the monotonic clock; ``patience`` in seconds."""
        return time.monotonic() + patience

    def take(self, due: float, look: Callable[[int], None]) -> None:
        """Wait for a place and take it. ``look`` is called every half second with how many are before; an exception of
        it ends the waiting.
        """
        with self._lock:
            if self._free and not self._queue:
                self._free -= 1
                self._thread.held = True
                return
            ticket = _Ticket(due)
            heapq.heappush(self._queue, ticket)
        try:
            while not ticket.called.wait(EVERY):
                look(self._before(ticket))
        except BaseException:
            self._leave(ticket)
            raise
        self._thread.held = True

    def give(self) -> None:
        """Give the place of this thread back, to what is due first."""
        self._thread.held = False
        with self._lock:
            self._next()

    @contextmanager
    def turn(self, look: Callable[[int], None], due: float | None = None) -> Iterator[None]:
        """A place for what is done inside; free where this thread has one already."""
        if self.held:
            yield
            return
        self.take(self.due(PAGE) if due is None else due, look)
        try:
            yield
        finally:
            if self.held:
                self.give()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Without a place for what is done inside, which waits or works elsewhere; afterwards in the queue again."""
        if not self.held:
            yield
            return
        self.give()
        try:
            yield
        finally:
            self.take(self.due(CHOICE), _patiently)

    def let_others(self, look: Callable[[int], None]) -> None:
        """Between the parts of a long work: who waits goes first."""
        if self.held and self._queue:
            self.give()
            self.take(self.due(LONG), look)

    def _before(self, ticket: _Ticket) -> int:
        with self._lock:
            return sum(other < ticket for other in self._queue)

    def _next(self) -> None:
        if self._queue:
            heapq.heappop(self._queue).called.set()
        else:
            self._free += 1

    def _leave(self, ticket: _Ticket) -> None:
        """Out of the queue; a place that was given at that very moment goes to the next."""
        with self._lock:
            if ticket.called.is_set():
                self._next()
            else:
                self._queue = [other for other in self._queue if other is not ticket]
                heapq.heapify(self._queue)


def _patiently(_before: int) -> None:
    """Whoever comes back from aside waits in any case: what follows needs the place."""


TURNS = Turns(CORES)
