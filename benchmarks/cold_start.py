"""Visits on a fresh server: twelve people open different pages and models 0.1 to 3 seconds apart, nobody before them.

    python -m benchmarks cold_start

The visitors speak Streamlit's own protocol over a WebSocket. Each opens its page, which runs until it ends, and runs it
once more. An error is a run that ends badly, a box with an error, Streamlit's or ours, or a page without its frame.
Trials alternate between the server of ``make run`` and ``streamlit run app.py``. Reported: errors, and seconds from a
visit to its finished page.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tools.served import Mode, running

from .machine import bar, spread, write

TRIALS = 20
LONGEST = 120.0
"""Seconds after which a page that has not ended counts as an error."""
GAPS = (0.1, 3.0)
"""Seconds between a visit and the next, drawn evenly."""
VISITS: tuple[tuple[str, str], ...] = (
    ("mascarar", "mask=12:cheio"),
    ("gerar", ""),
    ("traduzir", ""),
    ("explorar", "model=mirante-film"),
    ("visao", ""),
    ("convolucao", ""),
    ("modelos", ""),
    ("caminhos", ""),
    ("variantes", ""),
    ("inicio", ""),
    ("camadas", "model=mirante-decoder-pt"),
    ("bancada", ""),
)
"""(page, its link) of the visitors; each trial puts them in another order."""
MODES: tuple[Mode, ...] = ("asgi", "streamlit")


@dataclass
class Visit:
    """One visitor: the page and its link, seconds until the page had run, and what went wrong."""

    page: str
    query: str
    seconds: float = 0.0
    framed: bool = False
    errors: list[str] = field(default_factory=list)


def measure(trials: int = TRIALS) -> None:
    """Run the trials and write results/cold_start.json."""
    rows: list[dict] = []
    for trial in range(trials):
        mode = MODES[trial % len(MODES)]
        with running(mode=mode, prepared=False) as address:
            visits = asyncio.run(_visits(address.replace("http", "ws") + "/_stcore/stream", random.Random(trial)))
        errors = [f"{visit.page}?{visit.query}: {error}" for visit in visits for error in visit.errors]
        rows.append({"server": mode, "errors": errors, "seconds": spread([visit.seconds for visit in visits], 2)})
        print(
            f"trial {trial + 1}, {mode}: {len(errors)} errors, {rows[-1]['seconds']}", *errors, sep="\n  ", flush=True
        )
    errors_in_all = sum(len(row["errors"]) for row in rows)
    write(
        "cold_start",
        "python -m benchmarks cold_start",
        {"trials": trials, "visits": len(VISITS), "gap_seconds": GAPS, "results": rows},
        [bar(f"{trials} trials of {len(VISITS)} visits on a fresh server: no error", errors_in_all, at_most=0)],
    )


async def _visits(url: str, chance: random.Random) -> list[Visit]:
    """All visits of one trial, each begun a gap after the one before, whether that has ended or not."""
    order = chance.sample(VISITS, len(VISITS))
    running_visits = []
    for page, query in order:
        running_visits.append(asyncio.create_task(_visit(url, Visit(page, query))))
        await asyncio.sleep(chance.uniform(*GAPS))
    return list(await asyncio.gather(*running_visits))


async def _visit(url: str, visit: Visit) -> Visit:
    start = time.perf_counter()
    try:
        async with (
            asyncio.timeout(LONGEST),
            websockets.connect(url, subprotocols=["streamlit"], max_size=None) as socket,
        ):
            await _run(socket, visit)
            visit.seconds = time.perf_counter() - start
            await _run(socket, visit)
    except TimeoutError:
        visit.errors.append(f"not ended after {LONGEST:.0f} s")
    except (OSError, websockets.WebSocketException) as error:
        visit.errors.append(f"connection: {error}")
    if not visit.framed:
        visit.errors.append("the page stood without its frame")
    visit.seconds = visit.seconds or time.perf_counter() - start
    return visit


async def _run(socket: websockets.ClientConnection, visit: Visit) -> None:
    """One run of the page, with those that the page itself asks for."""
    message = BackMsg()
    message.rerun_script.query_string = "&".join(part for part in ("lang=pt", visit.query) if part)
    message.rerun_script.page_name = "" if visit.page == "inicio" else visit.page
    await socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(await socket.recv())
        kind = answer.WhichOneof("type")
        if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
            visit.errors += _errors(answer.delta.new_element)
            visit.framed |= _is_frame(answer.delta.new_element)
        elif kind == "session_event" and answer.session_event.WhichOneof("type") == "script_compilation_exception":
            visit.errors.append(answer.session_event.script_compilation_exception.message)
        elif kind == "page_not_found":
            visit.errors.append("page not found")
        elif kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            if answer.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                visit.errors.append(f"script_finished = {answer.script_finished}")
            return


def _errors(element: Element) -> Iterator[str]:
    kind = element.WhichOneof("type")
    if kind == "exception":
        yield f"{element.exception.type}: {element.exception.message}"
    elif kind == "alert" and element.alert.format == element.alert.ERROR:
        yield element.alert.body


def _is_frame(element: Element) -> bool:
    """The field for the shared sentence."""
    return element.WhichOneof("type") == "text_area" and element.text_area.id.endswith("-sentence")
