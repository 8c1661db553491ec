"""The shared pickers of the sidebar: model, sentence, language, device.

Each is bound to the address bar, so a copied link restores it; a value in a link that makes no
sense falls back to the default (language, device) or is refused by core with its reason (model).
Not here: the widgets of a page, which stand beside what they change.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Literal, get_args

import streamlit as st

from core.assets import ASSETS
from core.languages import LANGUAGES
from core.models.catalog import bundled_kind
from core.models.sources import bundled_names, local_names
from core.models.suggestions import SUGGESTIONS
from core.vision.shipped import visions

from ..serving.cache import devices
from ..serving.hub_reach import hub_in_reach
from ..shell import state
from ..shell.locale import language, t
from ..shell.modes import pick_projector
from . import long_text

_EXAMPLES = ASSETS / "examples" / "sentences.json"


def pickers() -> None:
    """The shared pickers, in the order of the sidebar; what needs torch comes last, with a word about it."""
    with st.sidebar:
        pick_model()
        pick_sentence()
        pick_language()
    with st.sidebar:
        pick_device(devices())
        pick_projector()
    long_text.tell_problem()


def pick_model() -> None:
    """A bundled name from the list, or any hub id or local folder typed into the same field."""
    st.selectbox(
        t("Model"),
        state.with_current(offered_models(), state.MODEL),
        key=state.MODEL,
        bind="query-params",
        accept_new_options=True,
        placeholder=t("Choose, or type a name"),
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


def pick_sentence() -> None:
    """The sentence and, below it, ready examples.

    A text too long for a link is kept in the store, and the link names it.
    """
    long_text.restore()
    travels = state.sentence_travels()
    stored = long_text.publish_text(st.session_state.get(state.SENTENCE) or "")
    about = [t("Press Ctrl+Enter, or click outside the field, to see the new sentence.")]
    if stored:
        about.append(t("This text is too long for a link, so the server keeps it: whoever has the link can read it."))
    st.text_area(
        t("Sentence"),
        value=state.DEFAULT_SENTENCE,
        key=state.SENTENCE,
        height=120,
        bind="query-params" if travels else None,
        persist_state="session",
        help=" ".join(about),
    )
    if not travels and not stored:
        st.caption(t("This text is too long for a link: a copied address will open the default sentence."))
    st.selectbox(
        t("Examples"),
        [example["text"] for example in examples_for(state.current(state.MODEL) or state.DEFAULT_MODEL)],
        index=None,
        key="example",
        placeholder=t("Choose an example"),
        label_visibility="collapsed",
        on_change=use_example,
    )


def use_example() -> None:
    """Callback: the chosen example becomes the sentence, and the list is ready for the next choice."""
    if text := st.session_state.get("example"):
        st.session_state[state.SENTENCE] = text
        st.session_state["example"] = None


def pick_language() -> None:
    """pt or en; never empty, and always named in the link (see ui.shell.state.settle_language)."""
    st.segmented_control(
        t("Language"), LANGUAGES, key=state.LANG, bind="query-params", required=True, selection_mode="single"
    )


def pick_device(machine_devices: tuple[str, ...]) -> None:
    """Where and how exactly the model runs; a choice only where the machine has more than one device."""
    if len(machine_devices) == 1:
        st.caption(t("Runs on: {device}", device=machine_devices[0].upper()))
        return
    st.selectbox(
        t("Runs on"),
        (state.DEFAULT_DEVICE, *machine_devices),
        key=state.DEVICE,
        bind="query-params",
        help=t("“auto” takes the fastest one of this machine."),
    )
    st.segmented_control(
        t("Precision"),
        get_args(state.Precision),
        key=state.PRECISION,
        bind="query-params",
        required=True,
        help=t(
            "float16 halves the memory on a GPU. It rounds weights and activations to about three digits, "
            "so the maps differ "
            "slightly from float32: compare before you quote a number. The CPU computes in float32."
        ),
    )


def examples_for(model: str) -> list[dict[str, str]]:
    """Example sentences, those that a model reads best first.

    Beginnings for a bundled decoder, sentences to translate for a bundled translator.
    """
    kind = bundled_kind(model)
    for_kind = examples(kind) if kind in ("decoder", "encoder-decoder") else []
    return [*for_kind, *examples(language())] if kind != "encoder-decoder" else for_kind


@cache
def examples(name: str) -> list[dict[str, str]]:
    """Example sentences of a language or a kind of model: ``[{"text": …, "about": …}]``, in the order to be shown."""
    return json.loads(_EXAMPLES.read_text(encoding="utf-8"))[name]
