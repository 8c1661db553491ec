"""Side by side with BertViz: bytes, time to painted and time per hover, in Chromium, at 12 × 12 heads.

    python -m benchmarks bertviz

Both sides are one HTML file over the same maps (softmax of seeded random queries and keys), opened from localhost in a
fresh browser each: BertViz's head view and model view as its own `html_action="return"` writes them; ours as "export as
HTML" writes it, in its matrix and its lines. BertViz's pages load require.js, d3 and jQuery from a CDN: the packages of
npm stand in for it (jQuery 2.1.0: npm has no 2.0.0). The package and these files are fetched into build/bertviz for
this benchmark only; nothing of Mirante depends on them. Painted: what the page draws is there and two frames have
passed, by the page's own clock since the navigation began. Hover: work for one move of the mouse, in the event, in the
frame after it, and in the layout that it makes necessary (painting is not counted on either side)."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import threading
import types
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import torch
from playwright.sync_api import Error as NeverCame, Page, Route

from core.export import html_page
from core.views.view import View
from tools.served import ROOT, chromium

from .machine import bar, spread, write
from .payload import random_view

FOLDER = ROOT / "build" / "bertviz"
PACKAGE, SCRIPTS = (
    "bertviz==1.4.1",
    {
        "requirejs@2.3.6": "package/require.js",
        "d3@5.7.0": "package/dist/d3.min.js",
        "jquery@2.1.0": "package/dist/jquery.min.js",
    },
)
LENGTHS = (16, 32, 64, 128)
PATIENCE = 90_000  # ms until a page that shows nothing is given up
WATCH = """(() => {
  const look = () => (document.body && (PAINTED) ? requestAnimationFrame(() => requestAnimationFrame(() => {
    window.paintedAt = performance.now(); })) : requestAnimationFrame(look));
  look();
})()"""
RECORD = {
    "model": "random maps",
    "revision": "none",
    "sentence": "",
    "target": None,
    "versions": {"mirante": "benchmark"},
    "options": {"edits": []},
    "date": "2026-01-01",
}


def measure() -> None:
    """Run every length and write results/bertviz.json."""
    fetch()
    rows = []
    for n in LENGTHS:
        view = random_view(n)
        for name, make, painted, over in _contestants():
            rows.append({"tokens": n, "view": name, **_one(make(view), painted, over)})
            print(rows[-1], flush=True)
    usable = _one(_ours(random_view(512, layers=1)), *_contestants()[2][2:])
    at = {(row["tokens"], row["view"]): row for row in rows}
    write(
        "bertviz",
        "python -m benchmarks bertviz",
        {"rows": rows, "ours_at_512_tokens_one_layer": usable},
        [
            bar("ours ≤ 1.0 MB as a file at 128 tokens", at[128, "mirante matrix"]["bytes"] / 1e6, at_most=1.0),
            bar(
                "first paint at 64 tokens: BertViz head view ÷ ours ≥ 10",
                _ratio(at, 64, "bertviz head view"),
                at_least=10,
            ),
            bar(
                "first paint at 64 tokens: BertViz model view ÷ ours ≥ 10",
                _ratio(at, 64, "bertviz model view"),
                at_least=10,
            ),
            bar("ours: hover p95 ≤ 16 ms at 128 tokens", at[128, "mirante matrix"]["hover_ms"]["p95"], at_most=16),
            bar(
                "ours: hover p95 ≤ 16 ms at 128 tokens, lines", at[128, "mirante lines"]["hover_ms"]["p95"], at_most=16
            ),
            bar("ours: usable at 512 tokens (one layer): painted in 5 s", usable["painted_s"], at_most=5),
            bar("ours: usable at 512 tokens (one layer): hover p95 ≤ 50 ms", usable["hover_ms"]["p95"], at_most=50),
        ],
    )


def _ratio(at: dict, n: int, name: str) -> float:
    """How many times later the other paints; a page that never painted counts with the patience that was had."""
    return (at[n, name]["painted_s"] or PATIENCE / 1000) / at[n, "mirante matrix"]["painted_s"]


def fetch() -> None:
    """BertViz and its three scripts into build/bertviz, once."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not (FOLDER / "bertviz").exists():
        subprocess.run([sys.executable, "-m", "pip", "download", PACKAGE, "--no-deps", "-q", "-d", FOLDER], check=True)
        with zipfile.ZipFile(next(FOLDER.glob("bertviz-*.whl"))) as wheel:
            wheel.extractall(FOLDER)
    for name, inside in SCRIPTS.items():
        target = _script(name)
        if not target.exists():
            subprocess.run(["npm", "pack", name, "--silent"], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)
            with tarfile.open(FOLDER / (name.replace("@", "-") + ".tgz")) as archive:
                target.write_bytes(archive.extractfile(inside).read())


def _script(name: str) -> Path:
    return FOLDER / (name.partition("@")[0] + ".js")


def _bertviz() -> types.ModuleType:
    """The package, with as much of IPython as it imports: a holder for HTML."""
    held = type("HTML", (), {"__init__": lambda self, data="": setattr(self, "data", data)})
    shell = types.ModuleType("IPython.display")
    shell.HTML = shell.Javascript = held
    shell.display = lambda *_: None
    sys.modules.setdefault("IPython", types.ModuleType("IPython"))
    sys.modules.setdefault("IPython.display", shell)
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    import bertviz

    return bertviz


def _theirs(kind: str) -> Callable[[View], str]:
    def make(view: View) -> str:
        maps = [np.stack([view.head(layer, head) for head in range(view.heads)]) for layer in range(view.layers)]
        draw = getattr(_bertviz(), kind)
        page = draw([torch.from_numpy(layer)[None] for layer in maps], list(view.query.labels), html_action="return")
        return f"<!doctype html><meta charset=utf-8>{page.data}"

    return make


def _ours(view: View) -> str:
    return html_page(view, [(0, 0)], RECORD, language="en")


LINES = (
    "[...document.querySelectorAll('svg')].reduce((n, s) => n + s.querySelectorAll('line, path, rect').length, 0) > 20"
)
OPEN_LINES = """(() => {
  const tab = document.querySelector('.tabs [data-picture=lines]');
  if (!document.querySelector('.takeaway')?.textContent || !tab) return false;
  if (tab.getAttribute('aria-pressed') !== 'true') tab.click();
  return document.querySelector('.explorer').dataset.picture === 'lines';
})()"""
READY = "Boolean(document.querySelector('.takeaway')?.textContent)"
MOVES = """async selector => {
  const nodes = [...document.querySelectorAll(selector)], times = [];
  for (let i = 0; i < 100; i++) {
    const node = nodes[(i * 37) % nodes.length], box = node.getBoundingClientRect();
    const inside = nodes.length > 1
      ? [0.5, 0.5]
      : [0.3 + 0.6 * ((i * 37) % 100) / 100, 0.3 + 0.6 * ((i * 61) % 100) / 100];
    const [clientX, clientY] = [box.left + box.width * inside[0], box.top + box.height * inside[1]];
    const at = { clientX, clientY, bubbles: true, composed: true };
    let begun;
    requestAnimationFrame(() => { begun = performance.now(); });
    const start = performance.now();
    for (const type of ['pointerover', 'mouseover', 'pointermove', 'mousemove'])
      node.dispatchEvent(new (type[0] === 'p' ? PointerEvent : MouseEvent)(type, at));
    let work = performance.now() - start;
    await new Promise(done => requestAnimationFrame(() => { document.body.getBoundingClientRect();
      work += performance.now() - begun; done(); }));
    const out = performance.now();
    for (const type of ['pointerout', 'mouseout']) if (nodes.length > 1)
      node.dispatchEvent(new (type[0] === 'p' ? PointerEvent : MouseEvent)(type, at));
    document.body.getBoundingClientRect();
    times.push(work + performance.now() - out);
  }
  return times;
}"""


def _contestants() -> list[tuple[str, Callable[[View], str], str, str]]:
    """(name, HTML of a view, when it is painted, what the mouse moves over)."""
    return [
        ("bertviz head view", _theirs("head_view"), LINES, "#vis svg rect, svg [id] rect, svg rect"),
        ("bertviz model view", _theirs("model_view"), LINES, "svg .attn_background, svg rect"),
        ("mirante matrix", _ours, READY, ".marks"),
        ("mirante lines", _ours, OPEN_LINES, ".marks"),
    ]


def _one(html: str, painted: str, over: str) -> dict:
    """Bytes, seconds to painted (median of three, fresh pages), milliseconds per hover; None for what never came. A
    browser of its own: a page may take it down."""
    size = len(html.encode())
    seconds, hover = [], None
    with _server(html) as address, chromium() as browser:
        for _ in range(3 if size < 40e6 else 1):
            try:
                page = browser.new_page(
                    viewport={"width": 1280, "height": 900}, bypass_csp=True
                )  # our page forbids the eval with which the clock looks
                page.route(lambda url: not url.startswith(address), _script_of_npm)
                page.add_init_script(WATCH.replace("PAINTED", painted))
                page.goto(address, timeout=PATIENCE)
                page.wait_for_function("window.paintedAt", timeout=PATIENCE)
                seconds.append(page.evaluate("window.paintedAt") / 1000)
                hover = hover or _hover(page, over)
                page.close()
            except NeverCame as error:
                print(str(error).splitlines()[0])
                break
    return {
        "bytes": size,
        "painted_s": round(sorted(seconds)[len(seconds) // 2], 4) if seconds else None,
        "hover_ms": hover,
    }


def _hover(page: Page, over: str) -> dict:
    page.wait_for_timeout(500)
    return spread(page.evaluate(MOVES, over), 3)


@contextmanager
def _server(html: str) -> Iterator[str]:
    """Address of a server of this one page."""
    body = html.encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


def _script_of_npm(route: Route) -> None:
    """The CDN's scripts, from the packages of npm."""
    name = next(
        (
            name
            for name, part in {"requirejs": "require", "d3": "/d3", "jquery": "jquery"}.items()
            if part in route.request.url
        ),
        None,
    )
    if name is None:
        route.abort()
    else:
        route.fulfill(path=_script(f"{name}@"), content_type="text/javascript")
