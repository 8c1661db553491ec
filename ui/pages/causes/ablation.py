"""Ablating heads: each alone, and any of them together.

Not here: the map on which they are chosen (ablation_map.py), whether the heads that look are those that matter
(looks_and_effects.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.ablation import ablations, compared, mean_outputs
from core.analyses.head_sets import (
    RANDOM_SETS,
    farthest,
    other_heads,
    random_ablations,
    set_edits,
)
from core.axes import Kind, LayerHead, head_name
from core.predictions.masked import can_mask
from core.tracing.rerun import rerun
from core.tracing.trace import Trace

from ...explorer.numbers_file import offer_numbers
from ...explorer.question import Posed, number
from ...explorer.run_cost import run_seconds
from ...serving import cache
from ...serving.long_work import work
from ...shell.frame import beside_title, picture_beside_words
from ...shell.locale import plain, t, tn
from ...shell.named_choice import pick_named
from ...shell.numbers import decimal
from ...shell.state import Chosen
from ...shell.tables import show_table
from ...top_bar.sentence import examples
from .ablation_map import pick_heads_out
from .expected import show_expected
from .link import REPLACED, held_heads, pick_acts
from .looks_and_effects import show_looks_and_effects

_QUIET = 0.05  # nats: a head that moves the score by less does next to nothing
_MEAN_SENTENCES = 12  # sentences over which a head's mean is taken


def show_ablations(chosen: Chosen, posed: Posed) -> None:
    """The map, the heads that are taken out together, the chart of looks and effects."""
    with beside_title():
        kind = pick_acts(posed.trace)
    map_place, words = picture_beside_words()
    with words:
        instead = _pick_instead()
    means = _means(chosen, posed, kind) if instead == "mean" else None
    if instead == "mean" and means is None:
        return
    layers, heads = posed.trace.layers(kind), posed.trace.heads(kind)
    changes_and_kl = work(
        (*posed.key, kind, instead),
        lambda progress: ablations(posed.model, posed.trace, posed.question, kind, means=means, progress=progress),
        seconds=run_seconds(posed.model, posed.trace) * layers * heads,
        name="ablate",
    )
    if changes_and_kl is None:
        return
    changes, kl = changes_and_kl
    with map_place:
        picked = pick_heads_out(changes, kl, held_heads(layers, heads))
    with words:
        _say(changes, kl)
        _say_question(posed)
        edited = _together(posed, kind, picked, means, changes)
    if edited is not None:
        show_expected(posed, edited)
    show_looks_and_effects(posed, kind, changes, picked)
    _table(changes, kl)
    offer_numbers(
        posed,
        kind,
        "heads",
        {"change_nats": changes, "kl_nats": kl, "out": picked},
        replaced_by=instead,
        mean_over=None if means is None else _MEAN_SENTENCES,
    )


def _pick_instead() -> str:
    names = {"zero": t("zero"), "mean": t("its mean over other sentences")}
    return pick_named(
        t("A head's output becomes"),
        names,
        key=REPLACED,
        default="zero",
        help=t("Zero also removes what a head always says; its mean removes only what it says about this sentence."),
    )


def _means(chosen: Chosen, posed: Posed, kind: Kind) -> np.ndarray | None:
    """Mean output of every head over the example sentences of the language of the model."""
    texts = [example["text"] for example in examples("en" if posed.model.kind == "encoder-decoder" else "pt")][
        :_MEAN_SENTENCES
    ]
    traces = [cache.trace(chosen, text) for text in texts]
    return work(
        (*chosen.key, kind),
        lambda progress: mean_outputs(traces, kind),
        seconds=0.5,
        name="means",
    )


def _say(changes: np.ndarray, kl: np.ndarray) -> None:
    """The head whose loss moves the score most, either way, beside the other heads; and the one that costs it most."""
    head, known = farthest(changes), changes[~np.isnan(changes)]
    others = other_heads(changes, head)
    low, high = others.span
    st.markdown(
        t(
            "Taken out alone, head **{head}** moves the score most: **{change}** nats (KL {kl}), {direction}. It is "
            "the largest of {all} heads on one sentence; the other {n} change it by {mean} on average, from {low} to "
            "{high}, and {quiet} of them by less than {least}.",
            head=head_name(*head, t("L")),
            change=number(float(changes[head])),
            kl=number(float(kl[head])).lstrip("+"),
            direction=t("for the answer") if changes[head] > 0 else t("against the answer"),
            all=known.size,
            n=others.changes.size,
            mean=number(others.mean),
            low=number(low),
            high=number(high),
            quiet=int((np.abs(others.changes) < _QUIET).sum()),
            least=decimal(_QUIET, 2),
        )
        + " "
        + _against(changes, head)
    )


def _say_question(posed: Posed) -> None:
    """Say that the numbers are those of Mask a word, and how to see one answer alone."""
    if posed.against is not None and can_mask(posed.model):
        st.caption(
            t(
                "Numbers are of **{answer}** against **{against}**, here and on Mask a word: what helps both alike "
                "cancels out. Choose — under “Against” for the logit of {answer} alone.",
                answer=plain(posed.answer),
                against=plain(posed.against),
            )
        )


def _against(changes: np.ndarray, named: LayerHead) -> str:
    """The head whose loss costs the answer most, where another one was named."""
    if np.nanmin(changes) >= 0:
        return t("No head alone, taken out, makes the answer lose.")
    layer, head = np.unravel_index(int(np.nanargmin(changes)), changes.shape)
    if (int(layer), int(head)) == named:
        return ""
    return t(
        "The answer loses most without **{head}**: {change}.",
        head=head_name(int(layer), int(head), t("L")),
        change=number(float(changes[layer, head])),
    )


def _together(
    posed: Posed, kind: Kind, picked: list[LayerHead], means: np.ndarray | None, changes: np.ndarray
) -> Trace | None:
    """The chosen heads out at once, beside as many at random: the run without them, where there is one."""
    if not picked:
        return None
    edited = work(
        (*posed.key, kind, "together", tuple(picked), means is None),
        lambda progress: rerun(posed.model, posed.trace, set_edits(picked, kind, means)),
        seconds=run_seconds(posed.model, posed.trace),
        name="together",
    )
    if edited is None:
        return None
    comparison = compared(posed.trace, edited, posed.question)
    names = ", ".join(head_name(*layer_head, t("L")) for layer_head in picked)
    text = t(
        "Without **{heads}**: {change} nats, so a score of **{score}** (KL {kl}).",
        heads=names,
        change=number(comparison.change),
        score=number(comparison.score),
        kl=number(comparison.kl).lstrip("+"),
    )
    if len(picked) > 1:
        text += " " + t(
            "One by one their changes add up to {sum}: the difference is what they do for, or instead of, each other.",
            sum=number(float(sum(changes[layer_head] for layer_head in picked))),
        )
    st.markdown(text)
    _random_heads(posed, kind, picked, means, changes, comparison.change)
    return edited


def _random_heads(
    posed: Posed,
    kind: Kind,
    picked: list[LayerHead],
    means: np.ndarray | None,
    changes: np.ndarray,
    change: float,
) -> None:
    """What as many heads taken out at random do."""
    if len(picked) == 1:
        null = other_heads(changes, picked[0])
    else:
        null = work(
            (*posed.key, kind, "random", tuple(sorted(picked)), means is None),
            lambda progress: random_ablations(
                posed.model, posed.trace, posed.question, picked, kind, means=means, progress=progress
            ),
            seconds=RANDOM_SETS * run_seconds(posed.model, posed.trace),
            name="random_heads",
        )
    if null is None:
        return
    n = null.changes.size
    if not n:
        st.caption(t("There are too few other heads for a comparison with as many taken out at random."))
        return
    low, high = null.span
    st.markdown(
        tn(
            "**Beside {n} head at random**: the other {sets} heads, one at a time, change the score by {mean} on "
            "average, from {low} to {high}; {far} of the {sets} move it as far as this or farther.",
            "**Beside {n} heads at random**: {sets} sets of as many other heads change the score by {mean} on average, "
            "from {low} to {high}; {far} of the {sets} move it as far as this or farther.",
            len(picked),
            sets=n,
            mean=number(null.mean),
            low=number(low),
            high=number(high),
            far=null.as_far(change),
        )
    )


def _table(changes: np.ndarray, kl: np.ndarray) -> None:
    """Every head as a row, the largest effect first."""
    order = np.argsort(-np.abs(changes), axis=None)
    title = t("Table: every head's effect")
    with st.expander(title):
        rows = [
            (head_name(int(i), int(j), t("L")), round(float(changes[i, j]), 4), round(float(kl[i, j]), 4))
            for i, j in (np.unravel_index(int(flat_index), changes.shape) for flat_index in order)
            if not np.isnan(changes[i, j])
        ]
        show_table(pd.DataFrame(rows, columns=[t("Head"), t("change, nats"), "KL"]), title=title)
