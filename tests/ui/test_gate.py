"""What arrives is read in small parts and in turns: nobody's connection stops the loop that answers everybody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from tests.loops import run_async
from ui.serving import bounds, intake
from ui.serving.gate import Gate
from ui.serving.intake import Intake


class Wire(asyncio.Transport):
    """A transport that goes nowhere. ``left``: bytes that the other side has not taken."""

    def __init__(self, address: str) -> None:
        super().__init__({"peername": (address, 1)})
        self.open = self.reading = True
        self.left = 0

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def is_closing(self) -> bool:
        return not self.open

    def get_write_buffer_size(self) -> int:
        return self.left

    def write(self, data: bytes) -> None:
        self.left += len(data)

    def abort(self) -> None:
        self.open = False


class Reader(asyncio.Protocol):
    """A protocol whose every byte costs ``cost`` seconds of the processor, as the clock of the test says."""

    def __init__(self, clock: Clock, cost: float) -> None:
        self.clock, self.cost, self.parts = clock, cost, []

    def data_received(self, data: bytes) -> None:
        self.clock.processor += self.cost * len(data)
        self.parts.append(data)


class Clock:
    processor = 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(intake.time, "thread_time", lambda: clock.processor)
    return clock


def connected(line: Intake, reader: asyncio.Protocol, address: str) -> tuple[Gate, Wire]:
    gate, wire = Gate(reader, line), Wire(address)
    gate.connection_made(wire)
    return gate, wire


def arrive(gate: Gate, data: bytes) -> None:
    for at in range(0, len(data), bounds.READ_BYTES):
        part = data[at : at + bounds.READ_BYTES]
        gate.get_buffer(-1)[: len(part)] = part
        gate.buffer_updated(len(part))


def run(test: Callable[[Intake], Awaitable[None]]) -> None:
    async def within() -> None:
        async with asyncio.timeout(20):
            await test(Intake(asyncio.get_running_loop()))

    run_async(within())


def test_dear_bytes_are_read_within_the_share_and_the_rest_stays_with_the_sender(clock: Clock) -> None:
    async def flood(line: Intake) -> None:
        reader = Reader(clock, cost=5e-5)  # an empty frame of 6 bytes costs 0.3 ms here
        gate, wire = connected(line, reader, "10.0.0.1")
        start = asyncio.get_running_loop().time()
        arrive(gate, bytes(bounds.READ_BYTES))
        assert not wire.reading and not reader.parts
        await asyncio.sleep(0.2)
        seconds = asyncio.get_running_loop().time() - start
        dearest = max(map(len, reader.parts)) * reader.cost
        assert 0 < clock.processor <= bounds.READ_SHARE * (seconds + bounds.READ_AHEAD_SECONDS) + dearest
        assert max(map(len, reader.parts)) == bounds.READ_LEAST_BYTES

    run(flood)


def test_a_file_is_read_at_once_in_its_order(clock: Clock) -> None:
    async def send(line: Intake) -> None:
        reader = Reader(clock, cost=1e-9)
        gate, wire = connected(line, reader, "10.0.0.1")
        data = bytes(range(256)) * 512
        arrive(gate, data)
        await asyncio.sleep(0.05)
        assert b"".join(reader.parts) == data and wire.reading
        assert max(map(len, reader.parts)) == bounds.READ_MOST_BYTES

    run(send)


def test_whoever_was_given_least_is_read_first_and_all_leave_half_of_the_loop(clock: Clock) -> None:
    async def class_beside_floods(line: Intake) -> None:
        read: list[str] = []

        class Named(Reader):
            def data_received(self, data: bytes) -> None:
                super().data_received(data)
                read.append(data[:1].decode())

        floods = [connected(line, Named(clock, cost=1e-5), "10.0.0.1")[0] for _ in range(30)]
        for gate in floods:
            arrive(gate, b"f" * bounds.READ_BYTES)
        await asyncio.sleep(0)
        while "f" not in read:
            await asyncio.sleep(0)
        before = len(read)
        assert before == 1  # 512 bytes are 5 ms: then the rest of the loop goes on
        visitor, _ = connected(line, Named(clock, cost=1e-5), "10.0.0.2")
        arrive(visitor, b"v")
        while "v" not in read:
            await asyncio.sleep(0)
        assert read.index("v") == before

    run(class_beside_floods)


def test_between_two_readings_the_rest_of_the_loop_has_as_long(clock: Clock) -> None:
    async def many(line: Intake) -> None:
        reads: list[tuple[float, float]] = []

        class Slow(Reader):
            def data_received(self, data: bytes) -> None:
                start = time.monotonic()
                time.sleep(0.02)
                super().data_received(data)
                reads.append((start, time.monotonic()))

        for n in range(5):
            arrive(connected(line, Slow(clock, cost=0.02), f"10.0.0.{n}")[0], b"a")
        while len(reads) < 5:
            await asyncio.sleep(0)
        assert min(start - end for (_, end), (start, _) in pairwise(reads)) > 0.015

    run(many)


def test_nothing_is_read_while_uvicorn_does_not_want_it_or_the_other_side_takes_nothing(clock: Clock) -> None:
    async def hold(line: Intake) -> None:
        reader = Reader(clock, cost=1e-9)
        gate, wire = connected(line, reader, "10.0.0.1")
        for hold, release in ((gate.pause_reading, gate.resume_reading), (gate.pause_writing, gate.resume_writing)):
            reader.parts.clear()
            hold()
            arrive(gate, b"abc")
            await asyncio.sleep(0.01)
            assert not reader.parts and wire.reading  # so that it is noticed when the other side goes
            arrive(gate, bytes(bounds.READ_BYTES))
            assert not reader.parts and not wire.reading
            release()
            await asyncio.sleep(0.01)
            assert b"".join(reader.parts) == b"abc" + bytes(bounds.READ_BYTES) and wire.reading

    run(hold)


def test_who_takes_nothing_is_cut_off_and_who_takes_slowly_is_not(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "SEND_SECONDS", 0.05)

    async def send(line: Intake) -> None:
        slow, slow_wire = connected(line, Reader(clock, 0), "10.0.0.1")
        dead, dead_wire = connected(line, Reader(clock, 0), "10.0.0.1")
        slow.write(bytes(10_000))
        dead.write(bytes(10_000))
        for _ in range(10):
            await asyncio.sleep(0.02)
            slow_wire.left = max(0, slow_wire.left - 1_000)
        assert slow_wire.open and not dead_wire.open

    run(send)


def test_a_protocol_that_breaks_down_loses_its_connection_and_nobody_else_s(clock: Clock) -> None:
    async def break_down(line: Intake) -> None:
        class Broken(asyncio.Protocol):
            def data_received(self, data: bytes) -> None:
                raise UnicodeDecodeError("ascii", b"", 0, 1, "")

        said = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
        broken, wire = connected(line, Broken(), "10.0.0.1")
        reader = Reader(clock, cost=0)
        fine, _ = connected(line, reader, "10.0.0.1")
        arrive(broken, b"a" * 2_000)
        arrive(fine, b"b")
        await asyncio.sleep(0.05)
        assert not wire.open and len(said) == 1 and reader.parts == [b"b"]

    run(break_down)
