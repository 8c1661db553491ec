"""Explore: every head of a model on one sentence; hover to read, click to hold, arrows to walk."""

import streamlit as st

from ui.components.attention import attention_explorer
from ui.explorer import edited_sentence
from ui.explorer.exports import export_panel, offer
from ui.explorer.head_pickers import pick_head, pick_window
from ui.explorer.predictions import predictions
from ui.explorer.selection_link import follow_selection, linked_selection, say_missing
from ui.explorer.state_size import state_size
from ui.explorer.view_options import budget_names, pick_view, say_weight
from ui.pages.causes.link_from_explore import to_causes
from ui.serving import cache
from ui.shell.explain import explain
from ui.shell.frame import guard, heeding, open_page
from ui.shell.locale import t

guard()
with open_page(t("Explore")) as chosen:
    trace = edited_sentence.edited_trace(chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = pick_view(trace)
        head = pick_head(view, first=cache.first_head(trace, view.kind))
        exports = st.popover(t("Export"))
    say_missing(view)
    say_weight(view)
    start = pick_window(view)
    selection = attention_explorer(
        view,
        linked_selection(view, head),
        names=budget_names(trace, view),
        start=start,
        offer=offer(trace, view, edited_sentence.offered_change(trace, view, chosen)),
        key="explorer",
        on_select=lambda: follow_selection("explorer", view),
        on_wish=heeding(lambda: edited_sentence.fulfil_wish("explorer", trace, view, chosen)),
    )
    with exports:
        export_panel(trace, view, selection, start)
    edited_sentence.say_hidden(trace, chosen)
    predictions(trace, view, selection, chosen)
    to_causes(chosen, trace, view, selection)
    state_size(trace, chosen)
    explain(
        t(
            "Each row is a word that looks, each column a word that is looked at; the darker the cell, the "
            "more of the row's 100% goes there. The small maps are all the heads, layer by layer."
        ),
        t(
            "Hover a word to see where it looks; click to hold it, with Shift to hold several. Choose "
            "another picture above, another head in the small maps, or walk with the arrow keys; press ? "
            "for all keys."
        ),
        t(
            "A weight says how much of one word's reading, in this head, comes from another word. Heads "
            "differ: some look at the neighbour, some at punctuation, some at a related word."
        ),
        t(
            "A weight is not a reason. A head that looks somewhere may change nothing in the answer, and "
            "one sentence says little about what a head does."
        ),
    )
