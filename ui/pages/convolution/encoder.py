"""The encoder on the same sentence: one head's row or what its words receive, its words hidden, and how every head's
order agrees with hiding.
"""

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
from ...shell.locale import percent, plain, t
from ...shell.numbers import exact
from .found import Found
from .link import pick_row
from .texts import correlation, rho


def show_encoder(found: Found) -> tuple[int, int]:
    """The head's shares and the hiding as shaded words; the head that is shown."""
    trace, read = found.trace, found.reading
    st.subheader(t("The encoder: {n} heads", n=trace.layers() * trace.heads()), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = cache.view(trace, "self", words=True, specials=False, renormalise=False)
        layer, head = pick_head(view, first=cache.first_head(trace, "self"))
        row = pick_row(read.tokens.words, read.places)
    shares = (
        received(trace, layer, head, read.places)
        if row is None
        else trace.merged(trace.attention(layer, head))[row, list(read.places)]
    )
    first, name = int(shares.argmax()), head_name(layer, head, t("L"))
    who = (
        t("On average over the words, {head} looks most at", head=name)
        if row is None
        else t("In {head}, {word} looks most at", head=name, word=plain(read.tokens.words[row]))
    )
    st.markdown(
        f"{who} “**{plain(read.words[first])}**” ({percent(float(shares[first]))}). "
        + t(
            "{rest} of the attention falls on special tokens, which are not shown.",
            rest=percent(max(0.0, 1 - float(shares.sum()))),
        )
    )
    _chips(
        found, shares, [exact(float(one), 0) for one in shares], strong=[] if row is None else [read.places.index(row)]
    )
    last = int(np.abs(read.occlusion).argmax())
    st.markdown(
        t(
            "**Hiding**: with [MASK] in the place of **{word}** the probe's logit moves by {change}.",
            word=plain(read.words[last]),
            change=number(-float(read.occlusion[last])),
        )
    )
    _chips(
        found,
        read.occlusion,
        [number(float(one), 1) for one in read.occlusion],
        reach=float(np.abs(read.occlusion).max(initial=0)),
        signed=True,
    )
    if row is None:
        text = correlation(agreement(shares, np.abs(read.occlusion)), len(shares))
        st.markdown(
            t(
                "Do the attention received in {head} and hiding put the words in the same order? {text}.",
                head=name,
                text=text,
            )
        )
    return layer, head


def show_heads(found: Found, shown: tuple[int, int]) -> None:
    """The agreement of every head with hiding, and what luck would give the best of so many."""
    trace, read = found.trace, found.reading
    values = agreements(trace, read.places, read.occlusion)
    if np.isnan(values).all():
        st.caption(t("Heads are compared with hiding from {least} words on.", least=LEAST_WORDS))
        return
    best = np.unravel_index(int(np.nanargmax(values)), values.shape)
    luck = by_luck(len(read.places), values.size)
    st.markdown(
        t(
            "Of {n} heads, **{best}** orders the words most like hiding does: {rho}. The best of {n} random "
            "orders of {words} words reaches {luck} on average.",
            n=values.size,
            best=head_name(int(best[0]), int(best[1]), t("L")),
            rho=rho(float(values[best])),
            words=len(read.places),
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
                frame=shown,
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


def _chips(
    found: Found,
    values: np.ndarray,
    notes: list[str],
    *,
    reach: float = 1.0,
    signed: bool = False,
    strong: list[int] | tuple = (),
) -> None:
    shown = list(range(min(len(found.shown), len(found.reading.words))))
    st.html(
        shaded(
            [found.reading.words[i] for i in shown],
            values[shown],
            look=look(),
            notes=[notes[i] for i in shown],
            reach=reach,
            signed=signed,
            strong=strong,
        )
    )
