"""Inside the classifier: the words that one position of the convolution sees, the features, and the dense layer."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.conv.window import word_window
from core.figures.bars import bars
from core.figures.features import feature_map
from core.figures.theme import label

from ...explorer.question import number
from ...shell.charts import chart, look
from ...shell.locale import percent, plain, t
from ...shell.numbers import fixed, signed
from .link import pick_position
from .readings import BothReadings

_FEATURES_DRAWN = 14


def show_inside(readings: BothReadings) -> None:
    """Draw one position's window, then the features that add most to the logit."""
    verdict = readings.verdict
    st.subheader(t("Inside: windows, features, the dense layer"), anchor=False)
    n = len(readings.drawn)
    position = pick_position(verdict.words[:n], int(np.abs(verdict.by_position[:n]).argmax()))
    left, right = st.columns((2, 3))
    with left:
        _window(readings, position)
    with right:
        _features(readings, position)


def _window(readings: BothReadings, position: int) -> None:
    """Draw what each word of the window adds to what the position says."""
    verdict, opened = readings.verdict, word_window(readings.model, readings.verdict, position)
    half = len(opened.places) // 2
    names = [t("(beyond the end)") if index is None else verdict.words[index] for index in opened.places]
    st.markdown(
        t(
            "The position of **{word}** sees {n} words. {active} of its {all} features are above 0; "
            "together they say {says}, and the position has {weight} of the attention.",
            word=plain(verdict.words[position]),
            n=len(opened.places),
            active=opened.active,
            all=verdict.features.shape[1],
            says=number(float(verdict.says[position])),
            weight=percent(float(verdict.attention[position])),
        )
    )
    shift = [signed(index - half, 0) if index != half else t("here") for index in range(len(names))]
    hover = [
        f"{label(name)} ({where}): {number(float(part))}"
        for name, where, part in zip(names, shift, opened.parts, strict=True)
    ]
    values, titles = [*opened.parts, opened.bias], [*names, t("bias")]
    chart(
        bars(
            values,
            titles,
            look=look(),
            hover=[*hover, f"{label(t('bias'))}: {number(opened.bias)}"],
            signed=True,
            strong=[half],
            title=t("adds to what the position says"),
        ),
        key="conv_window",
    )
    st.caption(
        t(
            "The bars add up to {says}. A word next to “não” is read together with it: that is what the "
            "window is for. Words more than {reach} places apart are in no window together.",
            says=number(float(verdict.says[position])),
            reach=2 * half,
        )
    )


def _features(readings: BothReadings, position: int) -> None:
    """Draw the features that add most to this logit, over the sentence, with their parts of the dense layer."""
    verdict, drawn_words = readings.verdict, list(readings.drawn)
    order = np.argsort(-np.abs(verdict.by_feature), kind="stable")[:_FEATURES_DRAWN]
    order = order[np.argsort(-verdict.by_feature[order], kind="stable")]
    words = [verdict.words[i] for i in drawn_words]
    names = [t("feature {n}", n=int(feature) + 1) for feature in order]
    hover = [
        [f"{names[row]} · {label(words[i])}: {fixed(float(verdict.features[i, feature]))}" for i in range(len(words))]
        for row, feature in enumerate(order)
    ]
    parts = [
        (
            f"{names[row]}: {fixed(float(verdict.pooled[feature]))} × {number(float(verdict.direction[feature]))} = "
            f"{number(float(verdict.by_feature[feature]))}"
        )
        for row, feature in enumerate(order)
    ]
    figure = feature_map(
        verdict.features[drawn_words][:, order].T,
        verdict.by_feature[order],
        names,
        words,
        look=look(),
        hover=hover,
        part_hover=parts,
        column=position,
        titles=(t("Features over time"), "Logit"),
    )
    chart(figure, key="conv_features")
    other_parts = float(verdict.by_feature.sum() - verdict.by_feature[order].sum())
    st.caption(
        t(
            "The {n} of {all} features that add most here. Each row is averaged with the attention as "
            "weights, then multiplied by its number in the dense layer. The others together: {rest}; bias: "
            "{bias}; logit: {logit}.",
            n=len(order),
            all=verdict.features.shape[1],
            rest=number(other_parts),
            bias=number(verdict.bias),
            logit=number(verdict.logit),
        )
    )
