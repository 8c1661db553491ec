"""Step 4: from where it looks to what breaks without it, on one pair, beside the random twin."""

from __future__ import annotations

import streamlit as st

from core.axes import head_name
from core.coreference.evidence import Ladder, Rung
from core.coreference.items import Item
from core.errors import Message
from core.figures.ladder import Step, ladder_bars

from ...explorer.bench_runs import ladder
from ...explorer.head_pickers import HEAD, LAYER
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.locale import error_text, plain, t
from ...shell.state import Chosen, settle
from .change import one_stack
from .heads import Pair, first_head, read_pair
from .pair import pick_change, probe_of, read

WHICH, ALL = "adjective", "every_head"


def prove(chosen: Chosen) -> None:
    """The ladder of one sentence: what each rung says, and whether they agree."""
    model = one_stack(cache.language_model(chosen))
    pair = read(pick_change())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = st.segmented_control(
            t("Adjective"), [one.word for one in pair], default=pair[0].word, required=True, key=f"{WHICH}_{pair[0].id}"
        )
        place = _pick_place(read_pair(chosen))
    item, other = pair if word == pair[0].word else pair[::-1]
    probe = probe_of(model, item)
    found, null = (ladder(chosen, item, probe, other.word, place, twin=twin) for twin in (False, True))
    if isinstance(found, Message):
        st.info(error_text(found))
        return
    _say(item, found, null)
    chart(_figure(item, found, null), key="ladder")
    _refusals(found)


def _pick_place(pair: Pair) -> tuple[int, int] | None:
    """Every head, or the one of the step before; the one to begin with where none was chosen, or this model has none
    such.
    """
    first, (layers, heads) = first_head(pair), pair.weights[0].shape[:2]
    settle(LAYER, range(1, layers + 1), first[0] + 1)
    settle(HEAD, range(1, heads + 1), first[1] + 1)
    place = (st.session_state[LAYER] - 1, st.session_state[HEAD] - 1)
    every = st.segmented_control(
        t("Heads"),
        (True, False),
        default=True,
        required=True,
        key=ALL,
        format_func={True: t("all of them"), False: head_name(*place, t("L"))}.get,
    )
    return None if every else place


def _say(item: Item, found: Ladder, null: Ladder | Message) -> None:
    """What is asked, who is ahead, and how many rungs point to the true noun."""
    gold = plain(item.candidates[item.gold].text)
    ahead = (
        t("The model prefers **{noun}**, by {margin} nats.")
        if found.margin > 0
        else t("The model prefers the wrong one: **{noun}** is {margin} nats behind.")
    )
    st.markdown(
        f"“{plain(found.difference.text)}”  \n"
        + ahead.format(noun=gold, margin=f"{abs(found.margin):.1f}".replace(".", look().decimal))
    )
    there, pointing = _count(found.rungs, item.gold)
    said = (
        t("**The rungs agree: {n} of {all} point to {noun}.**")
        if pointing in (0, there)
        else t("**The rungs disagree: {n} of {all} point to {noun}.**")
    )
    text = said.format(n=pointing, all=there, noun=gold)
    if isinstance(null, Ladder):
        there, pointing = _count(null.rungs, item.gold)
        text += " " + t("Of the random twin's, {n} of {all}.", n=pointing, all=there)
    st.markdown(text)


def _count(rungs: tuple[Rung, ...], gold: int) -> tuple[int, int]:
    """(rungs that there are, those that point to the gold noun)."""
    there = [one for one in rungs if one.values is not None]
    return len(there), sum(one.points_to == gold for one in there)


def _figure(item: Item, found: Ladder, null: Ladder | Message):
    nulls = {one.name: one.values for one in null.rungs} if isinstance(null, Ladder) else {}
    names, units = _words()
    steps = [
        Step(names[one.name], units[one.name], one.values, nulls.get(one.name), one.name in ("knockout", "patch"))
        for one in found.rungs
    ]
    return ladder_bars(
        steps,
        [one.text for one in item.candidates],
        item.gold,
        look=look(),
        null=t("random twin"),
        gold_note=t("the true one"),
    )


def _words() -> tuple[dict[str, str], dict[str, str]]:
    names = {
        "attention": t("Where it looks"),
        "norm": t("How much it fetches"),
        "gradient": t("Gradient × attention"),
        "knockout": t("Edge cut"),
        "patch": t("Nouns exchanged"),
    }
    nats = t("nats that the margin falls")
    units = {
        "attention": t("weight"),
        "norm": t("length of the fetched vector"),
        "gradient": t("nats, to first order"),
        "knockout": nats,
        "patch": nats,
    }
    return names, units


def _refusals(found: Ladder) -> None:
    """Rungs that this model or sentence does not have, and why."""
    for one in found.rungs:
        if one.refusal is not None:
            st.caption(f"**{_words()[0][one.name]}**: {plain(error_text(one.refusal))}")
