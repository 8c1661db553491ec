"""Ablating heads: each alone, and any of them together.

Not here: the map on which they are chosen (ablation_map.py), whether the heads that look are those that matter
(looks_and_effects.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.ablation import ablations, compared, mean_outputs
from core.attention.edits import Ablation
from core.axes import Kind, LayerHead, head_name
from core.tracing.rerun import rerun

from ...explorer.question import Posed, number
from ...serving import cache
from ...serving.long_work import work
from ...shell.locale import t
from ...shell.named_choice import pick_named
from ...shell.state import Chosen
from ...shell.tables import show_table
from ...sidebar.pickers import examples
from .ablation_map import pick_heads_out
from .expected import show_expected
from .link import REPLACED, held_heads, pick_acts
from .looks_and_effects import show_looks_and_effects

_MEAN_SENTENCES = 12  # sentences over which a head's mean is taken
_PRODUCTS_PER_SECOND = 5e10  # of one core


def show_ablations(chosen: Chosen, posed: Posed) -> None:
    """The map, the heads that are taken out together, the chart of looks and effects."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = pick_acts(posed.trace)
        instead = _pick_instead()
    means = _means(chosen, posed, kind) if instead == "mean" else None
    if instead == "mean" and means is None:
        return
    layers, heads = posed.trace.layers(kind), posed.trace.heads(kind)
    changes_and_kl = work(
        (*posed.key, kind, instead),
        lambda progress: ablations(posed.model, posed.trace, posed.question, kind, means=means, progress=progress),
        seconds=run_seconds(posed) * layers * heads,
        name="ablate",
    )
    if changes_and_kl is None:
        return
    changes, kl = changes_and_kl
    _say(changes, kl, posed)
    picked = pick_heads_out(changes, kl, held_heads(layers, heads))
    _together(posed, kind, picked, means, changes)
    show_looks_and_effects(posed, kind, changes, picked)
    _table(changes, kl, posed, kind)


def run_seconds(posed: Posed) -> float:
    """What one edited run takes, roughly."""
    return (
        0.004
        + posed.model.parameters * (len(posed.trace.tokens) + len(posed.trace.target or ()) + 30) / _PRODUCTS_PER_SECOND
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


def _say(changes: np.ndarray, kl: np.ndarray, posed: Posed) -> None:
    """The head whose loss costs the answer most, and how many do nothing."""
    layer, head = np.unravel_index(int(changes.argmin()), changes.shape)
    quiet = int((np.abs(changes) < 0.05).sum())
    if changes.min() >= 0:
        st.markdown(
            t(
                "No head alone, taken out, moves the score against the answer. {quiet} of {all} heads move "
                "it by less than 0.05 nats.",
                quiet=quiet,
                all=changes.size,
            )
        )
        return
    st.markdown(
        t(
            "Taken out alone, head **{head}** moves the score most against the answer: **{change}** nats "
            "(KL {kl}). {quiet} of {all} heads move it by less than 0.05.",
            head=head_name(int(layer), int(head), t("L")),
            change=number(float(changes[layer, head])),
            kl=number(float(kl[layer, head])).lstrip("+"),
            quiet=quiet,
            all=changes.size,
        )
    )


def _together(posed: Posed, kind: Kind, picked: list[LayerHead], means: np.ndarray | None, changes: np.ndarray) -> None:
    """The chosen heads out at once: what the model says then."""
    if not picked:
        return
    edits = tuple(Ablation(layer, head, kind, None if means is None else means[layer, head]) for layer, head in picked)
    edited = work(
        (*posed.key, kind, "together", tuple(picked), means is None),
        lambda progress: rerun(posed.model, posed.trace, edits),
        seconds=run_seconds(posed),
        name="together",
    )
    if edited is None:
        return
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
    show_expected(posed, edited)


def _table(changes: np.ndarray, kl: np.ndarray, posed: Posed, kind: Kind) -> None:
    """Every head as a row, the largest effect first; the same from the command line."""
    order = np.argsort(-np.abs(changes), axis=None)
    title = t("Table: every head's effect")
    with st.expander(title):
        rows = [
            (head_name(int(i), int(j), t("L")), round(float(changes[i, j]), 4), round(float(kl[i, j]), 4))
            for i, j in (np.unravel_index(int(flat_index), changes.shape) for flat_index in order)
        ]
        show_table(pd.DataFrame(rows, columns=[t("Head"), t("change, nats"), "KL"]), title=title)
