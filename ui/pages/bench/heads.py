"""The heads of a run: the map of how often each is right, and the sentences of the chosen one, linked to Explore.

Not here: the results of the whole run (results.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.candidates import won
from core.axes import head_name
from core.coreference.bench import ItemAnswer
from core.coreference.conditions import ConditionResult
from core.coreference.probes import ProbedItem, probed_item
from core.figures.head_map import head_map
from core.models.loading import LanguageModel

from ...explorer.carried import HEAD, LAYER, TOKEN, settle_head
from ...explorer.target_text import TARGET
from ...shell.charts import config, look
from ...shell.links import page_address
from ...shell.locale import language, percent, t
from ...shell.numbers import fixed
from ...shell.state import Chosen, fits_link, settle
from ...shell.tables import show_table
from .names import condition_name

_CONDITION = "bench_condition"
_LAST = 999_999  # beyond every row: the nearest one with the label is the last


def show_bench_heads(
    results: Sequence[ConditionResult], answers: Sequence[ItemAnswer], chosen: Chosen, model: LanguageModel
) -> None:
    """Map, head pickers and items of one condition."""
    results_with_looks = [result for result in results if result.looks is not None]
    if not results_with_looks:
        return
    st.subheader(t("Head by head"), anchor=False)
    names = [result.condition for result in results_with_looks]
    settle(_CONDITION, names, names[0])
    name = (
        st.selectbox(t("Condition"), names, key=_CONDITION, format_func=condition_name, width=320)
        if len(names) > 1
        else names[0]
    )
    result = next(result for result in results_with_looks if result.condition == name)
    layer_head = _pick(result)
    left, right = st.columns([2, 3])
    with left:
        _map(result, layer_head)
    with right:
        probed_answers = [
            (answer, probed_item(model, answer.item, result.probe))
            for answer in answers
            if answer.item.condition == name and answer.weights is not None
        ]
        _items(probed_answers, layer_head, chosen)


def _pick(result: ConditionResult) -> tuple[int, int]:
    """(layer, head) from 0: what a click on the map or a picker chose; at first the head chosen most often."""
    layers, heads = result.looks.share.shape
    first = result.looks.selected.head or tuple(
        int(i) for i in np.unravel_index(result.looks.share.argmax(), (layers, heads))
    )
    settle_head({LAYER: range(1, layers + 1), HEAD: range(1, heads + 1)}, first)
    with st.container(horizontal=True):
        layer = st.selectbox(t("Layer"), range(1, layers + 1), key=LAYER, bind="query-params", width=96)
        head = st.selectbox(t("Head"), range(1, heads + 1), key=HEAD, bind="query-params", width=96)
    return layer - 1, head - 1


def _map(result: ConditionResult, layer_head: tuple[int, int]) -> None:
    figure = head_map(
        result.looks.share,
        chosen=layer_head,
        chance=result.chance,
        look=look(),
        layer=t("layer"),
        head=t("head"),
        prefix=t("L"),
        note=t("right"),
    )
    st.plotly_chart(figure, key="bench_map", theme=None, config=config(), on_select=_clicked, selection_mode="points")
    share, margin = result.looks.share[layer_head], result.looks.margin[layer_head]
    st.caption(
        t(
            "{head}: right in {share} of all sentences of this condition; mean weight on the true noun less "
            "the other one: {margin}. Orange: above chance. Blue: below; "
            "a head that is always wrong knows as much as one that is always right.",
            head=head_name(*layer_head, t("L")),
            share=percent(share),
            margin=("+" if margin > 0 else "") + fixed(margin, 3),
        )
    )


def _clicked() -> None:
    """Callback: the clicked cell becomes the head of all pages."""
    points = st.session_state["bench_map"].selection.points
    if points and (layer_head := points[0].get("customdata")):
        st.session_state[LAYER], st.session_state[HEAD] = int(layer_head[0]) + 1, int(layer_head[1]) + 1


def _items(answers: Sequence[tuple[ItemAnswer, ProbedItem]], layer_head: tuple[int, int], chosen: Chosen) -> None:
    """The sentences of a condition as this head sees them, the wrong ones first."""
    rows = [_row(answer, probed, layer_head, chosen) for answer, probed in answers]
    rows.sort(key=lambda row: row["right"])
    rows = [{**row, "right": t("yes") if row["right"] else t("no")} for row in rows]
    names = {
        "right": t("Right"),
        "sentence": t("Sentence"),
        "looked": t("Looks most at"),
        "weight": t("Weight"),
        "link": t("Explore"),
    }
    frame = pd.DataFrame(rows).rename(columns=names)
    show_table(
        frame,
        height=360,
        shares=[names["weight"]],
        title=t("Table: sentences of this condition and where the head looks"),
        columns={
            names["right"]: st.column_config.TextColumn(width=60),
            names["sentence"]: st.column_config.TextColumn(width=215),
            names["looked"]: st.column_config.TextColumn(width=115),
            names["weight"]: st.column_config.Column(width=70),
            names["link"]: st.column_config.LinkColumn(display_text=t("open"), width=70),
        },
    )


def _row(answer: ItemAnswer, probed: ProbedItem, layer_head: tuple[int, int], chosen: Chosen) -> dict[str, object]:
    """The sentence as it was asked, and the noun that the head looks at most."""
    weights = answer.weights[layer_head]
    best = int(weights.argmax())
    return {
        "right": bool(won(weights, answer.item.gold)),
        "sentence": probed.text,
        "looked": answer.item.candidates[best].text,
        "weight": float(weights[best]),
        "link": _link(probed, layer_head, chosen),
    }


def _link(probed: ProbedItem, layer_head: tuple[int, int], chosen: Chosen) -> str | None:
    """A link that opens the probed text in Explore, at this head and its deciding word; None if it is too long."""
    if not fits_link(probed.text):
        return None
    held = {} if probed.target else {TOKEN: f"{_LAST}:{probed.text[slice(*probed.query)]}"}
    target = {TARGET: probed.target} if probed.target else {}
    return page_address(
        "explorar",
        {
            "model": chosen.model,
            "sentence": probed.text,
            **target,
            "layer": layer_head[0] + 1,
            "head": layer_head[1] + 1,
            **held,
            "lang": language(),
        },
    )
