"""A hostile client of a room, from 127.0.0.2 and on this machine only: ``python -m benchmarks.phone_attack ADDRESS CODE
SECONDS`` prints a line when it begins and, after so many seconds, what it was answered how often (JSON)."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from contextlib import suppress

from .phone_driver import Line, Phone, close_all, events

HOSTILE = "127.0.0.2"
HOSTILE_VOTES, WRONG_CODES, GIANT_BODIES, SLOW_READERS = 10_000, 1_000, 200, 100


async def attack(address: str, code: str, answers: Counter[str]) -> None:
    """Votes without end, codes that no room has, bodies of a megabyte, streams that nobody reads."""
    phone = Phone(address, code, HOSTILE)
    await phone.join()
    print(flush=True)
    said = {"seat": phone.seat, "secret": phone.secret, "card": 0, "round": 2, "value": 0}

    async def ask(line: Line, kind: str, path: str, document: object) -> None:
        try:
            status, _ = await line.ask("POST", path, document)
            answers[f"{kind} {status}"] += 1
        except OSError as error:
            answers[f"{kind} {type(error).__name__}"] += 1

    async def votes(first: int) -> None:
        line = Line(address, HOSTILE)
        for edition in range(first, HOSTILE_VOTES, 20):
            await ask(line, "vote", f"/s/{code}/answer", said | {"edition": edition + 1})

    async def codes() -> None:
        line = Line(address, HOSTILE)
        for number in range(WRONG_CODES):
            letters = "".join("BCDFGHJKLM"[int(digit)] for digit in f"{number:04d}")
            await ask(line, "code", f"/s/{letters}/seat", {})

    async def bodies() -> None:
        line = Line(address, HOSTILE)
        for _ in range(GIANT_BODIES):
            await ask(line, "body", f"/s/{code}/answer", said | {"value": "x" * 1_000_000})

    async def slow() -> None:
        path = f"/s/{code}/live?seat={phone.seat}&secret={phone.secret}"
        with suppress(OSError):
            async for _ in events(address, path, source=HOSTILE):
                await asyncio.sleep(3600)

    await asyncio.gather(*map(votes, range(20)), codes(), bodies(), *(slow() for _ in range(SLOW_READERS)))


async def _main(address: str, code: str, seconds: float) -> None:
    answers: Counter[str] = Counter()
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await attack(address, code, answers)
    await close_all()
    print(json.dumps(dict(answers)))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
