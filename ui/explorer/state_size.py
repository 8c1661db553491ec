"""How large a sentence is for a model, and how large it may be: stated on the page, not only when it is too late."""

from __future__ import annotations

import streamlit as st

from core.models.catalog import learned_positions
from core.tracing.memory import estimate_bytes
from core.tracing.trace import Trace

from ..serving import cache
from ..shell.locale import plain, t
from ..shell.state import Chosen


def state_size(trace: Trace, chosen: Chosen) -> None:
    """One line: tokens of the limit, memory, where the model runs."""
    model = cache.language_model(chosen)
    n = len(trace.tokens)
    limit = model.max_positions
    parts = [
        t("{n} tokens of at most {limit}", n=n, limit=limit) if limit else t("{n} tokens", n=n),
        t("about {mb} MB", mb=max(1, estimate_bytes(model, n) // 1_000_000)),
        t(
            "{model} on {device} ({dtype})",
            model=trace.provenance.model,
            device=trace.provenance.device.upper(),
            dtype=trace.provenance.dtype,
        ),
    ]
    st.caption(" · ".join(map(plain, parts)))
    learned = learned_positions(trace.provenance.model)
    if learned and n > learned:
        st.caption(
            t(
                "This model has learned little beyond its first {learned} positions: what lies after them is "
                "not reliable.",
                learned=learned,
            )
        )
