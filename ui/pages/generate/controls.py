"""How the page "Generate" is driven: buttons for one token, five, playing, back; and how the next token is drawn. All
of it in the link.
"""

from __future__ import annotations

import time

import streamlit as st

from core.predictions.generation import Sampling

from ...shell.frame import heeding
from ...shell.locale import t
from ...shell.state import publish, settle
from .draft import Draft, back, begin_again, write_on

TEMPERATURE, TOP_K, TOP_P, SEED = "temperature", "topk", "topp", "seed"
PLAYING, MOVED = "_writing_plays", "_writing_moved"
PACE = 1.2  # seconds a token stays
FORGOTTEN = 20 * PACE


def pick_sampling() -> Sampling:
    """Temperature, top-k, top-p and seed of the panel; untouched, the most probable token is always taken."""
    temperatures = tuple(round(0.1 * i, 1) for i in range(21))
    settle(TEMPERATURE, temperatures, 0.0)
    temperature = st.select_slider(
        t("Temperature"),
        temperatures,
        key=TEMPERATURE,
        persist_state="session",
        format_func=_decimal,
        help=t(
            "The logits are divided by it: below 1 the favourites win more often, above 1 all come closer "
            "together. At 0 the most probable is always taken."
        ),
    )
    publish(TEMPERATURE, str(temperature), "0.0")
    drawn = temperature > 0
    top_k = st.number_input(
        t("Top-k: only the k most probable (0: all)"),
        0,
        1000,
        key=TOP_K,
        persist_state="session",
        bind="query-params",
        disabled=not drawn,
    )
    top_p = st.slider(
        t("Top-p: only the fewest that reach this share"),
        0.05,
        1.0,
        1.0,
        0.05,
        key=TOP_P,
        persist_state="session",
        bind="query-params",
        disabled=not drawn,
    )
    seed = st.number_input(
        t("Seed of the draws"),
        0,
        9999,
        key=SEED,
        persist_state="session",
        bind="query-params",
        disabled=not drawn,
        help=t("The same seed draws the same text again."),
    )
    return Sampling(temperature, int(top_k), float(top_p), int(seed)) if drawn else Sampling(seed=int(seed))


def drive(found: Draft, sampling: Sampling) -> None:
    """The row of buttons; one primary action."""
    st.button(
        t("Write a token"),
        key="write_one",
        type="primary",
        disabled=found.full,
        on_click=heeding(write_on),
        args=(found, 1, sampling),
    )
    st.button(t("Five"), key="write_five", disabled=found.full, on_click=heeding(write_on), args=(found, 5, sampling))
    plays = playing()
    if st.button(
        t("Pause") if plays else t("Let it write"),
        key="write_play",
        disabled=found.full and not plays,
        on_click=_toggle,
    ):
        st.rerun()  # the whole page, so that the fragment gets or loses its pace
    st.button(t("Take one back"), key="write_back", disabled=not found.new, on_click=back, args=(found,))
    st.button(t("From the beginning"), key="write_clear", disabled=not found.new, on_click=begin_again, args=(found,))


def playing() -> bool:
    """Whether tokens come by themselves; a page that nobody has seen move for so long was left."""
    if st.session_state.get(PLAYING) and time.monotonic() - st.session_state.get(MOVED, 0.0) > FORGOTTEN:
        st.session_state[PLAYING] = False
    return bool(st.session_state.get(PLAYING))


def advance(found: Draft, sampling: Sampling) -> bool:
    """While playing: one token when the last one has been seen long enough (True)."""
    now = time.monotonic()
    if found.full or not playing() or now - st.session_state.get(MOVED, 0.0) < 0.8 * PACE:
        return False
    st.session_state[MOVED] = now
    write_on(found, 1, sampling)
    return True


def stop_at_end(found: Draft) -> None:
    """Where nothing more can be written it stops, and with it the fragment's reruns: the whole page runs again, without
    a pace.
    """
    if found.full and playing():
        st.session_state[PLAYING] = False
        st.rerun()


def _toggle() -> None:
    """Callback: play or stop."""
    st.session_state[PLAYING] = not st.session_state.get(PLAYING)
    st.session_state[MOVED] = time.monotonic()


def _decimal(value: float) -> str:
    from ...shell.charts import look

    return f"{value:.1f}".replace(".", look().decimal)
