"""The shared pickers beside the sentence: model, language, device.

Each is bound to the address bar, so a copied link restores it; a value in a link that makes no
sense falls back to the default (language, device) or is refused by core with its reason (model).
Not here: the sentence (sentence.py), the widgets of a page, which stand beside what they change.
"""

from __future__ import annotations

from typing import Literal, get_args

import streamlit as st

from core.languages import LANGUAGES
from core.models.sources import bundled_names, local_names
from core.models.suggestions import SUGGESTIONS
from core.vision.shipped import visions

from ..serving.hub_reach import hub_in_reach
from ..shell import state
from ..shell.locale import t


def pick_model() -> None:
    """A bundled name from the list, or any hub id or local folder typed into the same field."""
    st.selectbox(
        t("Model"),
        state.with_current(offered_models(), state.MODEL),
        key=state.MODEL,
        bind="query-params",
        accept_new_options=True,
        placeholder=t("Choose, or type a name"),
        label_visibility="collapsed",
        width=205,
        help=t(
            "Choose a bundled model, or type another: an id of the Hugging Face Hub (organisation/name) or a folder "
            "on this computer with config.json, the tokenizer and weights in safetensors. Below the bundled ones stand "
            "those of the models folder and, where this server reaches the hub, some of the hub that are worth trying: "
            "not bundled, not tried here, fetched when they are chosen. The page Models says what each is for."
        ),
    )


def bundled_models() -> tuple[str, ...]:
    """The bundled names, the default one first: a list without a choice shows its first."""
    others = tuple(name for name in bundled_names() if name != state.DEFAULT_MODEL)
    return (state.DEFAULT_MODEL, *others)


def offered_models(kind: Literal["text", "vision"] = "text") -> tuple[str, ...]:
    """The bundled names, those of the models folder, and where the hub is in reach those worth trying from it."""
    bundled = bundled_models() if kind == "text" else visions()
    suggested = [
        suggestion.name
        for suggestion in (SUGGESTIONS if hub_in_reach() else ())
        if (suggestion.kind == "vision") == (kind == "vision")
    ]
    return tuple(dict.fromkeys((*bundled, *local_names(kind), *suggested)))


def pick_language() -> None:
    """pt or en; never empty, and always named in the link (see ui.shell.state.settle_language)."""
    st.segmented_control(
        t("Language"),
        LANGUAGES,
        key=state.LANG,
        bind="query-params",
        required=True,
        selection_mode="single",
        label_visibility="collapsed",
        width="content",
    )


def pick_device(machine_devices: tuple[str, ...]) -> None:
    """Where and how exactly the model runs; a choice only where the machine has more than one device."""
    if len(machine_devices) == 1:
        return
    st.selectbox(
        t("Runs on"),
        (state.DEFAULT_DEVICE, *machine_devices),
        key=state.DEVICE,
        bind="query-params",
        label_visibility="collapsed",
        width=110,
        help=t("“auto” takes the fastest one of this machine."),
    )
    st.segmented_control(
        t("Precision"),
        get_args(state.Precision),
        key=state.PRECISION,
        bind="query-params",
        required=True,
        label_visibility="collapsed",
        width="content",
        help=t(
            "float16 halves the memory on a GPU. It rounds weights and activations to about three digits, "
            "so the maps differ "
            "slightly from float32: compare before you quote a number. The CPU computes in float32."
        ),
    )
