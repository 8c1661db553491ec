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
    record = {**source(trace, view.kind), "words": view.words, "weight": view.weight, "rows": view.rows, "renormalised": view.renormalised}
    note = f"{trace.provenance.model} · “{trace.text}”" if len(trace.text) < 120 else trace.provenance.model
    return Offer(pictures=PICTURES, files=True, change=change, record=record, note=note)


def source(trace: Trace, kind: str) -> dict[str, Any]:
    """Where the maps of one kind of a trace come from, as JSON values; the date is that of the saving."""
    return {"text": trace.text, "target": trace.target.text if trace.target else None, "kind": kind, **trace.provenance.as_dict()}


def export_panel(trace: Trace, view: View, selection: Selection) -> None:
    """Numbers, tensors and pages of the head in view."""
    st.write("…")
