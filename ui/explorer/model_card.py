"""A bundled model in pictures: its shape drawn, its training curve, its measures as a table, its card.

The numbers come from core.models.cards.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.architecture import architecture
from core.figures.curves import loss_curve
from core.models.cards import Card, EvaluationRow

from ..shell.charts import chart, look
from ..shell.locale import language, t
from ..shell.numbers import decimal, thousands
from ..shell.tables import show_table


def draw_shape(card: Card, *, key: str = "architecture", brief: bool = False) -> None:
    """The drawing of the architecture; brief: short words, for narrow columns."""
    words = {
        "encoder": t("encoder"),
        "decoder": t("decoder"),
        "embedding": t("vectors of patches, {width} numbers each", width=card.shape.width)
        if card.entry.kind == "vision"
        else t("word vectors, {width} numbers each", width=card.shape.width),
        "attention": t("attention"),
        "cross": t("cross-attention"),
        "inner": t("feed-forward, {inner} neurons", inner="{inner}"),
        "output": _output(card),
        "layer": t("L"),
        "keys": t("shared keys and values"),
    }
    if brief:
        words |= {"embedding": t("embeddings"), "inner": "FFN {inner}", "output": t("answer")}
    chart(architecture(card.shape, words, look()), key=key)


def show_curve(card: Card) -> None:
    """The loss along the training."""
    curve = card.curve
    if not curve.tokens:
        return
    figure = loss_curve(
        curve.tokens, curve.loss, look=look(), x_title=t("million tokens read"), y_title=t("loss (nats)")
    )
    chart(figure, key="loss")
    st.caption(
        t(
            "How wrong the model was while it learned; the lower, the better. The dots are single reports, "
            "the line their running mean."
        )
    )


def show_measures(card: Card) -> None:
    """The evaluation with intervals, n and baselines."""
    names = (t("Measure"), t("Result"), t("95% interval"), t("n"), t("Baseline"))
    label = t("Table: what was measured, with intervals and baselines")
    frame = pd.DataFrame([_row(measure) for measure in card.measures], columns=names)
    show_table(frame, title=label, height=min(38 * (len(frame) + 1), 460), columns=_config(names))


def show_card(card: Card) -> None:
    """The whole card as it stands beside the weights."""
    with st.expander(t("The whole card: data, licences, recipe, limits")):
        st.markdown(card.text[language()])


def _output(card: Card) -> str:
    size = thousands(card.shape.vocabulary)
    if card.entry.kind == "vision":
        return t("one of {n} answers", n=size)
    if card.entry.kind == "encoder":
        return t("guess of a hidden word among {vocabulary}", vocabulary=size)
    return t("guess of the next word among {vocabulary}", vocabulary=size)


def _row(measure: EvaluationRow) -> tuple:
    name, baseline = measure.name[language()], measure.baseline[language()]
    if measure.value is None:
        return name, "—", "—", measure.n, baseline
    interval = "—" if measure.low is None else f"{_number(measure.low)} – {_number(measure.high)}"
    return name, _number(measure.value), interval, measure.n, baseline


def _config(names: tuple[str, ...]) -> dict[str, object]:
    widths = (420, 80, 130, 70, 190)
    return {name: st.column_config.Column(width=width) for name, width in zip(names, widths, strict=True)}


def _number(value: float) -> str:
    """Three decimals for shares, one for larger numbers (perplexities, BLEU)."""
    return decimal(value, 3 if abs(value) <= 1 else 1)
