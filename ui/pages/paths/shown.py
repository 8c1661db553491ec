"""The pictures of the page "Paths": all methods at once, one of them with its nulls, and how much is mixed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.input_attribution import METHODS, Method
from core.axes import head_name
from core.figures.bars import Mark, bars
from core.figures.grid import grid
from core.figures.theme import label
from core.studies import documents
from core.studies.profiles import sizes
from core.text.tokens import Tokens

from ...explorer.method_names import method_names, method_summary, method_warning
from ...explorer.question import Posed
from ...explorer.token_pickers import WINDOW
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import error_text, percent, plain, t
from ...shell.numbers import exact
from ...shell.state import Chosen, publish, settle
from .rows import Rows, flow_row

METHOD = "method"
RATIOS = ("weights", "fetched", "weights_residual", "residual", "normed")
PUBLISHED = {"weights": 97.1, "fetched": 85.2, "weights_residual": 48.6, "residual": 22.3, "normed": 18.8}
"""Kobayashi et al. 2021, BERT-base: per cent that came from other tokens. Quoted, not measured here."""


def pick_method(found: Rows) -> Method:
    """One of the methods that this model has."""
    known = method_names()
    options = tuple(method for method in METHODS if method not in found.own.missing)
    first = "gradient" if "gradient" in options else options[0]
    settle(METHOD, options, first)
    method = st.pills(t("Method"), options, key=METHOD, persist_state="session", format_func=known.get, required=True)
    publish(METHOD, method, first)
    return method


def show_method(
    chosen: Chosen, posed: Posed, found: Rows, method: Method, side: Tokens, shown: range, position: int
) -> None:
    """One row with its nulls: the takeaway, the bars, what misleads, the whole matrix."""
    rows = flow_row(posed, found, position) if method == "flow" else found.row(method, position)
    if rows is None:
        return
    own, even, twin = rows
    _say(method, own, even, side, documents.importance(chosen.model, method, found.own.kind))
    marks = [
        Mark(name, values[list(shown)])
        for name, values in ((t("same attention spread evenly"), even), (t("random twin"), twin))
        if values is not None
    ]
    if len(marks) == 2:
        marks[1] = Mark(marks[1].name, marks[1].values, "circle-open")
    hover = [
        f"{label(side.pieces[i])}: {exact(own[i])}"
        + "".join(f"<br>{label(one.name)}: {exact(float(one.values[i - shown.start]))}" for one in marks)
        for i in shown
    ]
    chart(
        bars(
            own[list(shown)],
            [side.pieces[i] for i in shown],
            look=look(),
            hover=hover,
            marks=marks,
            percent=True,
            strong=[position - shown.start] if found.own.kind != "cross" and position in shown else [],
        ),
        key="path_bars",
    )
    st.caption(method_summary(method))
    if text := method_warning(
        method, causal=posed.model.layout.looks_back(found.own.kind), layers=len(found.own.layers["raw"])
    ):
        st.warning(text)
    if method == "norm":
        _by_head(posed, found, side, shown, position)
    _matrix(found, method, posed, position)


def _by_head(posed: Posed, found: Rows, side: Tokens, shown: range, position: int) -> None:
    """The norm of every head by itself: what each brings to this place, and from where."""
    kind, trace = found.own.kind, posed.trace
    brought = work((trace, kind), lambda _: sizes(posed.model, trace, kind), seconds=0.5, name="sizes")
    weights = np.stack([record.rows([position])[:, 0].numpy() for record in trace.records[kind]])  # (layer, head, key)
    values = (weights * brought).reshape(-1, weights.shape[2])
    names = [head_name(*place, t("L")) for place in np.ndindex(weights.shape[:2])]
    with st.expander(t("Every head by itself: ‖weight × value × output matrix‖")):
        hover = [
            [f"{name} ← {label(side.pieces[i])}: {values[row, i]:.3f}".replace(".", look().decimal) for i in shown]
            for row, name in enumerate(names)
        ]
        chart(
            grid(values[:, list(shown)], names, [side.pieces[i] for i in shown], look=look(), hover=hover),
            key="path_heads",
        )
        layer, head = np.unravel_index(int(values.sum(1).argmax()), weights.shape[:2])
        st.caption(
            t(
                "Head {head} brings most to this place. Sizes of different heads may cancel out when they "
                "are added up.",
                head=head_name(int(layer), int(head), t("L")),
            )
        )


def show_all(found: Rows, side: Tokens, shown: range, position: int, method: Method) -> None:
    """Every method's row above each other: where they agree, and where not. The flow, on demand, is left out."""
    methods = [one for one in found.methods() if one != "flow"]
    values = np.stack([found.row(one, position)[0] for one in methods])
    known = method_names()
    hover = [
        [f"{known[one]} · {label(side.pieces[i])}: {exact(float(values[row, i]))}" for i in shown]
        for row, one in enumerate(methods)
    ]
    st.subheader(t("All methods, one place"), anchor=False)
    chart(
        grid(
            values[:, list(shown)],
            [known[one] for one in methods],
            [side.pieces[i] for i in shown],
            look=look(),
            hover=hover,
            row=methods.index(method) if method in methods else None,
        ),
        key="path_all",
    )
    _disagree(methods, values, side)
    if found.own.missing:
        with st.expander(t("Methods that this model does not have, and why")):
            for one, reason in found.own.missing.items():
                st.markdown(f"**{known[one]}**: {plain(error_text(reason))}")
    with st.expander(t("Table: what every method gives to every token")):
        frame = pd.DataFrame(values.T, columns=[known[one] for one in methods])
        frame.insert(0, t("Token"), [f"{i + 1} · {piece}" for i, piece in enumerate(side.pieces)])
        st.dataframe(
            frame,
            hide_index=True,
            alt=t("What every method gives to every token"),
            column_config={known[one]: st.column_config.NumberColumn(format="percent") for one in methods},
        )


def show_mixing(found: Rows) -> None:
    """The five ratios, mean of all positions and layers, beside the random twin's."""
    if not found.own.mixing:
        return
    titles = {
        "weights": t("weights alone"),
        "fetched": t("with the size of what is fetched"),
        "weights_residual": t("weights, half of each row kept"),
        "residual": t("size, with what is kept"),
        "normed": t("and through the layer norm"),
    }
    there = [name for name in RATIOS if name in found.own.mixing]
    own = [float(found.own.mixing[name].mean()) for name in there]
    twin = (
        None
        if found.twin is None or not found.twin.mixing
        else [float(found.twin.mixing[name].mean()) for name in there]
    )
    st.subheader(t("How much of a new vector comes from other positions?"), anchor=False)
    if "residual" in there:
        st.markdown(
            t(
                "By the weights alone **{weights}**; counting sizes and what each position keeps, **{real}**.",
                weights=percent(own[0]),
                real=percent(own[there.index("normed")]),
            )
        )
    marks = [] if twin is None else [Mark(t("random twin"), twin, "circle-open")]
    hover = [f"{label(titles[name])}: {exact(value)}" for name, value in zip(there, own, strict=True)]
    chart(
        bars(own, [titles[name] for name in there], look=look(), hover=hover, marks=marks, percent=True),
        key="path_mixing",
    )
    if found.own.mixing.get("normed") is not None and np.array_equal(
        found.own.mixing["normed"], found.own.mixing["residual"]
    ):
        st.caption(
            t(
                "In this model the norm stands before the attention, inside what is fetched, and none "
                "follows: the last two bars are the same."
            )
        )
    quoted = " · ".join(f"{PUBLISHED[name]:.1f}".replace(".", look().decimal) + look().percent for name in there)
    st.caption(
        t(
            "Mean over the positions and layers of this sentence. Published for BERT-base, in the same "
            "order: {numbers} (Kobayashi et al. 2021).",
            numbers=quoted,
        )
    )


def _say(method: Method, own: np.ndarray, even: np.ndarray | None, side: Tokens, importance: bool | None) -> None:
    """The takeaway: the strongest inputs, how far they are from the null, and whether the method may be called
    importance for this model.
    """
    if own.sum() == 0:
        st.markdown(t("Nothing was gathered: no weight holds this answer up."))
        return
    best = np.argsort(-own, kind="stable")[:3]
    words = " · ".join(f"**{plain(side.pieces[i])}** {percent(float(own[i]))}" for i in best)
    text = t("{method}: {words}.", method=method_names()[method], words=words)
    if even is not None:
        text += " " + t(
            "Spread evenly through the same mask, the first of them would get {share}.",
            share=percent(float(even[best[0]])),
        )
    st.markdown(text)
    if importance is None:
        st.caption(t("Whether this method's order matters to this model's answers was not measured: see Faithfulness."))
    elif importance:
        st.caption(
            t(
                "Measured for this model: hiding words in this order moves its answers more than random "
                "orders do. It may be read as importance (Faithfulness)."
            )
        )
    else:
        st.caption(
            t(
                "Measured for this model: this order was not better than random orders in both measures. "
                "Read it as a description of the attention, not as importance (Faithfulness)."
            )
        )


def _disagree(methods: list[Method], values: np.ndarray, side: Tokens) -> None:
    """Where methods point to different words, with a number."""
    told = [i for i in range(len(methods)) if values[i].sum() > 0]  # a gradient may have gathered nothing
    methods, best = [methods[i] for i in told], values[told].argmax(1)
    known, groups = method_names(), {}
    for method, place in zip(methods, best.tolist(), strict=True):
        groups.setdefault(place, []).append(known[method])
    if len(groups) == 1:
        st.markdown(
            t("All {n} methods put the same token first: **{word}**.", n=len(methods), word=plain(side.pieces[best[0]]))
        )
        return
    parts = "; ".join(
        f"**{plain(side.pieces[place])}**: {', '.join(own)}"
        for place, own in sorted(groups.items(), key=lambda one: -len(one[1]))
    )
    st.markdown(t("The methods disagree about the first token: {parts}.", parts=parts))


def _matrix(found: Rows, method: Method, posed: Posed, position: int) -> None:
    """The whole map of a method, folded: what every position takes from every other."""
    if method == "flow" or method not in found.own.joint:
        return
    values = found.own.joint[method]
    query, key = posed.trace.sides(found.own.kind)
    if max(values.shape) > WINDOW:
        return
    with st.expander(t("The whole map: every place")):
        total = np.maximum(values.sum(-1, keepdims=True), 1e-12)
        shares = values / total
        hover = [
            [
                f"{label(query.pieces[i])} ← {label(key.pieces[j])}: {exact(float(shares[i, j]))}"
                for j in range(shares.shape[1])
            ]
            for i in range(len(shares))
        ]
        chart(grid(shares, query.pieces, key.pieces, look=look(), hover=hover, row=position), key="path_matrix")
