"""What can be taken away from Explore, and what every file says of where it comes from."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.trace import Trace
from core.view import View

from .components.attention import Offer
from .components.selection import PICTURES, Selection


def offer(trace: Trace, view: View, change: dict[str, Any] | None) -> Offer:
    """Pictures, files and changes that Explore offers."""
    return Offer(pictures=PICTURES, files=True, change=change)


def export_panel(trace: Trace, view: View, selection: Selection) -> None:
    """Numbers, tensors and pages of the head in view."""
    st.write("…")
