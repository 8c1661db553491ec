"""Home: one sentence, one head in large, all heads beside it, and where to go next."""

from ui.shell.frame import guard

guard()

import streamlit as st

from core.analyses.candidates import first_look
from ui.components.attention import attention_explorer
from ui.components.selection import Selection
from ui.explorer.number_cards import number_cards
from ui.explorer.view_options import budget_names
from ui.serving import cache
from ui.shell.frame import go_on, open_page
from ui.shell.locale import t

with open_page(
    t("Where does each word look?"),
    t(
        "A real language model, trained on Portuguese, has just read this sentence. Each small map is one "
        "of its **heads**: a way of looking from one word at the others."
    ),
) as chosen:
    trace = cache.trace(chosen, chosen.sentence)
    view = cache.view(trace, trace.kinds[0], words=True, specials=True, renormalise=False)
    layer, head, word = first_look(trace)
    attention_explorer(
        view, Selection(layer, head, query=word), names=budget_names(trace, view), key="first", height=420
    )
    number_cards("inicio")
    st.caption(
        t(
            "Of all heads, this is the one in which the last word's look stands out most from the other "
            "words': an example to begin with, not a finding."
        )
    )
    for column, (page, label, about) in zip(
        st.columns(3),
        [
            ("explorar", t("Explore every head"), t("Choose a head, hover over a word, read the exact weight.")),
            ("jarra_e_copo", t("Jug and glass"), t("One word changes: does any head follow it?")),
            ("minhas_frases", t("Bring your own sentences"), t("Paste lines or send a file, and compare them.")),
        ],
        strict=True,
    ):
        with column:
            go_on(page, label, about)
