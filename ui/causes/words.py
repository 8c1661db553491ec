"""Cutting words off: the place that answers may not look at a word, or nobody fetches anything from it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.axes import Kind
from core.effects import edges, zeroed
from core.figures.bars import bars
from core.figures.theme import label

from ..charts import chart, look
from ..layers.numbers import exact
from ..locale import percent, plain, t
from ..question import Posed, number
from ..work import work
from .heads import run_seconds
from .place import pick_acts


def show_words(posed: Posed) -> None:
    """Bars per word of both changes, with the attention beside them."""
    kind = pick_acts(posed.trace)
    side, query = posed.trace.sides(kind)[1], posed.question.position
    groups = [[i for i, one in enumerate(side.word_of) if one == word] for word in range(len(side.words))]
    cuts = kind != "encoder"
    seconds = run_seconds(posed) * len(groups) * (2 if cuts else 1)
    found = work((*posed.key, kind, "words"), lambda progress: _make(posed, kind, groups, cuts, progress), seconds=seconds, name="words")
    if found is None:
        return
    cut, zero = found
    weights = np.mean([record.rows([query])[:, 0].mean(0).numpy() for record in posed.trace.records[kind]], axis=0) if cuts else None
    looked = None if weights is None else np.array([weights[group].sum() for group in groups])
    if cuts:
        _say(cut, looked, side.words)
        st.subheader(t("The place that answers may not look at it"), anchor=False)
        _bars(cut, side.words, "edges_bars")
    st.subheader(t("Nobody fetches anything from it"), anchor=False)
    _bars(zero, side.words, "values_bars")
    st.caption(t("Above: in every layer and head, the edge from the place that answers to the word is cut and its row renormalised (knockout). Below: the word's values are zero for whoever looks at it, so that what went round other words is gone too. "
                 "Negative: without it the answer loses."))  # fmt: skip
    _table(cut, zero, looked, side.words)


def _make(posed: Posed, kind: Kind, groups, cuts: bool, progress) -> tuple[np.ndarray | None, np.ndarray]:
    total = len(groups) * (2 if cuts else 1)
    first = len(groups) if cuts else 0
    cut = edges(posed.model, posed.trace, posed.question, groups, kind, progress=lambda done, _: progress(done, total)) if cuts else None
    return cut, zeroed(posed.model, posed.trace, posed.question, groups, kind, progress=lambda done, _: progress(first + done, total))


def _say(cut: np.ndarray, looked: np.ndarray, words: tuple[str, ...]) -> None:
    """Is the most looked-at word the one whose loss matters most?"""
    matters, most = int(np.nanargmax(np.abs(cut))), int(looked.argmax())
    if matters == most:
        st.markdown(t("The word most looked at, **{word}** ({share}), is also the one whose loss moves the score most ({change} nats).", word=plain(words[most]), share=percent(float(looked[most])), change=number(float(cut[most]))))
        return
    own = t("cannot be cut: nothing would be left") if np.isnan(cut[most]) else t("moves the score by {change} nats", change=number(float(cut[most])))
    st.markdown(t("Most looked at is **{most}** ({share}), whose loss {own}; most is moved by **{matters}** ({change} nats), which gets {other} of the attention.",
                  most=plain(words[most]), share=percent(float(looked[most])), own=own, matters=plain(words[matters]), change=number(float(cut[matters])), other=percent(float(looked[matters]))))  # fmt: skip


def _bars(values: np.ndarray, words: tuple[str, ...], key: str) -> None:
    hover = [f"{label(word)}: {'—' if np.isnan(value) else number(float(value))} nats" for word, value in zip(words, values, strict=True)]
    chart(bars(np.nan_to_num(values), words, look=look(), hover=hover, signed=True, title=t("change of the score, nats")), key=key)


def _table(cut: np.ndarray | None, zero: np.ndarray, looked: np.ndarray | None, words: tuple[str, ...]) -> None:
    title = t("Table: every word's effect")
    with st.expander(title):
        frame = pd.DataFrame({t("Word"): [f"{i + 1} · {word}" for i, word in enumerate(words)]})
        if cut is not None:
            frame[t("edge cut, nats")], frame[t("looked at")] = cut.round(4), [exact(float(one)) for one in looked]
        frame[t("values zero, nats")] = zero.round(4)
        st.dataframe(frame, hide_index=True, alt=title)


