"""A server of the routes of rooms alone, in a process of its own, that can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tools.served import ROOT, free_port


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
