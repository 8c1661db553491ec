"""The encoder on the same sentence: what its words receive in a head, its words hidden, and how both orders agree."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.axes import head_name
from core.conv.heads import agreements, by_luck, received
from core.conv.occlusion import LEAST_WORDS, agreement
from core.figures.grid import grid
from core.figures.shaded import shaded

from ...explorer.head_pickers import pick_head
from ...explorer.question import number
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.frame import beside_title
from ...shell.locale import percent, plain, t
from ...shell.numbers import exact
from .link import pick_row
from .readings import BothReadings
from .texts import correlation, rho


def show_encoder(readings: BothReadings) -> tuple[int, int]:
    """Draw the head's shares and the hiding as shaded words; returns (layer, head) of the chosen head."""
    trace, reading = readings.trace, readings.reading
    title = t("The encoder: {n} heads", n=trace.layers() * trace.heads())
    st.markdown(f"**{title}**")
    with beside_title():
        view = cache.view(trace, "self", words=True, specials=False, renormalise=False)
        layer, head = pick_head(view, first=cache.first_head(trace, "self"))
        row = pick_row(reading.tokens.words, reading.places)
    shares = (
        received(trace, layer, head, reading.places)
        if row is None
        else trace.merged(trace.attention(layer, head))[row, list(reading.places)]
    )
    first, name = int(shares.argmax()), head_name(layer, head, t("L"))
    who = (
        t("On average over the words, {head} looks most at", head=name)
        if row is None
        else t("In {head}, {word} looks most at", head=name, word=plain(reading.tokens.words[row]))
    )
    _shade_words(
        readings,
        shares,
        [exact(float(value), 0) for value in shares],
        strong=[] if row is None else [reading.places.index(row)],
    )
    st.markdown(
        f"{who} “**{plain(reading.words[first])}**” ({percent(float(shares[first]))}). "
        + t(
            "{rest} of the attention falls on special tokens, which are not shown.",
            rest=percent(max(0.0, 1 - float(shares.sum()))),
        )
    )
    last = int(np.abs(reading.occlusion).argmax())
    st.markdown(
        t(
            "**Hiding**: with [MASK] in the place of **{word}** the probe's logit moves by {change}.",
            word=plain(reading.words[last]),
            change=number(-float(reading.occlusion[last])),
        )
    )
    _shade_words(
        readings,
        reading.occlusion,
        [number(float(value), 1) for value in reading.occlusion],
        reach=float(np.abs(reading.occlusion).max(initial=0)),
        signed=True,
    )
    if row is None:
        text = correlation(agreement(shares, np.abs(reading.occlusion)), len(shares))
        st.markdown(
            t(
                "Do the attention received in {head} and hiding put the words in the same order? {text}.",
                head=name,
                text=text,
            )
        )
    return layer, head


def show_head_agreements(readings: BothReadings, chosen_head: tuple[int, int]) -> None:
    """Draw how every head agrees with hiding, and say what luck would give the best of so many."""
    trace, reading = readings.trace, readings.reading
    values = agreements(trace, reading.places, reading.occlusion)
    if np.isnan(values).all():
        st.caption(t("Heads are compared with hiding from {least} words on.", least=LEAST_WORDS))
        return
    best = np.unravel_index(int(np.nanargmax(values)), values.shape)
    luck = by_luck(len(reading.places), values.size)
    st.markdown(
        t(
            "Of {n} heads, **{best}** orders the words most like hiding does: {rho}. The best of {n} random "
            "orders of {words} words reaches {luck} on average.",
            n=values.size,
            best=head_name(int(best[0]), int(best[1]), t("L")),
            rho=rho(float(values[best])),
            words=len(reading.places),
            luck=rho(luck),
        )
    )
    rows = [f"{t('L')}{i + 1}" for i in range(values.shape[0])]
    hover = [
        [
            f"{head_name(i, j, t('L'))}: {'—' if np.isnan(values[i, j]) else rho(float(values[i, j]))}"
            for j in range(values.shape[1])
        ]
        for i in range(values.shape[0])
    ]
    with st.expander(t("Every head against hiding")):
        chart(
            grid(
                values,
                rows,
                [str(j + 1) for j in range(values.shape[1])],
                look=look(),
                hover=hover,
                signed=True,
                reach=1.0,
                frame=chosen_head,
                below=t("Head"),
            ),
            key="conv_heads",
        )
        st.caption(
            t(
                "Spearman's ρ between the mean attention that each word receives in a head and the size of "
                "the change when it is hidden. Orange: the same order; blue: the opposite one."
            )
        )


def _shade_words(
    readings: BothReadings,
    values: np.ndarray,
    notes: list[str],
    *,
    reach: float = 1.0,
    signed: bool = False,
    strong: list[int] | tuple = (),
) -> None:
    drawn_words = list(range(min(len(readings.drawn), len(readings.reading.words))))
    st.html(
        shaded(
            [readings.reading.words[i] for i in drawn_words],
            values[drawn_words],
            look=look(),
            notes=[notes[i] for i in drawn_words],
            reach=reach,
            signed=signed,
            strong=strong,
        )
    )
