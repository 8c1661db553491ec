"""Back and Forward: one visit of a page is one entry of the browser's history, and the address of an entry is right.

In the browser, a push that stays on its page replaces the entry (``assets/history.js``; ui/serving/index_page.py brings
it there). In Python, whoever keeps in the session what the link says too calls ``follows_link``: on the run that Back
or Forward starts, the session forgets it (``follow_history``), and the page reads the link as if it were opened from
it. What no link can hold, a sent file or a measured list, is not forgotten. Not here: how a choice is written into the
link (state.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.assets import ASSETS

from .page_registry import REGISTRY

_FOLLOWING = "_following"


@cache
def history_script() -> str:
    """The JavaScript that keeps one entry per visit; it knows the names of the pages beside the first."""
    names = json.dumps([entry.slug for entry in REGISTRY[1:]])
    return f"({(ASSETS / 'history.js').read_text(encoding='utf-8').strip()})({names})"


def follows_link(*keys: str) -> None:
    """Say that the session keeps under these keys what the link of the page in view says too."""
    keys_of_pages = st.session_state.setdefault(_FOLLOWING, {})
    keys_of_pages.setdefault(_page(), set()).update(keys)


def follow_history(frame_keys: Iterable[str]) -> None:
    """On a run of Back or Forward, forget what the address says; first in app.py.

    frame_keys: of the choices that every page has; those of the page are known by ``follows_link``.
    """
    if not by_history():
        return
    keys_of_pages = st.session_state.get(_FOLLOWING, {})
    for key in (*frame_keys, *keys_of_pages.pop(_page(), ())):
        st.session_state.pop(key, None)


def by_history() -> bool:
    """Whether Back or Forward has started this run."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def page_follows(key: str) -> bool:
    """Whether the page in view has said of ``key`` that it follows the link."""
    return key in st.session_state.get(_FOLLOWING, {}).get(_page(), ())


def _page() -> str:
    """The page in view; Streamlit's digest of its path."""
    context = get_script_run_ctx(suppress_warning=True)
    return "" if context is None else context.page_script_hash
