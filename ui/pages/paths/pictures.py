"""The pictures of the page "Paths": one method with its nulls, and all methods at once. Not here: how much is mixed
(mixing.py)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.contributions import value_norms
from core.analyses.methods import METHODS
from core.axes import Kind, head_name
from core.figures.bars import NullMarks, bars
from core.figures.grid import grid
from core.figures.theme import label
from core.studies import documents
from core.text.tokens import Tokens

from ...explorer.method_names import method_caution, method_names, method_summary
from ...explorer.numbers_file import offer_numbers
from ...explorer.question import Place
from ...explorer.token_pickers import WINDOW
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.frame import picture_beside_words
from ...shell.locale import error_text, percent, plain, t
from ...shell.numbers import decimal, exact, fixed, points
from ...shell.state import Chosen, publish, settle
from ...shell.tables import show_table
from .rows import MapsWithNulls, RowWithNulls, row_on_demand

METHOD = "method"
FIRST = "gradient"  # shown first, where the model has it: the only one that knows which answer is explained


def pick_method(maps: MapsWithNulls) -> str:
    """One of the methods that this model has."""
    options = tuple(maps.methods())
    first = FIRST if FIRST in options else options[0]
    settle(METHOD, options, first)
    method = st.pills(
        t("Method"),
        options,
        key=METHOD,
        persist_state="session",
        format_func=method_names().get,
        required=True,
        label_visibility="collapsed",
    )
    publish(METHOD, method, first)
    return method


def show_method(
    chosen: Chosen, posed: Place, maps: MapsWithNulls, method: str, side: Tokens, window: range, position: int
) -> None:
    """One row with its nulls: the takeaway, the bars, what misleads, every head, the full matrix. ``window``: the
    inputs that are drawn."""
    on_demand = METHODS[method].row is not None
    rows = row_on_demand(posed, maps, method, position) if on_demand else maps.row(method, position)
    if rows is None:
        return
    kind, (shares, even, _) = maps.model.kind, rows
    picture, words = picture_beside_words()
    with picture:
        _bars(rows, side, window, strong=[position - window.start] if kind != "cross" and position in window else [])
    with words:
        _say(method, shares, even, side, documents.faithfulness_row(chosen.model, method, kind))
        st.caption(method_summary(method))
    layers = len(maps.model.layers[method])
    if text := method_caution(method, causal=posed.model.layout.looks_back(kind), layers=layers):
        st.warning(text)
    if METHODS[method].by_head:
        _by_head(posed, kind, side, window, position)
    _matrix(maps, method, posed, position)


def _bars(rows: RowWithNulls, side: Tokens, window: range, *, strong: list[int]) -> None:
    """The row as bars, its nulls as marks on them."""
    shares, even, twin = rows
    nulls = ((t("same attention spread evenly"), even), (t("random twin"), twin))
    marks = [NullMarks(name, values[list(window)]) for name, values in nulls if values is not None]
    if len(marks) == 2:
        marks[1] = NullMarks(marks[1].name, marks[1].values, "circle-open")
    hover = [
        f"{label(side.pieces[i])}: {exact(shares[i])}"
        + "".join(f"<br>{label(mark.name)}: {exact(float(mark.values[i - window.start]))}" for mark in marks)
        for i in window
    ]
    pieces = [side.pieces[i] for i in window]
    chart(
        bars(shares[list(window)], pieces, look=look(), hover=hover, marks=marks, percent=True, strong=strong),
        key="path_bars",
    )


def _by_head(posed: Place, kind: Kind, side: Tokens, window: range, position: int) -> None:
    """The norm of every head by itself: what each brings to this place, and from where."""
    trace = posed.trace
    norms = work((trace, kind), lambda _: value_norms(posed.model, trace, kind), seconds=0.5, name="sizes")
    attending, records = trace.attending(kind), trace.attending_records(kind)
    weights = np.stack([record.rows([position])[:, 0].numpy() for record in records])  # (layer, head, key)
    sizes = (weights * norms).reshape(-1, weights.shape[2])
    heads = [head_name(attending[row], head, t("L")) for row, head in np.ndindex(weights.shape[:2])]
    with st.expander(t("Every head by itself: ‖weight × value × output matrix‖")):
        hover = [
            [f"{name} ← {label(side.pieces[i])}: {decimal(sizes[row, i], 3)}" for i in window]
            for row, name in enumerate(heads)
        ]
        chart(
            grid(
                sizes[:, list(window)],
                heads,
                [side.pieces[i] for i in window],
                look=look(),
                hover=hover,
                percent=False,
            ),
            key="path_heads",
        )
        brought = sizes.sum(1)
        row, head = np.unravel_index(int(brought.argmax()), weights.shape[:2])
        st.caption(
            t(
                "Of {n} heads, {head} brings most to this place: {share} of all their sizes together; if all brought "
                "alike it would be {even}. Sizes of different heads may cancel out when they are added up.",
                n=len(brought),
                head=head_name(attending[int(row)], int(head), t("L")),
                share=exact(float(brought.max() / max(brought.sum(), 1e-12)), 1),
                even=exact(1 / len(brought), 1),
            )
        )


def offer_rows(posed: Place, maps: MapsWithNulls, position: int) -> None:
    """Every method's row with its nulls as a file; methods that are computed on demand are left out."""
    methods = [each for each in maps.methods() if METHODS[each].row is None]
    rows = {
        each: dict(zip(("row", "even_attention", "random_twin"), maps.row(each, position), strict=True))
        for each in methods
    }
    tokens = posed.trace.sides(maps.model.kind)[1].pieces
    offer_numbers(posed, maps.model.kind, "paths", {"tokens": tokens, "methods": rows})


def show_all(maps: MapsWithNulls, side: Tokens, window: range, position: int, method: str) -> None:
    """Every method's row above each other: where they agree, and where not. Rows on demand are left out."""
    methods = [each for each in maps.methods() if METHODS[each].row is None]
    rows = np.stack([maps.row(each, position)[0] for each in methods])
    names = method_names()
    hover = [
        [f"{names[each]} · {label(side.pieces[i])}: {exact(float(shares[i]))}" for i in window]
        for each, shares in zip(methods, rows, strict=True)
    ]
    st.subheader(t("All methods, one place"), anchor=False)
    chart(
        grid(
            rows[:, list(window)],
            [names[each] for each in methods],
            [side.pieces[i] for i in window],
            look=look(),
            hover=hover,
            row=methods.index(method) if method in methods else None,
        ),
        key="path_all",
    )
    _disagree(methods, rows, side)
    if maps.model.missing:
        with st.expander(t("Methods that this model does not have, and why")):
            for each, reason in maps.model.missing.items():
                st.markdown(f"**{names[each]}**: {plain(error_text(reason))}")
    with st.expander(t("Table: what every method gives to every token")):
        frame = pd.DataFrame(rows.T, columns=[names[each] for each in methods])
        frame.insert(0, t("Token"), [f"{i + 1} · {piece}" for i, piece in enumerate(side.pieces)])
        show_table(
            frame,
            title=t("What every method gives to every token"),
            shares=[names[each] for each in methods],
        )


def _say(
    method: str, shares: np.ndarray, even: np.ndarray | None, side: Tokens, measured: dict[str, Any] | None
) -> None:
    """The takeaway: the strongest inputs, how far they are from the null, and whether the method may be called
    importance for this model, with what was measured of it (documents.faithfulness_row).
    """
    if shares.sum() == 0:
        st.markdown(t("Nothing was gathered: no weight holds this answer up."))
        return
    best = np.argsort(-shares, kind="stable")[:3]
    words = " · ".join(f"**{plain(side.pieces[i])}** {percent(float(shares[i]))}" for i in best)
    text = t("{method}: {words}.", method=method_names()[method], words=words)
    if even is not None:
        text += " " + t(
            "Spread evenly through the same mask, the first of them would get {share}.",
            share=percent(float(even[best[0]])),
        )
    st.markdown(text)
    if measured is None:
        st.caption(t("Whether this method's order matters to this model's answers was not measured: see Faithfulness."))
        return
    numbers = {
        "comprehensiveness": _gain(measured["comprehensiveness_gain"]),
        "sufficiency": _gain(measured["sufficiency_gain"]),
        "n": measured["sufficiency_gain"]["n"],
    }
    beyond = t(
        "Beyond taking simply the nearest words first: {comprehensiveness} and {sufficiency}.",
        comprehensiveness=_gain(measured["comprehensiveness_over_nearest"]),
        sufficiency=_gain(measured["sufficiency_over_nearest"]),
    )
    if not measured["beyond_nearest"]:
        beyond += " " + t("Being near may be all that it shows.")
    if measured["offered"]:
        st.caption(
            t(
                "Measured for this model: hiding words in this order moves its answers more than random "
                "orders do (comprehensiveness {comprehensiveness}, sufficiency {sufficiency} beyond random, {n} "
                "sentences). It may be read as importance (Faithfulness).",
                **numbers,
            )
            + " "
            + beyond
        )
    else:
        st.caption(
            t(
                "Measured for this model: this order was not better than random orders in both measures "
                "(comprehensiveness {comprehensiveness}, sufficiency {sufficiency} beyond random, {n} sentences). "
                "Read it as a description of the attention, not as importance (Faithfulness).",
                **numbers,
            )
        )


def _gain(number: dict[str, Any]) -> str:
    """Points beyond random orders with their 95 % interval."""
    low, high = (fixed(100 * number[name], 1) for name in ("low", "high"))
    return f"{points(number['value'])} ({low} – {high})"


def _disagree(methods: list[str], rows: np.ndarray, side: Tokens) -> None:
    """Where methods point to different words, with a number."""
    gathered = [i for i in range(len(methods)) if rows[i].sum() > 0]  # a gradient may have gathered nothing
    best = rows[gathered].argmax(1).tolist()
    names, groups = method_names(), {}
    for i, position in zip(gathered, best, strict=True):
        groups.setdefault(position, []).append(names[methods[i]])
    if len(groups) == 1:
        st.markdown(
            t(
                "All {n} methods put the same token first: **{word}**.",
                n=len(np.unique(rows[gathered], axis=0)),  # a method may be another one under a second name
                word=plain(side.pieces[best[0]]),
            )
        )
        return
    parts = "; ".join(
        f"**{plain(side.pieces[position])}**: {', '.join(group)}"
        for position, group in sorted(groups.items(), key=lambda pair: -len(pair[1]))
    )
    st.markdown(t("The methods disagree about the first token: {parts}.", parts=parts))


def _matrix(maps: MapsWithNulls, method: str, posed: Place, position: int) -> None:
    """The full map of a method, folded: what every position takes from every other."""
    if method not in maps.model.joint:
        return
    joint = maps.model.joint[method]
    query, key = posed.trace.sides(maps.model.kind)
    if max(joint.shape) > WINDOW:
        return
    with st.expander(t("The whole map: every place")):
        shares = joint / np.maximum(joint.sum(-1, keepdims=True), 1e-12)
        hover = [
            [
                f"{label(query.pieces[i])} ← {label(key.pieces[j])}: {exact(float(shares[i, j]))}"
                for j in range(shares.shape[1])
            ]
            for i in range(len(shares))
        ]
        chart(grid(shares, query.pieces, key.pieces, look=look(), hover=hover, row=position), key="path_matrix")
