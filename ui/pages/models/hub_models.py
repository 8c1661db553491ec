"""Models of the hub that are worth trying, as a table: what each is, what it takes, and what it shows."""

from __future__ import annotations

import streamlit as st

from core.models.other_weights import fetch_command
from core.models.suggestions import SUGGESTIONS

from ...serving.hub_reach import hub_in_reach
from ...shell.locale import error_text, t
from ...shell.numbers import decimal
from ...shell.tables import show_table


def show_suggestions() -> None:
    """The table, and below it that none of them is bundled or was tried, and whether this server reaches the hub."""
    title = t("Models of the hub worth trying")
    st.subheader(title, anchor=False)
    kinds = {
        "encoder": t("encoder"),
        "decoder": t("decoder"),
        "encoder-decoder": t("encoder–decoder"),
        "vision": t("pictures"),
    }
    rows = [
        {
            t("Model"): suggestion.name,
            t("kind"): kinds[suggestion.kind],
            t("languages"): ", ".join(suggestion.languages),
            t("million parameters"): decimal(suggestion.parameters / 1e6, 1),
            t("MB of memory"): decimal(suggestion.bytes / 1e6, 0),
            t("licence"): suggestion.licence,
            t("what it shows"): error_text(suggestion.shows),
        }
        for suggestion in SUGGESTIONS
    ]
    show_table(rows, title=title)
    pickled = next(suggestion.name for suggestion in SUGGESTIONS if suggestion.pickled)
    st.caption(
        t(
            "Not bundled, and not tried here: Mirante is made and tested without a network. Each is fetched from the "
            "hub when it is chosen in the model field, or beforehand; one with pickled weights only beforehand, by "
            "whoever runs Mirante: `{command}`.",
            command=fetch_command(pickled),
        )
    )
    if not hub_in_reach():
        st.caption(t("This server does not reach the hub now, so the model field does not offer them."))
