"""The classifier's reading: both verdicts, the sentence shaded by attention and by hiding, and the numbers behind.

Not here: one position of the convolution opened (inside.py).
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
from ...shell.numbers import exact, fixed
from .readings import BothReadings, evaluation
from .texts import correlation, side


def show_verdict(readings: BothReadings) -> None:
    """Say what both models read, and which words the classifier does not know."""
    verdict, reading = readings.verdict, readings.reading
    st.markdown(
        t(
            "The classifier (right on {own} of {n} sentences written by hand) reads **{side}**, {share}. A "
            "linear probe on the encoder (right on {probe}) reads **{other_side}**, {other}.",
            side=side(verdict.logit),
            share=percent(_probability_of_side(verdict.probability)),
            other_side=side(reading.logit),
            other=percent(_probability_of_side(reading.probability)),
            **_accuracies(),
        )
    )
    unknown = [word for word, known in zip(verdict.words, verdict.known, strict=True) if not known]
    if unknown:
        st.caption(
            tn(
                "The classifier does not know {n} word, which it reads as “unknown”: {words}.",
                "The classifier does not know {n} words, which it reads as “unknown”: {words}.",
                len(unknown),
                words=plain(", ".join(dict.fromkeys(unknown))),
            )
        )


def show_attention(readings: BothReadings) -> None:
    """Draw the sentence shaded by its attention."""
    attention = readings.verdict.attention
    title = t("The classifier: one weight per word")
    st.markdown(f"**{title}**")
    with st.container(key="conv_attention"):
        _shade_words(readings, attention, [exact(float(value), 0) for value in attention], reach=1.0)


def show_shaded_sentence(readings: BothReadings) -> None:
    """Say where the attention lies, and draw the sentence by what changes when each word is hidden."""
    verdict, n = readings.verdict, len(readings.verdict.words)
    first = int(verdict.attention.argmax())
    st.markdown(
        t(
            "**Attention**: most on **{word}**, {share}; spread evenly, every word would have {even}.",
            word=plain(verdict.words[first]),
            share=percent(float(verdict.attention[first])),
            even=percent(1 / n),
        )
    )
    if readings.fell.any():
        last = int(np.abs(readings.fell).argmax())
        st.markdown(
            t(
                "**Hiding**: without **{word}** the logit moves by {change}. Orange: spoke for praise; "
                "blue: for blame.",
                word=plain(verdict.words[last]),
                change=number(-float(readings.fell[last])),
            )
        )
    else:
        st.markdown(t("**Hiding** moves nothing: whichever word is hidden, the logit stays."))
    _shade_words(
        readings,
        readings.fell,
        [number(float(value), 1) for value in readings.fell],
        reach=float(np.abs(readings.fell).max(initial=0)),
        signed=True,
    )
    st.markdown(
        t(
            "Do attention and hiding put the words of this sentence in the same order? {text}.",
            text=correlation(agreement(verdict.attention, np.abs(readings.fell)), n),
        )
    )
    width = readings.model.model.sizes.window
    st.markdown(
        t(
            "A weight belongs to a window of {width} words, drawn under the word in its middle. Counting "
            "for every word the weights of all windows that see it: {text}.",
            width=width,
            text=correlation(agreement(seen_by(verdict, width), np.abs(readings.fell)), n),
        )
    )
    if n < 10:
        st.caption(t("With so few words, chance alone often gives a large correlation: read it with its n."))


def _shade_words(
    readings: BothReadings,
    values: np.ndarray,
    notes: Sequence[str],
    *,
    reach: float,
    signed: bool = False,
    strong: Sequence[int] = (),
) -> None:
    """The classifier's words, shaded; those it does not know are underlined with dashes."""
    drawn_words = list(readings.drawn)
    known = readings.verdict.known
    st.html(
        shaded(
            [readings.verdict.words[i] for i in drawn_words],
            values[drawn_words],
            look=look(),
            notes=[notes[i] for i in drawn_words],
            reach=reach,
            signed=signed,
            strong=strong,
            dashed=[i for i in drawn_words if not known[i]],
        )
    )


def show_chart(readings: BothReadings) -> None:
    """Draw attention, parts and hiding of the classifier word by word; first say how far the colours above reach."""
    verdict, drawn_words, n = readings.verdict, list(readings.drawn), len(readings.verdict.words)
    words = [verdict.words[i] for i in drawn_words]
    reach, other = (float(np.abs(changes).max(initial=0)) for changes in (readings.fell, readings.reading.occlusion))
    st.caption(
        t(
            "Colours of hiding end at ±{own} in the classifier and at ±{other} in the encoder: each model "
            "has a scale of its own.",
            own=fixed(reach),
            other=fixed(other),
        )
    )
    if len(drawn_words) < n:
        st.caption(t("Shown: {n} of {all} words.", n=len(drawn_words), all=n))
    lines = [
        (1 / n, t("even: 1/n"), "dash"),
        *([(most(n), t("more is impossible: the score is a tanh"), "dot")] if n > 1 else []),
    ]
    panels = [
        Panel(
            t("Attention"),
            verdict.attention[drawn_words],
            [f"{label(verdict.words[i])}: {exact(float(verdict.attention[i]))}" for i in drawn_words],
            shares=True,
            lines=lines,
        ),
        Panel(
            t("Its part of the logit"),
            verdict.by_position[drawn_words],
            [f"{label(verdict.words[i])}: {number(float(verdict.by_position[i]))}" for i in drawn_words],
        ),
        Panel(
            t("Fall of the logit when it is hidden"),
            readings.fell[drawn_words],
            [f"{label(verdict.words[i])}: {number(float(readings.fell[i]))}" for i in drawn_words],
        ),
    ]
    chart(verdict_panels(words, panels, look=look()), key="conv_words")
    st.caption(
        t(
            "The middle row is attention × what the position says; with the bias {bias} it adds up to the "
            "logit, {logit}, exactly. The lowest row need not: its sum is {sum}. With the same weights and "
            "every word at 1/n the logit would be {even}.",
            bias=number(verdict.bias),
            logit=number(verdict.logit),
            sum=fixed(float(readings.fell.sum())),
            even=number(readings.even),
        )
    )


def _accuracies() -> dict[str, object]:
    """How often the classifier and the probe are right, as measured, ready for the sentence that says it."""
    right = evaluation()["accuracy"]
    return {
        "n": right["classifier"]["written"]["n"],
        **{
            name: "{value} ({low} – {high})".format(
                **{key: percent(right[judge]["written"][key]) for key in ("value", "low", "high")}
            )
            for name, judge in (("own", "classifier"), ("probe", "probe"))
        },
    }


def _probability_of_side(probability: float) -> float:
    """The probability of the side that the verdict names, 0.5 … 1."""
    return max(probability, 1 - probability)
