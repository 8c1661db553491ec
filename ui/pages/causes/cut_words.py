"""Cutting words off: the place that answers may not look at a word, or nobody fetches anything from it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.ablation import compared, edge_knockouts, zeroed
from core.attention.edits import Knockout
from core.axes import Kind
from core.figures.bars import bars
from core.figures.theme import label
from core.tracing.rerun import rerun

from ...explorer.numbers_file import offer_numbers
from ...explorer.question import Posed, number
from ...explorer.run_cost import run_seconds
from ...explorer.word_names import nearest, word_names
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.frame import beside_title, picture_beside_words
from ...shell.locale import percent, plain, t
from ...shell.numbers import exact
from ...shell.tables import show_table
from .expected import show_expected
from .link import WITHOUT, pick_acts, pick_where


def show_cut_words(posed: Posed) -> None:
    """Bars per word of both changes, with the attention beside them."""
    with beside_title():
        kind = pick_acts(posed.trace)
        layer, head = (
            pick_where(posed.trace.layers(kind), posed.trace.heads(kind)) if kind != "encoder" else (None, None)
        )
    side, query = posed.trace.sides(kind)[1], posed.question.position
    groups = [[i for i, word_index in enumerate(side.word_of) if word_index == word] for word in range(len(side.words))]
    cuts = kind != "encoder"
    seconds = run_seconds(posed.model, posed.trace) * len(groups) * (2 if cuts else 1)
    effects = work(
        (*posed.key, kind, "words", layer, head),
        lambda progress: _measured(posed, kind, groups, layer, head, progress),
        seconds=seconds,
        name="words",
    )
    if effects is None:
        return
    cut, zero = effects
    weights = _weights(posed, kind, query, layer, head) if cuts else None
    looked = None if weights is None else np.array([weights[group].sum() for group in groups])
    if cuts and not np.isnan(cut).all():
        picture, words = picture_beside_words()
        with picture:
            title = t("The place that answers may not look at it")
            st.markdown(f"**{title}**")
            _bars(cut, side.words, "edges_bars")
        with words:
            _say(cut, looked, side.words)
    st.subheader(t("Nobody fetches anything from it"), anchor=False)
    _bars(zero, side.words, "values_bars")
    st.caption(
        t(
            "Above: the edge from the place that answers to the word is cut, in every layer and head or in "
            "the one chosen, and its row renormalised (knockout). Below: the word's values are zero for "
            "whoever looks at it, so that what went round other words is gone too. "
            "Negative: without it the answer loses."
        )
    )
    if cuts and not np.isnan(cut).all():
        _without(posed, kind, groups, side.words, cut, layer, head)
    _table(cut, zero, looked, side.words)
    offer_numbers(
        posed,
        kind,
        "words",
        {"words": side.words, "edges_cut_nats": cut, "values_zero_nats": zero, "looked_at": looked},
        edges_cut_in="every head" if layer is None else [layer, head],
    )


def _weights(posed: Posed, kind: Kind, query: int, layer: int | None, head: int | None) -> np.ndarray:
    """(key,): what the place that answers looks at, in one head or in the mean of all."""
    if layer is not None:
        return posed.trace.record(layer, kind).rows([query])[head, 0].numpy()
    return np.mean(
        [record.rows([query])[:, 0].mean(0).numpy() for record in posed.trace.attending_records(kind)], axis=0
    )


def _without(
    posed: Posed, kind: Kind, groups, words: tuple[str, ...], cut: np.ndarray, layer: int | None, head: int | None
) -> None:
    """What the model expects when the edge to one word is cut: at first the one that matters most."""
    able = [word for word in range(len(words)) if not np.isnan(cut[word])]
    names, labels = word_names(words, able)
    best = f"{(first := int(np.nanargmax(np.abs(cut))))}:{words[first]}"
    st.session_state["without_word"] = nearest(st.query_params.get(WITHOUT, ""), names) or best
    picked = st.selectbox(
        t("What the model expects without"),
        list(names),
        key="without_word",
        format_func=labels.get,
        width=220,
        on_change=lambda: st.query_params.update({WITHOUT: st.session_state["without_word"]}),
    )
    edit = Knockout(layer, head, kind, (posed.question.position,), tuple(groups[names[picked]]))
    edited = work(
        (*posed.key, kind, "without", layer, head, picked),
        lambda progress: rerun(posed.model, posed.trace, (edit,)),
        seconds=run_seconds(posed.model, posed.trace),
        name="without",
    )
    if edited is None:
        return
    comparison = compared(posed.trace, edited, posed.question)
    st.markdown(
        t(
            "Without “{word}”: {change} nats (KL {kl}).",
            word=plain(words[names[picked]]),
            change=number(comparison.change),
            kl=number(comparison.kl).lstrip("+"),
        )
    )
    show_expected(posed, edited)


def _measured(
    posed: Posed, kind: Kind, groups, layer: int | None, head: int | None, progress
) -> tuple[np.ndarray | None, np.ndarray]:
    cuts = kind != "encoder"
    total = len(groups) * (2 if cuts else 1)
    first = len(groups) if cuts else 0
    cut = (
        edge_knockouts(
            posed.model,
            posed.trace,
            posed.question,
            groups,
            kind,
            layer=layer,
            head=head,
            progress=lambda done, _: progress(done, total),
        )
        if cuts
        else None
    )
    return cut, zeroed(
        posed.model, posed.trace, posed.question, groups, kind, progress=lambda done, _: progress(first + done, total)
    )


def _say(cut: np.ndarray, looked: np.ndarray, words: tuple[str, ...]) -> None:
    """Is the most looked-at word the one whose loss matters most?"""
    matters, most = int(np.nanargmax(np.abs(cut))), int(looked.argmax())
    n, middle = int((~np.isnan(cut)).sum()), number(float(np.nanmedian(np.abs(cut)))).lstrip("+")
    if matters == most:
        st.markdown(
            t(
                "The word most looked at, **{word}** ({share}), is also the one of {n} words whose loss moves the "
                "score most ({change} nats; half of them move it by less than {middle}).",
                word=plain(words[most]),
                n=n,
                middle=middle,
                share=percent(float(looked[most])),
                change=number(float(cut[most])),
            )
        )
        return
    if np.isnan(cut[most]):
        text = t(
            "Most looked at is **{most}** ({share}); that edge cannot be cut, because nothing would be left "
            "to look at.",
            most=plain(words[most]),
            share=percent(float(looked[most])),
        )
    else:
        text = t(
            "Most looked at is **{most}** ({share}), whose loss moves the score by {change} nats.",
            most=plain(words[most]),
            share=percent(float(looked[most])),
            change=number(float(cut[most])),
        )
    st.markdown(
        text
        + " "
        + t(
            "Of {n} words the score is moved most by **{matters}** ({change} nats; half of them move it by less than "
            "{middle}), which gets {other} of the attention.",
            n=n,
            middle=middle,
            matters=plain(words[matters]),
            change=number(float(cut[matters])),
            other=percent(float(looked[matters])),
        )
    )


def _bars(values: np.ndarray, words: tuple[str, ...], key: str) -> None:
    hover = [
        f"{label(word)}: {'—' if np.isnan(value) else number(float(value))} nats"
        for word, value in zip(words, values, strict=True)
    ]
    chart(
        bars(np.nan_to_num(values), words, look=look(), hover=hover, signed=True, title=t("change of the score, nats")),
        key=key,
    )


def _table(cut: np.ndarray | None, zero: np.ndarray, looked: np.ndarray | None, words: tuple[str, ...]) -> None:
    title = t("Table: every word's effect")
    with st.expander(title):
        frame = pd.DataFrame({t("Word"): [f"{i + 1} · {word}" for i, word in enumerate(words)]})
        if cut is not None:
            frame[t("edge cut, nats")], frame[t("looked at")] = (
                cut.round(4),
                [exact(float(weight)) for weight in looked],
            )
        frame[t("values zero, nats")] = zero.round(4)
        show_table(frame, title=title)
