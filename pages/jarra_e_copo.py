"""Jug and glass, guided: predict, see the heads, change one thing, prove, verdict."""

import streamlit as st

from ui.pages.jug_and_glass.change import change
from ui.pages.jug_and_glass.heads import heads
from ui.pages.jug_and_glass.predict import predict
from ui.pages.jug_and_glass.prove import prove
from ui.pages.jug_and_glass.steps import pick_step, walk
from ui.pages.jug_and_glass.texts import parts
from ui.pages.jug_and_glass.verdict import judge
from ui.shell.explain import explain
from ui.shell.frame import guard, open_page
from ui.shell.locale import t

guard()
with open_page(t("Jug and glass"), t("One word changes. Did the model understand, or only agree in gender?")) as chosen:
    step = pick_step()
    with st.container():
        (predict, heads, change, prove, judge)[step](chosen)
    walk(step)
    explain(*parts(step))
