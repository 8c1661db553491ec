"""The app in Chromium, with the bundled model: start (fresh, warm) to frame and map, new sentence → painted map, hover.

    python -m benchmarks browser

A new sentence is typed and sent; the clock stops when the explorer shows that sentence's words (two frames later, so
that the canvas has been painted). Hover: milliseconds of work for one mouse move, in the event itself and in the frame
after it (our frame callback runs after the component's; the wait for the screen's next refresh is no work), and the
messages on the socket while the mouse moves (there must be none).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from playwright.sync_api import Page

from tools.served import chromium, running

from .machine import bar, spread, write

WORDS = "ela derramou água da jarra para o copo até que ficasse cheio e o menino viu a mesa da casa".split()
LENGTHS = (8, 32, 128, 480)  # words; the bundled model reads at most 512 tokens
SHOWN = """label => [...document.querySelectorAll('*')].some(host => host.shadowRoot &&
  [...host.shadowRoot.querySelectorAll('button, [role=button], span')].some(e => e.textContent === label))"""
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Traffic:
    """Messages and bytes on the sockets of a page since it was opened."""

    sent: int = 0
    received: int = 0

    def watch(self, page: Page) -> None:
        """Count every frame; call before the page is opened."""
        page.on(
            "websocket", lambda socket: (socket.on("framesent", self._sent), socket.on("framereceived", self._received))
        )

    def _sent(self, frame: str | bytes) -> None:
        self.sent += 1

    def _received(self, frame: str | bytes) -> None:
        self.received += len(frame)


def measure() -> None:
    """Run everything and write results/browser.json."""
    with chromium() as browser:
        cold = [_cold_start(browser) for _ in range(3)]
        with running() as address:
            page, traffic = browser.new_page(viewport={"width": 1280, "height": 720}, locale="pt-BR"), Traffic()
            traffic.watch(page)
            page.goto(f"{address}/explorar")
            _shown(page, "cheio")
            warm = [_opened(browser, address, time.perf_counter()) for _ in range(5)]
            assert traffic.sent and traffic.received, "the counters do not see the socket"
            rows = [_sentences(page, n, traffic) for n in LENGTHS]
            hover = _hover(page, traffic)
    at = {row["words"]: row for row in rows}
    starts = {
        f"{name}_start_to_{part}_seconds": spread([seconds[part] for seconds in measured])
        for name, measured in (("cold", cold), ("warm", warm))
        for part in ("frame", "map")
    }
    write(
        "browser",
        "make bench (python -m benchmarks browser)",
        {**starts, "new_sentence": rows, "hover": hover},
        [
            bar("cold start → frame < 2 s (median of 3)", starts["cold_start_to_frame_seconds"]["median"], at_most=2),
            bar("cold start → first map < 5 s (median of 3)", starts["cold_start_to_map_seconds"]["median"], at_most=5),
            bar("warm server → frame < 1 s (median of 5)", starts["warm_start_to_frame_seconds"]["median"], at_most=1),
            bar("warm server → map < 2 s (median of 5)", starts["warm_start_to_map_seconds"]["median"], at_most=2),
            bar("new sentence → map visible p95 < 0.5 s at 32 words", at[32]["seconds"]["p95"], at_most=0.5),
            bar("hover ≤ 16 ms (p95)", hover["milliseconds"]["p95"], at_most=16),
            bar("no message while hovering", hover["messages"], at_most=0),
        ],
    )


def _cold_start(browser) -> dict[str, float]:
    """Seconds from starting the server process to the sentence's field, and to the first painted map."""
    start = time.perf_counter()
    with running(prepared=False) as address:
        seconds = _opened(browser, address, start)
    print("cold start", seconds, flush=True)
    return seconds


def _opened(browser, address: str, start: float) -> dict[str, float]:
    """Seconds since ``start`` to the frame and to the first map of the start page, of a visitor who was never there."""
    page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="pt-BR")
    page.goto(address, wait_until="commit")
    page.get_by_role("textbox", name="Frase").wait_for(timeout=120_000)
    frame = time.perf_counter() - start
    _shown(page, "cheio")
    seconds = {"frame": frame, "map": time.perf_counter() - start}
    page.close()
    return seconds


def _shown(page: Page, label: str) -> None:
    page.wait_for_function(SHOWN, arg=label, timeout=120_000, polling="raf")
    page.evaluate(FRAMES)


def _sentences(page: Page, n: int, traffic: Traffic) -> dict:
    """``n`` words, a different last word each time so that the new map can be told from the old."""
    seconds, received = [], []
    for turn in range(20 if n <= 128 else 8):
        last = f"fim{n}x{turn}"
        text = " ".join([*(WORDS[i % len(WORDS)] for i in range(n - 1)), last])
        field = page.get_by_role("textbox", name="Frase")
        field.fill(text)
        before, start = traffic.received, time.perf_counter()
        field.press("Enter")
        _shown(page, last)
        seconds.append(time.perf_counter() - start)
        page.wait_for_timeout(300)
        received.append(traffic.received - before)
    row = {"words": n, "seconds": spread(seconds[1:]), "bytes_received": spread(received[1:], 0)}
    print(row, flush=True)
    return row


def _hover(page: Page, traffic: Traffic) -> dict:
    """Mouse moves over the matrix: milliseconds of work per move, messages sent meanwhile."""
    field = page.get_by_role("textbox", name="Frase")
    field.fill("Ela derramou água da jarra para o copo até que ficasse cheio.")
    field.press("Enter")
    _shown(page, "cheio")
    page.wait_for_timeout(1500)
    before = traffic.sent
    milliseconds = page.evaluate(MOVES)
    page.wait_for_timeout(1000)
    return {"milliseconds": spread(milliseconds, 3), "messages": traffic.sent - before}


MOVES = """async () => {
  const host = [...document.querySelectorAll('*')].find(h => h.shadowRoot && h.shadowRoot.querySelector('canvas'));
  const canvas = [...host.shadowRoot.querySelectorAll('canvas')].sort((a,
    b) => b.width * b.height - a.width * a.height)[0];
  const box = canvas.getBoundingClientRect(), times = [];
  for (let i = 0; i < 200; i++) {
    const at = {
      clientX: box.left + box.width * (0.3 + 0.6 * ((i * 37) % 100) / 100),
      clientY: box.top + box.height * (0.3 + 0.6 * ((i * 61) % 100) / 100),
      bubbles: true, composed: true,
    };
    const start = performance.now();
    let work = 0;
    for (const type of ['pointermove', 'mousemove'])
      canvas.dispatchEvent(new (type[0] === 'p' ? PointerEvent : MouseEvent)(type, at));
    work = performance.now() - start;
    await new Promise(done => requestAnimationFrame(frame => { work += Math.max(0, performance.now() - frame);
      done(); }));
    times.push(work);
  }
  return times;
}"""
