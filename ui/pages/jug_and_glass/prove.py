"""Step 4: from where it looks to what breaks without it, on one pair, beside the random twin."""

from __future__ import annotations

import streamlit as st

from core.axes import head_name
from core.coreference.evidence import Ladder, Rung
from core.coreference.items import Item
from core.errors import Message
from core.figures.ladder import Step, ladder_bars

from ...explorer.bench_runs import ladder
from ...explorer.carried import HEAD, LAYER, settle_head
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.locale import error_text, plain, t
from ...shell.numbers import decimal
from ...shell.state import Chosen
from .change import one_stack
from .heads import ReadPair, first_turning_head, read_pair
from .pair import pair_to_show, pick_condition, probe_of

_ADJECTIVE, _EVERY_HEAD = "adjective", "every_head"


def show_evidence(chosen: Chosen) -> None:
    """The ladder of one sentence: what each rung says, and whether they agree."""
    model = one_stack(cache.language_model(chosen))
    pair = pair_to_show(pick_condition())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = st.segmented_control(
            t("Adjective"),
            [item.word for item in pair],
            default=pair[0].word,
            required=True,
            key=f"{_ADJECTIVE}_{pair[0].id}",
        )
        one_head = _pick_head(read_pair(chosen))
    item, other = pair if word == pair[0].word else pair[::-1]
    probe = probe_of(model, item)
    evidence, null = (
        ladder(chosen, item, probe, other.word, one_head, untrained=untrained) for untrained in (False, True)
    )
    if isinstance(evidence, Message):
        st.info(plain(error_text(evidence)))
        return
    _say(item, evidence, null)
    chart(_figure(item, evidence, null), key="ladder")
    _refusals(evidence)


def _pick_head(pair: ReadPair) -> tuple[int, int] | None:
    """None for every head, or (layer, head) of the one chosen in the step before.

    Where none was chosen, or this model has no such head, it is the head that turns most.
    """
    first, (layers, heads) = first_turning_head(pair), pair.weights[0].shape[:2]
    settle_head({LAYER: range(1, layers + 1), HEAD: range(1, heads + 1)}, first)
    layer_head = (st.session_state[LAYER] - 1, st.session_state[HEAD] - 1)
    every = st.segmented_control(
        t("Heads"),
        (True, False),
        default=True,
        required=True,
        key=_EVERY_HEAD,
        format_func={True: t("all of them"), False: head_name(*layer_head, t("L"))}.get,
    )
    return None if every else layer_head


def _say(item: Item, evidence: Ladder, null: Ladder | Message) -> None:
    """What is asked, who is ahead, and how many rungs point to the true noun."""
    gold = plain(item.candidates[item.gold].text)
    ahead = (
        t("The model prefers **{noun}**, by {margin} nats.")
        if evidence.margin > 0
        else t("The model prefers the wrong one: **{noun}** is {margin} nats behind.")
    )
    st.markdown(
        f"“{plain(evidence.difference.text)}”  \n" + ahead.format(noun=gold, margin=decimal(abs(evidence.margin), 1))
    )
    available, pointing = _count(evidence.rungs, item.gold)
    template = (
        t("**The measures agree: {n} of {all} point to {noun}.**")
        if pointing in (0, available)
        else t("**The measures disagree: {n} of {all} point to {noun}.**")
    )
    text = template.format(n=pointing, all=available, noun=gold)
    if isinstance(null, Ladder):
        available, pointing = _count(null.rungs, item.gold)
        text += " " + t("Of the random twin's measures, {n} of {all}.", n=pointing, all=available)
    st.markdown(text)


def _count(rungs: tuple[Rung, ...], gold: int) -> tuple[int, int]:
    """(rungs that there are, those that point to the gold noun)."""
    available = [rung for rung in rungs if rung.values is not None]
    return len(available), sum(rung.points_to == gold for rung in available)


def _figure(item: Item, evidence: Ladder, null: Ladder | Message):
    nulls = {rung.name: rung.values for rung in null.rungs} if isinstance(null, Ladder) else {}
    names, units = _words()
    steps = [
        Step(names[rung.name], units[rung.name], rung.values, nulls.get(rung.name), rung.name in ("knockout", "patch"))
        for rung in evidence.rungs
    ]
    return ladder_bars(
        steps,
        [rung.text for rung in item.candidates],
        item.gold,
        look=look(),
        null=t("random twin"),
        gold_note=t("the true one"),
        other_note=t("the other one"),
    )


def _words() -> tuple[dict[str, str], dict[str, str]]:
    names = {
        "attention": t("Where it looks"),
        "norm": t("How much it fetches"),
        "gradient": t("Gradient × attention"),
        "knockout": t("Edge cut"),
        "patch": t("Nouns exchanged"),
    }
    nats = t("fall of the margin, nats")
    units = {
        "attention": t("weight"),
        "norm": t("length of the fetched vector"),
        "gradient": t("nats, to first order"),
        "knockout": nats,
        "patch": nats,
    }
    return names, units


def _refusals(evidence: Ladder) -> None:
    """Rungs that this model or sentence does not have, and why."""
    for rung in evidence.rungs:
        if rung.refusal is not None:
            st.caption(f"**{_words()[0][rung.name]}**: {plain(error_text(rung.refusal))}")
