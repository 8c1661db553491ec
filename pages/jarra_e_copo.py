"""Jug and glass: two sentences that differ in one adjective; where each head looks from it, and what that proves."""

import streamlit as st

from ui import cache, jug
from ui.components.attention import attention_explorer
from ui.explain import explain
from ui.frame import guard, open_page
from ui.heads import follow_head, pick_head
from ui.locale import t

guard()
with open_page(t("Jug and glass"), t("One word changes. Did the model understand, or only agree in gender?")) as chosen:
    pair = jug.read_pair(chosen)
    st.caption(t("Two sentences of this screen's own: “Ela derramou água da jarra para o copo até que ficasse cheio / vazia.” (She poured water from the jug into the glass until it was full / empty.)"))
    jug.say_wins(pair, jug.read_null(chosen))
    view_a, view_b = (cache.view(trace, "self", words=True, specials=True, renormalise=False) for trace in pair.traces)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer, head = pick_head(view_a, first=jug.first_head(pair))
    for column, view, word, key in zip(st.columns(2), (view_a, view_b), jug.WORDS, ("jug_a", "jug_b"), strict=True):
        with column:
            attention_explorer(
                view, layer=layer, head=head, locked=view.query.labels.index(word), mode="matrix", key=key,
                on_select=lambda key=key: follow_head(key),
            )  # fmt: skip
    st.subheader(t("The adjective in every head"), anchor=False)
    jug.show_candidates(pair)
    st.subheader(t("The difference of the two sentences"), anchor=False)
    jug.show_difference(pair, layer, head)
    st.subheader(t("What the model writes in the place of the adjective"), anchor=False)
    jug.show_predictions(chosen)
    st.subheader(t("What this pair proves"), anchor=False)
    jug.show_caution(pair)
    explain(
        t("The same head on both sentences, side by side and on one scale: *cheio* can only be the glass (copo), *vazia* the jug (jarra)."),
        t("Walk over the heads. Look for one that moves from *copo* to *jarra* when the adjective changes, then ask how many heads you tried."),
        t("A head whose weight follows the adjective carries information about which noun it goes with: by gender, by meaning, or by both."),
        t("It does not mean that the model imagines water. In Portuguese this pair is solved by gender alone, and the best of many heads is right by luck."),
    )  # fmt: skip
