"""Pickers that several pages show: a token, a stack, the part of a long sentence. What is chosen stands in the link.

A token travels as ``token=12:cheio``, as in Explore: after a change of sentence the nearest one of that name is taken,
else the default. It is held outside its widget (ui.shell.state.held), which shows what is held and writes into it.
"""

from __future__ import annotations

from collections import Counter

import streamlit as st

from core.axes import Kind
from core.text.tokens import Tokens
from core.tracing.trace import Trace

from ..components.choices import STACK
from ..shell.locale import t
from ..shell.state import held, hold, publish, settle
from .carried import TOKEN, carry_word, word_from_elsewhere
from .view_options import pick
from .word_names import position_named

_PAGE, _START = "layers.", "first_token"
WINDOW = 40  # tokens a picture shows at once


def pick_stack(trace: Trace) -> Kind:
    """The only stack, or the encoder or the decoder: whose positions pass something on to each other.

    Explore's own choice, which may be cross, stays.
    """
    kinds = tuple(kind for kind in trace.kinds if kind != "cross")
    if len(kinds) == 1:
        return kinds[0]
    return pick(STACK, kinds)


def pick_token(tokens: Tokens, title: str, *, default: int) -> int:
    """Position of the token that the link names, or that is chosen now."""
    names = [f"{position}:{piece}" for position, piece in enumerate(tokens.pieces)]
    times = Counter(tokens.pieces)
    labels = {
        name: piece if times[piece] == 1 else f"{piece} ({position + 1})"
        for position, (name, piece) in enumerate(zip(names, tokens.pieces, strict=True))
    }
    if (word := word_from_elsewhere(_PAGE)) is not None:
        hold(TOKEN, word, _PAGE)
    position = position_named(held(TOKEN, _PAGE), tokens.pieces)
    st.session_state["layers_token"] = names[default if position is None else position]
    chosen = st.selectbox(
        title,
        names,
        key="layers_token",
        format_func=labels.get,
        on_change=write_choice,
        args=(TOKEN, "layers_token"),
        width=180,
    )
    return names.index(chosen)


def window(tokens: Tokens, around: int) -> range:
    """The positions shown: all of a short sentence, else a part that a slider chooses.

    At first it is the one around the position ``around``.
    """
    n = len(tokens)
    if n <= WINDOW:
        return range(n)
    first = min(max(0, around - WINDOW // 2), n - WINDOW)
    settle(_START, range(1, n - WINDOW + 2), first + 1)
    start = st.slider(t("First token shown"), 1, n - WINDOW + 1, key=_START, persist_state="session") - 1
    publish(_START, str(start + 1), str(first + 1))
    st.caption(t("Shown: {n} of {all} tokens.", n=WINDOW, all=n))
    return range(start, start + WINDOW)


def write_choice(name: str, key: str) -> None:
    """Callback: what was chosen goes into the link; another token brings its own part of a long sentence."""
    if name == TOKEN:
        st.session_state.pop(_START, None)
        st.query_params.pop(_START, None)
    hold(name, st.session_state.get(key) or "", _PAGE)
    if name == TOKEN:
        carry_word(held(TOKEN, _PAGE), _PAGE)
