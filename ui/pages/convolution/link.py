"""The choices of the page, all of them in the link: the sentence judged, the position opened, the row of a head.

The sentence is one of the page's examples or the one on top: whoever writes there sees their own at once. The
classifier reads Portuguese, so the examples are Portuguese in both languages.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ...explorer.word_names import nearest, word_names
from ...shell.frame import beside_title
from ...shell.locale import t
from ...shell.modes import size
from ...shell.state import DEFAULT_SENTENCE, Chosen, held, hold, publish, settle

REVIEW, _POSITION, _ROW = "review", "at", "looks"
TYPED, _MEAN_RECEIVED = "side", "received"
REVIEWS = (
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
    names = {**{str(number): text for number, text in enumerate(REVIEWS, 1)}, TYPED: t("The sentence on top")}
    default = TYPED if chosen.sentence != DEFAULT_SENTENCE else "1"
    if st.session_state.get("_side_seen", chosen.sentence) != chosen.sentence:
        st.session_state[REVIEW] = TYPED  # somebody wrote there
    st.session_state["_side_seen"] = chosen.sentence
    settle(REVIEW, tuple(names), default)
    with beside_title():
        picked = st.selectbox(
            t("Sentence judged"), tuple(names), key=REVIEW, persist_state="session", format_func=names.get, width=280
        )
    publish(REVIEW, picked, "")
    return chosen.sentence if picked == TYPED else names[picked]


def pick_position(words: Sequence[str], first: int) -> int:
    """The position whose window is opened: after a change of sentence the nearest word of that name, else ``first``."""
    return _pick_word(_POSITION, t("Position opened"), words, range(len(words)), first)


def pick_row(words: Sequence[str], places: Sequence[int]) -> int | None:
    """The word whose row of the head is shown; None for the mean attention that each word receives."""
    names, word_labels = word_names(words, places)
    listed, labels = [_MEAN_RECEIVED, *names], {_MEAN_RECEIVED: t("mean received"), **word_labels}
    st.session_state["conv_row"] = nearest(held(_ROW), names) or _MEAN_RECEIVED
    picked = st.selectbox(
        t("Row of the head"),
        listed,
        key="conv_row",
        format_func=lambda name: labels[name],
        on_change=_write,
        args=(_ROW, "conv_row", _MEAN_RECEIVED),
        width=round(160 * size()),
    )
    return names.get(picked)


def _pick_word(name: str, title: str, words: Sequence[str], places: Sequence[int], first: int) -> int:
    names, labels = word_names(words, places)
    key = f"conv_{name}"
    st.session_state[key] = nearest(held(name), names) or list(names)[first]
    return names[
        st.selectbox(
            title, list(names), key=key, format_func=labels.get, on_change=_write, args=(name, key, ""), width=200
        )
    ]


def _write(name: str, key: str, default: str) -> None:
    """Callback: what was chosen goes into the link."""
    value = st.session_state.get(key) or ""
    hold(name, "" if value == default else value)
