"""A queue in which nobody waits behind all that somebody else has asked: who was given least comes next.

Start-time fair queueing (Goyal, Vin & Cheng 1996): a request is stamped with the time at which its visitor's earlier
ones would be done if all visitors had an equal share, and the earliest stamp is served. Somebody who asks once waits
for what is being worked on, not for the three hundred requests of another. Not here: what is served, and what it costs
(ui.serving.api)."""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class Refused(Exception):
    """A request that would wait too long, or behind too much of the same visitor's. seconds: until it may be tried."""

    def __init__(self, seconds: float, *, of_visitor: bool) -> None:
        super().__init__(f"refused for {seconds:.0f} s")
        self.seconds, self.of_visitor = seconds, of_visitor


class FairQueue:
    """places: how many are served at once. longest: waiting, in all. costliest: cost that may wait, of one visitor.

    Lives in one event loop; costs are seconds of work.
    """

    def __init__(self, places: int, *, longest: int, costliest: float) -> None:
        self.places, self.longest, self.costliest = places, longest, costliest
        self._served = 0
        self._heap: list[tuple[float, int, asyncio.Future[None], str, float]] = []
        self._order = count()
        self._now = 0.0  # stamp of the request served last
        self._done: dict[str, float] = {}  # visitor -> stamp at which all it asked for would be done
        self._waiting: Counter[str] = Counter()  # visitor -> cost that waits

    @asynccontextmanager
    async def turn(self, visitor: str, cost: float) -> AsyncIterator[None]:
        """One of the places, when it is this visitor's turn.

        Raises:
            Refused: too many wait, or too much of this visitor's.
        """
        await self._come_in(visitor, cost)
        try:
            yield
        finally:
            self._served -= 1
            self._call_next()

    async def _come_in(self, visitor: str, cost: float) -> None:
        if self._served < self.places and not self._heap:
            self._stamp(visitor, cost)
            self._served += 1
            return
        self._check(visitor, cost)
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._heap, (self._stamp(visitor, cost), next(self._order), ready, visitor, cost))
        self._waiting[visitor] += cost
        try:
            await ready
        except asyncio.CancelledError:  # the client has gone: its place in the heap is passed over
            if ready.done() and not ready.cancelled():
                self._served -= 1
                self._call_next()
            raise

    def _check(self, visitor: str, cost: float) -> None:
        waiting = self._waiting[visitor]
        if waiting + cost > self.costliest and waiting:
            raise Refused(waiting / self.places, of_visitor=True)
        if len(self._heap) >= self.longest:
            raise Refused(self._waiting.total() / self.places, of_visitor=False)

    def _stamp(self, visitor: str, cost: float) -> float:
        start = max(self._now, self._done.get(visitor, 0.0))
        self._done[visitor] = start + cost
        return start

    def _call_next(self) -> None:
        while self._heap and self._served < self.places:
            self._now, _, ready, visitor, cost = heapq.heappop(self._heap)
            self._waiting[visitor] -= cost
            if not ready.done():
                self._served += 1
                ready.set_result(None)
        if not self._heap:
            self._waiting.clear()
            if not self._served:  # nobody is here: nothing is to be remembered of anybody
                self._done.clear()
                self._now = 0.0
