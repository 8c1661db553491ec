"""The five steps of the guided screen: which one is shown, how one walks through them with mouse, keyboard or link."""

from __future__ import annotations

import streamlit as st

from ...shell.locale import t
from ...shell.named_choice import pick_named

_GUIDE_STEP = "step"
_GUIDE_STEPS = ("1", "2", "3", "4", "5")


def titles() -> dict[str, str]:
    """Short titles, numbered."""
    return {
        "1": t("1 · Predict"),
        "2": t("2 · See the heads"),
        "3": t("3 · Change one thing"),
        "4": t("4 · Prove"),
        "5": t("5 · Verdict"),
    }


def pick_step() -> int:
    """The step from 0; a click, the buttons below, or Shift with N or B choose it."""
    step = pick_named(t("Step"), titles(), key=_GUIDE_STEP, default=_GUIDE_STEPS[0], hide_label=True)
    return _GUIDE_STEPS.index(step)


def walk(step: int) -> None:
    """Back and on."""
    with st.container(horizontal=True):
        st.button(t("Back"), key="step_back", disabled=step == 0, on_click=_go, args=(step - 1,), shortcut="Shift+B")
        st.button(
            t("Next"),
            key="step_next",
            disabled=step == len(_GUIDE_STEPS) - 1,
            on_click=_go,
            args=(step + 1,),
            shortcut="Shift+N",
            type="primary",
        )


def _go(step: int) -> None:
    st.session_state[_GUIDE_STEP] = _GUIDE_STEPS[step]
