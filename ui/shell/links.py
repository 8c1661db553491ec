"""The address of what is shown, as it would be copied."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st


def link(*, embedded: bool = True) -> str:
    """The link to the page in view with everything that is chosen; "" where there is no browser. ``embedded=False``: to
    the whole application.
    """
    address = urlsplit(st.context.url or "")
    query = [
        (key, value)
        for key in st.query_params
        for value in st.query_params.get_all(key)
        if embedded or not key.startswith("embed")
    ]
    return urlunsplit((address.scheme, address.netloc, address.path, urlencode(query), "")) if address.netloc else ""
