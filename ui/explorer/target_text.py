"""The target side of an encoder–decoder: written by the person, or by the model, which is then said."""

from __future__ import annotations

import streamlit as st

from core.tracing.trace import Trace

from ..serving import cache
from ..shell.locale import t, tn
from ..shell.state import Chosen
from .language_pickers import pick_languages

TARGET = "target"


def sentence_trace(chosen: Chosen) -> Trace:
    """The sentence through the chosen model; for an encoder–decoder with the target text of a field of its own."""
    if cache.language_model(chosen).kind != "encoder-decoder":
        return cache.trace(chosen, chosen.sentence)
    pick_languages(chosen)
    target = st.text_input(
        t("Target text"),
        key=TARGET,
        bind="query-params",
        max_chars=1000,
        placeholder=t("Leave it empty to let the model write it."),
    )
    trace = cache.trace(chosen, chosen.sentence, target.strip() or None)
    if trace.generated:
        n = len(trace.target)
        said = tn("The model wrote the target itself: {n} token.", "The model wrote the target itself: {n} tokens.", n)
        st.caption(said + (" " + t("It was cut at the limit.") if trace.cut else ""))
    return trace
