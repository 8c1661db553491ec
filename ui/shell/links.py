"""Addresses of other pages, for links that Streamlit does not draw itself (cells of tables).

Not inside: the address of what is in view (modes.link), the frame's own links (st.page_link).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import streamlit as st

from .page_registry import REGISTRY


def page_address(slug: str, query: Mapping[str, object]) -> str:
    """``/explorar?…``, below the path at which a proxy shows Mirante (``/mirante/explorar?…``); a list is a parameter
    that stands several times.
    """
    return f"{_base(urlsplit(st.context.url or '').path)}/{slug}?{urlencode(query, doseq=True)}"


def _base(path: str) -> str:
    """The path of the page in view without the page: "" or "/mirante"."""
    before, _, last = path.rpartition("/")
    return before if last in {entry.slug for entry in REGISTRY} else path.rstrip("/")
