"""Generate: a decoder writes on, one token after another; where the newest token looks, and what is kept so that the next one is cheap."""

import streamlit as st

from ui import cache
from ui.explain import explain
from ui.fitting import need
from ui.frame import guard, open_page
from ui.locale import t
from ui.sizes import state_size
from ui.writing.cache_shelf import show_cache
from ui.writing.controls import PACE, advance, drive, pick_sampling, playing
from ui.writing.draft import draft
from ui.writing.shown import pick_candidate, show_candidates, show_row, show_text


def write_page(chosen, model) -> None:
    """All that changes with a token: while it plays, only this runs again."""
    text, buttons = st.container(), st.container(horizontal=True, vertical_alignment="center")
    with buttons.popover(t("Options")):
        sampling = pick_sampling()
    found = draft(model, chosen)
    if advance(found, sampling):
        found = draft(model, chosen)
    with buttons:
        drive(found, sampling)
    trace = cache.trace_of(chosen, found.ids)
    with text:
        show_text(found, trace)
    pick_candidate(found, trace, sampling)
    layer, head = show_row(trace)
    show_candidates(found, trace, sampling)
    show_cache(found, trace, layer, head)
    state_size(trace, chosen)


guard()
with open_page(t("Generate")) as chosen:
    model = need("decoder", chosen)
    st.fragment(write_page, run_every=PACE if playing() else None)(chosen, model)
    explain(
        t("The text so far, the most probable next tokens, and the map of one head: the held row is the newest token, which chooses what comes next. Below, what the model keeps of every token."),
        t("Write a token, then five. Raise the temperature in the options and begin again; take an improbable candidate by hand and see how the text goes on."),
        t("A decoder knows only what stands to the left. It predicts one token, reads it with the rest, and predicts again; keys and values of what it has read do not change, so they are kept."),
        t("A probable token is not a true one, and a fluent text is not knowledge. This small model has read few books; it continues, it does not answer."),
    )  # fmt: skip
