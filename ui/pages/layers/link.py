"""The choices of the page "Layers", all of them in the link: the picture and the piece.

The piece is held outside its widget (ui/shell/state.py), which draws the held piece and writes into it. Not here: the
token, and the part of a long sentence (ui/explorer/token_pickers.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ...explorer.token_pickers import _PAGE, write_choice
from ...shell.locale import t
from ...shell.state import held, publish, settle

_PICTURE, _PIECE = "what", "piece"
PICTURES = ("lens", "flow", "vectors")


def pick_layers_picture() -> str:
    """Let the visitor choose one of the three pictures."""
    names = {"lens": t("Logit lens"), "flow": t("Information flow"), "vectors": t("Queries and keys")}
    settle(_PICTURE, PICTURES, PICTURES[0])
    picture = st.segmented_control(
        t("Picture"),
        PICTURES,
        key=_PICTURE,
        persist_state="session",
        format_func=names.get,
        required=True,
        label_visibility="collapsed",
    )
    publish(_PICTURE, picture, PICTURES[0])
    return picture


def pick_piece(options: Sequence[str], title: str) -> str:
    """A piece of the list, or any word typed; the first of the list where the link names none."""
    typed = held(_PIECE, _PAGE).strip()[:40]
    listed = [*options, typed] if typed and typed not in options else list(options)
    st.session_state["layers_piece"] = typed or options[0]
    return st.selectbox(
        title,
        listed,
        key="layers_piece",
        accept_new_options=True,
        on_change=write_choice,
        args=(_PIECE, "layers_piece"),
        width=220,
    )
