"""The four short parts in which every screen explains itself (docs: how Mirante speaks).

Inside: `explain`. Not inside: the texts, which belong to their pages.
"""

from __future__ import annotations

import streamlit as st

from .locale import t


def explain(see: str, attempt: str, means: str, not_means: str) -> None:
    """What you see · Try it · What it means · What it does not mean: side by side, one below the other on a phone.

    The texts are our own, already translated; Markdown is allowed in them.
    """
    titles = (t("What you see"), t("Try it"), t("What it means"), t("What it does not mean"))
    for column, title, text in zip(st.columns(4), titles, (see, attempt, means, not_means), strict=True):
        with column:
            st.markdown(f"**{title}**\n\n{text}")
