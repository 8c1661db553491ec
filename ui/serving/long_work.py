"""Work that takes more than a moment: its cost before it starts, its progress, a way to stop it, its result cached.

A result is kept under its key for everybody (ui.serving.bounded_cache). Any click starts a page again (Streamlit): a
run that was not stopped goes on from the beginning of the part that was being computed, so long work is cut into parts.
Not here: what is computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ..shell.locale import t, tn
from .bounded_cache import Shelf
from .forward_slots import forward_slot, let_others, look_around

FREE = 2.0  # seconds of work that starts without being asked
TOLD = 1.0  # seconds from which progress is shown
Made = TypeVar("Made")
Progress = Callable[[int, int], None]
"""(parts done, parts in all)."""

_results: Shelf = Shelf(96, 256 * 2**20)


def work(key: tuple, make: Callable[[Progress], Made], *, seconds: float, name: str) -> Made | None:
    """What ``make`` gives, made once for a key; None while somebody has to agree to its cost, or has stopped it.

    seconds: an estimate. name: of the work on this page, for its buttons. ``make`` is handed a function to tell its
    progress, between the calls of which it can be stopped.

    Raises:
        MiranteError: what ``make`` raises, or a full queue.
    """
    if (cached := _results.peek((name, *key))) is not None:
        return cached
    agreed, slot = f"_work_{name}", st.empty()  # one place: what runs takes the place of what was asked, at once
    if seconds > FREE and st.session_state.get(agreed) != key:
        with slot.container():
            st.info(
                tn(
                    "This takes about {n} second; afterwards it is kept.",
                    "This takes about {n} seconds; afterwards it is kept.",
                    max(1, round(seconds)),
                )
            )
            st.button(t("Compute"), key=f"{name}_start", type="primary", on_click=_ask, args=(agreed, key))
        return None
    with slot.container():
        stop, bar = st.empty(), st.empty()
    try:
        if seconds > TOLD:
            stop.button(t("Stop"), key=f"{name}_stop", on_click=_ask, args=(agreed, None))
            bar.progress(0.0, text=t("{share}% done", share=0))
        return _results.get((name, *key), lambda: _run(make, bar, seconds))
    finally:  # after it is on the shelf: a click meanwhile ends the run here, and the result is not lost
        slot.empty()


def _run(make: Callable[[Progress], Made], bar: DeltaGenerator, seconds: float) -> Made:

    def progress(done: int, total: int) -> None:
        let_others() if seconds > FREE else look_around()
        if seconds > TOLD:
            bar.progress(
                min(1.0, done / max(1, total)), text=t("{share}% done", share=round(100 * done / max(1, total)))
            )

    with forward_slot(), st.spinner(t("Computing…")):
        return make(progress)


def _ask(name: str, key: tuple | None) -> None:
    """Callback: the next run computes ``key``, or nothing."""
    st.session_state[name] = key
