"""The page Step by step: every number of one head, from the vector of one word to the residual stream."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.components.steps import head_steps
from ui.explorer.edited_sentence import hidden_in
from ui.explorer.explain import explain
from ui.explorer.head_pickers import pick_head
from ui.explorer.number_cards import number_cards
from ui.explorer.target_text import sentence_trace
from ui.explorer.view_options import pick_kind
from ui.pages.step_by_step.cached_steps import first_steps, steps_of_head
from ui.pages.step_by_step.link import held_step_choice, hold_step_choice
from ui.serving import cache
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

with open_page(t("Step by step")) as chosen:
    chosen = hidden_in(chosen)
    trace = sentence_trace(chosen)
    with beside_title():
        kind = pick_kind(trace)
        pieces = cache.view(trace, kind, words=False, specials=True, renormalise=False)
        first = first_steps(trace, kind)
        layer, head = pick_head(pieces, first=first[:2])
    if kind in ("decoder", "cross"):
        st.caption(
            t(
                "In the decoder, the word that looks is the one it has just read; from what it finds, it "
                "writes the next one."
            )
        )
    choice = held_step_choice(trace, kind, layer, head, first)
    head_steps(
        steps_of_head(chosen, trace, kind, layer, head, choice.query),
        *trace.sides(kind),
        heads=trace.heads(kind),
        step=choice.step,
        key_place=choice.key,
        key="steps",
        on_choose=lambda: hold_step_choice("steps", trace, kind, choice),
    )
    explain(
        t(
            "The numbers of this model, this head and this word: what the layer reads, its query, keys and "
            "values, the scores, the shares, and what is added to the residual stream. The table keeps "
            "every step."
        ),
        t(
            "Walk with the arrow keys. Click another word to let it look; choose in the table whom it looks "
            "at. At step 6, change the temperature; at step 4, the number of dimensions."
        ),
        t(
            "Attention is sums and products and one softmax. A share is large where q·k is larger than for the "
            "other tokens: the direction of the vectors counts, and their length."
        ),
        t(
            "A single dimension seldom means anything that could be named, and the names query, key and value "
            "are pictures. Numbers marked **what if** are not the model's."
        ),
    )
    number_cards("passo_a_passo")
