"""The classifier on the page: both verdicts, the sentence shaded by attention and by hiding, and the three rows of
columns behind them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.conv.model import most
from core.conv.occlusion import agreement
from core.conv.window import seen_by
from core.figures.shaded import shaded
from core.figures.theme import label
from core.figures.verdict import Panel, verdict_panels

from ...explorer.question import number
from ...shell.charts import chart, look
from ...shell.locale import percent, plain, t, tn
from ...shell.numbers import exact
from .found import Found, measured
from .texts import correlation, decimal, side


def show_verdict(found: Found) -> None:
    """What both models say, in one line; and which words the classifier does not know."""
    own, other = found.verdict, found.reading
    st.markdown(
        t(
            "The classifier (right on {own} of {n} sentences written by hand) reads **{side}**, {share}. A "
            "linear probe on the encoder (right on {probe}) reads **{other_side}**, {other}.",
            side=side(own.logit),
            share=percent(_sure(own.probability)),
            other_side=side(other.logit),
            other=percent(_sure(other.probability)),
            **_trust(),
        )
    )
    unknown = [word for word, known in zip(own.words, own.known, strict=True) if not known]
    if unknown:
        st.caption(
            tn(
                "The classifier does not know {n} word, which it reads as “unknown”: {words}.",
                "The classifier does not know {n} words, which it reads as “unknown”: {words}.",
                len(unknown),
                words=plain(", ".join(dict.fromkeys(unknown))),
            )
        )


def show_words(found: Found) -> None:
    """The sentence twice: by its attention, and by what changes when each word is hidden."""
    own, n = found.verdict, len(found.verdict.words)
    st.subheader(t("The classifier: one weight per word"), anchor=False)
    first = int(own.attention.argmax())
    st.markdown(
        t(
            "**Attention**: most on **{word}**, {share}; spread evenly, every word would have {even}.",
            word=plain(own.words[first]),
            share=percent(float(own.attention[first])),
            even=percent(1 / n),
        )
    )
    chips(found, own.attention, [exact(float(one), 0) for one in own.attention], reach=1.0)
    if found.fell.any():
        last = int(np.abs(found.fell).argmax())
        st.markdown(
            t(
                "**Hiding**: without **{word}** the logit moves by {change}. Orange: spoke for praise; "
                "blue: for blame.",
                word=plain(own.words[last]),
                change=number(-float(found.fell[last])),
            )
        )
    else:
        st.markdown(t("**Hiding** moves nothing: whichever word is hidden, the logit stays."))
    chips(
        found,
        found.fell,
        [number(float(one), 1) for one in found.fell],
        reach=float(np.abs(found.fell).max(initial=0)),
        signed=True,
    )
    st.markdown(
        t(
            "Do attention and hiding put the words of this sentence in the same order? {text}.",
            text=correlation(agreement(own.attention, np.abs(found.fell)), n),
        )
    )
    width = found.model.model.sizes.window
    st.markdown(
        t(
            "A weight belongs to a window of {width} words, drawn under the word in its middle. Counting "
            "for every word the weights of all windows that see it: {text}.",
            width=width,
            text=correlation(agreement(seen_by(own, width), np.abs(found.fell)), n),
        )
    )
    if n < 10:
        st.caption(t("With so few words, chance alone often gives a large correlation: read it with its n."))


def chips(
    found: Found,
    values: np.ndarray,
    notes: Sequence[str],
    *,
    reach: float,
    signed: bool = False,
    strong: Sequence[int] = (),
) -> None:
    """The classifier's words, shaded; those it does not know are underlined with dashes."""
    shown = list(found.shown)
    known = found.verdict.known
    st.html(
        shaded(
            [found.verdict.words[i] for i in shown],
            values[shown],
            look=look(),
            notes=[notes[i] for i in shown],
            reach=reach,
            signed=signed,
            strong=strong,
            dashed=[i for i in shown if not known[i]],
        )
    )


def show_chart(found: Found) -> None:
    """Attention, parts and hiding of the classifier, word by word; before it, how far the colours above reach."""
    own, shown, n = found.verdict, list(found.shown), len(found.verdict.words)
    words = [own.words[i] for i in shown]
    reach, other = (float(np.abs(one).max(initial=0)) for one in (found.fell, found.reading.occlusion))
    st.caption(
        t(
            "Colours of hiding end at ±{own} in the classifier and at ±{other} in the encoder: each model "
            "has a scale of its own.",
            own=decimal(reach),
            other=decimal(other),
        )
    )
    if len(shown) < n:
        st.caption(t("Shown: {n} of {all} words.", n=len(shown), all=n))
    lines = [
        (1 / n, t("even: 1/n"), "dash"),
        *([(most(n), t("more is impossible: the score is a tanh"), "dot")] if n > 1 else []),
    ]
    panels = [
        Panel(
            t("Attention"),
            own.attention[shown],
            [f"{label(own.words[i])}: {exact(float(own.attention[i]))}" for i in shown],
            shares=True,
            lines=lines,
        ),
        Panel(
            t("Its part of the logit"),
            own.by_position[shown],
            [f"{label(own.words[i])}: {number(float(own.by_position[i]))}" for i in shown],
        ),
        Panel(
            t("Fall of the logit when it is hidden"),
            found.fell[shown],
            [f"{label(own.words[i])}: {number(float(found.fell[i]))}" for i in shown],
        ),
    ]
    chart(verdict_panels(words, panels, look=look()), key="conv_words")
    st.caption(
        t(
            "The middle row is attention × what the position says; with the bias {bias} it adds up to the "
            "logit, {logit}, exactly. The lowest row need not: its sum is {sum}. With the same weights and "
            "every word at 1/n the logit would be {even}.",
            bias=number(own.bias),
            logit=number(own.logit),
            sum=decimal(float(found.fell.sum())),
            even=number(found.even),
        )
    )


def _trust() -> dict[str, object]:
    """How often both are right, as measured."""
    right = measured()["accuracy"]
    return {
        "n": right["classifier"]["written"]["n"],
        **{
            name: percent(right[judge]["written"]["value"])
            for name, judge in (("own", "classifier"), ("probe", "probe"))
        },
    }


def _sure(probability: float) -> float:
    """How sure the side that is named."""
    return max(probability, 1 - probability)
