"""Turns at the processor: as many pieces of work at a time as there are cores, the others by when they are due.

Inside: `Turns` (the queue) and `TURNS` (the one of this process). Between addresses the one that had the processor
least goes first, as in stride scheduling (Waldspurger & Weihl 1995), so that whoever keeps it busy, or has asked for
much at once, delays itself and not the others; who comes back is a little ahead and not owed what it did not ask for.
Within that, work is due at its coming and so much later as it can wait: a choice in a picture at once, a page after
seconds. A place is given back when the work is done: an address whose pieces of work are long leaves one place to the
others, where there are others. One place more is kept for choices, which take some 10 ms: so they wait neither behind a
class that opens its pages nor for the page that is being made. A visitor has one piece of work at most (Streamlit runs
one script a session), so the order is fair within an address as well. Without turns two hundred scripts share one
interpreter: each gets slower, and the event loop, which answers everybody, waits behind all of them.
Not inside: what the page says meanwhile (forward_slots.py), who may ask how often (rates.py)."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CORES = os.cpu_count() or 1
CHOICE, PAGE, LONG = 0.0, 8.0, 20.0  # seconds that a piece of work can wait before it goes in front of a newer choice
EVERY = 0.5  # seconds between two looks of whoever waits: is the page still wanted, how many are before it
STEP = 1.0  # seconds of places that count as equal between two addresses: what is due first goes first
CREDIT = 2.0  # seconds of places that whoever comes, or comes back, is ahead of those who are here
LONG_PIECE, REMEMBERED = 1.0, 20.0  # seconds: of a place at a time; for so long it is known of an address
_MOST_REMEMBERED = 1_000  # addresses


@dataclass(eq=False)
class _Ticket:
    due: float
    choice: bool
    whose: str  # address
    called: threading.Event = field(default_factory=threading.Event)
    kept_for_choices: bool = False  # the place that it was given
    since: float = 0.0  # when it was given


@dataclass
class _Address:
    """What is known of an address. had: seconds of places, less what is given to whoever comes back (``CREDIT``).
    holds: what has a place now. left: when it last gave one back; long_at: when one that it had for long.
    """

    had: float
    holds: list[_Ticket] = field(default_factory=list)
    left: float = -math.inf
    long_at: float = -math.inf

    def until(self, now: float) -> float:
        """Seconds of places that it had, those that it has counted until now."""
        return self.had + sum(now - ticket.since for ticket in self.holds)

    def takes_long(self, now: float) -> bool:
        """Whether one of its pieces of work is long, or was."""
        return now - self.long_at < REMEMBERED or any(now - ticket.since > LONG_PIECE for ticket in self.holds)

    def is_here(self, now: float) -> bool:
        """Whether it works, or did a moment ago."""
        return bool(self.holds) or now - self.left < REMEMBERED


class Turns:
    """``places``; who finds none waits for the next that is given back, what is due first before the rest.
    ``for_choices``: how many more only choices may take.
    """

    def __init__(self, places: int, for_choices: int = 0) -> None:
        self._lock = threading.Lock()
        self._most_of_long = max(1, places - 1)
        self._free = {False: places, True: for_choices}  # kept for choices → how many
        self._queue: list[_Ticket] = []
        self._mine = threading.local()
        self._addresses: dict[str, _Address] = {}
        self._least = 0.0  # seconds that the one who had least, of those who wait or work, had

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    @property
    def held(self) -> bool:
        """Whether this thread has a place."""
        return getattr(self._mine, "ticket", None) is not None

    def due(self, patience: float) -> float:
        """When something that comes now is due, on the monotonic clock; ``patience`` in seconds."""
        return time.monotonic() + patience

    @contextmanager
    def turn(
        self, look: Callable[[int], None], due: float | None = None, *, choice: bool = False, whose: str = ""
    ) -> Iterator[None]:
        """A place for what is done inside; free where this thread has one already. ``look`` is called every half second
        of waiting with how many are before; an exception of it ends the waiting. ``whose``: the address that asks.
        """
        if self.held:
            yield
            return
        self._take(_Ticket(self.due(PAGE) if due is None else due, choice, whose), look)
        try:
            yield
        finally:
            if self.held:
                self._give()

    @contextmanager
    def aside(self, look: Callable[[int], None] | None = None) -> Iterator[None]:
        """Without a place for what is done inside, which waits or works elsewhere; afterwards in the queue again, where
        ``look`` may end the waiting. A run that was ended inside (Streamlit's way is no ``Exception``) does not come
        back.
        """
        if not self.held:
            yield
            return
        mine = self._give()
        try:
            yield
        except Exception:
            self._take(_Ticket(self.due(CHOICE), mine.choice, mine.whose), _patiently)
            raise
        self._take(_Ticket(self.due(CHOICE), mine.choice, mine.whose), look or _patiently)

    def let_others(self, look: Callable[[int], None], patience: float | None = LONG) -> None:
        """Between the parts of a work: whoever waits goes first who is due before ``patience`` seconds from now, or
        (None) before this work was due itself.
        """
        if self.held and self._queue:
            mine = self._give()
            due = mine.due if patience is None else self.due(patience)
            self._take(_Ticket(due, mine.choice and patience is None, mine.whose), look)

    def _take(self, ticket: _Ticket, look: Callable[[int], None]) -> None:
        with self._lock:
            self._come(ticket)
            self._serve()
        try:
            while not ticket.called.wait(EVERY):
                look(self._before(ticket))
                if self._free[False] or ticket.choice and self._free[True]:
                    with self._lock:
                        self._serve()  # who may have a place changes with time
        except BaseException:
            self._leave(ticket)
            raise
        self._mine.ticket = ticket

    def _give(self) -> _Ticket:
        """Give the place of this thread back."""
        ticket, self._mine.ticket = self._mine.ticket, None
        with self._lock:
            self._count(ticket)
            self._free[ticket.kept_for_choices] += 1
            self._serve()
        return ticket

    def _come(self, ticket: _Ticket) -> None:
        """Into the queue; an address that was away is not owed all that it did not ask for. With the lock held."""
        self._queue.append(ticket)
        address = self._addresses.setdefault(ticket.whose, _Address(self._least - CREDIT))
        address.had = max(address.had, self._least - CREDIT)

    def _count(self, ticket: _Ticket) -> None:
        """Remember how long an address had a place. With the lock held."""
        now, address = time.monotonic(), self._addresses[ticket.whose]
        held = now - ticket.since
        address.had, address.left = address.had + held, now
        address.long_at = now if held > LONG_PIECE else address.long_at
        address.holds.remove(ticket)
        if len(self._addresses) > _MOST_REMEMBERED:
            self._forget()

    def _forget(self) -> None:
        """Forget the addresses that have been away for longest. With the lock held."""
        waiting = {ticket.whose for ticket in self._queue}
        away = [item for item in self._addresses.items() if not item[1].holds and item[0] not in waiting]
        for whose, _ in sorted(away, key=lambda item: item[1].left)[: _MOST_REMEMBERED // 2]:
            del self._addresses[whose]

    def _serve(self) -> None:
        """Call who is due first, for every free place that somebody waits for. With the lock held."""
        now = time.monotonic()
        order = self._order(now)
        for kept in (False, True):
            while self._free[kept] and (
                able := [ticket for ticket in self._queue if self._may_have(ticket, kept, now)]
            ):
                first = min(able, key=order)
                self._queue.remove(first)
                self._free[kept] -= 1
                first.kept_for_choices, first.since = kept, now
                self._addresses[first.whose].holds.append(first)
                first.called.set()

    def _may_have(self, ticket: _Ticket, kept: bool, now: float) -> bool:
        """Whether a free place is for this one; ``kept``: the place is kept for choices."""
        if kept and not ticket.choice:
            return False
        mine = self._addresses[ticket.whose]
        if len(mine.holds) < self._most_of_long or not mine.takes_long(now):
            return True
        return not any(address.is_here(now) for whose, address in self._addresses.items() if whose != ticket.whose)

    def _order(self, now: float) -> Callable[[_Ticket], tuple[int, float]]:
        """By what the queue is sorted at this moment: what its address had, in steps of ``STEP``, then when it is due.
        With the lock held.
        """
        had = {whose: self._addresses[whose].until(now) for whose in {ticket.whose for ticket in self._queue}}
        working = (address.until(now) for address in self._addresses.values() if address.holds)
        self._least = max(self._least, min((*had.values(), *working), default=0.0))
        steps = {whose: math.floor((seconds - self._least) / STEP) for whose, seconds in had.items()}
        return lambda ticket: (steps[ticket.whose], ticket.due)

    def _leave(self, ticket: _Ticket) -> None:
        """Out of the queue; a place that was given at that very moment goes to the next."""
        with self._lock:
            if ticket in self._queue:
                self._queue.remove(ticket)
            else:
                self._addresses[ticket.whose].holds.remove(ticket)
                self._free[ticket.kept_for_choices] += 1
                self._serve()

    def _before(self, ticket: _Ticket) -> int:
        with self._lock:
            if ticket.called.is_set():
                return 0
            order = self._order(time.monotonic())
            mine = order(ticket)
            return sum(order(other) < mine for other in self._queue)


def _patiently(_before: int) -> None:
    """Whoever comes back from aside waits in any case: what follows needs the place."""


TURNS = Turns(CORES, for_choices=1)
