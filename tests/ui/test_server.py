"""``python -m ui``: Streamlit's settings become uvicorn's, nobody's word about addresses is taken."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from core.assets import ROOT
from ui.serving import server
from ui.serving.server import address_shown, main, settings, uvicorn_options


def test_the_project_s_settings_reach_uvicorn() -> None:
    options = uvicorn_options({})
    assert (options["host"], options["port"]) == ("127.0.0.1", 8501)
    assert options["ws_max_size"] == 2_000_000  # server.maxWidgetStateSize
    assert options["ws_per_message_deflate"] is False and options["access_log"] is False


def test_the_address_is_one_that_a_browser_opens() -> None:
    options = uvicorn_options({})
    assert address_shown(options) == "http://127.0.0.1:8501/"
    assert address_shown(options | {"host": "0.0.0.0", "ssl_certfile": "a.pem"}) == "https://127.0.0.1:8501/"
    assert address_shown(options | {"host": "::1"}, "/mirante") == "http://[::1]:8501/mirante"


def test_a_port_in_use_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.config.set_option", lambda name, value: None)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = {"host": "127.0.0.1", "port": other.getsockname()[1], "ssl_certfile": None}
        monkeypatch.setattr(server, "uvicorn_options", lambda variables: taken)
        with pytest.raises(SystemExit, match=f"cannot listen on 127.0.0.1:{taken['port']} .*--port"):
            main([])
    taken["port"] = 70_000
    with pytest.raises(SystemExit, match="cannot listen on 127.0.0.1:70000"):
        main([])


def test_a_proxy_is_believed_only_when_it_is_named() -> None:
    assert uvicorn_options({})["proxy_headers"] is False
    assert uvicorn_options({"FORWARDED_ALLOW_IPS": "10.0.0.7"})["proxy_headers"] is True


def test_streamlit_s_variables_are_read() -> None:
    variables = {"STREAMLIT_SERVER_PORT": "8600", "STREAMLIT_SERVER_ENABLE_CORS": "false", "STREAMLIT_NOTHING": "1"}
    hosts = {"STREAMLIT_SERVER_ALLOWED_HOSTS": "a.example b.example"}
    assert settings(variables) == {"server.port": 8600, "server.enableCORS": False}
    assert settings(hosts) == {"server.allowedHosts": ["a.example", "b.example"]}


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [("STREAMLIT_SERVER_PORT", "many", "type int"), ("STREAMLIT_SERVER_ENABLE_CORS", "perhaps", "true or false")],
)
def test_a_variable_that_makes_no_sense_is_named(
    variable: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit, match=f"{variable} must be .*{says}.*{value}"):
        main([])


def test_worker_processes_import_nothing_heavy_for_it() -> None:
    """A spawned process imports the module that was started once more."""
    code = "import sys, ui.__main__; print({'streamlit', 'uvicorn', 'torch'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout == "set()\n"
