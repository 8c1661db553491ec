"""Step 1: before anything is shown, the visitor says where the adjective will look."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.analyses.candidates import word_index
from core.tracing.trace import Trace

from ...serving import cache
from ...shell.locale import percent, plain, t, tn
from ...shell.state import Chosen
from .change import one_stack
from .heads import ADJECTIVES, SENTENCE_FRAME

_GUESS = "guess"
_ADJECTIVE = ADJECTIVES[1]


def show_prediction(chosen: Chosen) -> None:
    """The sentence, one question, and, once it is answered, what the heads do."""
    one_stack(cache.language_model(chosen))
    st.markdown(f"### {SENTENCE_FRAME.format(f'**:primary[{_ADJECTIVE}]**')}")
    options = [word.strip(".") for word in SENTENCE_FRAME.format("").split()]
    options = list(dict.fromkeys(word for word in options if word))
    guess = st.pills(
        t("Where does “{word}” look? Click a word.", word=_ADJECTIVE), options, key=_GUESS, persist_state="session"
    )
    if guess is None:
        st.caption(t("Your guess comes first: whoever predicts sees more."))
        return
    _reveal(cache.trace(chosen, SENTENCE_FRAME.format(_ADJECTIVE)), guess)


def _reveal(trace: Trace, guess: str) -> None:
    """The guess beside the mean of all heads, and how far the heads are from agreeing."""
    rows = _rows(trace)
    labels = trace.tokens.words
    mean = rows.mean(0)
    guessed, query = word_index(trace.tokens, guess), word_index(trace.tokens, _ADJECTIVE)
    special = {word for word, hidden in zip(trace.tokens.word_of, trace.tokens.special, strict=True) if hidden}
    others = [i for i in range(len(labels)) if i not in special and i != query and any(map(str.isalnum, labels[i]))]
    order = sorted(others, key=lambda i: -mean[i])
    st.markdown(
        t(
            "You said **{guess}**. In the mean of all {heads} heads it receives {share}, place {rank} of {n} "
            "words; the largest share goes to **{first}** ({most}).",
            guess=plain(guess),
            heads=len(rows),
            share=percent(mean[guessed]),
            rank=order.index(guessed) + 1,
            n=len(order),
            first=plain(labels[order[0]]),
            most=percent(mean[order[0]]),
        )
    )
    most = rows[:, others].argmax(1)
    hits = int((most == others.index(guessed)).sum())
    st.markdown(
        tn(
            "But there is no one look: {n} of the {heads} heads looks most at “{guess}”, the others elsewhere. "
            "The mean hides them; the next step shows each.",
            "But there is no one look: {n} of the {heads} heads look most at “{guess}”, the others elsewhere. "
            "The mean hides them; the next step shows each.",
            hits,
            heads=len(rows),
            guess=plain(guess),
        )
    )


def _rows(trace: Trace) -> np.ndarray:
    """The adjective's row in every head, by words: (head of all layers, word)."""
    query = word_index(trace.tokens, _ADJECTIVE)
    maps = [
        trace.merged(trace.attention(layer, head)) for layer in range(trace.layers()) for head in range(trace.heads())
    ]
    return np.stack([word_map[query] for word_map in maps])
