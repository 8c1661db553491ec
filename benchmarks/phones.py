"""A class on its phones, on the whole application: joining, voting, coming back, beside a hostile client.

    python -m benchmarks phones [--phones N]

Real connections and server-sent events (phone_driver.py) on loopback. Driver and server share the machine, so beside
each wait stands what the server itself spent (processor seconds). The hostile client is a process of its own, from
127.0.0.2 (phone_attack.py), while the class votes. Not here: kill -9 in the middle of votes (``make slow``,
tests/core/storage/test_room_writer.py)."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Iterable
from typing import Any
from urllib.parse import urlsplit

import psutil

from tools.served import running

from .machine import bar, spread, write
from .phone_driver import Host, Phone, close_all

WORDS = "Ela derramou água da jarra para o copo até que ficasse cheio .".split()
CONTENT = {
    "title": {"pt": "Uma aula", "en": "A lesson"},
    "cards": [
        {"title": "a", "question": {"kind": "word", "ask": "?", "words": WORDS, "right": [7]}},
        {"title": "b", "question": {"kind": "choice", "ask": "?", "options": ["x", "y"], "right": 1}},
    ],
}
ROOMS, ATTACK_SECONDS = 10, 8


class Spent:
    """Processor seconds of the server between two looks, and the memory that it holds."""

    def __init__(self, address: str) -> None:
        port = urlsplit(address).port
        listening = [each.pid for each in psutil.net_connections("tcp") if each.laddr.port == port and not each.raddr]
        self.process = psutil.Process(next(pid for pid in listening if pid))
        self.last = 0.0
        self.look()

    def look(self) -> float:
        """Seconds since the last look."""
        times = self.process.cpu_times()
        now, before = times.user + times.system, self.last
        self.last = now
        return round(now - before, 3)

    def megabytes(self) -> float:
        """Resident."""
        return self.process.memory_info().rss / 1e6


async def _all(waits: Iterable[Awaitable[Any]]) -> tuple[list[Any], list[str]]:
    """(what came of those that worked, what the others say)."""
    outcomes = await asyncio.gather(*waits, return_exceptions=True)
    failures = [repr(each) for each in outcomes if isinstance(each, BaseException)]
    return [each for each in outcomes if not isinstance(each, BaseException)], failures


async def _step(host: Host, phones: list[Phone], **what: object) -> list[float]:
    """Lead a room; seconds until each phone has heard of it."""
    begun = time.perf_counter()
    status, said = await host.lead(**what)
    assert status == 200, said
    end = begun + 20
    while any(said["version"] not in phone.seen for phone in phones) and time.perf_counter() < end:
        await asyncio.sleep(0.05)
    return [phone.seen.get(said["version"], end) - begun for phone in phones]


async def _votes(phones: list[Phone], edition: int = 1) -> tuple[list[float], Counter[str]]:
    """Seconds of each vote that was acknowledged, and what became of the others. All vote within one second."""

    async def vote(number: int, phone: Phone) -> tuple[int, float]:
        await asyncio.sleep(number / len(phones))
        return await phone.vote(number % 2, edition)

    done, failures = await _all(vote(number, phone) for number, phone in enumerate(phones))
    refused = Counter(str(status) for status, _ in done if status != 200) + Counter(failures)
    return [seconds for status, seconds in done if status == 200], refused


async def _joined(phones: list[Phone]) -> tuple[list[float], list[str]]:
    return await _all(phone.join() for phone in phones)


async def _class(address: str, count: int, spent: Spent) -> dict[str, Any]:
    host = await Host.open(address, CONTENT)
    before, phones = spent.megabytes(), [Phone(address, host.code) for _ in range(count)]
    spent.look()
    joined, lost = await _joined(phones)
    row: dict[str, Any] = {"joined": spread(joined), "not_joined": lost[:5], "joined_cpu": spent.look()}
    seen = await _step(host, phones, step="open")
    row |= {"question_seen": spread(seen), "seen_cpu": spent.look()}
    votes, refused = await _votes(phones)
    row |= {"vote": spread(votes), "vote_refused": dict(refused), "vote_cpu": spent.look()}
    row["memory_MB"] = round(spent.megabytes() - before, 1)
    await asyncio.gather(*(phone.leave() for phone in phones))
    spent.look()
    back, lost = await _joined(phones)
    row |= {"reconnected": spread(back), "not_reconnected": lost[:5], "reconnected_cpu": spent.look()}
    row["answers_kept"] = sum(phone.mine.get("0.1", {}).get("edition") == 1 for phone in phones)
    row["hostile"] = await _beside_a_hostile_client(address, host, phones, spent)
    await asyncio.gather(*(phone.leave() for phone in phones))
    return row


async def _beside_a_hostile_client(address: str, host: Host, phones: list[Phone], spent: Spent) -> dict[str, Any]:
    await _step(host, phones, step="discuss")
    await _step(host, phones, step="open_again")
    spent.look()
    command = [sys.executable, "-m", "benchmarks.phone_attack", address, host.code, str(ATTACK_SECONDS)]
    attack = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert attack.stdout is not None
    await attack.stdout.readline()  # it has begun
    await asyncio.sleep(0.5)
    votes, refused = await _votes(phones)
    cpu = spent.look()
    answers = json.loads(await attack.stdout.read())
    await attack.wait()
    return {
        "vote_beside": spread(votes) if votes else {},
        "vote_beside_refused": dict(refused),
        "cpu": cpu,
        "hostile_answers": answers,
    }


async def _rooms(address: str, count: int) -> dict[str, Any]:
    """Ten rooms at once, the phones shared among them."""
    hosts = [await Host.open(address, CONTENT) for _ in range(ROOMS)]
    rooms = [[Phone(address, host.code) for _ in range(count // ROOMS)] for host in hosts]
    joined, lost = await _joined([phone for phones in rooms for phone in phones])
    seen = await asyncio.gather(*(_step(host, phones, step="open") for host, phones in zip(hosts, rooms)))
    done = await asyncio.gather(*(_votes(phones) for phones in rooms))
    await asyncio.gather(*(phone.leave() for phones in rooms for phone in phones))
    return {
        "joined": spread(joined),
        "not_joined": lost[:5],
        "question_seen": spread([each for times in seen for each in times]),
        "vote": spread([each for times, _ in done for each in times]),
        "vote_refused": dict(sum((refused for _, refused in done), Counter())),
    }


async def _measured(address: str, count: int) -> dict[str, Any]:
    spent = Spent(address)
    try:
        await Host.open(address, CONTENT)  # the first room imports what reads cards
        return {"one_room": await _class(address, count, spent), "ten_rooms": await _rooms(address, count)}
    finally:
        await close_all()


def measure(count: int) -> None:
    """Write results/phones.json."""
    with tempfile.TemporaryDirectory() as folder, running(MIRANTE_DATABASE=f"sqlite:///{folder}/rooms.db") as address:
        rows = asyncio.run(_measured(address, count))
    one, ten = rows["one_room"], rows["ten_rooms"]
    failed = len(one["not_joined"]) + len(one["not_reconnected"]) + sum(one["vote_refused"].values())
    write(
        "phones",
        f"python -m benchmarks phones --phones {count}",
        rows,
        [
            bar(f"{count} phones joined at once, the last, s < 5", one["joined"]["max"], at_most=5),
            bar("question seen, p95, s < 0.5", one["question_seen"]["p95"], at_most=0.5),
            bar("vote acknowledged, p95, s < 0.3", one["vote"]["p95"], at_most=0.3),
            bar("failed: 0", failed, at_most=0),
            bar("server memory, MB ≤ 50", one["memory_MB"], at_most=50),
            bar("all come back at once, the last, s < 5", one["reconnected"]["max"], at_most=5),
            bar("answers kept after coming back", one["answers_kept"], at_least=count),
            bar("ten rooms at once: vote p95, s < 0.3", ten["vote"]["p95"], at_most=0.3),
            bar(
                "beside a hostile client: vote p95, s < 0.3",
                one["hostile"]["vote_beside"].get("p95", 99),
                at_most=0.3,
            ),
            bar("beside a hostile client: failed 0", sum(one["hostile"]["vote_beside_refused"].values()), at_most=0),
        ],
    )
