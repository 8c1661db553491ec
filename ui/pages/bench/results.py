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
from ...shell.tables import offer_csv, show_table
from .names import condition_name

_CHANCE = 0.5


def show_takeaway(results: Sequence[ConditionResult]) -> None:
    """The takeaway: how many conditions are above chance, by the heads and by the model's choices."""
    lines = []
    with_looks = [
        result for result in results if result.looks is not None and result.looks.selected.members.value is not None
    ]
    if with_looks:
        above = sum(_above(result.looks.selected.members, result.chance) for result in with_looks)
        lines.append(
            t(
                "**Looks**: chosen on one half and judged on the other, the best head is above chance in "
                "{n} of {all} conditions.",
                n=above,
                all=len(with_looks),
            )
        )
    with_choices = [result for result in results if result.choices is not None]
    if with_choices:
        above = sum(
            _above(result.choices.members, _CHANCE if result.probe == "adjective" else result.chance)
            for result in with_choices
        )
        lines.append(
            t("**Choices**: the model's own answer is above chance in {n} of {all}.", n=above, all=len(with_choices))
        )
    with_contrast = [result.contrast.moved for result in results if result.contrast is not None]
    if with_contrast:
        lines.append(
            t(
                "**Within pairs**: from one sentence to the other, the model's preference moves to the right noun "
                "above chance in {n} of {all}. A choice mixes what the sentence says with how much the model likes "
                "that noun; within a pair the liking cancels.",
                n=sum(_above(moved, _CHANCE) for moved in with_contrast),
                all=len(with_contrast),
            )
        )
    knockouts = [
        result.knockouts
        for result in results
        if result.knockouts is not None and result.knockouts.mismatch.value is not None
    ]
    if knockouts:
        mismatches = sorted((knockout.mismatch for knockout in knockouts), key=lambda share: share.value)
        lines.append(
            t(
                "**Edges cut**: in {share} of the sentences of a condition the noun most looked at (mean of heads) is "
                "another one than the noun whose loss moves the answer most. If the two had nothing to do with each "
                "other, it would be {unrelated}.",
                share=" … ".join(_interval(share) for share in (mismatches[0], mismatches[-1])[: len(mismatches)]),
                unrelated=percent(1 - results[0].chance),
            )
        )
    st.markdown(
        "  \n".join(lines)
        or t(
            "Nothing can be counted here: this model has neither a look nor a choice for these sentences, "
            "or no pair is whole."
        )
    )


def show_left_out(answers: Sequence[ItemAnswer]) -> None:
    """Sentences that the model cannot read; with them their pairs are not counted."""
    if n := sum(answer.too_long for answer in answers):
        st.warning(
            tn(
                "{n} sentence is too long for this model; its pair is not counted.",
                "{n} sentences are too long for this model; their pairs are not counted.",
                n,
            )
        )


def draw_conditions(results: Sequence[ConditionResult], null: Sequence[ConditionResult]) -> None:
    """Every measure by condition, with chance, luck and the rules."""
    names = [condition_name(result.condition) for result in results]
    series = [
        Series(t("best head, held out"), "look", [_look(result) for result in results]),
        Series(
            t("the model's choice"),
            "choice",
            [None if result.choices is None else result.choices.members for result in results],
        ),
        Series(
            t("its preference, within pairs"),
            "contrast",
            [None if result.contrast is None else result.contrast.moved for result in results],
        ),
        Series(
            t("edge cut"),
            "knockout",
            [None if result.knockouts is None else result.knockouts.members for result in results],
        ),
        Series(t("best head of the random twin"), "twin", [_look(result) for result in null] if null else []),
        Series(
            t("a rule that only agrees"),
            "rule",
            [Estimate(result.baselines.gender, None, None, result.pairs) for result in results],
        ),
    ]
    series = [
        measure for measure in series if any(value is not None and value.value is not None for value in measure.values)
    ]
    luck = [None if result.looks is None else result.looks.luck for result in results]
    chart(
        estimate_chart(
            names,
            series,
            chance=results[0].chance,
            luck=luck,
            look=look(),
            chance_note=t("chance"),
            luck_note=t("best of all heads by luck"),
        ),
        key="bench_chart",
    )
    st.caption(
        t(
            "Share of right sentences (within pairs: of pairs), with 95% intervals over nouns, since pairs that "
            "share a noun are no independent evidence. The dotted line is what the best of all heads "
            "would reach by luck if it were chosen and judged on the same "
            "sentences; that is why heads are chosen on one half and judged on the other."
        )
    )
    if results[0].probe == "adjective":
        st.caption(
            t(
                "The model's choice is between adjectives here: agreement alone is right in half of the "
                "sentences, and where all nouns have one gender nothing is asked. One fixed preference for "
                "“cheio” and “vazia” is right in all of P0 and wrong in all of P4, whatever the interval "
                "says: only both together count."
            )
        )


def show_results_table(results: Sequence[ConditionResult], model: LanguageModel) -> None:
    """The numbers as a table, and both files: the same as from the command line."""
    show_table(_frame(results), title=t("Table: results by condition"), download=False)
    rows = report.rows(results)
    document = report.document(model, results)
    with st.container(horizontal=True):
        offer_csv(
            t("Download the table (CSV)"),
            to_csv(tuple(rows[0]), [tuple(row.values()) for row in rows]),
            "mirante-bench.csv",
        )
        st.download_button(
            t("Download everything (JSON)"),
            json.dumps(document, ensure_ascii=False, indent=1),
            "mirante-bench.json",
            "application/json",
            on_click="ignore",
        )
    st.caption(t("The same numbers on the command line; there and in the files layers and heads count from 0:"))
    st.code(_command(results, model), language=None, wrap_lines=True)


def _command(results: Sequence[ConditionResult], model: LanguageModel) -> str:
    first = results[0]
    special = {
        **dict.fromkeys(CONTAINERS, ""),
        **dict.fromkeys(TRANSLATIONS, " --items translations"),
        "own": " --items mirante-pairs.csv",
    }
    source = special.get(first.condition, " --items families")
    cut = " --causal" if any(result.knockouts is not None for result in results) else ""
    conditions = " ".join(f"--condition {result.condition}" for result in results)
    return f"python -m core coref --model {model.name}{source} --probe {first.probe} {conditions}{cut} --json"


def _look(result: ConditionResult) -> Estimate | None:
    return None if result.looks is None else result.looks.selected.members


def _frame(results: Sequence[ConditionResult]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                t("Condition"): condition_name(result.condition),
                t("Pairs"): result.pairs,
                t("Best head"): _head(result),
                t("held out"): _interval(_look(result)),
                t("both right"): _interval(None if result.looks is None else result.looks.selected.both),
                t("by luck"): "—" if result.looks is None else percent(result.looks.luck),
                t("Choice"): _interval(None if result.choices is None else result.choices.members),
                t("moves, within pairs"): _interval(None if result.contrast is None else result.contrast.moved),
                t("same answer in both"): _interval(None if result.contrast is None else result.contrast.same),
                t("both right, choice"): _interval(None if result.choices is None else result.choices.both),
                t("Edge cut"): _interval(None if result.knockouts is None else result.knockouts.members),
                t("Rule: gender"): percent(result.baselines.gender),
                t("Rule: nearest"): percent(result.baselines.nearest),
                t("Rule: first"): percent(result.baselines.first),
            }
            for result in results
        ]
    )


def _head(result: ConditionResult) -> str:
    head = None if result.looks is None else result.looks.selected.head
    return "—" if head is None else head_name(*head, t("L"))


def _interval(value: Estimate | None) -> str:
    if value is None or value.value is None:
        return "—"
    return (
        percent(value.value)
        if value.low is None
        else f"{percent(value.value)} ({percent(value.low)} – {percent(value.high)})"
    )


def _above(share: Estimate, chance: float) -> bool:
    """A claim needs an interval, and all of it above chance."""
    return share.low is not None and share.low > chance
