"""Which head is looked at: two pickers bound to the link, kept in step with the explorer. What else is chosen: looking.py.

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

LAYER, HEAD = "layer", "head"


def pick_head(view: View, first: tuple[int, int]) -> tuple[int, int]:
    """(layer, head) from 0; ``first`` is what an untouched page shows."""
    layers, heads = range(1, view.layers + 1), range(1, view.heads + 1)
    settle(LAYER, layers, min(first[0] + 1, view.layers))
    settle(HEAD, heads, min(first[1] + 1, view.heads))
    layer = st.selectbox(t("Layer"), layers, key=LAYER, bind="query-params", width=96)
    head = st.selectbox(t("Head"), heads, key=HEAD, bind="query-params", width=96)
    return layer - 1, head - 1


def follow_head(key: str) -> None:
    """Callback of the explorer ``key``: its head goes into the pickers."""
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
