"""The results of a run on the page: the takeaway, the chart, the table with its downloads."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.axes import head_name
from core.coreference import report
from core.coreference.bench import ItemAnswer
from core.coreference.conditions import ConditionResult
from core.coreference.items import CONTAINERS, TRANSLATIONS
from core.figures.estimates import Series, estimate_chart
from core.files.spreadsheet import to_csv
from core.intervals import Estimate
from core.models.loading import LanguageModel

from ...shell.charts import chart, look
from ...shell.locale import percent, t, tn
from .names import condition_name

CHANCE = 0.5


def say(found: Sequence[ConditionResult]) -> None:
    """The takeaway: how many conditions are above chance, by the heads and by the model's choices."""
    lines = []
    looked = [one for one in found if one.looks is not None and one.looks.selected.members.value is not None]
    if looked:
        above = sum(_above(one.looks.selected.members, one.chance) for one in looked)
        lines.append(
            t(
                "**Looks**: chosen on one half and judged on the other, the best head is above chance in "
                "{n} of {all} conditions.",
                n=above,
                all=len(looked),
            )
        )
    chosen = [one for one in found if one.choices is not None]
    if chosen:
        above = sum(_above(one.choices.members, CHANCE if one.probe == "adjective" else one.chance) for one in chosen)
        lines.append(
            t("**Choices**: the model's own answer is above chance in {n} of {all}.", n=above, all=len(chosen))
        )
    proved = [one.knockouts for one in found if one.knockouts is not None and one.knockouts.mismatch.value is not None]
    if proved:
        apart = sum(one.mismatch.value * one.mismatch.n for one in proved) / sum(one.mismatch.n for one in proved)
        lines.append(
            t(
                "**Edges cut**: in {share} of the sentences the noun most looked at (mean of heads) is "
                "another one than the noun whose loss moves the answer most.",
                share=percent(apart),
            )
        )
    st.markdown(
        "  \n".join(lines)
        or t(
            "Nothing can be counted here: this model has neither a look nor a choice for these sentences, "
            "or no pair is whole."
        )
    )


def say_left_out(answers: Sequence[ItemAnswer]) -> None:
    """Sentences that the model cannot read; with them their pairs are not counted."""
    if n := sum(one.too_long for one in answers):
        st.warning(
            tn(
                "{n} sentence is too long for this model; its pair is not counted.",
                "{n} sentences are too long for this model; their pairs are not counted.",
                n,
            )
        )


def draw(found: Sequence[ConditionResult], null: Sequence[ConditionResult]) -> None:
    """Every measure by condition, with chance, luck and the rules."""
    names = [condition_name(one.condition) for one in found]
    series = [
        Series(t("best head, held out"), "look", [_look(one) for one in found]),
        Series(
            t("the model's choice"), "choice", [None if one.choices is None else one.choices.members for one in found]
        ),
        Series(t("edge cut"), "knockout", [None if one.knockouts is None else one.knockouts.members for one in found]),
        Series(t("best head of the random twin"), "twin", [_look(one) for one in null] if null else []),
        Series(
            t("a rule that only agrees"),
            "rule",
            [Estimate(one.baselines.gender, None, None, one.pairs) for one in found],
        ),
    ]
    series = [one for one in series if any(value is not None and value.value is not None for value in one.values)]
    luck = [None if one.looks is None else one.looks.luck for one in found]
    chart(
        estimate_chart(
            names,
            series,
            chance=found[0].chance,
            luck=luck,
            look=look(),
            chance_note=t("chance"),
            luck_note=t("best of all heads by luck"),
        ),
        key="bench_chart",
    )
    st.caption(
        t(
            "Share of right sentences, with 95% intervals. The dotted line is what the best of all heads "
            "would reach by luck if it were chosen and judged on the same "
            "sentences; that is why heads are chosen on one half and judged on the other."
        )
    )
    if found[0].probe == "adjective":
        st.caption(
            t(
                "The model's choice is between adjectives here: agreement alone is right in half of the "
                "sentences, and where all nouns have one gender nothing is asked. One fixed preference for "
                "“cheio” and “vazia” is right in all of P0 and wrong in all of P4, whatever the interval "
                "says: only both together count."
            )
        )


def table(found: Sequence[ConditionResult], model: LanguageModel) -> None:
    """The numbers as a table, and both files: the same as from the command line."""
    st.dataframe(_frame(found), hide_index=True, alt=t("Table: results by condition"))
    rows = report.rows(found)
    document = report.document(model, found)
    with st.container(horizontal=True):
        st.download_button(
            t("Download the table (CSV)"),
            to_csv(tuple(rows[0]), [tuple(row.values()) for row in rows]),
            "mirante-bench.csv",
            "text/csv",
            on_click="ignore",
        )
        st.download_button(
            t("Download everything (JSON)"),
            json.dumps(document, ensure_ascii=False, indent=1),
            "mirante-bench.json",
            "application/json",
            on_click="ignore",
        )
    st.caption(t("The same numbers on the command line; there and in the files layers and heads count from 0:"))
    st.code(_command(found, model), language=None, wrap_lines=True)


def _command(found: Sequence[ConditionResult], model: LanguageModel) -> str:
    first = found[0]
    special = {
        **dict.fromkeys(CONTAINERS, ""),
        **dict.fromkeys(TRANSLATIONS, " --items translations"),
        "own": " --items mirante-pairs.csv",
    }
    source = special.get(first.condition, " --items families")
    cut = " --causal" if any(one.knockouts is not None for one in found) else ""
    conditions = " ".join(f"--condition {one.condition}" for one in found)
    return f"python -m core coref --model {model.name}{source} --probe {first.probe} {conditions}{cut} --json"


def _look(one: ConditionResult) -> Estimate | None:
    return None if one.looks is None else one.looks.selected.members


def _frame(found: Sequence[ConditionResult]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                t("Condition"): condition_name(one.condition),
                t("Pairs"): one.pairs,
                t("Best head"): _head(one),
                t("held out"): _interval(_look(one)),
                t("both right"): _interval(None if one.looks is None else one.looks.selected.both),
                t("by luck"): "—" if one.looks is None else percent(one.looks.luck),
                t("Choice"): _interval(None if one.choices is None else one.choices.members),
                t("both right, choice"): _interval(None if one.choices is None else one.choices.both),
                t("Edge cut"): _interval(None if one.knockouts is None else one.knockouts.members),
                t("Rule: gender"): percent(one.baselines.gender),
                t("Rule: nearest"): percent(one.baselines.nearest),
                t("Rule: first"): percent(one.baselines.first),
            }
            for one in found
        ]
    )


def _head(one: ConditionResult) -> str:
    head = None if one.looks is None else one.looks.selected.head
    return "—" if head is None else head_name(*head, t("L"))


def _interval(value: Estimate | None) -> str:
    if value is None or value.value is None:
        return "—"
    return (
        percent(value.value)
        if value.low is None
        else f"{percent(value.value)} ({percent(value.low)} – {percent(value.high)})"
    )


def _above(found: Estimate, chance: float) -> bool:
    """A claim needs an interval, and all of it above chance."""
    return found.low is not None and found.low > chance
