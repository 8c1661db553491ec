"""The bar on top of every page: the sentence, the name that leads home, the model, language and screen, the menu.

The sentence is the first thing that the keyboard meets; the name stands before it for the eye alone. One row on a
laptop, with the menu beside the title below it; the menu in the same row on a projector; wrapped on a phone
(assets/frame.css). Not here: what each part is (sentence.py, pickers.py, menu.py), embedded pages, which have none.
"""

from __future__ import annotations

import streamlit as st

from core.assets import ROOT

from ..serving.cache import devices
from ..serving.first_imports import first_imported
from ..shell.modes import pick_projector
from ..shell.page_registry import REGISTRY, TEXT_KINDS, PageEntry
from . import long_text
from .menu import menu
from .pickers import pick_device, pick_language, pick_model
from .sentence import pick_sentence, tell_of_link


def top_bar(page: PageEntry) -> None:
    """Draw it for a page; one that reads no sentence, or no model of text, has none.

    Its widgets stand in the bar itself: what stands in a popover is not there while that is closed, and a link loses it
    on the way to another page.
    """
    with st.container(key="top_bar", horizontal=True, vertical_alignment="top", gap="small"):
        if page.reads_sentence:
            pick_sentence()
        with st.container(key="home_link", width="content"):
            st.page_link(ROOT / f"pages/{REGISTRY[0].slug}.py", label="Mirante")
        if set(page.serves) & set(TEXT_KINDS):
            pick_model()
        if first_imported():  # who asks for devices imports torch
            pick_device(devices())
        pick_language()
        pick_projector()
        menu(page)
    if page.reads_sentence:
        tell_of_link()
        long_text.tell_problem()
