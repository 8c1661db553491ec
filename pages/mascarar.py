"""The page Mask a word: words are hidden from an encoder, which says what it expects there and which head moved it."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.explorer import edited_sentence
from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.explorer.predictions import predictions
from ui.explorer.state_size import state_size
from ui.pages.mask_a_word.mask import say_answer, show_head_effects, show_mask_attention
from ui.shell.frame import open_page
from ui.shell.locale import t
from ui.top_bar.model_fit import need

with open_page(t("Mask a word")) as chosen:
    need("encoder", chosen)
    with st.container(key="words_row"):
        edited_sentence.pick_hidden(chosen)
    trace = edited_sentence.edited_trace(chosen)
    expected, picture = st.columns([1, 2], gap="medium")
    with st.container():
        changes = show_head_effects(trace, chosen)
    with picture:
        view, selection = show_mask_attention(trace, chosen, changes)
    with expected:
        predictions(trace, view, selection, chosen, columns=1)
        say_answer(trace, chosen)
        edited_sentence.say_hidden(trace, chosen)
    explain(
        t(
            "The sentence without the hidden words, what the model expects behind each mask, and which "
            "words the mask looks at in one head. Below, what every head does to the answer when it is "
            "taken out."
        ),
        t(
            "Hide a word; then show it again and hide another. Hide the article before a noun as well, and see "
            "how the answer changes when agreement is gone."
        ),
        t(
            "An encoder reads both sides at once. The mask is a token like the others: what it looks at brings "
            "clues from the sentence; the rest comes from what the model learned in training."
        ),
        t(
            "A hidden word that is guessed was not necessarily understood: frequency and agreement may be "
            "enough. The Bench compares them over hundreds of sentences."
        ),
    )
    state_size(trace, chosen)
    number_cards("mascarar")
