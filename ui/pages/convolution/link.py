"""What is chosen on the page, all of it in the link: the sentence that is judged, the position that is opened, what of
a head is shown.

The sentence is one of the page's examples or the one at the side: whoever writes there sees their own at once. The
classifier reads Portuguese, so the examples are Portuguese in both languages."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ...explorer.word_names import nearest, word_names
from ...shell.locale import t
from ...shell.modes import size
from ...shell.state import DEFAULT_SENTENCE, Chosen, held, hold, publish, settle

REVIEW, AT, LOOKS = "review", "at", "looks"
SIDE, RECEIVED = "side", "received"
EXAMPLES = (
    "Eu amo este filme!",
    "Não gostei nem um pouco.",
    "O filme é bonito, mas chato.",
    "Não é ruim, não.",
    "Nunca comi uma pizza tão boa!",
    "A comida chegou fria.",
    "A peça foi supimpa!",
)


def pick_text(chosen: Chosen) -> str:
    """The sentence to be judged."""
    names = {**{str(place): text for place, text in enumerate(EXAMPLES, 1)}, SIDE: t("The sentence at the side")}
    default = SIDE if chosen.sentence != DEFAULT_SENTENCE else "1"
    if st.session_state.get("_side_seen", chosen.sentence) != chosen.sentence:
        st.session_state[REVIEW] = SIDE  # somebody wrote there
    st.session_state["_side_seen"] = chosen.sentence
    settle(REVIEW, tuple(names), default)
    picked = st.pills(
        t("Sentence judged"),
        tuple(names),
        key=REVIEW,
        persist_state="session",
        format_func=names.get,
        required=True,
        label_visibility="collapsed",
    )
    publish(REVIEW, picked, "")
    return chosen.sentence if picked == SIDE else names[picked]


def pick_position(words: Sequence[str], first: int) -> int:
    """The position whose window is opened; of another sentence the nearest word of that name, else ``first``."""
    return _pick_word(AT, t("Position opened"), words, range(len(words)), first)


def pick_row(words: Sequence[str], places: Sequence[int]) -> int | None:
    """The word whose row of the head is shown; None for the mean attention that each word receives."""
    names, shown = word_names(words, places)
    listed, labels = [RECEIVED, *names], {RECEIVED: t("mean received"), **shown}
    st.session_state["conv_row"] = nearest(held(LOOKS), names) or RECEIVED
    picked = st.selectbox(
        t("Row of the head"),
        listed,
        key="conv_row",
        format_func=lambda one: labels[one],
        on_change=_write,
        args=(LOOKS, "conv_row", RECEIVED),
        width=round(160 * size()),
    )
    return names.get(picked)


def _pick_word(name: str, title: str, words: Sequence[str], places: Sequence[int], first: int) -> int:
    names, shown = word_names(words, places)
    key = f"conv_{name}"
    st.session_state[key] = nearest(held(name), names) or list(names)[first]
    return names[
        st.selectbox(
            title, list(names), key=key, format_func=shown.get, on_change=_write, args=(name, key, ""), width=200
        )
    ]


def _write(name: str, key: str, default: str) -> None:
    """Callback: what was chosen goes into the link."""
    value = st.session_state.get(key) or ""
    hold(name, "" if value == default else value)
