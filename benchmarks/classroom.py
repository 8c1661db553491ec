"""A class on its own laptops: everybody opens Explorar, types a sentence within the same ten seconds, changes the head
five times, goes to one other page; half leave without a word.

    python -m benchmarks classroom [--visitors 40 100 200]

The visitors speak Streamlit's protocol (visitors.py) and do what the browser's component does: where every head came
with the sentence, a change of head is drawn there and told after 1.5 s of quiet; where the maps are too large, it is
asked for at once. One in ten types a text that is too large. Beside them two real Chromiums choose heads, one
with a short sentence and one with a long text: milliseconds from the click to the painted cell, in the page. Health is
asked every quarter of a second. Driver and server share the machine. A mix-up is a map with words of another's
sentence."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tools.served import chromium, running

from .machine import bar, spread, write
from .visitors import Visitor

NAMES = "menina vizinha professora médica cantora jornalista pintora rainha poeta avó".split()
PAGES = "inicio jarra_e_copo mascarar camadas comparar modelos passo_a_passo perfis".split()
TOGETHER = 10.0  # seconds within which everybody types
CHANGES = 5
QUIET, ASKED = 1.5, 0.0  # seconds after which a choice is told: assets/components/attention/main.js, shared/mount.js
LONG = 10  # one visitor of so many has a text whose maps do not fit


@dataclass
class Seen:
    """What the class experienced, in seconds, and what went wrong."""

    opened: list[float] = field(default_factory=list)
    sentence: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    drawn_by_themselves: int = 0
    problems: list[str] = field(default_factory=list)
    mixed_up: int = 0
    received: int = 0

    def row(self) -> dict[str, Any]:
        """Spreads of every kind of wait."""
        waits = {name: getattr(self, name) for name in ("opened", "sentence", "told", "asked", "page")}
        return {
            **{name: spread(values) for name, values in waits.items() if values},
            "heads_drawn_by_the_browser": self.drawn_by_themselves,
            "problems": self.problems[:20],
            "n_problems": len(self.problems),
            "mix_ups": self.mixed_up,
            "MB_received": round(self.received / 1e6, 1),
        }


def measure(visitors: Sequence[int]) -> None:
    """Run classes of these sizes, each on a fresh server, and write results/classroom.json."""
    rows = {str(count): _class(count) for count in visitors}
    write("classroom", f"python -m benchmarks classroom --visitors {' '.join(map(str, visitors))}", rows, _bars(rows))


def _class(count: int) -> dict[str, Any]:
    with running() as address:
        with ThreadPoolExecutor(3) as pool:
            stop = time.monotonic() + 3600
            first_visit(address)
            watched = [_chromium(address, text) for text in ("short", "long")]
            health = _Health(address)
            pool.submit(health.watch, stop)
            server, start = server_process(address), time.monotonic()
            before, mine = _processor_seconds(server), time.process_time()
            seen = asyncio.run(_attend(address, count))
            used = {"server": _processor_seconds(server) - before, "driver": time.process_time() - mine}
            health.stop = True
            chromiums = {
                text: json.loads(process.communicate(input="end\n", timeout=120)[0].splitlines()[-1])
                for text, process in zip(("short", "long"), watched, strict=True)
            }
        row = seen.row() | {
            "seconds": round(time.monotonic() - start, 1),
            "processor_seconds": {name: round(seconds, 1) for name, seconds in used.items()},
            "health": spread(health.times),
            "chromium_click_to_cell": {name: spread([ms / 1000 for ms in times]) for name, times in chromiums.items()},
        }
    print(count, json.dumps(row, ensure_ascii=False), flush=True)
    return row


def first_visit(address: str) -> None:
    """Somebody was here before the class, as the teacher is."""

    async def visit() -> None:
        visitor = await Visitor.connect(_socket(address), -1)
        await visitor.run()
        await visitor.socket.close()

    asyncio.run(visit())


def _socket(address: str) -> str:
    return address.replace("http", "ws", 1) + "/_stcore/stream"


async def _attend(address: str, count: int) -> Seen:
    seen = Seen()
    await asyncio.gather(*(visit(address, number, seen) for number in range(count)))
    return seen


async def visit(address: str, number: int, seen: Seen) -> None:
    """One visitor from the first page to the last."""
    chance = random.Random(number)
    try:
        await asyncio.sleep(chance.uniform(0, TOGETHER / 2))
        visitor = await Visitor.connect(_socket(address), number)
    except Exception as error:
        seen.problems.append(f"not connected: {type(error).__name__} {error}")
        return
    try:
        await _work(visitor, chance, seen)
    except Exception as error:
        seen.problems.append(f"{type(error).__name__}: {error}")
    seen.problems += visitor.problems
    seen.received += visitor.received


async def _work(visitor: Visitor, chance: random.Random, seen: Seen) -> None:
    seen.opened.append(await visitor.run())
    await asyncio.sleep(chance.uniform(0, TOGETHER / 2))
    own, large = f"nome{visitor.name}", visitor.name % LONG == LONG - 1
    seen.sentence.append(await visitor.write(_sentence(own, large, chance)))
    seen.mixed_up += not _holds(visitor, own)
    leaves_after = chance.randrange(CHANGES + 1) if chance.random() < 0.5 else None
    for change in range(CHANGES):
        if change == leaves_after:
            visitor.socket.transport.abort()  # type: ignore[union-attr]
            return
        await _look(visitor, chance, seen, large)
        seen.mixed_up += not _holds(visitor, own)
    seen.page.append(await visitor.go_to(chance.choice(PAGES)))
    await asyncio.sleep(chance.uniform(1, 5))
    if leaves_after is not None:
        visitor.socket.transport.abort()  # type: ignore[union-attr]
    else:
        await visitor.socket.close()


async def _look(visitor: Visitor, chance: random.Random, seen: Seen, large: bool) -> None:
    """Choose a head, then pause: told once quiet, where it stays quiet so long."""
    pause = chance.uniform(1, 5)
    layer, head = chance.randrange(4), chance.randrange(8)
    if large:
        await asyncio.sleep(ASKED)
        seen.asked.append(ASKED + await visitor.look_at(layer, head))
    else:
        seen.drawn_by_themselves += 1
        if pause > QUIET:
            await asyncio.sleep(QUIET)
            seen.told.append(await visitor.look_at(layer, head))
            pause -= QUIET
    await asyncio.sleep(pause)


def _sentence(own: str, large: bool, chance: random.Random) -> str:
    """A sentence of one's own of some 14 words, or a text of more than 128 tokens, with a word that nobody else has."""
    short = f"A {chance.choice(NAMES)} {own} derramou água da jarra para o copo até que ficasse cheia."
    return (
        " ".join([short] + [f"Depois a {chance.choice(NAMES)} leu o livro da escola." for _ in range(20)])
        if large
        else short
    )


def _holds(visitor: Visitor, own: str) -> bool:
    return own in "".join(visitor.maps()["key"]["labels"])


class _Health:
    """Seconds that the server took to say that it is alive."""

    def __init__(self, address: str) -> None:
        self.url, self.times, self.stop = f"{address}/_stcore/health", [], False

    def watch(self, end: float) -> None:
        """Every quarter of a second."""
        while not self.stop and time.monotonic() < end:
            start = time.perf_counter()
            try:
                with urllib.request.urlopen(self.url, timeout=60) as answer:
                    answer.read()
                self.times.append(time.perf_counter() - start)
            except OSError:
                self.times.append(60.0)
            time.sleep(0.25)


def _chromium(address: str, text: str) -> subprocess.Popen[str]:
    """A process with a real browser that chooses heads until it is told to end; its last line is a list of ms."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.classroom", "watch", address, text],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    assert process.stdout and process.stdout.readline().strip() == "ready", "the browser did not open the page"
    return process


CHOOSE = """([layer, head]) => new Promise((done, failed) => {
  const host = [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.explorer'));
  const root = host.shadowRoot, start = performance.now();
  for (const [axis, value] of [['layer', layer], ['head', head]]) {
    const select = root.querySelector(`select[data-axis=${axis}]`);
    if (select.value === String(value)) continue; // one choice, not two
    select.value = String(value); select.dispatchEvent(new Event('change'));
  }
  const look = () => {
    const chip = root.querySelector('.chip').textContent, busy = root.querySelector('.stage').ariaBusy;
    const there = chip.includes(String(layer + 1)) && chip.includes(String(head + 1)) && busy === 'false';
    if (there) requestAnimationFrame(() => done(performance.now() - start));
    else if (performance.now() - start > 60000) failed(new Error(`${chip} ${busy}`));
    else requestAnimationFrame(look);
  };
  look();
})"""


def _watch(address: str, text: str) -> None:
    """In a process of its own: choose a head every half to one and a half second, print the milliseconds at the end."""
    import threading

    chance, times, over = random.Random(text), [], threading.Event()
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="pt-BR")
        sentence = _sentence("navegador", text == "long", chance)
        page.goto(f"{address}/explorar?lang=pt&sentence={urllib.request.quote(sentence)}")
        page.wait_for_selector(".takeaway:not(:empty)", timeout=120_000)
        page.evaluate(CHOOSE, [0, 0])
        print("ready", flush=True)
        threading.Thread(target=lambda: (sys.stdin.readline(), over.set()), daemon=True).start()
        layer = head = 0
        while not over.is_set():
            page.wait_for_timeout(1000 * chance.uniform(0.5, 1.5))
            if chance.random() < 0.5:
                layer = (layer + chance.randrange(1, 4)) % 4
            else:
                head = (head + chance.randrange(1, 8)) % 8
            times.append(page.evaluate(CHOOSE, [layer, head]))
    print(json.dumps(times), flush=True)


def server_process(address: str) -> psutil.Process:
    port = int(address.rpartition(":")[2])
    return next(
        psutil.Process(connection.pid)
        for connection in psutil.net_connections("tcp")
        if connection.laddr.port == port and connection.status == "LISTEN" and connection.pid
    )


def _processor_seconds(server: psutil.Process) -> float:
    times = server.cpu_times()
    return times.user + times.system


def _bars(rows: dict[str, Any]) -> list[dict]:
    bars = []
    if row := rows.get("40"):
        bars.append(
            bar("40 sessions changing heads: p95 < 0.3 s (message to finished run)", row["told"]["p95"], at_most=0.3)
        )
    for count, sentence, head in (("100", 4, 0.3), ("200", 10, 1)):
        if row := rows.get(count):
            heads = max(times["p95"] for times in row["chromium_click_to_cell"].values())
            bars += [
                bar(f"{count} sessions: nobody refused, no error", row["n_problems"], at_most=0),
                bar(f"{count} sessions: no mix-up", row["mix_ups"], at_most=0),
                bar(f"{count} sessions: sentence p95 < {sentence} s", row["sentence"]["p95"], at_most=sentence),
                bar(f"{count} sessions: head p95 < {head} s, click to painted cell, both texts", heads, at_most=head),
                bar(f"{count} sessions: health max < 1 s", row["health"]["max"], at_most=1),
            ]
    return bars


if __name__ == "__main__" and sys.argv[1:2] == ["watch"]:
    _watch(*sys.argv[2:])
