"""Mirante: the frame. Draws the navigation and the shared pickers, then the page. Served by asgi.py (``make run``);
``streamlit run app.py`` works too.
"""

import streamlit as st

from ui.explorer.carried import keep_in_link
from ui.serving.first_imports import await_imports
from ui.serving.forward_slots import page_turn
from ui.serving.index_page import bring_script
from ui.serving.startup import prepare_running
from ui.shell.frame import ROOT, navigate, replace_error_box, run_page, tell_of_long_link
from ui.shell.history import follow_history
from ui.shell.modes import PROJECTOR, embedded, enlarge, sidebar_state, way_out
from ui.shell.state import OF_FRAME, settle_language
from ui.shell.unknown_page import open_start_for_unknown
from ui.sidebar.long_text import open_text
from ui.sidebar.model_fit import settle_model
from ui.sidebar.pickers import pickers

replace_error_box()
prepare_running()
st.set_page_config(
    page_title="Mirante",
    page_icon=ROOT / "assets/mirante-mark.svg",
    layout="wide",
    initial_sidebar_state=sidebar_state(),
)
follow_history((*OF_FRAME, PROJECTOR))
settle_language()
tell_of_long_link()
open_start_for_unknown()
await_imports()
with page_turn():
    st.html(ROOT / "assets/frame.css")
    bring_script()
    enlarge()
    page = navigate(hidden=embedded())
    settle_model(page.url_path)
    if not embedded():
        st.logo(ROOT / "assets/mirante.svg", size="large", icon_image=ROOT / "assets/mirante-mark.svg")
        pickers()
    else:
        open_text()
    run_page(page)
    keep_in_link()
    way_out()
