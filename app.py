"""Mirante: the frame. Draws the bar with the sentence and the menu, then the page. Served by asgi.py (``make run``);
``streamlit run app.py`` works too.
"""

import streamlit as st

from ui.explorer.carried import keep_in_link
from ui.explorer.term_panel import term_panel
from ui.explorer.where_next import DRAWS_ITS_OWN, where_next
from ui.serving.cache import devices
from ui.serving.first_imports import await_imports
from ui.serving.forward_slots import page_turn
from ui.serving.index_page import bring_frame
from ui.serving.startup import prepare_running
from ui.shell.frame import ROOT, navigate, page_in_view, replace_error_box, run_page, tell_of_long_link
from ui.shell.history import follow_history
from ui.shell.modes import PROJECTOR, embedded, enlarge, way_out
from ui.shell.state import OF_FRAME, settle_language
from ui.shell.unknown_page import open_start_for_unknown
from ui.top_bar.bar import top_bar
from ui.top_bar.long_text import open_text
from ui.top_bar.model_fit import settle_model

replace_error_box()
prepare_running()
st.set_page_config(
    page_title="Mirante",
    page_icon=ROOT / "assets/mirante-mark.svg",
    layout="wide",
)
follow_history((*OF_FRAME, PROJECTOR))
settle_language()
tell_of_long_link()
open_start_for_unknown()
with page_turn():
    bring_frame()
    enlarge()
    page = navigate(hidden=embedded())
    settle_model(page.url_path)
    if embedded():
        open_text()
    else:
        top_bar(page_in_view(page))
    if await_imports(page_in_view(page).slug) and len(devices()) > 1:
        st.rerun()  # the bar was drawn before the devices were known
    run_page(page)
    keep_in_link()
    term_panel()
    if (shown := page_in_view(page)).slug not in DRAWS_ITS_OWN:
        where_next(shown)
    way_out()
