"""Pickers that several pages show: a token, a stack, the part of a long sentence. What is chosen stands in the link.

A token travels as ``token=12:cheio``, as in Explore: after a change of sentence the nearest one of that name is taken,
else the default. It is held outside its widget (ui.shell.state.held), which shows what is held and writes into it.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.axes import Kind
from core.text.tokens import Tokens
from core.tracing.trace import Trace

from ..shell.locale import t
from ..shell.state import held, hold, publish, settle
from .selection_link import TOKEN

PAGE, STACK, START = "layers.", "stack", "first_token"
WINDOW = 40  # tokens a picture shows at once


def pick_stack(trace: Trace) -> Kind:
    """The only stack, or the encoder or the decoder: whose positions pass something on to each other. Explore's own
    choice, which may be cross, stays.
    """
    kinds = tuple(kind for kind in trace.kinds if kind != "cross")
    if len(kinds) == 1:
        return kinds[0]
    settle(STACK, kinds, "decoder")
    names = {"encoder": t("Encoder"), "decoder": t("Decoder")}
    kind = st.segmented_control(
        t("Attention"), kinds, key=STACK, persist_state="session", format_func=names.get, required=True
    )
    publish(STACK, kind, "decoder")
    return kind


def pick_token(tokens: Tokens, title: str, *, default: int) -> int:
    """Position of the token that the link names, or that is chosen now."""
    names = [f"{place}:{piece}" for place, piece in enumerate(tokens.pieces)]
    shown = {
        name: piece if tokens.pieces.count(piece) == 1 else f"{piece} ({place + 1})"
        for place, (name, piece) in enumerate(zip(names, tokens.pieces, strict=True))
    }
    place = place_of(held(TOKEN, PAGE), tokens.pieces)
    st.session_state["layers_token"] = names[default if place is None else place]
    chosen = st.selectbox(
        title,
        names,
        key="layers_token",
        format_func=shown.get,
        on_change=write_choice,
        args=(TOKEN, "layers_token"),
        width=180,
    )
    return names.index(chosen)


def window(tokens: Tokens, around: int) -> range:
    """The positions shown: all of a short sentence, else a part that a slider chooses; at first the one around a
    position.
    """
    n = len(tokens)
    if n <= WINDOW:
        return range(n)
    first = min(max(0, around - WINDOW // 2), n - WINDOW)
    settle(START, range(1, n - WINDOW + 2), first + 1)
    start = st.slider(t("First token shown"), 1, n - WINDOW + 1, key=START, persist_state="session") - 1
    publish(START, str(start + 1), str(first + 1))
    st.caption(t("Shown: {n} of {all} tokens.", n=WINDOW, all=n))
    return range(start, start + WINDOW)


def place_of(named: str, pieces: Sequence[str]) -> int | None:
    """Position of ``12:cheio``: of equal pieces the nearest to where the link says; None where there is none."""
    place, _, label = named.partition(":")
    found = [i for i, one in enumerate(pieces) if one == label]
    if not found or len(place) > 6 or not (place.isascii() and place.isdecimal()):
        return None
    return min(found, key=lambda i: abs(i - int(place)))


def write_choice(name: str, key: str) -> None:
    """Callback: what was chosen goes into the link; another token brings its own part of a long sentence."""
    if name == TOKEN:
        st.session_state.pop(START, None)
        st.query_params.pop(START, None)
    hold(name, st.session_state.get(key) or "", PAGE)
