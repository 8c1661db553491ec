"""What is chosen on the page "Layers", all of it in the link: the picture and the piece.

The piece is held outside its widget (ui.shell.state.held), which shows what is held and writes into it. The token and
the part of a long sentence: ui.explorer.token_pickers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ...explorer.token_pickers import _PAGE, write_choice
from ...shell.locale import t
from ...shell.state import held, publish, settle

WHAT, PIECE = "what", "piece"
WHATS = ("lens", "flow", "vectors")


def pick_what() -> str:
    """Which of the three pictures."""
    names = {"lens": t("Logit lens"), "flow": t("Information flow"), "vectors": t("Queries and keys")}
    settle(WHAT, WHATS, WHATS[0])
    what = st.segmented_control(
        t("Picture"),
        WHATS,
        key=WHAT,
        persist_state="session",
        format_func=names.get,
        required=True,
        label_visibility="collapsed",
    )
    publish(WHAT, what, WHATS[0])
    return what


def pick_piece(options: Sequence[str], title: str) -> str:
    """A piece of the list, or any word typed; the first of the list where the link names none."""
    asked = held(PIECE, _PAGE).strip()[:40]
    listed = [*options, asked] if asked and asked not in options else list(options)
    st.session_state["layers_piece"] = asked or options[0]
    return st.selectbox(
        title,
        listed,
        key="layers_piece",
        accept_new_options=True,
        on_change=write_choice,
        args=(PIECE, "layers_piece"),
        width=220,
    )
