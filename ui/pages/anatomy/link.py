"""The choices of the page "Anatomy", all of them in the link: the picture, the stage, the silent neurons."""

from __future__ import annotations

import re

import streamlit as st

from core.analyses.stages import Stage

from ...shell.history import follows_link
from ...shell.locale import t
from ...shell.state import publish, settle

_PICTURE, STAGE, _SILENT, FFN_LAYER = "anatomy", "stage", "silent", "ffn"
PICTURES = ("walk", "river", "neurons", "positions", "families")
_MOST_SILENT = 64
_HELD_NEURONS = "_silent"


def pick_picture() -> str:
    """Let the visitor choose one of the five pictures."""
    names = {
        "walk": t("The pass"),
        "river": t("The stream"),
        "neurons": t("Feed-forward"),
        "positions": t("Positions"),
        "families": t("Three families"),
    }
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


def pick_stage(stages: tuple[Stage, ...]) -> int:
    """Index of the chosen stage, by a slider or a step to either side; ``len(stages)`` is the model's answer."""
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
            t("Stage"), options, key=STAGE, persist_state="session", format_func=lambda index: stage_name(stages, index)
        )
    publish(STAGE, str(stage), "1")
    return stage


def stage_name(stages: tuple[Stage, ...], index: int) -> str:
    """The name of a stage, such as ``C2 attention``; ``len(stages)`` is called the answer."""
    if index == len(stages):
        return t("answer")
    stage = stages[index]
    names = {
        "embedding": t("embeddings"),
        "attention": t("attention"),
        "cross": t("cross-attention"),
        "feed_forward": t("feed-forward"),
        "rest": t("rest of the block"),
    }
    return names[stage.part] if stage.layer is None else f"{t('L')}{stage.layer + 1} {names[stage.part]}"


def held_neurons(layer: int) -> list[int]:
    """Neurons of the block that the link silences: ``silent=2.17.40`` (layer counted from 1, neurons from 0)."""
    follows_link(_HELD_NEURONS)
    held = st.session_state.setdefault(_HELD_NEURONS, st.query_params.get(_SILENT, ""))
    if held and st.query_params.get(_SILENT) != held:
        st.query_params[_SILENT] = held
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6}){1,64}", held):
        return []
    first, *neurons = map(int, held.split("."))
    return list(dict.fromkeys(neurons)) if first == layer + 1 else []


def hold_neurons(layer: int, neurons: list[int]) -> None:
    """Callback: keep these neurons of the block silent, in the session and in the link."""
    st.session_state[_HELD_NEURONS] = ".".join(map(str, [layer + 1, *neurons[:_MOST_SILENT]])) if neurons else ""
    if not neurons:
        st.query_params.pop(_SILENT, None)


def _step(by: int, last: int) -> None:
    """Callback: go ``by`` stages on or back, no further than either end."""
    st.session_state[STAGE] = min(max(st.session_state[STAGE] + by, 0), last)
