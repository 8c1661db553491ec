"""From a weight to its causal twin: a link from the explorer to the page "Causes", with the same word, head and words in sight."""

from __future__ import annotations

import streamlit as st

from core.axes import head_name
from core.masked import can_mask
from core.trace import Trace
from core.view import View

from . import cache
from .causes.place import ARRIVED, HEADS, KIND
from .components.selection import Selection
from .frame import ROOT
from .locale import plain, t
from .question import WORD
from .state import Chosen
from .target import TARGET


def to_causes(chosen: Chosen, trace: Trace, view: View, selection: Selection) -> None:
    """What follows when the head in view is taken out; asked at the held word, where one is held that can be asked for."""
    model = cache.language_model(chosen)
    if not model.has_head or model.layout.adapter != "seam":
        return
    query: dict[str, str] = {"model": chosen.model, "sentence": chosen.sentence, HEADS: f"{selection.layer + 1}.{selection.head + 1}", ARRIVED: "heads", "lang": chosen.language}
    if trace.target is not None:
        query |= {KIND: view.kind, TARGET: trace.target.text}
    if (word := _held(trace, view, selection)) is not None and (can_mask(model) or word > 0):
        query[WORD] = f"{word}:{(trace.target or trace.tokens).words[word]}"
    label = t("What follows if {head} is taken out?", head=head_name(selection.layer, selection.head, t("L")))
    st.page_link(ROOT / "pages" / "causa.py", label=f":primary[{plain(label)}]", query_params=query)


def _held(trace: Trace, view: View, selection: Selection) -> int | None:
    """The held word that looks, as a word of the side that answers."""
    held = selection.query
    if held is None or held >= len(view.query) or view.kind == "encoder":
        return None
    tokens = trace.target or trace.tokens
    place = view.query.positions[held]
    word = place if view.words else tokens.word_of[place]
    return word if tokens.word_spans[word] is not None else None
