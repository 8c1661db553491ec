"""An address that is no page opens the start page and says so, in the visitor's language.

Streamlit would open the start page below a dialog in English ("Page not found"). ``/inicio``, the name of the start
page's own file, is one of its addresses and needs no word. Not here: addresses of several parts, on which Streamlit's
own files are not found (ui/serving/index_page.py sends them on).
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.errors import BadInput

from .frame import REFUSED
from .page_registry import REGISTRY

_SHOWN = 60  # characters of an address that is repeated


def open_start_for_unknown() -> None:
    """Before the navigation: where the address names no page, let it find the start page instead."""
    context = get_script_run_ctx(suppress_warning=True)
    pages = None if context is None else context.pages_manager
    if pages is None or pages.intended_page_script_hash or not (name := pages.intended_page_name):
        return
    if name in {entry.slug for entry in REGISTRY[1:]}:
        return
    pages.set_script_intent("", "")
    if name != REGISTRY[0].slug:
        st.session_state[REFUSED] = BadInput(
            "There is no page at the address “{name}”. This is the start page; the others stand in the menu.",
            name=name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…",
        )
