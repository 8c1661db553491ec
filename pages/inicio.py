"""Home: one sentence, one head in large, all heads beside it, and where to go next."""

import streamlit as st

from ui.frame import go_on, guard, open_page
from ui.locale import t

guard()
with open_page(t("Where does each word look?")) as chosen:
    st.text(chosen.sentence)

    for column, (page, label, about) in zip(
        st.columns(3),
        [
            ("explorar", t("Explore every head"), t("Choose a head, hover over a word, read the exact weight.")),
            ("jarra_e_copo", t("Jug and glass"), t("One word changes: does any head follow it?")),
            ("minhas_frases", t("Bring your own sentences"), t("Paste lines or send a file, and compare them.")),
        ],
    ):
        with column:
            go_on(page, label, about)
