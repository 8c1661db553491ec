"""The tables of the page "Faithfulness": every method against random orders, and how far the methods agree."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.figures.grid import grid
from core.figures.relations import RelationLine, relation_lines
from core.figures.theme import QUIET, label, share_ticks
from core.intervals import FEWEST_FOR_INTERVAL
from core.studies import documents

from ...explorer.method_names import method_names
from ...explorer.question import number
from ...explorer.sentence_lists import pick_sentences
from ...explorer.study_data import THIS_VISIT, data_name
from ...serving import cache
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.frame import beside_title, picture_beside_words
from ...shell.locale import plain, t, tn
from ...shell.numbers import points
from ...shell.state import Chosen, publish, settle
from ...shell.tables import show_table

WHERE = "judged"
NEAREST = "nearest"
SECONDS = 3.0  # of a sentence of the bundled models, measured


def pick_document(chosen: Chosen) -> dict[str, Any] | None:
    """The study that comes with the model, or one of the visitor's own sentences."""
    shipped = documents.shipped_document(chosen.model, "faithfulness")
    names = {
        **({"shipped": t("The study that comes with the model")} if shipped else {}),
        "own": t("Sentences of this visit"),
    }
    settle(WHERE, tuple(names), next(iter(names)))
    with beside_title():
        where = st.segmented_control(
            t("Judged on"), tuple(names), key=WHERE, persist_state="session", format_func=names.get, required=True
        )
    publish(WHERE, where, next(iter(names)))
    if where == "shipped":
        return shipped
    model = cache.language_model(chosen)
    model.require_head()  # before sentences are chosen and waited for
    with beside_title():
        texts = pick_sentences(chosen)
    seconds = len(texts) * SECONDS * max(0.3, model.parameters / 7e6)
    return work(
        (*chosen.key, texts),
        lambda progress: documents.faithfulness(model, texts, data=THIS_VISIT, progress=progress),
        seconds=seconds,
        name="faith",
    )


def show_methods(document: dict[str, Any]) -> None:
    """Both measures as gains over random orders."""
    names = _names()
    picture, words = picture_beside_words()
    with picture:
        for key, title in (
            (
                "comprehensiveness_gain",
                t("Were its first words needed? Fall of the answer beyond that of random orders"),
            ),
            ("sufficiency_gain", t("Were they enough? What is kept of the answer beyond random orders")),
        ):
            st.markdown(f"**{title}**")
            rule = {"method": NEAREST, key: document["nearest"][key]}
            chart(_gains([*_witnesses(document), rule], key, names), key=f"faith_{key}")
    with words:
        _say(document, names)
    st.caption(
        tn(
            "{n} sentence; {orders} random orders each; words hidden 10, 20, 30, 40 and 50% at a time, mean "
            "(AOPC). Probability points, 95% intervals over sentences.",
            "{n} sentences; {orders} random orders each; words hidden 10, 20, 30, 40 and 50% at a time, "
            "mean (AOPC). Probability points, 95% intervals over sentences.",
            document["sentences"],
            orders=document["orders"],
        )
        + " "
        + plain(data_name(document["data"]))
        + "."
        + "".join(f" {_repeated(row, names)}" for row in document["rows"] if "same_as" in row)
    )
    _table(document, names)


def show_agreement(document: dict[str, Any]) -> None:
    """Mean rank correlation of every two methods."""
    st.subheader(t("How far do the methods agree?"), anchor=False)
    names, agreement = _names(), document["agreement"]
    listed = [row["method"] for row in _witnesses(document)]
    places = [agreement["names"].index(name) for name in listed]
    titles = [names[name] for name in listed]
    values = np.array(agreement["spearman"], dtype=float)[np.ix_(places, places)]
    hover = [
        [f"{label(row)} · {label(other)}: {_agreed(agreement, i, j)}" for j, other in zip(places, titles, strict=True)]
        for i, row in zip(places, titles, strict=True)
    ]
    chart(grid(values, titles, titles, look=look(), hover=hover, signed=True, reach=1.0), key="faith_agreement")
    st.caption(
        tn(
            "Spearman's correlation of the order of the words, mean over {n} sentence; its 95% interval is in the "
            "hover text. It describes: that two methods agree does not make either right.",
            "Spearman's correlation of the order of the words, mean over {n} sentences; its 95% interval is in the "
            "hover text. It describes: that two methods agree does not make either right.",
            agreement["n"],
        )
    )


def _names() -> dict[str, str]:
    """Methods, the knockout and the rule without a model, by key."""
    return {
        **method_names(),
        "knockout": t("Knockout (edges cut)"),
        NEAREST: t("Nearest (no model)"),
    }


def _witnesses(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of methods that are not another one under a second name."""
    return [row for row in document["rows"] if "same_as" not in row]


def _repeated(row: dict[str, Any], names: dict[str, str]) -> str:
    return t(
        "In this model {name} is {other}: no normalisation follows the sum. It is counted once.",
        name=names[row["method"]],
        other=names[row["same_as"]],
    )


def _agreed(agreement: dict[str, Any], i: int, j: int) -> str:
    """A mean correlation with its 95 % interval, where there is one."""
    low, high = (agreement[key][i][j] for key in ("low", "high"))
    value = number(float(agreement["spearman"][i][j]))
    return value if low is None else f"{value} ({number(low)} – {number(high)})"


def _say(document: dict[str, Any], names: dict[str, str]) -> None:
    """Which methods are better than random in both measures; the largest fall among those, or said to be luck."""
    rows, n = _witnesses(document), document["sentences"]
    offered = [row for row in rows if row["offered"]]
    if n < FEWEST_FOR_INTERVAL:
        st.markdown(
            tn(
                "**{n} sentence is too few to say anything**: intervals over sentences begin at {least}, and without "
                "one no method can be called better than random.",
                "**{n} sentences are too few to say anything**: intervals over sentences begin at {least}, and "
                "without one no method can be called better than random.",
                n,
                least=FEWEST_FOR_INTERVAL,
            )
        )
        return
    best = max(offered or rows, key=lambda row: row["comprehensiveness_gain"]["value"])
    fields = {
        "best": names[best["method"]],
        "gain": _interval(best["comprehensiveness_gain"]),
        "methods": len(rows),
    }
    if not offered:
        st.markdown(
            tn(
                "**None of {methods} methods** orders the words better than random in both measures, over {n} "
                "sentence. The largest fall, {gain} beyond random with {best}, is the best of {methods}: luck alone "
                "makes one of them the largest.",
                "**None of {methods} methods** orders the words better than random in both measures, over {n} "
                "sentences. The largest fall, {gain} beyond random with {best}, is the best of {methods}: luck alone "
                "makes one of them the largest.",
                n,
                **fields,
            )
        )
        return
    listed = ", ".join(names[row["method"]] for row in offered)
    others = ", ".join(names[row["method"]] for row in rows if not row["offered"])
    text = t("Better than random in both measures: **{offered}**.", offered=listed)
    text += " " + t("Not: {others}.", others=others) if others else ""
    text += " " + tn(
        "Of the better ones **{best}** has the largest fall: {gain} beyond random, over {n} sentence ({methods} "
        "methods were tried).",
        "Of the better ones **{best}** has the largest fall: {gain} beyond random, over {n} sentences ({methods} "
        "methods were tried).",
        n,
        **fields,
    )
    st.markdown(text + " " + _beside_nearest(document, offered, names))


def _beside_nearest(document: dict[str, Any], offered: list[dict[str, Any]], names: dict[str, str]) -> str:
    """The trivial cause of such a gain, near words, and which methods have more than it explains."""
    gain = _interval(document["nearest"]["comprehensiveness_gain"])
    beyond = "; ".join(
        f"**{names[row['method']]}** {_interval(row['comprehensiveness_over_nearest'])}, "
        f"{_interval(row['sufficiency_over_nearest'])}"
        for row in offered
        if row["beyond_nearest"]
    )
    if not beyond:
        return t(
            "Taking simply the nearest words first, without any model, falls by {gain}: **no method** is better than "
            "that in both measures.",
            gain=gain,
        )
    return t(
        "Taking simply the nearest words first, without any model, falls by {gain}. Better than that in both measures, "
        "and by how much in each: {beyond}.",
        gain=gain,
        beyond=beyond,
    )


def _gains(rows: list[dict[str, Any]], key: str, names: dict[str, str]):
    """One row a method; the last is the rule without a model, and its value a dashed line through all of them."""
    lines = [
        RelationLine(
            names[row["method"]],
            row[key]["value"],
            _or(row[key]["low"], row[key]["value"]),
            _or(row[key]["high"], row[key]["value"]),
            None,
            None,
            label(f"{names[row['method']]}: {_interval(row[key])}"),
        )
        for row in rows
    ]
    figure = relation_lines(lines, look=look(), head="", step="", twin="")
    ends = [end for line in lines for end in (line.low, line.high, 0)]
    low, high = min(ends), max(ends)
    figure.update_xaxes(
        range=[low - 0.05 * (high - low), high + 0.05 * (high - low)],
        **share_ticks(low, high, look(), sign="+"),
        zeroline=True,
        zerolinewidth=2,
    )
    figure.add_vline(lines[-1].value, line={"dash": "dash", "width": 1.5, "color": QUIET[look().mode]})
    figure.update_traces(showlegend=False)
    return figure.update_layout(margin={"t": 40}, height=90 + 30 * len(lines))


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _table(document: dict[str, Any], names: dict[str, str]) -> None:
    title = t("Table: every method in both measures")
    with st.expander(title):
        rows = [
            {
                t("Method"): names[row["method"]],
                t("comprehensiveness"): _interval(row["comprehensiveness"]),
                t("sufficiency"): _interval(row["sufficiency"]),
                t("beyond random, comprehensiveness"): _interval(row["comprehensiveness_gain"]),
                t("beyond random, sufficiency"): _interval(row["sufficiency_gain"]),
                t("may be called importance"): t("yes") if row["offered"] else t("no"),
                t("beyond the nearest words, comprehensiveness"): _interval(row["comprehensiveness_over_nearest"]),
                t("beyond the nearest words, sufficiency"): _interval(row["sufficiency_over_nearest"]),
            }
            for row in document["rows"]
        ]
        show_table(pd.DataFrame(rows), title=title)
        random = document["random"]
        st.caption(
            t(
                "Random orders: comprehensiveness {one}, sufficiency {two}.",
                one=points(random["comprehensiveness"]),
                two=points(random["sufficiency"]),
            )
        )
    st.download_button(
        t("Download everything (JSON)"),
        json.dumps(document, ensure_ascii=False, indent=1),
        "faithfulness.json",
        "application/json",
        on_click="ignore",
    )


def _interval(value: dict[str, Any]) -> str:
    return (
        points(value["value"])
        if value["low"] is None
        else f"{points(value['value'])} ({points(value['low'])} – {points(value['high'])})"
    )
