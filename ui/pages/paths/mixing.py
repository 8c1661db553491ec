"""The picture of the page "Paths" that shows how much of a new vector comes from other positions."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures.bars import NullMarks, bars
from core.figures.theme import label

from ...shell.charts import chart, look
from ...shell.locale import percent, t
from ...shell.numbers import exact
from .rows import MapsWithNulls

RATIOS = ("weights", "fetched", "weights_residual", "residual", "normed")
PUBLISHED = {"weights": 97.1, "fetched": 85.2, "weights_residual": 48.6, "residual": 22.3, "normed": 18.8}
"""Kobayashi et al. 2021, BERT-base: per cent that came from other tokens. Quoted, not measured here."""


def show_mixing(maps: MapsWithNulls) -> None:
    """The five ratios, mean of all positions and layers, beside the random twin's."""
    if not maps.model.mixing:
        return
    titles = {
        "weights": t("weights alone"),
        "fetched": t("with the size of what is fetched"),
        "weights_residual": t("weights, half of each row kept"),
        "residual": t("size, with what is kept"),
        "normed": t("and through the layer norm"),
    }
    ratios = [name for name in RATIOS if name in maps.model.mixing]
    means = [float(maps.model.mixing[name].mean()) for name in ratios]
    twin_means = (
        None if maps.twin is None or not maps.twin.mixing else [float(maps.twin.mixing[name].mean()) for name in ratios]
    )
    st.subheader(t("How much of a new vector comes from other positions?"), anchor=False)
    if "residual" in ratios:
        st.markdown(
            t(
                "By the weights alone **{weights}**; counting sizes and what each position keeps, **{real}**.",
                weights=percent(means[0]),
                real=percent(means[ratios.index("normed")]),
            )
        )
    marks = [] if twin_means is None else [NullMarks(t("random twin"), twin_means, "circle-open")]
    hover = [f"{label(titles[name])}: {exact(value)}" for name, value in zip(ratios, means, strict=True)]
    chart(
        bars(means, [titles[name] for name in ratios], look=look(), hover=hover, marks=marks, percent=True),
        key="path_mixing",
    )
    if maps.model.mixing.get("normed") is not None and np.array_equal(
        maps.model.mixing["normed"], maps.model.mixing["residual"]
    ):
        st.caption(
            t(
                "In this model the normalisation stands before the attention, inside what is fetched, and none "
                "follows: the last two bars are the same."
            )
        )
    quoted = " · ".join(look().share(PUBLISHED[name] / 100, 1) for name in ratios)
    st.caption(
        t(
            "Mean over the positions and layers of this sentence. Published for BERT-base, in the same "
            "order: {numbers} (Kobayashi et al. 2021).",
            numbers=quoted,
        )
    )
