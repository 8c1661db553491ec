"""The views of the page "Translate": cross-attention as an alignment, the mean of its heads, both self-attentions.

Not here: who writes the target side (target.py).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from core.axes import head_name
from core.figures.grid import grid
from core.figures.theme import label
from core.models.catalog import alignment
from core.tracing.trace import Trace
from core.views.view import View

from ...components.attention import attention_explorer
from ...components.choices import PICTURES
from ...explorer.exports import offer
from ...explorer.head_pickers import follow_head, pick_head
from ...explorer.selection_link import TRANSLATE, follow_words, linked_selection
from ...explorer.view_options import budget_names
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.frame import beside_title
from ...shell.locale import percent, plain, t, tn
from ...shell.numbers import fixed
from ...shell.state import Chosen

_CERTAIN = 0.05
_ALIGNED, _MEAN, _ENCODER, _DECODER = "translate", "translate_mean", "translate_encoder", "translate_decoder"


def show_texts(trace: Trace) -> None:
    """The two texts, and who wrote the second."""
    st.markdown(f"#### {plain(trace.text)} → **:primary[{plain(trace.target.text)}]**")
    if trace.cut:
        st.caption(t("It was cut at the limit."))


def show_alignment(trace: Trace) -> tuple[View, tuple[int, int]]:
    """The explorer over cross-attention, rows named by the word they write; and the head in view."""
    rows = "written" if len(trace.target) > 1 else "read"
    view = cache.view(trace, "cross", words=True, specials=True, renormalise=False, rows=rows)
    with beside_title():
        head = pick_head(view, first=cache.first_head(trace, "cross"))

    def follow() -> None:
        follow_head(_ALIGNED)
        follow_words(_ALIGNED, view, TRANSLATE)

    attention_explorer(
        view,
        linked_selection(view, head, TRANSLATE),
        key=_ALIGNED,
        on_select=follow,
        names=budget_names(trace, view),
        offer=replace(offer(trace, view), pictures=PICTURES[:2], words="below"),
    )
    _say_pairs(view, head)
    return view, head


def show_beside(trace: Trace, view: View, head: tuple[int, int], chosen: Chosen) -> None:
    """Three smaller maps: the mean of all cross heads, the encoder's self-attention, the decoder's."""
    mean, encoder, decoder = st.columns(3)
    with mean:
        _show_mean(view, head, chosen)
    with encoder:
        st.markdown(t("**Encoder**: every word of the source sees every word, before and after it. No mask."))
        _show_self(trace, "encoder", _ENCODER)
    with decoder:
        st.markdown(
            t(
                "**Decoder**: a word that is written sees itself and what stands before it. What lies above "
                "the diagonal is masked: exactly 0."
            )
        )
        _show_self(trace, "decoder", _DECODER)
    st.caption(
        t(
            "In cross-attention no word of the source is masked: each word that is written may look at the "
            "whole source, so its map is a rectangle of {rows} × {columns} words.",
            rows=len(view.query),
            columns=len(view.key),
        )
    )


def _show_mean(view: View, head: tuple[int, int], chosen: Chosen) -> None:
    """The mean of all cross heads, beside the head in view and the head that aligns best with links made by hand."""
    mean = np.mean([view.head(*layer_head) for layer_head in np.ndindex(view.layers, view.heads)], axis=0)
    n = view.layers * view.heads
    st.markdown(t("**Mean of the {n} cross heads**: what remains when heads that do different things are mixed.", n=n))
    _draw(mean, view, _MEAN)
    same = int((mean.argmax(1) == view.head(*head).argmax(1)).sum())
    rows, name = len(view.query), head_name(*head, t("L"))
    remarks = tn(
        "The strongest source word of {same} of {n} row is that of {head}.",
        "The strongest source word of {same} of {n} rows is that of {head}.",
        rows,
        same=same,
        head=name,
    )
    gold = alignment(chosen.model)
    if gold is not None:
        half = gold["other_half"]
        best, low, high = (percent(half[name]) for name in ("value", "low", "high"))
        best_head_name = head_name(*half["head"], t("L"))
        remarks += " " + t(
            "Of {n} words linked by hand, {head} finds {best} ({low} to {high}); chosen on another half. "
            "The mean of heads: {mean}, on both halves.",
            n=half["n"],
            head=best_head_name,
            best=best,
            low=low,
            high=high,
            mean=percent(gold["mean_of_heads"]["value"]),
        )
        remarks += " " + _place_remark(gold)
    st.caption(remarks)


def _place_remark(gold: dict) -> str:
    """How far the mere place of a word comes, with no model: the trivial cause of an alignment."""
    numbers = {
        "place": percent(gold["diagonal"]["value"]),
        "head_only": gold["paired"]["head_only"],
        "place_only": gold["paired"]["place_only"],
        "p": fixed(gold["paired"]["p"]),
        "n": gold["moved"]["n"],
        "moved": percent(gold["moved"]["value"]),
        "low": percent(gold["moved"]["low"]),
        "high": percent(gold["moved"]["high"]),
    }
    if gold["paired"]["p"] > _CERTAIN:
        return t(
            "Looking at the same relative place, with no model at all, finds {place}; over all words the head is not "
            "told apart from that (on its half, only the head is right about {head_only} words, only the place about "
            "{place_only}; exact test, p = {p}). Of the {n} words that change places the head finds {moved} ({low} to "
            "{high}), the place none.",
            **numbers,
        )
    return t(
        "Looking at the same relative place, with no model at all, finds {place} (on the head's half, only the head is "
        "right about {head_only} words, only the place about {place_only}; exact test, p = {p}). Of the {n} words that "
        "change places the head finds {moved} ({low} to {high}), the place none.",
        **numbers,
    )


def _show_self(trace: Trace, kind: str, key: str) -> None:
    """The most focused head of a stack, with a way to the others."""
    view = cache.view(trace, kind, words=True, specials=True, renormalise=False)
    layer, head = cache.first_head(trace, kind)
    _draw(view.head(layer, head), view, key)
    st.caption(
        t(
            "The most focused of its {n} heads, {head}. The others: in Explore.",
            n=view.layers * view.heads,
            head=head_name(layer, head, t("L")),
        )
    )


def _draw(map_: np.ndarray, view: View, key: str) -> None:
    """One map, (query, key), as a small plotly matrix on 0 … 1."""
    hover = [
        [
            f"{label(query)} → {label(key_label)} = {percent(float(value))}"
            for key_label, value in zip(view.key.labels, row, strict=True)
        ]
        for query, row in zip(view.query.labels, map_, strict=True)
    ]
    chart(grid(map_, view.query.labels, view.key.labels, look=look(), hover=hover, reach=1.0), key=key)


def _say_pairs(view: View, head: tuple[int, int]) -> None:
    """Each word that is written and the source word that this head looks at most."""
    head_map = view.head(*head)
    pairs = [
        f"**{plain(label)}** ← {plain(view.key.labels[int(row.argmax())])} {percent(float(row.max()))}"
        for label, special, row in zip(view.query.labels, view.query.special, head_map, strict=True)
        if not special and row.size
    ]
    st.markdown(" · ".join(pairs[:40]))
