"""Which head is looked at: what session and link say, with two pickers on pages that have them beside their pictures.
What else is chosen: selection_link.py.

On Explore the pickers are inside the picture, where a change costs no message (`linked_head`). Elsewhere a click or an
arrow key inside the picture changes the pickers; a picker or a link changes the picture (`pick_head`).
People count from 1, here and in the link; the code counts from 0.
"""

from __future__ import annotations

import streamlit as st

from core.views.attention_packet import EXACT_WINDOW, MAX_EXACT
from core.views.view import View

from ..components.attention import chosen_selection
from ..shell.locale import plain, t
from ..shell.state import fragment_alone, publish
from .carried import HEAD, LAYER, settle_head

BEYOND = "_beyond"


def pick_head(view: View, first: tuple[int, int]) -> tuple[int, int]:
    """(layer, head) from 0; ``first`` is what an untouched page shows.

    A link beyond what the model has opens the nearest (see ``say_beyond``).
    """
    _settle(view, first)
    layer = st.selectbox(t("Layer"), _numbers(view)[LAYER], key=LAYER, persist_state="session", width=96)
    head = st.selectbox(t("Head"), _numbers(view)[HEAD], key=HEAD, persist_state="session", width=96)
    return _published(view, first, layer, head)


def linked_head(view: View, first: tuple[int, int]) -> tuple[int, int]:
    """The same without pickers: what the session, or else the link, says."""
    _settle(view, first)
    return _published(view, first, st.session_state[LAYER], st.session_state[HEAD])


def _settle(view: View, first: tuple[int, int]) -> None:
    """Give session and pickers a head that the model has."""
    options = _numbers(view)
    nearest = {key: near for key, numbers in options.items() if (near := _nearest(key, numbers)) is not None}
    if nearest:
        st.session_state[BEYOND] = " · ".join(f"{key}={st.query_params[key][:6]}" for key in nearest), nearest
        st.session_state.update(nearest)
    settle_head(options, first)


def _numbers(view: View) -> dict[str, list[int]]:
    """The layers that have attention and the heads, from 1."""
    return {LAYER: [layer + 1 for layer in view.attending], HEAD: list(range(1, view.heads + 1))}


def _published(view: View, first: tuple[int, int], layer: int, head: int) -> tuple[int, int]:
    """(layer, head) from 0, written into the link, from 1, unless it is the first."""
    untouched = (layer - 1, head - 1) == (view.nearest(first[0]), min(first[1], view.heads - 1))
    for key, value in () if fragment_alone() else ((LAYER, layer), (HEAD, head)):
        publish(key, str(value), str(value) if untouched else "")
    return layer - 1, head - 1


def _nearest(key: str, numbers: list[int]) -> int | None:
    """What is shown where the link that opened the page names a head that is not there; None where it is."""
    value = st.query_params.get(key, "")
    if key in st.session_state or not (value.isascii() and value.isdecimal()) or int(value[:9]) in {0, *numbers}:
        return None
    return _closest(int(value[:9]), numbers)


def _closest(number: int, numbers: list[int]) -> int:
    return min(numbers, key=lambda other: abs(other - number))


def say_beyond(view: View) -> None:
    """One line while the nearest is shown in the place of what a link asked for."""
    requested, nearest = st.session_state.get(BEYOND, ("", {}))
    if nearest and all(st.session_state.get(key) == value for key, value in nearest.items()):
        st.caption(
            t(
                "The link asks for {asked}; this model has {layers} layers of {heads} heads. The nearest is shown.",
                asked=plain(requested),
                layers=len(view.attending),
                heads=view.heads,
            )
            if not view.others
            else t(
                "The link asks for {asked}; this model has attention in the layers {layers}, with {heads} heads each. "
                "The nearest is shown.",
                asked=plain(requested),
                layers=", ".join(str(layer + 1) for layer in view.attending),
                heads=view.heads,
            )
        )
    else:
        st.session_state.pop(BEYOND, None)


def follow_head(key: str) -> None:
    """Callback of the explorer ``key``: its head goes into the pickers."""
    if selection := chosen_selection(key):
        st.session_state[LAYER], st.session_state[HEAD] = selection.layer + 1, selection.head + 1


def pick_window(view: View) -> tuple[int, int]:
    """First (query, key) position of the part that travels of a sentence of more than 512 positions; (0, 0) else."""
    rows, columns = len(view.query), len(view.key)
    if max(rows, columns) <= MAX_EXACT:
        return 0, 0
    with st.container(horizontal=True):
        first = st.slider(
            t("First row shown"), 1, max(2, rows - EXACT_WINDOW + 1), key="first_row", disabled=rows <= MAX_EXACT
        )
        second = st.slider(
            t("First column shown"),
            1,
            max(2, columns - EXACT_WINDOW + 1),
            key="first_column",
            disabled=columns <= MAX_EXACT,
        )
    return first - 1, second - 1
