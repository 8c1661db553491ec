"""What is chosen on one page and opens the next: a head and a word.

A head that nobody chose (a page's own first one) is not carried: the next page opens on its own first. A word is
carried to the pages that hold one when it was chosen after theirs; each page says what it holds under a ``scope``. A
page that has no head or no word of its own keeps both in its link (``keep_in_link``), so that a refresh loses nothing.
Not here: pickers (head_pickers.py, token_pickers.py), the words of the explorer (selection_link.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.axes import LayerHead

from ..shell.history import by_history, follows_link, page_follows
from ..shell.state import fragment_alone, settle

LAYER, HEAD, TOKEN = "layer", "head", "token"
_UNTOUCHED, _WORD, _SEEN = "_untouched_head", "_word", "_word_seen_"
_LONGEST = 60  # characters of a word that a link names


def settle_head(options: Mapping[str, Sequence[int]], first: LayerHead) -> None:
    """Give session and pickers a head that is there: what was chosen, on whatever page, or the link says, else
    ``first`` (from 0).

    options: under LAYER and HEAD the numbers there are, from 1.
    """
    defaults = {key: _closest(number + 1, options[key]) for key, number in zip((LAYER, HEAD), first, strict=True)}
    if _head() == st.session_state.get(_UNTOUCHED):
        named = not fragment_alone() and any(key in st.query_params for key in defaults)
        for key, default in defaults.items():
            if named:  # the link of this page, to be read by `settle`
                del st.session_state[key]
            else:
                st.session_state[key] = default
    for key, default in defaults.items():
        settle(key, options[key], default)
    st.session_state[_UNTOUCHED] = tuple(defaults.values()) if _head() == tuple(defaults.values()) else None


def carry_word(name: str, scope: str) -> None:
    """The word ``12:cheio`` was chosen on the pages of ``scope``; "" for none."""
    serial = st.session_state.get(_WORD, (0, ""))[0] + 1
    st.session_state[_WORD] = serial, name
    st.session_state[_SEEN + scope] = serial


def word_from_elsewhere(scope: str) -> str | None:
    """A word that was chosen on other pages since the last call for ``scope``; None where there is none newer.

    Back and Forward open a page with the word of its own link.
    """
    follows_link(TOKEN)
    serial, name = st.session_state.get(_WORD, (0, ""))
    newer = st.session_state.get(_SEEN + scope, 0) < serial
    st.session_state[_SEEN + scope] = serial
    return name if newer and not by_history() else None


def keep_in_link() -> None:
    """After the page: where it has no head or no word of its own, its link names those of the visit.

    Where the visit has none, because it begins here or comes Back, it gets those of the link.
    """
    wanted: dict[str, str] = {}
    if not page_follows(LAYER):
        _read_head()
        if None not in (head := _head()) and head != st.session_state.get(_UNTOUCHED):
            wanted |= {LAYER: str(head[0]), HEAD: str(head[1])}
    if not page_follows(TOKEN):
        if _WORD not in st.session_state or by_history():
            carry_word(st.query_params.get(TOKEN, "")[:_LONGEST], "")
        if name := st.session_state[_WORD][1]:
            wanted[TOKEN] = name
    if any(st.query_params.get(name) != value for name, value in wanted.items()):
        st.query_params.update(wanted)


def _read_head() -> None:
    """The head of the link, where the visit has none or comes Back."""
    said = [st.query_params.get(key, "") for key in (LAYER, HEAD)]
    if (None in _head() or by_history()) and all(number.isascii() and number.isdecimal() for number in said):
        st.session_state[LAYER], st.session_state[HEAD] = (int(number[:4]) for number in said)


def _head() -> tuple[int | None, int | None]:
    """(layer, head) of the session, from 1."""
    return st.session_state.get(LAYER), st.session_state.get(HEAD)


def _closest(number: int, numbers: Sequence[int]) -> int:
    return min(numbers, key=lambda other: abs(other - number))
