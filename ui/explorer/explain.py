"""The four short parts in which every screen explains itself (docs: how Mirante speaks).

Inside: `explain`. Not inside: the texts, which belong to their pages; the control that opens them, and what the
browser remembers of it (assets/components/reading).
"""

from __future__ import annotations

import streamlit as st

from ..components.registry import mount
from ..shell.glossary import with_terms
from ..shell.locale import t


def explain(see: str, attempt: str, means: str, not_means: str) -> None:
    """What it does not mean, as one line that is always there; behind “How to read” the other three, side by side or
    one below the other on a phone. Whoever opens them has them open on every page, until they close them.

    The texts are our own, already translated; Markdown is allowed in them.
    """
    label, known = t("What it does not mean"), set()
    with st.container(key="not_means", horizontal=True, vertical_alignment="top", gap="small"):
        st.markdown(f"**{label}:** {with_terms(not_means, known)}", width="content")
        mount("reading")(key="reading", data={"label": t("How to read")}, width="content")
    titles = (t("What you see"), t("Try it"), t("What it means"))
    with st.container(key="how_to_read"):  # out of sight until it is opened (assets/frame.css)
        for column, title, text in zip(st.columns(3), titles, (see, attempt, means), strict=True):
            with column:
                st.markdown(f"**{title}**  \n{with_terms(text, known)}")
