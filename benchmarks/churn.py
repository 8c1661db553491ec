"""Visitors who come and go: what the server holds, minute by minute, must stop growing.

    python -m benchmarks churn [--minutes 30]

One visitor of classroom.py arrives every 0.7 s and does what one of a class does; half leave without a word. Noted
every minute: resident memory, descriptors and threads of the server (Linux)."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import psutil

from tools.served import running

from .classroom import Seen, first_visit, server_process, visit
from .machine import bar, write

EVERY = 0.7  # seconds between two arrivals
TENTH = 10  # the minute after which nothing may grow


def measure(minutes: float) -> None:
    """Visitors who come and go for so long; write results/churn.json."""
    row = _come_and_go(minutes)
    tenth, last = row["held"][min(TENTH, len(row["held"]) - 1)], row["held"][-1]
    write(
        "churn",
        f"python -m benchmarks churn --minutes {minutes:g}",
        row,
        [
            bar("MB that the server grew after the tenth minute", last["MB"] - tenth["MB"], at_most=30),
            bar("descriptors more at the end", last["descriptors"] - tenth["descriptors"], at_most=20),
            bar("nobody refused, no error", row["n_problems"], at_most=0),
            bar("no mix-up", row["mix_ups"], at_most=0),
        ],
    )


def _come_and_go(minutes: float) -> dict[str, Any]:
    """Visitors who come and go: what the server holds, minute by minute."""
    with running() as address:
        server = server_process(address)
        first_visit(address)
        seen, samples, end = Seen(), [], time.monotonic() + 60 * minutes

        async def arrivals() -> None:
            number, tasks, sampled = 0, set(), 0.0
            while time.monotonic() < end:
                task = asyncio.create_task(visit(address, number, seen))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                number += 1
                if time.monotonic() - sampled >= 60:
                    sampled = time.monotonic()
                    samples.append(_held(server))
                await asyncio.sleep(EVERY)
            await asyncio.gather(*tasks)
            samples.append(_held(server))

        asyncio.run(arrivals())
    row = seen.row() | {"minutes": minutes, "visitors": len(seen.opened), "held": samples}
    print(json.dumps(row, ensure_ascii=False), flush=True)
    return row


def _held(server: psutil.Process) -> dict[str, float]:
    return {
        "MB": round(server.memory_info().rss / 1e6),
        "descriptors": server.num_fds(),
        "threads": server.num_threads(),
    }
