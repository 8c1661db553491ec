"""Servers of the routes of rooms alone: in a thread of a test, or in a process that can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.served import ROOT, free_port


@contextmanager
def rooms_in_a_thread(folder: Path) -> Iterator[str]:
    """Address of a server in this process; its database lies in ``folder``."""
    import uvicorn

    from tests.rooms_app import app
    from ui.serving.rooms.hall import hall

    patch, port = pytest.MonkeyPatch(), free_port()
    patch.setenv("MIRANTE_DATABASE", f"sqlite:///{folder}/rooms.db")
    hall.cache_clear()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
    hall().writer.close()
    hall.cache_clear()
    patch.undo()


class RoomServer:
    """Started at once; ``address``: where it is, also after it was killed and started again."""

    def __init__(self, database: str, **variables: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {"MIRANTE_DATABASE": database, **variables}
        self.process: subprocess.Popen | None = None
        self.start()

    def start(self) -> None:
        """From the next line on it answers."""
        options = [f"--port={self.port}", "--log-level=critical", "--backlog=4096"]
        command = [sys.executable, "-m", "uvicorn", "tests.rooms_app:app", *options]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=sys.stderr)
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < end
                time.sleep(0.02)

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def memory(self) -> int:
        """Bytes that it holds (resident)."""
        assert self.process is not None
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> None:
        """In order, as a person would."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()
