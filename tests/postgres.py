"""A PostgreSQL of our own on loopback, for slow tests: the distribution's server in a folder that is thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.served import free_port


def _program(name: str) -> str:
    """A program of the server; Debian has them beside the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(versions[-1]) if versions else shutil.which(name)
    if path is None:
        pytest.skip("there is no PostgreSQL here (apt install postgresql)")
    return path


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Address of an empty database, while the server runs. The server refuses to be root: then it is ``postgres``."""
    pytest.importorskip("psycopg")
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    port, data = free_port(), folder / "data"
    data.mkdir(parents=True)
    if user:
        for parent in (data, *data.parents):
            if parent.owner() == "root" and parent not in (Path("/"), Path("/tmp")):
                parent.chmod(parent.stat().st_mode | 0o011)
        shutil.chown(data, "postgres", "postgres")
    initdb = [_program("initdb"), "-D", str(data), "-A", "trust", "-U", "mirante", "--no-sync"]
    subprocess.run([*user, *initdb], check=True, capture_output=True, cwd="/")
    serve = [_program("postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", ""]
    server = subprocess.Popen([*user, *serve], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        _wait(port, server)
        yield f"postgresql+psycopg://mirante@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int, server: subprocess.Popen, seconds: float = 30) -> None:
    import psycopg

    end = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(f"postgresql://mirante@127.0.0.1:{port}/postgres").close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None and time.monotonic() < end
            time.sleep(0.1)
