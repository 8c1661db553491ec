"""The sentence on top of every page that reads one: a field, its button, and ready examples.

Enter submits, Shift+Enter begins a line (assets/enter.js). Streamlit's own field holds the text, so that it
is bound to the address bar; a text too long for a link is kept in the store, and the link names it (long_text.py).
"""

from __future__ import annotations

import json
from functools import cache

import streamlit as st

from core.assets import ASSETS
from core.models.catalog import bundled_kind

from ..components.registry import mount
from ..shell import state
from ..shell.locale import language, t
from . import long_text

_EXAMPLES = ASSETS / "examples" / "sentences.json"
_TOOLS, _ABOUT_LINK = "sentence_tools", "_sentence_about_link"


def pick_sentence() -> None:
    """The sentence; what is said of a long one stands under the bar (``tell_of_link``)."""
    long_text.restore()
    travels = state.sentence_travels()
    stored = long_text.publish_text(st.session_state.get(state.SENTENCE) or "")
    st.text_area(
        t("Sentence"),
        value=state.DEFAULT_SENTENCE,
        key=state.SENTENCE,
        height="content",
        bind="query-params" if travels else None,
        persist_state="session",
        placeholder=t("Write a sentence"),
        label_visibility="collapsed",
    )
    _tools()
    st.session_state[_ABOUT_LINK] = None if travels else "kept" if stored else "alone"


def tell_of_link() -> None:
    """Where the sentence is too long for a link: what a copied address will open."""
    about = st.session_state.get(_ABOUT_LINK)
    if about == "kept":
        st.caption(t("This text is too long for a link, so the server keeps it: whoever has the link can read it."))
    elif about == "alone":
        st.caption(t("This text is too long for a link: a copied address will open the default sentence."))


def use_example(shown: list[str]) -> None:
    """Callback: the chosen example becomes the sentence."""
    number = (st.session_state.get(_TOOLS) or {}).get("example")
    if type(number) is int and 0 <= number < len(shown):
        st.session_state[state.SENTENCE] = shown[number]


def _tools() -> None:
    """The button that submits, and the examples that the model reads best."""
    offered = examples_for(state.current(state.MODEL) or state.DEFAULT_MODEL)
    mount("sentence")(
        key=_TOOLS,
        data={"go": t("See"), "examples": t("Examples"), "offered": offered},
        on_example_change=lambda: use_example([example["text"] for example in offered]),
        width="content",
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
