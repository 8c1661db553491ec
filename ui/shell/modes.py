"""How large and how much of it: projector mode, embedded pages, and the address of what is shown.

A projector gets larger type and marks, and the options below the picture; an embedded page has no bar on top.

``?projector=true`` is a switch of the bar and travels in the link; ``?embed=true`` is Streamlit's own parameter, for
course pages: the page alone, with a way to the whole. Sizes are in rem everywhere, so one rule enlarges all; figures
ask ``size()``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from .locale import t

PROJECTOR = "projector"
LARGE = """<style>
:root, html { font-size: clamp(18px, 2.4vh, 30px) !important; }
.stMain p, .stMain li { max-width: 60ch; }
[data-testid="stLayoutWrapper"]:has(> .st-key-title_row) { order: 1; }
.st-key-title_row::before { display: none; }
.st-key-top_bar .st-key-menu { position: static; }
.st-key-top_bar .st-key-lang { display: none; }
.st-key-top_bar .st-key-model { width: 8.5rem; }
.st-key-sentence textarea { font-size: 1rem; }
.stMainBlockContainer { padding-top: 0.125rem; }
.stMainBlockContainer > [data-testid="stVerticalBlock"] { gap: 0.25rem; }
.st-key-words_row [data-testid="stButtonGroup"] button { min-height: 2.125rem; }
:root { --words-order: 1; }
</style>"""
"""Of the screen's height, so that the same page fits every projector: 18 px of 720, 26 px of 1080. The title and the
options beside it stand below the page; the menu takes one word of the bar, and the languages leave
their place to the sentence, which has one line; the words of Step by step stand below the step.
"""


def projector() -> bool:
    """Whether everything is to be read from the back of a room."""
    held = st.session_state.get(PROJECTOR)
    return st.query_params.get(PROJECTOR) == "true" if held is None else bool(held)


def embedded() -> bool:
    """Whether the page stands inside another one."""
    return bool(st.context.is_embedded)


def size() -> float:
    """How much larger than usual figures write: 1, or 1.4 for a projector."""
    return 1.4 if projector() else 1.0


def enlarge() -> None:
    """Larger type, where asked for."""
    if projector():
        st.html(LARGE)


def pick_projector() -> None:
    """The switch, in the bar."""
    st.toggle(
        t("Projector"),
        key=PROJECTOR,
        bind="query-params",
        persist_state="session",
        width="content",
    )


def way_out() -> None:
    """From an embedded page to the whole application, with the same choices."""
    if not embedded():
        return
    st.link_button(t("Open in Mirante"), link(embedded=False), type="tertiary")


def link(*, embedded: bool = True, said: Mapping[str, Sequence[str]] | None = None) -> str:
    """The link to the page in view with everything that is chosen; "" where there is no browser.

    ``embedded=False``: to the whole application. ``said``: parameters that are known better than by the address.
    """
    address, said = urlsplit(st.context.url or ""), said or {}
    query = [
        (key, value)
        for key in st.query_params
        if key not in said
        for value in st.query_params.get_all(key)
        if embedded or not key.startswith("embed")
    ]
    query += [(key, value) for key, values in said.items() for value in values]
    return urlunsplit((address.scheme, address.netloc, address.path, urlencode(query), "")) if address.netloc else ""
