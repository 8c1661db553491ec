"""A hub id: what the hub says of its files is looked at before any is fetched (a hub of our own, on this machine)."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import constants

import core
from tests.hostile_models import HOSTILE, copied_model

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class _Hub(ThreadingHTTPServer):
    """Serves one folder as the repository somebody/model. claimed: sizes that it states instead of the true ones."""

    def __init__(self, folder: Path, claimed: dict[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.claimed, self.sent = folder, claimed, []


class _Handler(BaseHTTPRequestHandler):
    server: _Hub

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/api/models/somebody/model"):
            return self._answer(json.dumps(self._repository()).encode())
        file = self.server.folder / path.rpartition("/")[2]
        if "/somebody/model/resolve/" not in path or not file.is_file():
            return self._answer(b"{}", 404, {"X-Error-Code": "RepoNotFound"})
        data = file.read_bytes()
        if self.command == "GET":
            self.server.sent.append(file.name)
        return self._answer(data, 200, {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT})

    def _repository(self) -> dict:
        files = [file for file in self.server.folder.iterdir() if file.is_file()]
        sizes = {file.name: self.server.claimed.get(file.name, file.stat().st_size) for file in files}
        siblings = [{"rfilename": name, "size": size, "blobId": "0"} for name, size in sizes.items()]
        return {"id": "somebody/model", "sha": COMMIT, "siblings": siblings, "tags": [], "private": False}

    def _answer(self, data: bytes, status: int = 200, headers: dict | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """(folder of the repository, sizes that the hub will claim, a function that loads from it)."""
    folder, claimed = copied_model(tmp_path / "repository"), {}
    server = _Hub(folder, claimed)
    address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, value in {
        "ENDPOINT": address,
        "HUGGINGFACE_CO_URL_TEMPLATE": address + "/{repo_id}/resolve/{revision}/{filename}",
        "HF_HUB_CACHE": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setattr(constants, name, value)

    def load(name: str = "somebody/model", offline: bool = False) -> tuple[str, list[str]]:
        """What loading says, and the files that were fetched for it."""
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
        server.sent.clear()
        try:
            lm = core.load(name, root=tmp_path)
            said = f"loaded {lm.name} {lm.revision}"
        except core.MiranteError as error:
            said = f"{type(error).__name__} {error}"
        return said, list(server.sent)

    yield folder, claimed, load
    server.shutdown()
    server.server_close()


def test_a_hub_id_is_fetched_once_and_read_without_a_connection(hub):
    _, _, load = hub
    said, fetched = load()
    assert said.startswith(f"loaded somebody/model {COMMIT}") and "model.safetensors" in fetched
    assert load(offline=True) == (said, [])


def test_too_much_is_refused_before_anything_is_fetched(hub):
    _, claimed, load = hub
    claimed["model.safetensors"] = 140_000_000_000
    said, fetched = load()
    assert said.startswith("TooLong") and "140000 MB" in said and fetched == []


@pytest.mark.parametrize(
    "name", ["config: a million layers", "config: nested deeply", "tokenizer: a letter that becomes a million"]
)
def test_weights_come_after_the_small_files_were_checked(hub, name):
    folder, _, load = hub
    HOSTILE[name](folder)
    said, fetched = load()
    assert said.startswith("BadFile") and "somebody/model" in said
    assert "config.json" in fetched and "model.safetensors" not in fetched


def test_what_is_not_there_says_what_was_tried(hub):
    _, _, load = hub
    said, fetched = load("nobody/nothing")
    assert said.startswith("ModelNotFound") and "Tried: the bundled models" in said and fetched == []


def test_pickled_weights_are_not_fetched(hub):
    folder, _, load = hub
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    said, fetched = load()
    assert said.startswith("BadFile") and "safetensors" in said and "pytorch_model.bin" not in fetched
