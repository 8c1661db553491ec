"""Explore: every head of a model on one sentence; hover to read, click to hold, arrows to walk."""

import streamlit as st

from ui import cache
from ui.components.attention import attention_explorer
from ui.explain import explain
from ui.frame import guard, open_page
from ui.heads import follow, held_token, pick_head, pick_window
from ui.locale import t
from ui.shown import pick_view, special_names
from ui.sizes import state_size
from ui.target import read

guard()
with open_page(t("Explore")) as chosen:
    trace = read(chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = pick_view(trace)
        layer, head = pick_head(view, first=cache.first_head(trace, view.kind))
    attention_explorer(
        view,
        layer=layer,
        head=head,
        locked=held_token(view),
        hidden_names=special_names(trace, view),
        start=pick_window(view),
        key="explorer",
        on_select=lambda: follow("explorer", view),
    )
    state_size(trace, chosen)
    explain(
        t("Each row is a word that looks, each column a word that is looked at; the darker the cell, the more of the row's 100% goes there. The small maps are all the heads, layer by layer."),
        t("Hover a word to see where it looks; click to hold it. Switch to **who looks at it**. Choose another head in the small maps, or walk with the arrow keys."),
        t("A weight says how much of one word's reading, in this head, comes from another word. Heads differ: some look at the neighbour, some at punctuation, some at a related word."),
        t("A weight is not a reason. A head that looks somewhere may change nothing in the answer, and one sentence says little about what a head does."),
    )  # fmt: skip
