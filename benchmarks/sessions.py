"""A class at work: 40 sessions that change the head on Explorar, each every 1 to 3 seconds.

    python -m benchmarks sessions

The visitors speak Streamlit's own protocol over a WebSocket (no browser, which would measure itself): a rerun with a
new value of the head picker, until ``script_finished``. Reported: seconds per change over all sessions."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tools.served import running

from .machine import bar, spread, write

SESSIONS, SECONDS = 40, 30


@dataclass
class Visitor:
    """One session: its socket, the ids of the pickers it has seen, the seconds of its changes."""

    socket: websockets.ClientConnection
    seed: int
    ids: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    failed: int = 0


def measure() -> None:
    """Run the class and write results/sessions.json."""
    with running() as address:
        visitors = asyncio.run(_class(address.replace("http", "ws") + "/_stcore/stream"))
    times = [seconds for visitor in visitors for seconds in visitor.times]
    failed = sum(visitor.failed for visitor in visitors)
    rows = {"sessions": SESSIONS, "seconds": SECONDS, "change": spread(times), "failed_runs": failed}
    write(
        "sessions",
        "make bench (python -m benchmarks sessions)",
        rows,
        [
            bar("40 sessions changing heads: p95 < 0.3 s", rows["change"]["p95"], at_most=0.3),
            bar("no failed run", failed, at_most=0),
        ],
    )


async def _class(url: str) -> list[Visitor]:
    sockets = [await websockets.connect(url, subprotocols=["streamlit"], max_size=None) for _ in range(SESSIONS)]
    visitors = [Visitor(socket, seed) for seed, socket in enumerate(sockets)]
    for visitor in visitors:  # they arrive one after the other
        await _run(visitor, {})
    await asyncio.gather(*(_attend(visitor) for visitor in visitors))
    for socket in sockets:
        await socket.close()
    return visitors


async def _attend(visitor: Visitor) -> None:
    """Change the head every 1 to 3 seconds."""
    chance, end = random.Random(visitor.seed), time.monotonic() + SECONDS
    while time.monotonic() < end:
        await asyncio.sleep(chance.uniform(1, 3))
        values = {"layer": str(chance.randint(1, 4)), "head": str(chance.randint(1, 8))}
        start = time.perf_counter()
        await _run(visitor, values)
        visitor.times.append(time.perf_counter() - start)


async def _run(visitor: Visitor, values: dict[str, str]) -> None:
    """One rerun of the page with these pickers, until the script has finished."""
    message = BackMsg()
    message.rerun_script.query_string = "lang=pt"
    message.rerun_script.page_name = "explorar"
    for key, value in values.items():
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.string_value = visitor.ids[key], value
    await visitor.socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(await visitor.socket.recv())
        kind = answer.WhichOneof("type")
        if kind == "delta":
            _remember(visitor, answer.delta.new_element)
        elif kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            visitor.failed += answer.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY
            return


def _remember(visitor: Visitor, element) -> None:
    """The ids of the layer and head pickers end in their keys."""
    if element.WhichOneof("type") == "selectbox":
        for key in ("layer", "head"):
            if element.selectbox.id.endswith(f"-{key}"):
                visitor.ids[key] = element.selectbox.id
