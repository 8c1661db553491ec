"""The page "Roles in Portuguese": relations of a treebank, and what heads do with random words said twice.

Not here: reading a person's own treebank (treebank.py).
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import streamlit as st

from core.axes import head_name
from core.figures.relations import RelationLine, relation_lines
from core.figures.theme import label
from core.studies import documents

from ...explorer.metric_names import role_names
from ...serving import cache
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.frame import picture_beside_words
from ...shell.links import page_address
from ...shell.locale import language, percent, plain, t
from ...shell.numbers import decimal, exact, points, thousands
from ...shell.state import Chosen
from ...shell.tables import show_table
from . import treebank
from .relation_glosses import glossed

_ONE_SIDE = 0.025  # of intervals of 95 %, those that lie above a true 0


def show_relations(chosen: Chosen) -> None:
    """What is shipped with a bundled model; or the visitor's own treebank, for any model."""
    document = documents.shipped_document(chosen.model, "relations")
    shown = st.container()
    with st.expander(t("On a treebank of your own"), expanded=document is None):
        own_treebank = treebank.brought_treebank()
    with shown:
        if own_treebank is not None:
            document = treebank.measured_relations(chosen, own_treebank)
        if document is not None:
            _show_document(chosen, document)
        elif own_treebank is None and cache.language_model(chosen).kind == "encoder-decoder":
            st.info(t("No table comes with this model: the treebank is Portuguese, and this model reads English."))


def _show_document(chosen: Chosen, document: dict[str, Any]) -> None:
    """The relations as a chart, which scrolls in its frame where it is taller than the screen, and as a table."""
    picture, words = picture_beside_words()
    with picture, st.container(key="relations_frame"):
        chart(
            relation_lines(
                [_line(row) for row in document["rows"]],
                look=look(),
                head=t("best head, held out"),
                step=t("best fixed offset"),
                twin=t("best head of the random twin"),
            ),
            key="relations",
        )
    with words:
        _say(document)
    st.caption(
        treebank.how_many(document)
        + " "
        + t(
            "The head, who looks (the dependent or its syntactic head) and the offset were chosen on the first "
            "part. Accuracy: the word looked at most, of all others in the sentence, is the other end of the "
            "relation (after Clark et al. 2019)."
        )
    )
    with st.expander(t("What the relations are called")):
        st.markdown("\n".join(f"- {plain(glossed(row['relation']))}" for row in document["rows"]))
    if document["causal"]:
        st.caption(
            t(
                "This model reads from left to right: only relations whose other end stands before the word "
                "that looks are asked."
            )
        )
    _table(chosen, document)


def show_roles(chosen: Chosen) -> None:
    """The best head of each role on random words said twice."""
    st.subheader(t("On random words said twice"), anchor=False)
    document = documents.shipped_document(chosen.model, "roles")
    if document is None:
        model = cache.language_model(chosen)
        document = work(
            chosen.key,
            lambda progress: documents.roles(model, progress=progress),
            seconds=60 * (0.04 + model.parameters / 1e9),
            name="roles",
        )
    if document is None:
        return
    lines = [
        RelationLine(
            role_names()[row["role"]],
            row["score"]["value"],
            row["score"]["low"],
            row["score"]["high"],
            None,
            row["twin"]["value"],
            label(f"{role_names()[row['role']]}: {_head(row)} {exact(row['score']['value'], 1)}"),
        )
        for row in document["rows"]
    ]
    chart(
        relation_lines(
            lines, look=look(), head=t("best head, held out"), step="", twin=t("best head of the random twin")
        ),
        key="roles",
    )
    best = max(document["rows"], key=lambda row: row["score"]["value"])
    st.markdown(
        t(
            "The clearest of {roles} roles is **{role}**: head **{head}** puts {share} ({low} – {high}, n = {n}) of "
            "its weight there, the best head of the random twin {twin}.",
            roles=len(document["rows"]),
            role=role_names()[best["role"]],
            head=_head(best),
            share=percent(best["score"]["value"]),
            low=percent(best["score"]["low"]),
            high=percent(best["score"]["high"]),
            n=best["score"]["n"],
            twin=percent(best["twin"]["value"]),
        )
    )
    st.caption(
        t(
            "Twenty words that mean nothing together, said twice: whatever a head does here, it does not "
            "understand. Heads are chosen on half of the texts and scored on the others."
        )
    )


def _say(document: dict[str, Any]) -> None:
    """How many relations a head follows better than a fixed step, and the largest gain."""
    rows = document["rows"]
    better = [row for row in rows if row["gain"]["low"] > 0]
    text = t(
        "**{n} of {all} relations** have a head that follows them better than the best fixed offset does, "
        "their whole 95% interval above 0; if none did, about {luck} of {all} would by luck.",
        n=len(better),
        all=len(rows),
        luck=decimal(_ONE_SIDE * len(rows), 1),
    )
    if better:
        best = max(better, key=lambda row: row["gain"]["value"])
        text += " " + t(
            "The largest gain of these is in **{relation}**: {head} is right in {share}, the fixed offset in "
            "{base} (gain {low} – {high}, n = {n}).",
            relation=plain(glossed(best["relation"])),
            head=_head(best),
            share=percent(best["accuracy"]["value"]),
            base=percent(best["baseline"]),
            low=points(best["gain"]["low"]),
            high=points(best["gain"]["high"]),
            n=best["n"],
        )
    det = next((row for row in rows if row["relation"] == "det"), None)
    if det is not None:
        text += " " + t(
            "**det** (articles) asks for next to nothing in Portuguese: a fixed offset is already right in "
            "{share} of {n}.",
            share=percent(det["baseline"]),
            n=thousands(det["n"]),
        )
    st.markdown(text)


def _line(row: dict[str, Any]) -> RelationLine:
    accuracy, gain = row["accuracy"], row["gain"]
    hover = (
        f"{label(glossed(row['relation']))}<br>{_head(row)} {exact(accuracy['value'], 1)}, {row['offset']:+d} → "
        f"{exact(row['baseline'], 1)}; {points(gain['value'])} ({points(gain['low'])} – {points(gain['high'])}), "
        f"n = {row['n']}"
    )
    return RelationLine(
        f"{row['relation']} ({row['n']})",
        accuracy["value"],
        accuracy["low"],
        accuracy["high"],
        row["baseline"],
        None if row["twin"] is None else row["twin"]["value"],
        hover,
    )


def _head(row: dict[str, Any]) -> str:
    return head_name(row["layer"], row["head"], t("L"))


def _table(chosen: Chosen, document: dict[str, Any]) -> None:
    lookers = {"dependent": t("the dependent"), "head": t("its syntactic head")}
    title = t("Table: every relation")
    with st.expander(title):
        rows = [
            {
                t("Relation"): glossed(row["relation"]),
                "n": row["n"],
                t("Head"): _head(row),
                t("Who looks"): lookers[row["looker"]],
                t("Right"): row["accuracy"]["value"],
                t("Fixed offset"): f"{row['offset']:+d}",
                t("right by it"): row["baseline"],
                t(
                    "Gain"
                ): f"{points(row['gain']['value'])} ({points(row['gain']['low'])} – {points(row['gain']['high'])})",
                t("Random twin"): None if row["twin"] is None else row["twin"]["value"],
                t("See it"): page_address(
                    "explorar",
                    {
                        **({} if document["kind"] == "self" else {"kind": document["kind"]}),
                        "model": chosen.model,
                        "sentence": chosen.sentence,
                        "layer": row["layer"] + 1,
                        "head": row["head"] + 1,
                        "lang": language(),
                    },
                ),
            }
            for row in document["rows"]
        ]
        config = {t("See it"): st.column_config.LinkColumn(display_text=t("Explore"))}
        shares = (t("Right"), t("right by it"), t("Random twin"))
        show_table(pd.DataFrame(rows), title=title, columns=config, shares=shares)
    st.download_button(
        t("Download everything (JSON)"),
        json.dumps(document, ensure_ascii=False, indent=1),
        f"{document['study']}.json",
        "application/json",
        on_click="ignore",
    )
