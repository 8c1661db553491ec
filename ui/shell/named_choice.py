"""A choice among a few options that have translated names, kept in the link: the row of buttons of many pages.

Not here: choices whose options are shown as they are (Streamlit's own ``bind`` writes those into the link), the options
of Explore (ui/components/choices.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from .state import publish, settle

Option = TypeVar("Option", bound=str)


def pick_named(
    label: str,
    names: Mapping[Option, str],
    *,
    key: str,
    default: Option,
    help: str | None = None,
    hide_label: bool = False,
    disabled: bool = False,
) -> Option:
    """The option that the visitor chose, of the session or the link; ``default`` leaves no trace in the link.

    names: what is shown for each option, in order; key: of the session and of the link.
    """
    settle(key, tuple(names), default)
    option = st.segmented_control(
        label,
        tuple(names),
        key=key,
        persist_state="session",
        format_func=names.get,
        required=True,
        help=help,
        disabled=disabled,
        label_visibility="collapsed" if hide_label else "visible",
    )
    publish(key, option, default)
    return option
