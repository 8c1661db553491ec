"""The controls of the page "Generate": buttons for one token, five, playing, back, and how the next token is drawn.

How it is drawn is in the link. Not here: the text itself (draft.py).
"""

from __future__ import annotations

import time

import streamlit as st

from core.predictions.generation import Sampling

from ...shell.frame import heeding
from ...shell.locale import t
from ...shell.numbers import decimal
from ...shell.state import publish, settle
from .draft import Draft, begin_again, take_back, write_on

_TEMPERATURE, _TOP_K, _TOP_P, _SEED = "temperature", "topk", "topp", "seed"
_MOST_K, _MOST_SEED = 1000, 9999
_WRITING_PLAYS, _LAST_TOKEN = "_writing_plays", "_writing_moved"
PACE = 1.2
"""Seconds that a token stays while the text writes itself."""
_FORGOTTEN = 20 * PACE
"""Seconds after the last token at which the play counts as left behind, and stops."""


def pick_sampling() -> Sampling:
    """Let the visitor choose temperature, top-k, top-p and seed; untouched, the most probable token is always taken."""
    temperatures = tuple(round(0.1 * i, 1) for i in range(21))
    settle(_TEMPERATURE, temperatures, 0.0)
    temperature = st.select_slider(
        t("Temperature"),
        temperatures,
        key=_TEMPERATURE,
        persist_state="session",
        format_func=lambda value: decimal(value, 1),
        help=t(
            "The logits are divided by it: below 1 the favourites win more often, above 1 all come closer "
            "together. At 0 the most probable is always taken."
        ),
    )
    publish(_TEMPERATURE, str(temperature), "0.0")
    drawn = temperature > 0
    settle(_TOP_K, range(_MOST_K + 1), 0)
    top_k = st.number_input(
        t("Top-k: only the k most probable (0: all)"),
        0,
        _MOST_K,
        key=_TOP_K,
        persist_state="session",
        disabled=not drawn,
    )
    publish(_TOP_K, str(top_k), "0")  # ours: Streamlit's binding breaks on a link that says "inf"
    shares = tuple(round(0.05 * i, 2) for i in range(1, 21))
    settle(_TOP_P, shares, 1.0)
    top_p = st.select_slider(
        t("Top-p: only the fewest that reach this share"),
        shares,
        key=_TOP_P,
        persist_state="session",
        format_func=lambda value: decimal(value, 2),
        disabled=not drawn,
    )
    publish(_TOP_P, str(top_p), "1.0")
    settle(_SEED, range(_MOST_SEED + 1), 0)
    seed = st.number_input(
        t("Seed of the draws"),
        0,
        _MOST_SEED,
        key=_SEED,
        persist_state="session",
        disabled=not drawn,
        help=t("The same seed draws the same text again."),
    )
    publish(_SEED, str(seed), "0")
    return Sampling(temperature, int(top_k), float(top_p), int(seed)) if drawn else Sampling(seed=int(seed))


def drive(draft: Draft, sampling: Sampling) -> None:
    """Draw the row of buttons."""
    st.button(
        t("Write a token"),
        key="write_one",
        type="primary",
        disabled=draft.full,
        on_click=heeding(write_on),
        args=(draft, 1, sampling),
    )
    st.button(t("Five"), key="write_five", disabled=draft.full, on_click=heeding(write_on), args=(draft, 5, sampling))
    plays = playing()
    if st.button(
        t("Pause") if plays else t("Let it write"),
        key="write_play",
        disabled=draft.full and not plays,
        on_click=_toggle,
    ):
        st.rerun()  # the whole page, so that the fragment gets or loses its pace
    st.button(t("Take one back"), key="write_back", disabled=not draft.new, on_click=take_back, args=(draft,))
    st.button(t("From the beginning"), key="write_clear", disabled=not draft.new, on_click=begin_again, args=(draft,))


def playing() -> bool:
    """Whether tokens come by themselves; where none came for `_FORGOTTEN` seconds the page was left, and it stops."""
    if st.session_state.get(_WRITING_PLAYS) and time.monotonic() - st.session_state.get(_LAST_TOKEN, 0.0) > _FORGOTTEN:
        st.session_state[_WRITING_PLAYS] = False
    return bool(st.session_state.get(_WRITING_PLAYS))


def advance(draft: Draft, sampling: Sampling) -> bool:
    """While playing, write one token once the last one has stood long enough; returns whether one was written."""
    now = time.monotonic()
    if draft.full or not playing() or now - st.session_state.get(_LAST_TOKEN, 0.0) < 0.8 * PACE:
        return False
    st.session_state[_LAST_TOKEN] = now
    write_on(draft, 1, sampling)
    return True


def stop_at_end(draft: Draft) -> None:
    """Stop playing where nothing more can be written.

    The whole page runs again, so that its fragment loses its pace.
    """
    if draft.full and playing():
        st.session_state[_WRITING_PLAYS] = False
        st.rerun()


def _toggle() -> None:
    """Callback: play or stop."""
    st.session_state[_WRITING_PLAYS] = not st.session_state.get(_WRITING_PLAYS)
    st.session_state[_LAST_TOKEN] = time.monotonic()
