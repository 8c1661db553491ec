"""A server of our own and a Chromium to look at it: for browser tests, screenshots and benchmarks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

Mode = Literal["asgi", "streamlit", "uvicorn"]
ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
]


@contextmanager
def running(
    *arguments: str,
    app: str = "app.py",
    mode: Mode | None = None,
    log: Path | None = None,
    before: Sequence[str] = (),
    base: str = "",
    prepared: bool = True,
    **variables: str,
) -> Iterator[str]:
    """Address of a server process to its end, from when it has imported everything (``prepared``; it tells by its API,
    which ``streamlit run`` has not) or from its first answer; ``variables`` join its environment.

    ``mode``: "asgi" is the server of ``make run`` (``python -m ui``), "streamlit" is ``streamlit run``, "uvicorn" the
    application with uvicorn's own options. Left out: asgi for the app, streamlit for another script, which asgi.py does
    not serve. ``arguments`` are those of the mode. log: the file that gets all it writes. before: a command that starts
    the rest of its line. base: the path before every address ("/mirante"), which the address given does not have.
    """
    port = free_port()
    command = {
        "asgi": ["ui", f"--port={port}", f"--base-path={base}"],
        "streamlit": ["streamlit", "run", app, f"--server.port={port}", f"--server.baseUrlPath={base}"],
        "uvicorn": ["uvicorn", "asgi:app", f"--port={port}"],
    }[mode or ("asgi" if app == "app.py" else "streamlit")]
    ready = "/api/v1/models" if prepared and "streamlit" not in command else "/_stcore/health"
    with _serving([*before, sys.executable, "-m", *command, *arguments], port, base + ready, variables, log) as address:
        yield address


@contextmanager
def _serving(command: list[str], port: int, ready: str, variables: dict[str, str], log: Path | None) -> Iterator[str]:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1", **variables}
    with (log or Path(os.devnull)).open("w") as written:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=written, stderr=subprocess.STDOUT)
    try:
        _wait_until_answered(f"http://127.0.0.1:{port}{ready}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own."""
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_answered(address: str, process: subprocess.Popen, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            with urllib.request.urlopen(address, timeout=seconds) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as refusal:
            if refusal.code == 421:  # a server that answers to other names is there
                return
            time.sleep(0.05)
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no answer from {address} in {seconds} s")
