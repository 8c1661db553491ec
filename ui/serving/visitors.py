"""Whose request it is: the address that is counted.

An address behind a proxy is the proxy's, unless the proxy is trusted to say whose it forwards: uvicorn reads
X-Forwarded-For only from ``FORWARDED_ALLOW_IPS`` (left out, ``python -m ui`` reads it from nobody, ``uvicorn asgi:app``
from this machine), and what stands here as the client is the result. Not here: how much an address may do
(ui.serving.bounds)."""

from __future__ import annotations

import ipaddress
from contextvars import ContextVar

import streamlit as st
from starlette.types import Scope
from streamlit.runtime.scriptrunner import get_script_run_ctx

UNKNOWN = "unknown"
LOOPBACK = "127.0.0.1"  # Streamlit gives no address to a page on the server's own machine
ASKING: ContextVar[str] = ContextVar("asking", default=UNKNOWN)
"""The address whose request is answered in this thread where no page runs: set by whoever answers (api.py)."""
IPV6_PREFIX = 64  # one house, school or phone: whoever has one IPv6 address has 2**64 of them


def session_of_page() -> str:
    """The session whose page is running in this thread; "" where none is (a page tested alone)."""
    context = get_script_run_ctx(suppress_warning=True)
    return "" if context is None else context.session_id


def still_wanted(_before: int = 0) -> None:
    """Raises what Streamlit raises where the run was replaced by a newer one, or its visitor has gone."""
    if (context := get_script_run_ctx(suppress_warning=True)) is not None:
        context.yield_check()


def address_of_page() -> str:
    """The address, as it is counted, of whoever looks at the page that is running in this thread."""
    return address({"client": (st.context.ip_address or LOOPBACK, 0)})


def whose_work() -> str:
    """The address for which this thread works. Of a session it is asked once: every run of every page comes here."""
    session = session_of_page()
    if not session:
        return ASKING.get()
    if (known := _addresses.get(session)) is None:
        if len(_addresses) >= _MOST_KNOWN:
            _addresses.clear()
        known = _addresses[session] = address_of_page()
    return known


_addresses: dict[str, str] = {}
_MOST_KNOWN = 10_000  # sessions


def address(scope: Scope) -> str:
    """The client's address as it is counted: IPv4 whole, IPv6 by its network."""
    client = scope.get("client")
    try:
        number = ipaddress.ip_address((client or ("",))[0].partition("%")[0])
    except ValueError:
        return UNKNOWN
    mapped = getattr(number, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    if number.version == 6:
        return str(ipaddress.ip_network((number, IPV6_PREFIX), strict=False))
    return str(number)
