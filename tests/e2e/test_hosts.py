"""The names that a server answers to, and who may read its metrics."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.visitor import ask
from tools.served import running

HOSTS = "escola.example *.school.example"


def opens_session(address: str, host: str) -> bool:
    """Whether a session begins for a browser that came by this name."""
    port = address.rpartition(":")[2]
    origin = f"http://{host}:{port}"
    place = socket.create_connection(("127.0.0.1", int(port)), timeout=60)
    try:
        with connect(f"ws://{host}:{port}/_stcore/stream", sock=place, origin=origin, subprotocols=["streamlit"]):
            return True
    except InvalidStatus as refusal:
        assert refusal.response.status_code == 403
        return False


@pytest.mark.parametrize("mode", ["asgi", pytest.param("streamlit", marks=pytest.mark.slow)])
def test_a_name_that_is_not_the_server_s_opens_no_session(mode: str, tmp_path: Path) -> None:
    settings = {"MIRANTE_DATABASE": f"sqlite:///{tmp_path}/t.db", "STREAMLIT_SERVER_ALLOWED_HOSTS": HOSTS}
    with running(mode=mode, **settings) as address:
        names = ("escola.example", "a.school.example", "evil.example", "escola.example.evil.example")
        assert [opens_session(address, name) for name in names] == [True, True, False, False]
        if mode == "asgi":  # and nothing else: `streamlit run` is for one person (docs/limits.md)
            for path in ("/", "/explorar", "/api/v1/models", "/_stcore/host-config"):
                asked = [ask(address, path, headers={"Host": name})[0] for name in names]
                assert asked == [200, 200, 421, 421], path
            assert ask(address, "/_stcore/health", headers={"Host": "127.0.0.1"})[0] == 200


@pytest.mark.slow
def test_the_metrics_are_for_this_machine(tmp_path: Path) -> None:
    with running(MIRANTE_DATABASE=f"sqlite:///{tmp_path}/t.db") as address:
        assert is_metrics(ask(address, "/_stcore/metrics"))
        forwarded = {"X-Forwarded-For": "10.0.0.9"}  # by a proxy on this machine
        assert ask(address, "/_stcore/metrics", headers=forwarded)[0] == 403
        for path in ("/_stcore/metrics?families=x", "/_stcore/metrics/", "/_stcore//metrics", "/_stcore/%6detrics"):
            assert not is_metrics(ask(address, path, headers=forwarded)), path


def is_metrics(answer: tuple[int, dict[str, str], bytes]) -> bool:
    """Whether an answer is the metrics, empty ones too."""
    return answer[0] == 200 and "openmetrics" in answer[1]["content-type"]
