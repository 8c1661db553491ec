"""A sentence too long for a link: it is kept in the store, and the link carries ``text=<id>`` in its place.

Inside: opening such a link, keeping what was typed, saying what went wrong. Not inside: the store
(core/storage/texts.py), the widget (ui.sidebar.pickers). What became of a text is remembered for the visit, so that a
rerun neither writes nor waits for a database again."""

from __future__ import annotations

import time

import streamlit as st

from core.errors import MiranteError

from ..shell.locale import t
from ..shell.state import DEFAULT_SENTENCE, SENTENCE, fits_link

TEXT = "text"
_KEPT, _PROBLEM = "_text_kept", "_text_problem"
RETRY_SECONDS = 60.0


def restore() -> None:
    """Before the widget of the sentence: a link that names a kept text opens it.

    A link that cannot leaves a problem to be told.
    """
    if SENTENCE in st.session_state or SENTENCE in st.query_params or TEXT not in st.query_params:
        return
    key = st.query_params[TEXT]
    try:
        text = _store().find(key)
    except MiranteError:
        st.session_state[_PROBLEM] = "unreachable"
        return
    if text is None:
        st.session_state[_PROBLEM] = "unknown"
        return
    st.session_state[SENTENCE] = text
    st.session_state[_KEPT] = (text, key, time.monotonic())


def open_text() -> None:
    """What the pickers do with such a link, where there are none (embedded pages)."""
    restore()
    tell_problem()


def publish_text(text: str) -> bool:
    """Whether ``text`` travels in the link by its id: kept, and named there.

    A text that fits the link takes the id out of it.
    """
    key = None if fits_link(text) else _key_of(text)
    if key is not None:
        if st.query_params.get(TEXT) != key:
            st.query_params[TEXT] = key
    elif TEXT in st.query_params:
        del st.query_params[TEXT]
    return key is not None


def tell_problem() -> None:
    """Says that the link named a text that is not here, until another sentence is chosen."""
    problem = st.session_state.get(_PROBLEM)
    if problem is None:
        return
    if (st.session_state.get(SENTENCE) or DEFAULT_SENTENCE) != DEFAULT_SENTENCE:
        del st.session_state[_PROBLEM]
    elif problem == "unknown":
        st.warning(
            t(
                "The long text of this link is not kept here (any more), or the link was cut. You see the "
                "default sentence: paste the text again, or ask for a new link."
            )
        )
    else:
        st.warning(
            t(
                "The long text of this link cannot be read now. You see the default sentence: try the link "
                "again later, or paste the text."
            )
        )


def _key_of(text: str) -> str | None:
    """The id of a kept text; None where it could not be kept, which is tried again after a minute."""
    known, key, when = st.session_state.get(_KEPT, (None, None, 0.0))
    if known == text and (key is not None or time.monotonic() - when < RETRY_SECONDS):
        return key
    try:
        key = _store().keep(text)
    except MiranteError:
        key = None
    st.session_state[_KEPT] = (text, key, time.monotonic())
    return key


def _store():
    """Imported at the first long text: most visits need no database."""
    from core.storage.texts import store

    return store()
