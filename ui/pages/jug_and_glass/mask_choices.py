"""What a masked model writes in the place of the adjective of the original sentence."""

from __future__ import annotations

import streamlit as st

from core.figures.probabilities import probability_bars
from core.predictions.masked import choice_probabilities, no_mask_reason, with_mask

from ...serving import cache
from ...shell.charts import chart, look
from ...shell.locale import error_text, percent, plain, t
from ...shell.state import Chosen

ADJECTIVES = ("cheio", "cheia", "vazio", "vazia")


def show_predictions(chosen: Chosen, text: str, right: tuple[str, str]) -> None:
    """The four adjectives' probabilities at the mask; for a model without a mask, why there are none.

    text: it ends in the first of ``right``, the adjectives that fit the story.
    """
    model = cache.language_model(chosen)
    reason = no_mask_reason(model)
    if reason is not None:
        st.info(t("Which adjective fits is not asked here: {reason}", reason=plain(error_text(reason))))
        return
    text = with_mask(model, text, right[0])
    probabilities = choice_probabilities(model.tokenizer, cache.trace(chosen, text), ADJECTIVES)
    st.markdown(plain(text))
    chart(
        probability_bars(
            probabilities,
            right=right,
            look=look(),
            right_note=t("fits the story"),
            unknown_note=t("not one token in this vocabulary"),
        ),
        key="jug_predictions",
    )
    known = [p for p in probabilities.values() if p is not None]
    if len(known) == len(ADJECTIVES):
        share = sum(probabilities[word] for word in right) / sum(known)
        st.caption(
            t(
                "Of what falls on these four, {share} is on the two that fit the story: the glass gets full, "
                "the jug gets empty. Together the four hold {total} of everything. At chance it would be 50%.",
                share=percent(share),
                total=percent(sum(known)),
            )
        )
