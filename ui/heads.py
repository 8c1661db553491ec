"""Which head is looked at: two pickers bound to the link, kept in step with the explorer.

A click or an arrow key inside the explorer changes the pickers; a picker or a link changes the explorer.
People count from 1, here and in the link; the code counts from 0.
"""

from __future__ import annotations

import streamlit as st

from core.view import View
from core.wire import EXACT, WINDOW

from .components.attention import chosen
from .locale import t
from .state import settle

LAYER, HEAD, TOKEN = "layer", "head", "token"


def pick_head(view: View, first: tuple[int, int]) -> tuple[int, int]:
    """(layer, head) from 0; ``first`` is what an untouched page shows."""
    layers, heads = range(1, view.layers + 1), range(1, view.heads + 1)
    settle(LAYER, layers, min(first[0] + 1, view.layers))
    settle(HEAD, heads, min(first[1] + 1, view.heads))
    layer = st.selectbox(t("Layer"), layers, key=LAYER, bind="query-params", width=96)
    head = st.selectbox(t("Head"), heads, key=HEAD, bind="query-params", width=96)
    return layer - 1, head - 1


def held_token(view: View) -> int | None:
    """Row of the word that the link holds (``token=12:cheio``): the nearest row with that label, None without one.

    Nearest, because hiding special tokens or merging pieces moves the rows.
    """
    place, _, label = st.query_params.get(TOKEN, "").partition(":")
    rows = [row for row, shown in enumerate(view.query.labels) if shown == label]
    if not rows or len(place) > 6 or not place.isdecimal():
        return None
    return min(rows, key=lambda row: abs(row - int(place)))


def follow(key: str, view: View) -> None:
    """Callback of the explorer ``key``: its head goes into the pickers, its held row into the link."""
    follow_head(key)
    if (found := chosen(key)) is None:
        return
    if found.query is not None and found.query < len(view.query):
        st.query_params[TOKEN] = f"{found.query}:{view.query.labels[found.query]}"
    elif TOKEN in st.query_params:
        del st.query_params[TOKEN]


def follow_head(key: str) -> None:
    """Callback where only the head is shared, because the held row is the page's own."""
    if found := chosen(key):
        st.session_state[LAYER], st.session_state[HEAD] = found.layer + 1, found.head + 1


def pick_window(view: View) -> tuple[int, int]:
    """First (query, key) position of the part that travels of a sentence of more than 512 positions; (0, 0) else."""
    rows, columns = len(view.query), len(view.key)
    if max(rows, columns) <= EXACT:
        return 0, 0
    with st.container(horizontal=True):
        first = st.slider(t("First row shown"), 1, max(2, rows - WINDOW + 1), key="first_row", disabled=rows <= EXACT)
        second = st.slider(t("First column shown"), 1, max(2, columns - WINDOW + 1), key="first_column", disabled=columns <= EXACT)
    return first - 1, second - 1
