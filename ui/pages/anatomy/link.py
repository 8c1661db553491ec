"""What is chosen on the page "Anatomy", in the link: the picture, the stage, the neurons that are silent."""

from __future__ import annotations

import re

import streamlit as st

from core.analyses.stages import Stage

from ...shell.locale import t
from ...shell.state import publish, settle

WHAT, STAGE, SILENT, LAYER = "anatomy", "stage", "silent", "ffn"
WHATS = ("walk", "river", "neurons", "positions", "families")
MOST_SILENT = 64
KEPT = "_silent"


def pick_what() -> str:
    """Which of the five pictures."""
    names = {
        "walk": t("The pass"),
        "river": t("The stream"),
        "neurons": t("Feed-forward"),
        "positions": t("Positions"),
        "families": t("Three families"),
    }
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


def pick_stage(stages: tuple[Stage, ...]) -> int:
    """The stage one stands at: a slider, and a step to either side. The last one is the model's answer."""
    options = range(len(stages) + 1)
    settle(STAGE, options, 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            t("Back one stage"),
            key="stage_back",
            disabled=st.session_state[STAGE] == 0,
            on_click=_step,
            args=(-1, len(stages)),
        )
        st.button(
            t("Next stage"),
            key="stage_next",
            type="primary",
            disabled=st.session_state[STAGE] == len(stages),
            on_click=_step,
            args=(1, len(stages)),
        )
        stage = st.select_slider(
            t("Stage"), options, key=STAGE, persist_state="session", format_func=lambda place: stage_name(stages, place)
        )
    publish(STAGE, str(stage), "1")
    return stage


def stage_name(stages: tuple[Stage, ...], place: int) -> str:
    """``C2 attention``; the one after the last is the answer."""
    if place == len(stages):
        return t("answer")
    stage = stages[place]
    names = {
        "embedding": t("embeddings"),
        "attention": t("attention"),
        "cross": t("cross-attention"),
        "feed_forward": t("feed-forward"),
        "rest": t("rest of the block"),
    }
    return names[stage.part] if stage.layer is None else f"{t('L')}{stage.layer + 1} {names[stage.part]}"


def silent(layer: int) -> list[int]:
    """Neurons of the block that the link silences: ``silent=2.17.40`` (layer counted from 1, neurons from 0)."""
    held = st.session_state.setdefault(KEPT, st.query_params.get(SILENT, ""))
    if held and st.query_params.get(SILENT) != held:
        st.query_params[SILENT] = held
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6}){1,64}", held):
        return []
    first, *neurons = map(int, held.split("."))
    return list(dict.fromkeys(neurons)) if first == layer + 1 else []


def silence(layer: int, neurons: list[int]) -> None:
    """Callback: these neurons of the block are silent."""
    st.session_state[KEPT] = ".".join(map(str, [layer + 1, *neurons[:MOST_SILENT]])) if neurons else ""
    if not neurons:
        st.query_params.pop(SILENT, None)


def _step(by: int, last: int) -> None:
    """Callback: a step, no further than either end."""
    st.session_state[STAGE] = min(max(st.session_state[STAGE] + by, 0), last)
