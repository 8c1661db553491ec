"""The server process: uvicorn around ``asgi:app``, with the settings of .streamlit/config.toml.

Inside: `main` (the command line of ``python -m ui``), `settings` (what is said there and in ``STREAMLIT_…`` variables,
as Streamlit names it), `uvicorn_options` (what uvicorn is told). Not inside: the application (asgi.py).

``uvicorn asgi:app`` serves the same application with uvicorn's own options. They differ from ours where a class would
feel it: they compress every message to every browser (1.5 ms of the one event loop for a new sentence, whose maps are
packed already), hold messages of 16 MB in memory of which Streamlit then refuses all above 2 MB, believe the address
that anyone on this machine writes into a header, and wait at the end for as long as somebody listens.
Nothing heavy is imported before `main`: worker processes import the module that was started.
"""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streamlit.config_option import ConfigOption

PING_SECONDS = 30  # a silent phone or laptop is given up after two of them; Streamlit's own default
STOP_SECONDS = 5  # for what is being answered when the server is told to end
PROXIES = "FORWARDED_ALLOW_IPS"  # uvicorn's own variable: addresses of the proxies whose word is taken


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until the process is told to end.

    Raises:
        SystemExit: an argument or a variable that makes no sense, a port in use.
    """
    flags = _parser().parse_args(arguments)
    import uvicorn
    from streamlit import config

    try:
        named = settings(os.environ)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    said = {"server.address": flags.host, "server.port": flags.port, "server.baseUrlPath": flags.base_path}
    named |= {name: value for name, value in said.items() if value is not None}
    for name, value in named.items():
        config.set_option(name, value)
    options = uvicorn_options(os.environ)
    _check_free(options["host"], options["port"])
    print("Mirante:", address_shown(options, flags.root_path), flush=True)
    uvicorn.run("asgi:app", root_path=flags.root_path, **options)


def settings(variables: Mapping[str, str]) -> dict[str, Any]:
    """Streamlit's options that environment variables set (``STREAMLIT_SERVER_PORT``), by name and of their type.

    ``streamlit run`` reads these variables, ``import streamlit`` does not.

    Raises:
        ValueError: a value that is not of the option's type.
    """
    from streamlit import config

    return {
        name: _read(variables[option.env_var], option)
        for name, option in config.get_config_options().items()
        if option.env_var in variables and not option.sensitive
    }


def uvicorn_options(variables: Mapping[str, str]) -> dict[str, Any]:
    """What uvicorn is told, from Streamlit's options and the name of a trusted proxy."""
    from streamlit import config
    from streamlit.runtime.runtime_util import get_max_widget_state_size_bytes

    from .frames import BoundedFrames
    from .gate import gates

    ping = config.get_option("server.websocketPingInterval") or PING_SECONDS
    return {
        "http": gates(),  # what arrives is read in turns, and a message has few pieces
        "ws": BoundedFrames,
        "host": config.get_option("server.address") or "0.0.0.0",
        "port": config.get_option("server.port"),
        "ssl_certfile": config.get_option("server.sslCertFile"),
        "ssl_keyfile": config.get_option("server.sslKeyFile"),
        "ws_ping_interval": ping,
        "ws_ping_timeout": ping,
        "ws_max_size": get_max_widget_state_size_bytes(),  # what Streamlit reads; refused before it is in memory
        "ws_per_message_deflate": config.get_option("server.enableWebsocketCompression"),
        "proxy_headers": bool(variables.get(PROXIES)),
        "access_log": False,
        "timeout_graceful_shutdown": STOP_SECONDS,
    }


def address_shown(options: Mapping[str, Any], root_path: str = "") -> str:
    """What a person types into a browser on this machine."""
    from streamlit import config

    host = "127.0.0.1" if options["host"] in {"0.0.0.0", "::"} else options["host"]
    path = root_path.strip("/") or config.get_option("server.baseUrlPath").strip("/")
    scheme = "https" if options["ssl_certfile"] else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{options['port']}/{path}"


def _check_free(host: str, port: int) -> None:
    """Raises SystemExit, at once and with what to do, where nothing can listen there."""
    try:
        if not 1 <= port <= 65_535:
            raise OSError("a port is a number from 1 to 65535")
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name != "nt":  # there it would let two programs listen on one port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or error
        raise SystemExit(
            f"Mirante cannot listen on {host}:{port} ({reason}). Choose another with --port and --host."
        ) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ui", description="Serve Mirante: pages, API, security headers.")
    parser.add_argument("--host", help="address to listen on (default: server.address, 127.0.0.1); 0.0.0.0 for all")
    parser.add_argument("--port", type=int, help="default: server.port, 8501")
    parser.add_argument("--base-path", help="path before every address that a proxy passes on, such as mirante")
    parser.add_argument("--root-path", default="", help="the same, where the proxy takes it away, such as /mirante")
    return parser


def _read(text: str, option: ConfigOption) -> Any:
    """The value of one variable; several values stand with spaces between them."""
    if option.multiple:
        return [_of_type(option.type, part, option.env_var) for part in text.split()]
    return _of_type(option.type, text, option.env_var)


def _of_type(kind: type, text: str, variable: str) -> Any:
    if kind is bool:
        if text.lower() not in {"true", "false", "1", "0"}:
            raise ValueError(f"{variable} must be true or false, not {text!r}.")
        return text.lower() in {"true", "1"}
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"{variable} must be a value of type {kind.__name__}, not {text!r}.") from None
