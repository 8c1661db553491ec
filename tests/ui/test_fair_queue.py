"""Who asks little does not wait behind who asks much; nothing is remembered of those who have gone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

import pytest

from ui.serving.fair_queue import FairQueue, Refused


def run(work: Coroutine) -> object:
    """In a thread without an event loop: browser tests leave one running in this one."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, work).result()


async def served(queue: FairQueue, asked: list[tuple[str, float]]) -> list[str]:
    """Order in which (visitor, cost) are served when all are asked at once."""
    order: list[str] = []

    async def ask(visitor: str, cost: float) -> None:
        async with queue.turn(visitor, cost):
            order.append(visitor)
            await asyncio.sleep(0)

    await asyncio.gather(*(ask(*request) for request in asked))
    return order


def test_one_request_passes_the_three_hundred_that_came_before_it() -> None:
    queue = FairQueue(1, longest=1000, costliest=1000)
    order = run(served(queue, [("much", 1.0)] * 300 + [("little", 1.0)]))
    assert len(order) == 301 and order.index("little") <= 2


def test_two_visitors_share_by_cost_not_by_number() -> None:
    queue = FairQueue(1, longest=1000, costliest=1000)
    order = run(served(queue, [("dear", 4.0)] * 20 + [("cheap", 1.0)] * 40))
    assert order[: order.index("cheap") + 1].count("dear") <= 2
    assert 8 <= order[:50].count("dear") <= 12  # 40 cheap ones cost as much as 10 dear ones


def test_one_visitor_s_requests_keep_their_order_and_all_are_served_at_most_so_many_at_once() -> None:
    queue, now, most = FairQueue(3, longest=1000, costliest=1000), 0, 0

    async def ask(n: int, order: list[int]) -> None:
        nonlocal now, most
        async with queue.turn("a", 1.0):
            now += 1
            most = max(most, now)
            order.append(n)
            await asyncio.sleep(0.001)
            now -= 1

    async def everybody() -> list[int]:
        order: list[int] = []
        await asyncio.gather(*(ask(n, order) for n in range(50)))
        return order

    assert run(everybody()) == list(range(50)) and most == 3


@pytest.mark.parametrize(
    ("visitors", "of_visitor", "refused"), [(["a"] * 30, True, 19), ([str(n) for n in range(30)], False, 24)]
)
def test_beyond_a_share_or_the_whole_queue_the_next_is_refused(
    visitors: list[str], of_visitor: bool, refused: int
) -> None:
    queue = FairQueue(1, longest=5 if not of_visitor else 100, costliest=10)

    async def ask(visitor: str) -> Refused | None:
        try:
            async with queue.turn(visitor, 1.0):
                await asyncio.sleep(0.001)
        except Refused as refusal:
            return refusal
        return None

    async def everybody() -> list[Refused | None]:
        return await asyncio.gather(*map(ask, visitors))

    refusals = [refusal for refusal in run(everybody()) if refusal]
    assert len(refusals) == refused and all(refusal.of_visitor == of_visitor for refusal in refusals)
    assert all(refusal.seconds > 0 for refusal in refusals)


def test_who_has_gone_takes_no_place_and_is_forgotten() -> None:
    queue = FairQueue(1, longest=1000, costliest=1000)

    async def ask(visitor: str, seconds: float) -> str:
        async with queue.turn(visitor, 1.0):
            await asyncio.sleep(seconds)
        return visitor

    async def leave() -> list[object]:
        first = asyncio.create_task(ask("first", 0.02))
        gone = [asyncio.create_task(ask(f"gone {n}", 1)) for n in range(5)]
        last = asyncio.create_task(ask("last", 0))
        await asyncio.sleep(0.001)
        for task in gone:
            task.cancel()
        return await asyncio.gather(first, last, *gone, return_exceptions=True)

    results = run(leave())
    assert results[:2] == ["first", "last"] and all(
        isinstance(result, asyncio.CancelledError) for result in results[2:]
    )
    assert (queue._served, queue._heap, queue._done, +queue._waiting) == (0, [], {}, {})
