"""Jug and glass, guided: predict, see the heads, change one thing, prove, verdict."""

import streamlit as st

from ui.explain import explain
from ui.frame import guard, open_page
from ui.guide.change import change
from ui.guide.heads import heads
from ui.guide.predict import predict
from ui.guide.prove import prove
from ui.guide.steps import pick_step, walk
from ui.guide.texts import parts
from ui.guide.verdict import judge
from ui.locale import t

guard()
with open_page(t("Jug and glass"), t("One word changes. Did the model understand, or only agree in gender?")) as chosen:
    step = pick_step()
    with st.container():
        (predict, heads, change, prove, judge)[step](chosen)
    walk(step)
    explain(*parts(step))
