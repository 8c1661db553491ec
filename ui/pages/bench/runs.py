"""A run of the bench on a page: started by a button, with its progress, stopped by a click, continued where it stood.

Every answer is kept as soon as it is there (ui.serving.cache), so a stopped or interrupted run loses nothing, and two
visitors share theirs. Not here: what is counted from the answers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.coreference.bench import Answer, rivals_of
from core.coreference.items import Item
from core.coreference.probes import Probe, fits

from ...serving import cache
from ...serving.cache import Asked
from ...shell.locale import t
from ...shell.state import Chosen

AT_ONCE = 16
"""Up to so many missing answers are asked for without a button: about a second."""


def asked_of(chosen: Chosen, items: Sequence[Item], probe: Probe, *, twin: bool = False, causal: bool = False) -> Asked:
    """What a run asks: the same for the same choices, whatever is known already."""
    return Asked(chosen, probe, twin, causal, rivals_of(items) if causal else {})


def ask_all(runs: Sequence[tuple[Asked, Sequence[Item]]], *, label: str, key: str) -> bool:
    """Whether every answer of every run is there; asks for them, by a button ``label`` where there are many.

    Raises:
        MiranteError: what a model raises; what was answered before stays.
    """
    todo = [
        (asked, item)
        for asked, items in runs
        for item in items
        if fits(item, asked.probe) and cache.answer(asked, item, ask=False) is None
    ]
    running = f"_asking_{key}"
    if not todo:
        st.session_state[running] = False
        return True
    if len(todo) > AT_ONCE and not st.session_state.get(running):
        st.button(label, type="primary", key=f"{key}_start", on_click=_set, args=(running, True))
        return False
    _run(todo, sum(len(items) for _, items in runs), running, key)
    return True


def answers(asked: Asked, items: Sequence[Item]) -> list[Answer]:
    """The answers that are there, in the order of the items."""
    found = (cache.answer(asked, item, ask=False) for item in items if fits(item, asked.probe))
    return [one for one in found if one is not None]


def _run(todo: Sequence[tuple[Asked, Item]], total: int, running: str, key: str) -> None:
    """One item after the other. Any click starts the page again (Streamlit): the run goes on, unless the click was on
    Stop.
    """
    stop, bar = st.empty(), st.empty()
    stop.button(t("Stop"), key=f"{key}_stop", on_click=_set, args=(running, False))
    done = total - len(todo)
    for number, (asked, item) in enumerate(todo, done):
        if number % 8 == 0:
            bar.progress(min(number / total, 1.0), text=t("{n} of {total} sentences asked", n=number, total=total))
        cache.answer(asked, item)
    st.session_state[running] = False
    stop.empty()
    bar.empty()


def _set(name: str, value: bool) -> None:
    st.session_state[name] = value
