"""The steps of the Containerfile, carried out in a scratch folder: what it copies is enough to serve, in a tree that
cannot be written, by a process without privileges; only the volume changes.

Not here: the image itself (no container engine in the tests), the installation (tests/test_lock.py and ``make run``
install by the same lock).
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.visitors import Visitor
from core.assets import ROOT
from tools.served import free_port
from ui.shell.page_registry import REGISTRY

WORKDIR = "srv/mirante"
# Root without capabilities owns none of the files below and may write none of them; any other user may not either.
UNPRIVILEGED = ["setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []


def instructions() -> list[tuple[str, str]]:
    """(INSTRUCTION, rest) per line of the Containerfile."""
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" ", 1)) for line in lines if line and not line.startswith("#")]


def rest(word: str) -> list[str]:
    return [text for instruction, text in instructions() if instruction == word]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file system that the COPY lines make, read-only; /data and /tmp beside it may be written."""
    root = tmp_path_factory.mktemp("container")
    tree = root / WORKDIR
    for folder in (tree, root / "data", root / "tmp"):
        folder.mkdir(parents=True)
    for line in rest("COPY"):
        *sources, target = line.split()
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, tree / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, tree / target)
    for path in [root / "srv", *(root / "srv").rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
        if UNPRIVILEGED:
            os.chown(path, 65534, 65534)
    yield root
    for path in [root / "srv", *(root / "srv").rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)


def environment(root: Path) -> dict[str, str]:
    """What the ENV lines say, with /data and /tmp in the scratch folder."""
    named = dict(part.split("=", 1) for line in rest("ENV") for part in shlex.split(line))
    named["MIRANTE_DATABASE"] = named["MIRANTE_DATABASE"].replace("/data", str(root / "data"))
    return {"PATH": os.environ["PATH"], **named, "HOME": str(root / "tmp"), "TMPDIR": str(root / "tmp")}


def command(line: str, port: int) -> list[str]:
    """A CMD line (a JSON list) with this machine's Python and port."""
    words = json.loads(line)
    assert words[0] == "python"
    return [sys.executable, *(word.replace("8501", str(port)) for word in words[1:])]


@pytest.fixture(scope="module")
def port(root: Path) -> Iterator[int]:
    """Where the CMD line serves, once the HEALTHCHECK line is content."""
    port = free_port()
    serve = [*UNPRIVILEGED, *command(rest("CMD")[0], port)]
    with (root / "tmp" / "log").open("w") as log:
        process = subprocess.Popen(serve, cwd=root / WORKDIR, env=environment(root), stdout=log, stderr=log)
    try:
        check = command(rest("HEALTHCHECK")[0].partition("CMD ")[2], port)
        end = time.monotonic() + 180
        while subprocess.run(check, env=environment(root), capture_output=True).returncode:
            assert process.poll() is None and time.monotonic() < end, (root / "tmp" / "log").read_text()[-2000:]
            time.sleep(0.5)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def test_the_tree_cannot_be_written(root: Path) -> None:
    code = "open('written', 'w')"
    tried = subprocess.run(
        [*UNPRIVILEGED, sys.executable, "-c", code], cwd=root / WORKDIR, capture_output=True, text=True
    )
    assert "PermissionError" in tried.stderr


@pytest.mark.slow
def test_what_is_copied_serves_pages_and_models(root: Path, port: int) -> None:
    asked = f"http://127.0.0.1:{port}/api/v1/attention?model=mirante-encoder-pt&text=O+gato+dorme.&layer=1&head=1"
    with urllib.request.urlopen(asked, timeout=120) as answer:
        assert json.load(answer)["query"]["labels"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/explorar", timeout=30) as answer:
        assert answer.status == 200 and "frame-ancestors" in answer.headers["Content-Security-Policy"]
    with ThreadPoolExecutor(1) as own:  # a thread without an event loop: browser tests leave one running in this one
        assert own.submit(asyncio.run, visit_every_page(port)).result() == []
    log = (root / "tmp" / "log").read_text()
    assert "Traceback" not in log and "Permission" not in log, log[-2000:]


async def visit_every_page(port: int) -> list[str]:
    """The errors that a visitor was shown."""
    visitor = await Visitor.connect(f"ws://127.0.0.1:{port}/_stcore/stream", 0)
    for entry in REGISTRY:
        await asyncio.wait_for(visitor.go_to("" if entry is REGISTRY[0] else entry.slug), 120)
    await visitor.socket.close()
    return visitor.problems


def test_long_texts_go_to_the_volume(root: Path) -> None:
    code = "from core.storage.texts import store; print(store().find(store().keep('jarra ' * 900))[:5])"
    run = [*UNPRIVILEGED, sys.executable, "-c", code]
    done = subprocess.run(run, cwd=root / WORKDIR, env=environment(root), capture_output=True, text=True)
    assert done.stdout.strip() == "jarra", done.stderr
    assert [path.name for path in (root / "data").iterdir()] == ["mirante.db"]


def test_it_runs_as_nobody_in_particular_and_fetches_nothing() -> None:
    assert rest("USER") == ["10001:10001"] and "HF_HUB_OFFLINE=1" in " ".join(rest("ENV"))
    assert rest("VOLUME") == ["/data"]
    assert any("--require-hashes -r requirements.lock" in line for line in rest("RUN"))


def test_the_build_is_sent_what_it_copies() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sources = [source for line in rest("COPY") for source in line.split()[:-1]]
    assert "*" in ignored and sources
    for source in sources:
        assert any(line.startswith(f"!{source}") for line in ignored), source
