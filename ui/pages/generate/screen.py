"""What of the page "Generate" changes with every token, and its own pace while the text writes itself."""

from __future__ import annotations

import streamlit as st

from core.models.loading import LanguageModel
from core.predictions.generation import check_writes

from ...explorer.head_pickers import pick_head
from ...explorer.state_size import state_size
from ...serving import cache
from ...shell.frame import telling
from ...shell.locale import t
from ...shell.state import Chosen
from .cache_shelf import show_cache
from .controls import PACE, advance, drive, pick_sampling, playing, stop_at_end
from .draft import draft
from .shown import pick_candidate, say_state, show_candidates, show_row, show_text, view_of


def show_writing(chosen: Chosen, model: LanguageModel) -> None:
    """The screen as a fragment: while it plays, only this runs again."""
    st.fragment(_screen, run_every=PACE if playing() else None)(chosen, model)


def _screen(chosen: Chosen, model: LanguageModel) -> None:
    """What it shows, or what went wrong."""
    with telling():
        _show(chosen, model)


def _show(chosen: Chosen, model: LanguageModel) -> None:
    """The text and its buttons, where the newest token looks, what may come next, what is kept."""
    text, buttons = st.container(), st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall")
    with buttons.popover(t("Options")):
        sampling = pick_sampling()
    check_writes(model)
    found = draft(model, chosen)
    if advance(found, sampling):
        found = draft(model, chosen)
    stop_at_end(found)
    trace = cache.trace_of(chosen, found.ids)
    with buttons:
        drive(found, sampling)
        with st.container(horizontal=True, width="content"):
            layer, head = pick_head(view_of(trace), first=cache.first_head(trace, "self"))
    with text:
        show_text(found, trace)
    pick_candidate(found, trace, sampling)
    show_row(trace, layer, head)
    say_state(found)
    show_candidates(found, trace, sampling)
    show_cache(found, trace, chosen, layer, head)
    state_size(trace, chosen)
