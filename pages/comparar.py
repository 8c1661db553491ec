"""Compare: two heads, two sentences or two models, word by word and on one scale."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.explorer.edited_sentence import hidden_in
from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.pages.compare.sides import pick_mode, pick_pair
from ui.pages.compare.views import pick_view, show_pair
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

with open_page(t("Compare")) as chosen:
    with beside_title():
        mode = pick_mode()
        heads = st.container(horizontal=True)
        way = pick_view()
    pair = pick_pair(hidden_in(chosen), mode, heads)
    show_pair(pair, way)
    explain(
        t(
            "A and B read words that are paired: equal words, and words that stand in each other's place. "
            "The difference is A − B, cell by cell."
        ),
        t(
            "Change one word of sentence B and look at the difference; hold a word in one picture and see "
            "its partner in the other; turn from A to B with the arrow keys."
        ),
        t(
            "Where the difference is pale, the change did not reach this head. A strong cell says that one "
            "row moved its weight from one word to another."
        ),
        t(
            "Equal maps do not mean equal models, and head 3 of one model has nothing to do with head 3 of "
            "another. A difference of one pair of sentences is one example."
        ),
    )
    number_cards("comparar")
