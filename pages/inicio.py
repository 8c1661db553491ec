"""Home: one sentence, one head in large, all heads beside it, and where to go next."""

import streamlit as st

from ui.frame import guard, open_page
from ui.locale import t

guard()
with open_page(t("Where does each word look?")) as chosen:
    st.text(chosen.sentence)
    st.page_link("pages/explorar.py", label=t("Explore every head"))
    st.page_link("pages/jarra_e_copo.py", label=t("Two sentences, one word of difference"))
    st.page_link("pages/minhas_frases.py", label=t("Bring your own sentences"))
