"""Whose request it is: the address that is counted.

An address behind a proxy is the proxy's, unless the proxy is trusted to say whose it forwards: uvicorn reads
X-Forwarded-For only from ``FORWARDED_ALLOW_IPS`` (left out, ``python -m ui`` reads it from nobody, ``uvicorn asgi:app``
from this machine), and what stands here as the client is the result. Not here: how much an address may do
(ui.serving.bounds)."""

from __future__ import annotations

import ipaddress

from starlette.types import Scope

UNKNOWN = "unknown"
IPV6_PREFIX = 64  # one house, school or phone: whoever has one IPv6 address has 2**64 of them


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
