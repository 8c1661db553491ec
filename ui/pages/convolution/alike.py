"""What is alike and what is not: this sentence in numbers and in one table, and the same numbers over the sentences
written by hand.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.axes import head_name
from core.conv.classifier import CLASSIFIER
from core.conv.heads import received
from core.conv.occlusion import agreement
from core.models.cards import read_card

from ...explorer.model_card import show_card, show_curve, show_measures
from ...explorer.question import number
from ...shell.locale import percent, plain, t, tn
from .found import Found, measured
from .texts import correlation, rho, side


def show_alike(found: Found, head: tuple[int, int]) -> None:
    """The verdicts, the words that count most, the orders; then the table."""
    own, read = found.verdict, found.reading
    st.subheader(t("What is alike, and what is not"), anchor=False)
    lines = [_verdicts(found), *_first_words(found, head)]
    if found.same_words:
        lines.append(
            t(
                "Hiding in both, with its sign: {text}.",
                text=correlation(agreement(found.fell, read.occlusion), len(own.words)),
            )
        )
        both = int(
            (np.sign(found.fell) * np.sign(read.occlusion) > 0).sum()
        )  # what does not move either model agrees with nothing
        lines.append(
            tn(
                "Of {n} word, hiding moves both models the same way for {both}.",
                "Of {n} words, hiding moves both models the same way for {both}.",
                len(own.words),
                both=both,
            )
        )
        st.markdown("\n".join(f"- {one}" for one in lines))
        _table(found, head)
    else:
        st.markdown("\n".join(f"- {one}" for one in lines))
        st.caption(
            t("The two models cut this sentence into different words, so their words are not compared one by one.")
        )
    _over_many()


def show_model() -> None:
    """What was measured, the training, and the card."""
    card = read_card(CLASSIFIER)
    with st.expander(t("How good is it? What was measured, and its training")):
        show_measures(card)
        show_curve(card)
    show_card(card)


def _verdicts(found: Found) -> str:
    own, read = found.verdict.logit, found.reading.logit
    if (own > 0) == (read > 0):
        return t(
            "Verdict: both read {side} (logits {own} and {other}).", side=side(own), own=number(own), other=number(read)
        )
    return t(
        "Verdict: the classifier reads {side} (logit {own}), the encoder's probe {other_side} ({other}).",
        side=side(own),
        own=number(own),
        other_side=side(read),
        other=number(read),
    )


def _first_words(found: Found, head: tuple[int, int]) -> list[str]:
    """Which word comes first for each measure, grouped where they agree."""
    own, read = found.verdict, found.reading
    shares = received(found.trace, *head, read.places)
    firsts = {
        t("attention"): own.words[int(own.attention.argmax())],
        **({t("hiding in the classifier"): own.words[int(np.abs(found.fell).argmax())]} if found.fell.any() else {}),
        t("hiding in the encoder"): read.words[int(np.abs(read.occlusion).argmax())],
        t("received in {head}", head=head_name(*head, t("L"))): read.words[int(shares.argmax())],
    }
    groups: dict[str, list[str]] = {}
    for name, word in firsts.items():
        groups.setdefault(word, []).append(name)
    moves = [] if found.fell.any() else [t("Hiding moves nothing in the classifier: there no word comes first.")]
    if len(groups) == 1:
        return [
            *moves,
            t("Ranked first: **{word}** by all {n} measures.", word=plain(next(iter(groups))), n=len(firsts)),
        ]
    parts = "; ".join(
        f"“**{plain(word)}**” {', '.join(names)}"
        for word, names in sorted(groups.items(), key=lambda one: -len(one[1]))
    )
    return [*moves, t("Ranked first: {parts}.", parts=parts)]


def _table(found: Found, head: tuple[int, int]) -> None:
    own, read = found.verdict, found.reading
    frame = pd.DataFrame(
        {
            t("Word"): [f"{i + 1} · {word}" for i, word in enumerate(own.words)],
            t("Attention"): own.attention,
            t("Hiding, classifier"): found.fell,
            t("Received, {head}", head=head_name(*head, t("L"))): received(found.trace, *head, read.places),
            t("Hiding, encoder"): read.occlusion,
        }
    )
    formats = ["percent", "%+.2f", "percent", "%+.2f"]
    config = {
        name: st.column_config.NumberColumn(format=form) for name, form in zip(frame.columns[1:], formats, strict=True)
    }
    with st.expander(t("Table: every word in both models")):
        st.dataframe(
            frame,
            hide_index=True,
            alt=t("Every word with its attention and its hiding in both models"),
            column_config=config,
        )


def _over_many() -> None:
    """The same correlations over the hand-written sentences, measured when the model was made."""
    orders, right = measured()["orders"], measured()["accuracy"]
    parts = {
        name: f"{rho(one['value'])} ({rho(one['low'])} – {rho(one['high'])}, n = {one['n']})"
        for name, one in orders.items()
    }
    st.markdown(
        t(
            "One sentence proves little. Over the sentences written by hand, mean ρ with its 95% interval: "
            "attention and hiding in the classifier {attention}; attention of the windows that see the "
            "word, and hiding {windows}; hiding in the classifier and in the encoder {both}.",
            attention=parts["attention_occlusion"],
            windows=parts["windows_occlusion"],
            both=parts["classifier_encoder"],
        )
        + " "
        + t(
            "On them the classifier is right {own} of the time, the same weights with even attention "
            "{even}, one trained without attention {without}.",
            own=percent(right["classifier"]["written"]["value"]),
            even=percent(right["same_weights_even"]["written"]["value"]),
            without=percent(right["trained_even"]["written"]["value"]),
        )
    )
