"""Inside the classifier: the words that one position of the convolution sees, the features over time, and what each
adds in the dense layer.
"""

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
from .found import Found
from .link import pick_position
from .texts import decimal

SHOWN = 14  # features


def show_inside(found: Found) -> None:
    """One position's window, then the features that add most."""
    own = found.verdict
    st.subheader(t("Inside: windows, features, the dense layer"), anchor=False)
    n = len(found.shown)
    position = pick_position(own.words[:n], int(np.abs(own.by_position[:n]).argmax()))
    left, right = st.columns((2, 3))
    with left:
        _window(found, position)
    with right:
        _features(found, position)


def _window(found: Found, position: int) -> None:
    """What each word of the window adds to what the position says."""
    own, seen = found.verdict, word_window(found.model, found.verdict, position)
    half = len(seen.places) // 2
    names = [t("(beyond the end)") if place is None else own.words[place] for place in seen.places]
    st.markdown(
        t(
            "The position of **{word}** sees {n} words. {active} of its {all} features are above 0; "
            "together they say {says}, and the position has {weight} of the attention.",
            word=plain(own.words[position]),
            n=len(seen.places),
            active=seen.active,
            all=own.features.shape[1],
            says=number(float(own.says[position])),
            weight=percent(float(own.attention[position])),
        )
    )
    shift = [f"{place - half:+d}".replace("-", "−") if place != half else t("here") for place in range(len(names))]
    hover = [
        f"{label(name)} ({where}): {number(float(part))}"
        for name, where, part in zip(names, shift, seen.parts, strict=True)
    ]
    values, titles = [*seen.parts, seen.bias], [*names, t("bias")]
    chart(
        bars(
            values,
            titles,
            look=look(),
            hover=[*hover, f"{label(t('bias'))}: {number(seen.bias)}"],
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
            says=number(float(own.says[position])),
            reach=2 * half,
        )
    )


def _features(found: Found, position: int) -> None:
    """The features that add most to this logit, over the sentence, with their parts of the dense layer."""
    own, shown = found.verdict, list(found.shown)
    order = np.argsort(-np.abs(own.by_feature), kind="stable")[:SHOWN]
    order = order[np.argsort(-own.by_feature[order], kind="stable")]
    words = [own.words[i] for i in shown]
    names = [t("feature {n}", n=int(one) + 1) for one in order]
    hover = [
        [f"{names[row]} · {label(words[i])}: {decimal(float(own.features[i, one]))}" for i in range(len(words))]
        for row, one in enumerate(order)
    ]
    parts = [
        (
            f"{names[row]}: {decimal(float(own.pooled[one]))} × {number(float(own.direction[one]))} = "
            f"{number(float(own.by_feature[one]))}"
        )
        for row, one in enumerate(order)
    ]
    figure = feature_map(
        own.features[shown][:, order].T,
        own.by_feature[order],
        names,
        words,
        look=look(),
        hover=hover,
        part_hover=parts,
        column=position,
        titles=(t("Features over time"), "Logit"),
    )
    chart(figure, key="conv_features")
    rest = float(own.by_feature.sum() - own.by_feature[order].sum())
    st.caption(
        t(
            "The {n} of {all} features that add most here. Each row is averaged with the attention as "
            "weights, then multiplied by its number in the dense layer. The others together: {rest}; bias: "
            "{bias}; logit: {logit}.",
            n=len(order),
            all=own.features.shape[1],
            rest=number(rest),
            bias=number(own.bias),
            logit=number(own.logit),
        )
    )
