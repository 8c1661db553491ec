"""The heads of a run: the map of how often each is right, and the sentences of the one that is chosen, each a way into
Explore.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

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

from ...explorer.head_pickers import HEAD, LAYER
from ...explorer.selection_link import TOKEN
from ...explorer.target_text import TARGET
from ...shell.charts import CONFIG, look
from ...shell.locale import language, percent, t
from ...shell.state import Chosen, fits_link, settle
from .names import condition_name

WHICH = "bench_condition"
LAST = 999_999  # beyond every row: the nearest one with the label is the last


def show_heads(
    found: Sequence[ConditionResult], answers: Sequence[ItemAnswer], chosen: Chosen, model: LanguageModel
) -> None:
    """Map, head pickers and items of one condition."""
    seen = [one for one in found if one.looks is not None]
    if not seen:
        return
    st.subheader(t("Head by head"), anchor=False)
    names = [one.condition for one in seen]
    settle(WHICH, names, names[0])
    name = (
        st.selectbox(t("Condition"), names, key=WHICH, format_func=condition_name, width=320)
        if len(names) > 1
        else names[0]
    )
    result = next(one for one in seen if one.condition == name)
    place = _pick(result)
    left, right = st.columns([2, 3])
    with left:
        _map(result, place)
    with right:
        seen = [
            (one, probed_item(model, one.item, result.probe))
            for one in answers
            if one.item.condition == name and one.weights is not None
        ]
        _items(seen, place, chosen)


def _pick(result: ConditionResult) -> tuple[int, int]:
    """(layer, head) from 0: what a click on the map or a picker chose; at first the head chosen most often."""
    layers, heads = result.looks.share.shape
    first = result.looks.selected.head or tuple(
        int(i) for i in np.unravel_index(result.looks.share.argmax(), (layers, heads))
    )
    settle(LAYER, range(1, layers + 1), first[0] + 1)
    settle(HEAD, range(1, heads + 1), first[1] + 1)
    with st.container(horizontal=True):
        layer = st.selectbox(t("Layer"), range(1, layers + 1), key=LAYER, bind="query-params", width=96)
        head = st.selectbox(t("Head"), range(1, heads + 1), key=HEAD, bind="query-params", width=96)
    return layer - 1, head - 1


def _map(result: ConditionResult, place: tuple[int, int]) -> None:
    figure = head_map(
        result.looks.share,
        chosen=place,
        chance=result.chance,
        look=look(),
        layer=t("layer"),
        head=t("head"),
        prefix=t("L"),
        note=t("right"),
    )
    st.plotly_chart(figure, key="bench_map", theme=None, config=CONFIG, on_select=_clicked, selection_mode="points")
    share, margin = result.looks.share[place], result.looks.margin[place]
    st.caption(
        t(
            "{head}: right in {share} of all sentences of this condition; mean weight on the true noun less "
            "the other one: {margin}. Orange: above chance. Blue: below; "
            "a head that is always wrong knows as much as one that is always right.",
            head=head_name(*place, t("L")),
            share=percent(share),
            margin=f"{margin:+.3f}".replace(".", look().decimal),
        )
    )


def _clicked() -> None:
    """Callback: the clicked cell becomes the head of all pages."""
    points = st.session_state["bench_map"].selection.points
    if points and (place := points[0].get("customdata")):
        st.session_state[LAYER], st.session_state[HEAD] = int(place[0]) + 1, int(place[1]) + 1


def _items(answers: Sequence[tuple[ItemAnswer, ProbedItem]], place: tuple[int, int], chosen: Chosen) -> None:
    """The sentences of a condition as this head sees them, the wrong ones first."""
    rows = [_row(one, asked, place, chosen) for one, asked in answers]
    rows.sort(key=lambda row: row["right"])
    names = {
        "right": t("Right"),
        "sentence": t("Sentence"),
        "looked": t("Looks most at"),
        "weight": t("Weight"),
        "link": t("Explore"),
    }
    frame = pd.DataFrame(rows).rename(columns=names)
    st.dataframe(
        frame,
        hide_index=True,
        height=360,
        alt=t("Table: sentences of this condition and where the head looks"),
        column_config={
            names["right"]: st.column_config.CheckboxColumn(width=50),
            names["sentence"]: st.column_config.TextColumn(width=250),
            names["looked"]: st.column_config.TextColumn(width=90),
            names["weight"]: st.column_config.NumberColumn(format="%.3f", width=60),
            names["link"]: st.column_config.LinkColumn(display_text=t("open"), width=60),
        },
    )


def _row(one: ItemAnswer, asked: ProbedItem, place: tuple[int, int], chosen: Chosen) -> dict[str, object]:
    """The sentence as it was asked, and the noun that the head looks at most."""
    weights = one.weights[place]
    best = int(weights.argmax())
    return {
        "right": bool(won(weights, one.item.gold)),
        "sentence": asked.text,
        "looked": one.item.candidates[best].text,
        "weight": float(weights[best]),
        "link": _link(asked, place, chosen),
    }


def _link(asked: ProbedItem, place: tuple[int, int], chosen: Chosen) -> str | None:
    """What was asked in Explore, at this head, its deciding word held (the last one written so)."""
    if not fits_link(asked.text):
        return None
    held = {} if asked.target else {TOKEN: f"{LAST}:{asked.text[slice(*asked.query)]}"}
    target = {TARGET: asked.target} if asked.target else {}
    return "/explorar?" + urlencode(
        {
            "model": chosen.model,
            "sentence": asked.text,
            **target,
            "layer": place[0] + 1,
            "head": place[1] + 1,
            **held,
            "lang": language(),
        }
    )
