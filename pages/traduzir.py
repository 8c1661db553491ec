"""Translate: source and translation, cross-attention as an alignment, and the two self-attentions with their masks."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.explorer.state_size import state_size
from ui.pages.translate.target import read_target
from ui.pages.translate.views import show_alignment, show_beside, show_texts
from ui.shell.frame import open_page
from ui.shell.locale import t
from ui.top_bar.model_fit import need

with open_page(t("Translate")) as chosen:
    picture, below = st.container(), st.container()
    trace = read_target(chosen, need("encoder-decoder", chosen), below)
    with picture:
        view, head = show_alignment(trace)
    with below:
        show_texts(trace)
    show_beside(trace, view, head, chosen)
    explain(
        t(
            "The source on one side, the translation on the other. A line goes from the word being written "
            "to the source words that one cross-attention head looks at; the thicker, the more."
        ),
        t(
            "Hover a word of the translation. Then write a translation of your own, a wrong one too, and "
            "see where the decoder looks for each of its words. Choose another head."
        ),
        t(
            "Cross-attention is how the decoder reads the source. Nobody taught its heads where to look. How often the "
            "best one looks at the word that is being translated, and how far the mere place would come, stands below "
            "the mean of the heads, where it was measured."
        ),
        t(
            "The line is not the reason for a word, and the mean of all heads blurs what single heads do. A "
            "forced translation shows where the model looks, not that it agrees."
        ),
    )
    state_size(trace, chosen)
    number_cards("traduzir")
