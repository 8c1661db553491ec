"""Step 5: one sentence with its number, from many pairs, and why it says no more than that."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.axes import head_name
from core.coreference.conditions import ConditionResult
from core.coreference.items import bundled_items
from core.coreference.verdict import MEANING_ALONE, PROBE, BenchVerdict, Finding, bench_verdict, verdict_items
from core.errors import Message
from core.figures.estimates import Series, estimate_chart
from core.intervals import Estimate
from core.models.loading import no_head

from ...explorer.bench_runs import answers, ask_all, bench_results, bench_run
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.locale import error_text, percent, plain, t
from ...shell.numbers import decimal
from ...shell.state import Chosen
from .change import one_stack

_FINDINGS: dict[Finding, Message] = {
    "meaning": Message("It followed meaning: its preference and its answers, where gender says nothing."),
    "moves": Message("Its preference follows meaning; its answers are mostly decided by the nouns."),
    "little": Message("More than chance without gender's help, but little."),
    "place": Message("It ties the adjective to a place in the sentence: with the places exchanged it does not follow."),
    "gender": Message("It agreed in gender: without gender's help it is not above chance."),
    "neither": Message("Neither: not even with gender's help is it above chance."),
}


def show_verdict(chosen: Chosen) -> None:
    """Asks the pairs of three conditions, then says what can be said."""
    model = cache.language_model(chosen)
    one_stack(model)
    if not model.has_head:
        st.info(plain(error_text(no_head(chosen.model))))
        return
    items = verdict_items(bundled_items("containers"))
    run = bench_run(chosen, items, PROBE)
    st.markdown(
        t(
            "Asked of {n} sentences: “… What got full? The ___.” In a quarter of them gender gives the answer "
            "away; in the others both nouns have the same gender, and in a third of those their places are exchanged.",
            n=len(items),
        )
    )
    if not ask_all([(run, items)], label=t("Test {n} sentences", n=len(items)), key="verdict"):
        return
    item_answers = answers(run, items)
    _say(bench_verdict(item_answers))
    counted = bench_results(run, item_answers)
    _say_heads(counted)
    _draw(counted)
    _caution()


def _say(verdict: BenchVerdict) -> None:
    """The verdict: at most what its interval allows."""
    if verdict.finding == "unknown":
        st.info(t("This model cannot be asked so: its vocabulary splits the nouns."))
        return
    st.subheader(error_text(_FINDINGS[verdict.finding]), anchor=False)
    lines = [
        t("Its answer, where gender says nothing: right in {share}.", share=_number(verdict.meaning)),
        t("With gender's help: right in {share}.", share=_number(verdict.original)),
    ]
    if verdict.meaning_contrast is not None and verdict.same is not None:
        lines = [
            t(
                "**Within the pair**, where gender says nothing: from one sentence to the other its preference moves "
                "to the right noun in {share} of pairs.",
                share=_of_pairs(verdict.meaning_contrast),
            ),
            t(
                "Where the places are exchanged as well (“filled the glass with water from the jug”): {share}. A rule "
                "that ties the adjective to the nearer noun would fail there.",
                share=_of_pairs(verdict.exchanged or verdict.meaning_contrast),
            ),
            *lines,
            t(
                "In {share} of the pairs it answers both sentences with the same noun: an answer mixes what the "
                "sentence says with how much the model likes to write that noun anywhere. Within a pair that liking is "
                "the same in both sentences, and cancels.",
                share=percent(verdict.same.value),
            ),
        ]
    st.markdown("\n".join(f"- {line}" for line in lines))
    if verdict.confound.value is not None:
        st.markdown(
            t(
                "Gender-confound index: **{index}** (95% interval {low} to {high}; 1: agreement alone explains the "
                "original pair; 0: meaning does as well without it).",
                index=decimal(verdict.confound.value, 2),
                low=decimal(verdict.confound.low, 2),
                high=decimal(verdict.confound.high, 2),
            )
        )


def _of_pairs(value: Estimate) -> str:
    if value.low is None:
        return t("{share} ({n} pairs, too few for an interval)", share=percent(value.value), n=value.n)
    return t(
        "{share} (95% interval {low} to {high}, {n} pairs)",
        share=percent(value.value),
        low=percent(value.low),
        high=percent(value.high),
        n=value.n,
    )


def _say_heads(results: Sequence[ConditionResult]) -> None:
    """What the best head does where gender says nothing, beside what the model answers: a look is not an answer."""
    selections = [
        result.looks.selected
        for result in results
        if result.condition in MEANING_ALONE and result.looks is not None and result.looks.selected.head is not None
    ]
    if len(selections) != len(MEANING_ALONE):
        return
    names = " · ".join(dict.fromkeys(head_name(*result.head, t("L")) for result in selections))
    masculine, feminine, exchanged = (percent(result.members.value) for result in selections)
    st.markdown(
        t(
            "**And its heads?** Chosen on other pairs, the best head ({heads}) looks at the true noun in "
            "{masculine} (masculine), {feminine} (feminine) and {exchanged} (places exchanged) of the sentences where "
            "gender says nothing. A look is not yet an answer.",
            heads=names,
            masculine=masculine,
            feminine=feminine,
            exchanged=exchanged,
        )
    )


def _number(value: Estimate) -> str:
    if value.low is None:
        return t("{share} of sentences ({n} pairs, too few for an interval)", share=percent(value.value), n=value.n)
    return t(
        "{share} of sentences (95% interval {low} to {high}, {n} pairs)",
        share=percent(value.value),
        low=percent(value.low),
        high=percent(value.high),
        n=value.n,
    )


def _draw(results: Sequence[ConditionResult]) -> None:
    """The three conditions beside chance and the rule that only agrees."""
    names = {
        "P0": t("gender and meaning"),
        "P2": t("meaning alone (masculine)"),
        "P3": t("meaning alone (feminine)"),
        "P8": t("meaning alone (exchanged)"),
    }
    known = [result for result in results if result.condition in names]
    series = [
        Series(
            t("the model's answers"),
            "choice",
            [None if result.choices is None else result.choices.members for result in known],
        ),
        Series(
            t("its preference, within pairs"),
            "contrast",
            [None if result.contrast is None else result.contrast.moved for result in known],
        ),
        Series(
            t("a rule that only agrees"),
            "rule",
            [Estimate(result.baselines.gender, None, None, result.pairs) for result in known],
        ),
    ]
    chart(
        estimate_chart(
            [names[result.condition] for result in known],
            series,
            chance=0.5,
            luck=[None] * len(known),
            look=look(),
            chance_note=t("chance"),
            luck_note="",
        ),
        key="verdict_chart",
    )


def _caution() -> None:
    """What the verdict does not say."""
    st.markdown(
        t(
            "**Why so many pairs.** In Portuguese *cheio* (masculine) can only agree with *copo*: gender "
            "alone solves the original pair. A note in the Portuguese Winograd set says the same of its item of a "
            "bottle and a glass, whose noun was changed for that reason."
        )
    )
    st.markdown(
        t(
            "**What it does not say.** The bundled models were trained on sentences of this frame with other "
            "pairs of nouns. Following meaning here is not knowing what water does: other families of "
            "sentences may tell another story, and so may another way of asking (in the Bench: hidden noun)."
        )
    )
