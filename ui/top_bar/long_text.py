"""A sentence too long for a link: it is kept in the store, and the link carries ``text=<id>`` in its place.

Inside: opening such a link, keeping what was typed, saying what went wrong. What became of a text is remembered for the
visit, so that a rerun neither writes nor waits for a database again. A text that the store does not have yet counts, by
session and by address, so that nobody pushes out what others keep. Not inside: the store (core/storage/texts.py), the
widget (ui.top_bar.pickers), how much one may keep (ui.serving.bounds)."""

from __future__ import annotations

import math
import time

import streamlit as st
from limits import RateLimitItemPerDay, RateLimitItemPerMinute

from core.errors import MiranteError

from ..serving import bounds
from ..serving.first_imports import import_everything
from ..serving.rates import allowed
from ..serving.visitors import address_of_page, session_of_page
from ..shell.locale import t
from ..shell.state import DEFAULT_SENTENCE, SENTENCE, fits_link

TEXT = "text"
_KEPT, _PROBLEM = "_text_kept", "_text_problem"
RETRY_SECONDS = 60.0
_OF_SESSION = RateLimitItemPerMinute(bounds.NEW_TEXTS_A_MINUTE, namespace="texts of a session")
_OF_ADDRESS = RateLimitItemPerMinute(bounds.NEW_TEXTS_A_MINUTE_OF_ADDRESS, namespace="texts of an address")
_KILOBYTES = RateLimitItemPerDay(bounds.NEW_TEXT_BYTES_A_DAY // 1000, namespace="kilobytes of texts")


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
        key = _kept(text)
    except MiranteError:
        key = None
    st.session_state[_KEPT] = (text, key, time.monotonic())
    return key


def _kept(text: str) -> str | None:
    """The id of a text that the store has now; None where this visitor has kept enough for the moment.

    Raises:
        MiranteError: a text too large, or no database.
    """
    from core.storage.texts import MAX_TEXT_BYTES, size_of_text, text_id

    size, store = size_of_text(text), _store()
    is_new = size <= MAX_TEXT_BYTES and store.find(text_id(text)) is None
    return store.keep(text) if not is_new or _may_keep(size) else None


def _may_keep(size: int) -> bool:
    """Whether this session and its address may keep a new text of so many bytes; if so, it is counted."""
    visitor, kilobytes = address_of_page(), math.ceil(max(size, bounds.NEW_TEXT_LEAST_BYTES) / 1000)
    return (
        allowed(_OF_SESSION, session_of_page() or visitor)
        and allowed(_OF_ADDRESS, visitor)
        and allowed(_KILOBYTES, visitor, kilobytes)
    )


def _store():
    """Imported before the first long text: most visits need no database."""
    import_everything()
    from core.storage.texts import store

    return store()
