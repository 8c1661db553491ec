"""Mirante: the frame. ``streamlit run app.py`` draws the navigation and the shared pickers, then the page."""

import streamlit as st

from ui.frame import ROOT, navigate
from ui.state import settle_language
from ui.widgets import pickers

st.set_page_config(page_title="Mirante", page_icon=ROOT / "assets/mirante-mark.svg", layout="wide")
settle_language()
st.html(ROOT / "assets/frame.css")
st.logo(ROOT / "assets/mirante.svg", size="large", icon_image=ROOT / "assets/mirante-mark.svg")
page = navigate()
pickers()
page.run()
