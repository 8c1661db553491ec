"""The part of the page "Generate" that changes with every token: a fragment, with a pace while it plays."""

from __future__ import annotations

import streamlit as st

from core.models.loading import LanguageModel
from core.predictions.generation import check_writes

from ...explorer.head_pickers import pick_head
from ...explorer.state_size import state_size
from ...serving import cache
from ...serving.forward_slots import fragment
from ...shell.frame import telling
from ...shell.locale import t
from ...shell.state import Chosen
from .cache_shelf import show_cache
from .controls import PACE, advance, drive, pick_sampling, playing, stop_at_end
from .draft import held_draft
from .views import pick_candidate, say_state, show_next_tokens, show_row, show_text, view_of


def show_writing(chosen: Chosen, model: LanguageModel) -> None:
    """Run the screen as a fragment: while it plays, only this runs again."""
    fragment(_screen, run_every=PACE if playing() else None)(chosen, model)


def _screen(chosen: Chosen, model: LanguageModel) -> None:
    """Draw the screen, or say what went wrong."""
    with telling():
        _show(chosen, model)


def _show(chosen: Chosen, model: LanguageModel) -> None:
    """Draw the text and its buttons, where the newest token looks, what may come next, and the cache."""
    words, picture = st.columns([1, 2], gap="medium")
    text = words.container()
    buttons = words.container(horizontal=True, vertical_alignment="bottom", gap="xsmall")
    with buttons.popover(t("Options")):
        sampling = pick_sampling()
    check_writes(model)
    draft = held_draft(model, chosen)
    if advance(draft, sampling):
        draft = held_draft(model, chosen)
    stop_at_end(draft)
    trace = cache.trace_of(chosen, draft.ids)
    with buttons:
        drive(draft, sampling)
    with text:
        show_text(draft, trace)
        say_state(draft)
    with words:
        pick_candidate(draft, trace, sampling)
        show_next_tokens(draft, trace, sampling)
        with st.container(horizontal=True, width="content"):
            layer, head = pick_head(view_of(trace), first=cache.first_head(trace, "self"))
    with picture:
        show_row(trace, layer, head)
    show_cache(draft, trace, chosen, head)
    state_size(trace, chosen)
