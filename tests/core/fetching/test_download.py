"""A file of the hub comes whole, and nothing else comes: cut, resumed, too long, changed, too slow, sent elsewhere."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from core.errors import BadFile, MiranteError, ModelNotFound
from core.fetching.download import download
from core.models.hub_listing import HubFile, read_listing
from tests.hub import COMMIT, Hub, serving

NAME, FILE = "somebody/model", "weights.bin"
SIZE = 300_000


@pytest.fixture
def hub(tmp_path):
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / FILE).write_bytes(os.urandom(SIZE))
    (folder / "config.json").write_bytes(b"{}")
    with serving({NAME: folder}, tmp_path / "cache") as server:
        yield server


def fetched(hub: Hub, folder: Path, file: str = FILE, **options) -> bytes:
    folder.mkdir(exist_ok=True)
    facts = read_listing(NAME).files[file]
    received: list[int] = []
    path = download(NAME, COMMIT, file, facts, folder, received.append, **{"pause": 0.0, **options})
    assert sum(received) == facts.size
    return path.read_bytes()


def test_a_file_comes_whole_and_once(hub, tmp_path):
    true = (hub.repositories[NAME] / FILE).read_bytes()
    assert fetched(hub, tmp_path / "stage") == true and fetched(hub, tmp_path / "stage") == true
    assert hub.sent == [(FILE, SIZE)]


@pytest.mark.parametrize("file", [FILE, "config.json"])
def test_what_the_hub_says_of_a_file_is_checked(hub, tmp_path, file):
    """Large files by their SHA-256, small ones by what git calls them."""
    hub.changed.add(file)
    with pytest.raises(BadFile, match="digest differs"):
        fetched(hub, tmp_path / "stage", file)
    assert list((tmp_path / "stage").iterdir()) == []


def test_a_cut_connection_is_taken_up_where_it_ended(hub, tmp_path):
    hub.cut[FILE] = 120_000
    assert fetched(hub, tmp_path / "stage") == (hub.repositories[NAME] / FILE).read_bytes()
    assert hub.sent == [(FILE, 120_000), (FILE, SIZE - 120_000)]


def test_a_stopped_client_goes_on_where_it_stopped(hub, tmp_path):
    def stop(size: int) -> None:
        if size:
            raise KeyboardInterrupt

    (tmp_path / "stage").mkdir()
    with pytest.raises(KeyboardInterrupt):
        download(NAME, COMMIT, FILE, read_listing(NAME).files[FILE], tmp_path / "stage", stop)
    kept = (tmp_path / "stage" / f"{FILE}.part").stat().st_size
    assert 0 < kept < SIZE and not (tmp_path / "stage" / FILE).exists()
    hub.sent.clear()
    assert fetched(hub, tmp_path / "stage") == (hub.repositories[NAME] / FILE).read_bytes()
    assert hub.sent == [(FILE, SIZE - kept)]


def test_a_connection_that_always_breaks_is_given_up(hub, tmp_path):
    hub.status[NAME] = (503, {})
    facts = HubFile(SIZE, None)
    (tmp_path / "stage").mkdir()
    with pytest.raises(MiranteError, match=r"broke off .*HTTP 503.*goes on from there"):
        download(NAME, COMMIT, FILE, facts, tmp_path / "stage", lambda _: None, pause=0.0)


@pytest.mark.parametrize("code", [404, 403])
def test_the_page_of_a_refusal_is_not_read_whole(hub, tmp_path, code):
    """The library reads it whole for its message; a bad server may send hundreds of megabytes."""
    facts = read_listing(NAME).files[FILE]
    (tmp_path / "stage").mkdir()
    hub.status[NAME], hub.page = (code, {}), 200_000_000
    with pytest.raises(MiranteError):
        download(NAME, COMMIT, FILE, facts, tmp_path / "stage", lambda _: None, pause=0.0)
    assert hub.page_sent < 20_000_000, "what fits into the buffers of the connection, not the page"


def test_the_page_of_a_refusal_still_says_why(hub, tmp_path):
    facts = read_listing(NAME).files[FILE]
    (tmp_path / "stage").mkdir()
    hub.status[NAME] = (403, {"X-Error-Code": "GatedRepo"})
    with pytest.raises(ModelNotFound, match="accepted its terms"):
        download(NAME, COMMIT, FILE, facts, tmp_path / "stage", lambda _: None, pause=0.0)


def test_a_first_answer_416_is_asked_again(hub, tmp_path):
    """Nothing was here, so there is no part to delete; the next request brings the file."""
    hub.unsatisfied.add(FILE)
    assert fetched(hub, tmp_path / "stage") == (hub.repositories[NAME] / FILE).read_bytes()


def test_a_redirect_to_an_impossible_host_is_said(hub, tmp_path):
    hub.redirected[FILE] = "http://" + "a" * 70 + ".example"
    with pytest.raises(MiranteError, match=f"{FILE}"):
        fetched(hub, tmp_path / "stage")


def test_the_page_of_a_redirect_is_not_read(hub, tmp_path):
    hub.redirected[FILE], hub.page = f"{hub.address}/elsewhere", 300_000_000
    assert len(fetched(hub, tmp_path / "stage")) == SIZE
    assert hub.page_sent < hub.page / 10


def test_redirects_without_end_are_left(hub, tmp_path):
    hub.redirected[FILE] = hub.address
    with pytest.raises(MiranteError, match=FILE):
        fetched(hub, tmp_path / "stage")


def test_more_than_announced_is_not_written(hub, tmp_path):
    hub.longer[FILE] = 5_000_000
    with pytest.raises(BadFile, match=f"larger than the hub announced \\({SIZE}"):
        fetched(hub, tmp_path / "stage")
    assert list((tmp_path / "stage").iterdir()) == []


def test_a_server_that_sends_next_to_nothing_is_left(hub, tmp_path):
    (hub.repositories[NAME] / "drops.bin").write_bytes(bytes(300))
    hub.slow["drops.bin"] = 0.01
    with pytest.raises(MiranteError, match="too slowly"):
        fetched(hub, tmp_path / "stage", "drops.bin", patience=0.3)


def test_another_host_gets_no_token(hub, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    other = Hub(hub.repositories)
    threading.Thread(target=other.serve_forever, args=(0.02,), daemon=True).start()
    hub.redirected[FILE] = f"{other.address}/elsewhere"
    try:
        assert len(fetched(hub, tmp_path / "stage")) == SIZE
    finally:
        other.shutdown()
        other.server_close()
    assert hub.tokens == ["Bearer hf_secret"] and other.tokens == [None]


def test_names_that_are_no_file_names_are_not_in_the_listing(hub):
    hub.listed = ["../evil.json", "a/b.json", "..", "", "C:\\evil", "/etc/passwd", ".hidden", "x" * 300, "good.json"]
    assert sorted(read_listing(NAME).files) == sorted([FILE, "config.json", "good.json"])


def test_a_full_disk_is_said(hub, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.fetching.download._write", full)
    with pytest.raises(MiranteError, match="disk of .* is full"):
        fetched(hub, tmp_path / "stage")
