"""The end of every page: the questions that one has now, each a link to the page that answers it.

The links name the model, the sentence, the head and the word; within a visit the session knows them newer, and wins
(ui/explorer/carried.py). Not here: the questions (ui/shell/ways_on.py).
"""

from __future__ import annotations

import streamlit as st

from ..shell.frame import ROOT
from ..shell.locale import error_text, plain, t
from ..shell.modes import PROJECTOR, embedded
from ..shell.page_registry import PageEntry, page_entry
from ..shell.state import MODEL, OF_FRAME, chosen
from ..shell.ways_on import WAYS_ON
from ..top_bar.long_text import TEXT
from ..top_bar.model_fit import STAY
from .carried import HEAD, LAYER, TOKEN

CARRIED = (*OF_FRAME, TEXT, PROJECTOR, LAYER, HEAD, TOKEN)
DRAWS_ITS_OWN = ("comece_aqui",)
"""Pages that are a way themselves, and lead on only where they end."""


def where_next(page: PageEntry) -> None:
    """The questions of a page, below all that it shows; none inside another site's page."""
    if embedded():
        return
    title = t("Where next?")
    with st.container(key="where_next", gap="xxsmall"):
        st.markdown(f"**{title}**")
        for question, slug in WAYS_ON[page.slug]:
            label = f"{error_text(question)} → {error_text(page_entry(slug).title)}"
            st.page_link(ROOT / "pages" / f"{slug}.py", label=plain(label), query_params=_carried(page))


def _carried(page: PageEntry) -> dict[str, str]:
    """What the link of the page in view says and other pages read too."""
    said = {name: st.query_params[name] for name in CARRIED if name in st.query_params}
    if page.needs is None:
        return said
    return said | {MODEL: chosen().model, STAY: "true"}  # the decoder of a page of decoders goes along
