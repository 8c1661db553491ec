"""Jug and glass, guided: predict, see the heads, change one thing, prove, verdict."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.pages.jug_and_glass.change import show_change
from ui.pages.jug_and_glass.heads import show_heads
from ui.pages.jug_and_glass.predict import show_prediction
from ui.pages.jug_and_glass.prove import show_evidence
from ui.pages.jug_and_glass.steps import pick_step, walk
from ui.pages.jug_and_glass.texts import parts
from ui.pages.jug_and_glass.verdict import show_verdict
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

with open_page(t("Jug and glass"), t("One word changes. Did the model understand, or only agree in gender?")) as chosen:
    with beside_title():
        step = pick_step()
    with st.container():
        (show_prediction, show_heads, show_change, show_evidence, show_verdict)[step](chosen)
    number_cards("jarra_e_copo", str(step + 1))
    walk(step)
    explain(*parts(step))
