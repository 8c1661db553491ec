"""The path that a proxy keeps in front of every address (https://escola.example/mirante/explorar).

Two ways, both work: the proxy passes it on, and ``server.baseUrlPath`` (``python -m ui --base-path``) names it; or the
proxy takes it away, and ``uvicorn asgi:app --root-path`` names it. Streamlit's own routes know both; `below` tells ours
the first. Whoever looks at an address looks at its end. Not inside: links between pages (ui/shell/links.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from starlette.routing import Route
from streamlit import config


def base_path(script: Path) -> str:
    """``server.baseUrlPath`` as "/mirante", or ""."""
    st.App(script)  # Streamlit then reads the config.toml beside it, wherever the process was started
    path = config.get_option("server.baseUrlPath").strip("/")
    return f"/{path}" if path else ""


def below(base: str, routes: Sequence[Route]) -> list[Route]:
    """The routes with ``base`` in front of each."""
    return [Route(base + route.path, route.endpoint, methods=route.methods) for route in routes]
