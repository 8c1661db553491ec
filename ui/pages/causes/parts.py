"""The score as a sum of what every head and block wrote: direct logit attribution, with its exact sum."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.analyses.logit_attribution import Attribution, attribution
from core.axes import head_name
from core.figures.bars import bars
from core.figures.grid import grid
from core.figures.theme import label

from ...explorer.question import Posed, number
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import t
from .heads import run_seconds


def show_parts(posed: Posed) -> None:
    """The sum, its large parts as bars, every head as a map."""
    found = work(
        (*posed.key, "parts"),
        lambda progress: attribution(posed.model, posed.trace, posed.question),
        seconds=4 * run_seconds(posed),
        name="parts",
    )
    if found is None:
        return
    _say(found)
    _bars(found)
    names = {"self": t("Heads"), "decoder": t("Heads of the decoder"), "cross": t("Heads of the cross-attention")}
    for kind, values in found.heads.items():
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
            "Each part is what a head or block wrote at the place that answers, carried along the stream "
            "alone to the answer, the scale of every norm on the way frozen. What it does by way of later "
            "layers is in theirs: ablation counts both. "
            "A masked model's head has an activation; its gate is frozen too, so that the sum stays exact."
        )
    )


def _say(found: Attribution) -> None:
    kind, (layer, head) = max(
        (
            (kind, tuple(int(one) for one in np.unravel_index(int(values.argmax()), values.shape)))
            for kind, values in found.heads.items()
        ),
        key=lambda one: found.heads[one[0]][one[1]],
    )
    value = float(found.heads[kind][layer, head])
    st.markdown(
        t(
            "The score of **{score}** nats is the sum of its parts (what is missing: {error}). Of the "
            "heads, **{head}** speaks for the answer most: **{value}** nats.",
            score=number(found.score),
            error=f"{abs(found.error):.0e}",
            head=head_name(layer, head, t("L")),
            value=number(value),
        )
    )


def _bars(found: Attribution) -> None:
    names, values = [t("embeddings")], [found.embeddings]
    titles = {
        "self": t("heads of layer {layer}"),
        "decoder": t("heads of layer {layer}"),
        "cross": t("cross-attention of layer {layer}"),
    }
    for layer in range(len(found.blocks)):
        for kind, heads in found.heads.items():
            names.append(titles[kind].format(layer=layer + 1))
            values.append(float(heads[layer].sum()))
        names.append(t("feed-forward block of layer {layer}", layer=layer + 1))
        values.append(float(found.blocks[layer]))
    names.append(t("biases"))
    values.append(found.biases)
    hover = [f"{label(name)}: {number(value)} nats" for name, value in zip(names, values, strict=True)]
    chart(bars(values, names, look=look(), hover=hover, signed=True, title=t("nats for the answer")), key="parts_bars")
