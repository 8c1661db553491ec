"""The score as a sum of what every head and block wrote: direct logit attribution, with its exact sum."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.analyses.head_sets import farthest
from core.analyses.logit_attribution import Attribution, attribution
from core.axes import head_name
from core.figures.bars import bars
from core.figures.grid import grid
from core.figures.theme import label

from ...explorer.head_notation import head_notation
from ...explorer.numbers_file import offer_numbers
from ...explorer.question import Posed, number
from ...explorer.run_cost import run_seconds
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.frame import picture_beside_words
from ...shell.locale import t
from ...shell.numbers import power


def show_parts(posed: Posed) -> None:
    """The sum, its large parts as bars, every head as a map."""
    parts = work(
        (*posed.key, "parts"),
        lambda progress: attribution(posed.model, posed.trace, posed.question),
        seconds=4 * run_seconds(posed.model, posed.trace),
        name="parts",
    )
    if parts is None:
        return
    picture, words = picture_beside_words()
    with picture:
        _bars(parts)
    with words:
        _say(parts)
    names = {"self": t("Heads"), "decoder": t("Heads of the decoder"), "cross": t("Heads of the cross-attention")}
    for kind, values in parts.heads.items():
        st.subheader(names[kind], anchor=False)
        hover = [
            [f"{head_name(i, j, t('L'))}: {number(float(values[i, j]))} nats" for j in range(values.shape[1])]
            for i in range(len(values))
        ]
        chart(
            grid(
                values,
                [f"{t('L')}{i + 1}" for i in range(len(values))],
                [str(j + 1) for j in range(values.shape[1])],
                look=look(),
                hover=hover,
                signed=True,
                below=t("Head"),
            ),
            key=f"parts_{kind}",
        )
    st.caption(
        t(
            "Each part is what a head or block wrote at the place that answers, carried along the stream alone "
            "to the answer, the scale of every normalisation on the way frozen. What it does by way of later "
            "layers is in theirs: ablation counts both. A masked model's prediction head has an activation; "
            "its gate is frozen too, so that the sum stays exact."
        )
        + " "
        + head_notation()
    )
    offer_numbers(
        posed,
        next(iter(parts.heads)),
        "parts",
        {
            "heads_nats": dict(parts.heads),
            "blocks_nats": parts.blocks,
            "embeddings_nats": parts.embeddings,
            "biases_nats": parts.biases,
            "missing_nats": parts.error,
        },
    )


def _say(parts: Attribution) -> None:
    """The score as a sum, and the head whose part is largest, beside the others."""
    kind = max(parts.heads, key=lambda kind: float(np.nanmax(np.abs(parts.heads[kind]))))
    layer, head = farthest(parts.heads[kind])
    value = float(parts.heads[kind][layer, head])
    everything = np.concatenate([values.ravel() for values in parts.heads.values()])
    st.markdown(
        t(
            "The score of **{score}** nats is the sum of its parts (what is missing: {error}). The largest part of "
            "{n} heads is that of **{head}**, {direction}: **{value}** nats; half of the heads have parts below "
            "{middle}, whatever their sign.",
            score=number(parts.score),
            error=power(abs(parts.error)),
            n=int((~np.isnan(everything)).sum()),
            head=head_name(layer, head, t("L")),
            direction=t("for the answer") if value > 0 else t("against the answer"),
            value=number(value),
            middle=number(float(np.nanmedian(np.abs(everything)))).lstrip("+"),
        )
    )


def _bars(parts: Attribution) -> None:
    """The parts of the score: embeddings, then per layer its attention and its feed-forward block, then biases."""
    names, values = [t("embeddings")], [parts.embeddings]
    titles = {
        "self": t("heads of layer {layer}"),
        "decoder": t("heads of layer {layer}"),
        "cross": t("cross-attention of layer {layer}"),
    }
    for layer in range(len(parts.blocks)):
        for kind, heads in parts.heads.items():
            names.append(titles[kind].format(layer=layer + 1))
            values.append(float(heads[layer].sum()))
        names.append(t("feed-forward block of layer {layer}", layer=layer + 1))
        values.append(float(parts.blocks[layer]))
    names.append(t("biases"))
    values.append(parts.biases)
    hover = [f"{label(name)}: {number(value)} nats" for name, value in zip(names, values, strict=True)]
    chart(bars(values, names, look=look(), hover=hover, signed=True, title=t("nats for the answer")), key="parts_bars")
