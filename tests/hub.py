"""A hub on this machine: what huggingface_hub asks of huggingface.co, for folders of ours, and what a bad one does.

    with serving({"somebody/model": folder}, cache) as hub:   # the library asks it until the end of the block
        hub.cut["model.safetensors"] = 5000                # the connection ends after so many bytes, once

Not inside: what the application does with it (tests/core/models/test_hub_snapshot.py, tests/core/fetching).
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

from huggingface_hub import constants

_PAGE_BLOCK = 65_536
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """repositories: folders by id. What it does wrong, by file name:

    claimed: sizes stated instead of the true ones. cut: bytes after which the connection ends, once each. slow: seconds
    between two bytes. longer: bytes added to the true ones. changed: files whose bytes are other ones. redirected: an
    address (with a path) that files are sent on to, with a page of ``page`` bytes. unsatisfied: files whose first
    answer is 416. By id: status: (code, headers) for every request, with a page of ``page`` bytes; facts: what is added
    to the answer about the repository. listed: names added to every listing.

    sent: (file, bytes sent), in order; tokens: the Authorization header of each such request.
    """

    daemon_threads = True

    def __init__(self, repositories: dict[str, Path]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories = repositories
        self.claimed: dict[str, int] = {}
        self.cut: dict[str, int] = {}
        self.slow: dict[str, float] = {}
        self.longer: dict[str, int] = {}
        self.changed: set[str] = set()
        self.redirected: dict[str, str] = {}
        self.unsatisfied: set[str] = set()
        self.page = 0
        self.page_sent = 0
        self.status: dict[str, tuple[int, dict[str, str]]] = {}
        self.facts: dict[str, dict] = {}
        self.listed: list[str] = []
        self.padding = 0  # spaces behind the listing
        self.sent: list[tuple[str, int]] = []
        self.tokens: list[str | None] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that goes away in the middle is part of what is tested."""


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].removeprefix("/elsewhere")
        name = next((name for name in self.server.repositories if f"/{name}/" in f"{path}/"), None)
        if name in self.server.status:
            code, headers = self.server.status[name]
            return self._page(code, headers) if self.server.page else self._answer(b"{}", code, headers)
        if name is not None and path.startswith("/api/models/"):
            return self._listing(name)
        file = None if name is None else self.server.repositories[name] / path.rpartition("/")[2]
        if file is None or "/resolve/" not in path or not file.is_file():
            return self._answer(b"{}", 404, {"X-Error-Code": "RepoNotFound" if name is None else "EntryNotFound"})
        if file.name in self.server.redirected and not self.path.startswith("/elsewhere"):
            self.server.tokens.append(self.headers.get("Authorization"))
            to = {"Location": self.server.redirected[file.name] + self.path}
            return self._page(302, to) if self.server.page else self._answer(b"", 302, to)
        if file.name in self.server.unsatisfied:
            self.server.unsatisfied.remove(file.name)
            return self._answer(b"", 416)
        return self._file(file)

    def _page(self, code: int, headers: dict[str, str]) -> None:
        """A refusal with a page of ``page`` bytes, counted as they leave."""
        self._head(code, {"Content-Length": str(self.server.page), **headers})
        while self.server.page_sent < self.server.page:
            self.wfile.write(b" " * _PAGE_BLOCK)
            self.server.page_sent += _PAGE_BLOCK

    def _listing(self, name: str) -> None:
        folder = self.server.repositories[name]
        siblings = [self._sibling(file) for file in sorted(folder.iterdir()) if file.is_file()]
        siblings += [{"rfilename": listed, "size": 3, "blobId": "0" * 40} for listed in self.server.listed]
        answer = {"id": name, "sha": COMMIT, "siblings": siblings, "tags": [], "private": False}
        data = json.dumps(answer | self.server.facts.get(name, {})).encode()
        self._answer(data + b" " * self.server.padding)

    def _sibling(self, file: Path) -> dict:
        data = file.read_bytes()
        entry = {"rfilename": file.name, "size": self.server.claimed.get(file.name, len(data))}
        if file.suffix in (".safetensors", ".bin"):
            large = {"sha256": hashlib.sha256(data).hexdigest(), "pointerSize": 130}
            return {**entry, "blobId": "1" * 40, "lfs": {**large, "size": len(data)}}
        return {**entry, "blobId": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()}

    def _file(self, file: Path) -> None:
        data = file.read_bytes()
        tag = f'"{hashlib.sha256(data).hexdigest()}"'
        if file.name in self.server.changed:
            data = bytes(len(data))
        data += bytes(self.server.longer.get(file.name, 0))
        start = int(asked.removeprefix("bytes=").rstrip("-")) if (asked := self.headers.get("Range")) else 0
        headers = {"ETag": tag, "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        if self.command == "HEAD":
            return self._answer(data, 200, headers)
        self.server.tokens.append(self.headers.get("Authorization"))
        body = data[start:]
        end = max(0, self.server.cut.pop(file.name) - start) if file.name in self.server.cut else len(body)
        self._head(206 if start else 200, {"Content-Length": str(len(body)), **headers})
        self._send(file.name, body[:end])
        if end < len(body):
            self.close_connection = True

    def _send(self, name: str, body: bytes) -> None:
        self.server.sent.append((name, len(body)))
        if name not in self.server.slow:
            self.wfile.write(body)
            return
        for place in range(len(body)):
            self.wfile.write(body[place : place + 1])
            self.wfile.flush()
            time.sleep(self.server.slow[name])

    def _answer(self, data: bytes, status: int = 200, headers: dict | None = None) -> None:
        self._head(status, {"Content-Length": str(len(data)), **(headers or {})})
        if self.command == "GET":
            self.wfile.write(data)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(repositories: dict[str, Path], cache: Path) -> Iterator[Hub]:
    """A hub that huggingface_hub asks, in this process, until the end of the block. cache: the library's folder."""
    hub = Hub(repositories)
    threading.Thread(target=hub.serve_forever, args=(0.02,), daemon=True).start()
    with (
        patch.object(constants, "ENDPOINT", hub.address),
        patch.object(
            constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub.address + "/{repo_id}/resolve/{revision}/{filename}"
        ),
        patch.object(constants, "HF_HUB_CACHE", str(cache)),
        patch.object(constants, "HF_HUB_OFFLINE", False),
    ):
        try:
            yield hub
        finally:
            hub.shutdown()
            hub.server_close()
