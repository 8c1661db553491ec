"""Where the classifier and the encoder agree and where they do not, on this sentence and on those written by hand."""

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
from ...shell.tables import show_table
from .readings import BothReadings, evaluation
from .texts import correlation, rho, side


def show_agreement(readings: BothReadings, head: tuple[int, int]) -> None:
    """Say the verdicts, the words that count most and how the orders agree; then draw the table."""
    verdict, reading = readings.verdict, readings.reading
    st.subheader(t("What is alike, and what is not"), anchor=False)
    lines = [_verdicts(readings), *_first_words(readings, head)]
    if readings.same_words:
        lines.append(
            t(
                "Hiding in both, with its sign: {text}.",
                text=correlation(agreement(readings.fell, reading.occlusion), len(verdict.words)),
            )
        )
        # what does not move either model agrees with nothing
        same_way = int((np.sign(readings.fell) * np.sign(reading.occlusion) > 0).sum())
        lines.append(
            tn(
                "Of {n} word, hiding moves both models the same way for {both}.",
                "Of {n} words, hiding moves both models the same way for {both}.",
                len(verdict.words),
                both=same_way,
            )
        )
        st.markdown("\n".join(f"- {line}" for line in lines))
        _table(readings, head)
    else:
        st.markdown("\n".join(f"- {line}" for line in lines))
        st.caption(
            t("The two models cut this sentence into different words, so their words are not compared one by one.")
        )
    _over_many()


def show_model() -> None:
    """Draw what was measured of the classifier, its training, and its card."""
    card = read_card(CLASSIFIER)
    with st.expander(t("How good is it? What was measured, and its training")):
        show_measures(card)
        show_curve(card)
    show_card(card)


def _verdicts(readings: BothReadings) -> str:
    classifier_logit, probe_logit = readings.verdict.logit, readings.reading.logit
    if (classifier_logit > 0) == (probe_logit > 0):
        return t(
            "Verdict: both read {side} (logits {own} and {other}).",
            side=side(classifier_logit),
            own=number(classifier_logit),
            other=number(probe_logit),
        )
    return t(
        "Verdict: the classifier reads {side} (logit {own}), the encoder's probe {other_side} ({other}).",
        side=side(classifier_logit),
        own=number(classifier_logit),
        other_side=side(probe_logit),
        other=number(probe_logit),
    )


def _first_words(readings: BothReadings, head: tuple[int, int]) -> list[str]:
    """Which word comes first for each measure, grouped where they agree."""
    verdict, reading = readings.verdict, readings.reading
    shares = received(readings.trace, *head, reading.places)
    firsts = {
        t("attention"): verdict.words[int(verdict.attention.argmax())],
        **(
            {t("hiding in the classifier"): verdict.words[int(np.abs(readings.fell).argmax())]}
            if readings.fell.any()
            else {}
        ),
        t("hiding in the encoder"): reading.words[int(np.abs(reading.occlusion).argmax())],
        t("received in {head}", head=head_name(*head, t("L"))): reading.words[int(shares.argmax())],
    }
    groups: dict[str, list[str]] = {}
    for name, word in firsts.items():
        groups.setdefault(word, []).append(name)
    moves = [] if readings.fell.any() else [t("Hiding moves nothing in the classifier: there no word comes first.")]
    if len(groups) == 1:
        return [
            *moves,
            t("Ranked first: **{word}** by all {n} measures.", word=plain(next(iter(groups))), n=len(firsts)),
        ]
    parts = "; ".join(
        f"“**{plain(word)}**” {', '.join(names)}"
        for word, names in sorted(groups.items(), key=lambda group: -len(group[1]))
    )
    return [*moves, t("Ranked first: {parts}.", parts=parts)]


def _table(readings: BothReadings, head: tuple[int, int]) -> None:
    verdict, reading = readings.verdict, readings.reading
    frame = pd.DataFrame(
        {
            t("Word"): [f"{i + 1} · {word}" for i, word in enumerate(verdict.words)],
            t("Attention"): verdict.attention,
            t("Hiding, classifier"): readings.fell,
            t("Received, {head}", head=head_name(*head, t("L"))): received(readings.trace, *head, reading.places),
            t("Hiding, encoder"): reading.occlusion,
        }
    )
    with st.expander(t("Table: every word in both models")):
        show_table(
            frame,
            title=t("Every word with its attention and its hiding in both models"),
            shares=[frame.columns[1], frame.columns[3]],
            digits=2,
        )


def _over_many() -> None:
    """Say the same correlations over the hand-written sentences, measured when the model was made."""
    orders, right = evaluation()["orders"], evaluation()["accuracy"]
    parts = {
        name: f"{rho(estimate['value'])} ({rho(estimate['low'])} – {rho(estimate['high'])}, n = {estimate['n']})"
        for name, estimate in orders.items()
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
            own=_share(right["classifier"]["written"]),
            even=_share(right["same_weights_even"]["written"]),
            without=_share(right["trained_even"]["written"]),
        )
    )


def _share(number: dict) -> str:
    """A share with its 95 % interval and n."""
    return f"{percent(number['value'])} ({percent(number['low'])} – {percent(number['high'])}, n = {number['n']})"
