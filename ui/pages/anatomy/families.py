"""Encoder, decoder and encoder–decoder side by side, and how far apart two words are in networks of other kinds.

Not here: the counts of the steps (core/analyses/path_lengths.py).
"""

from __future__ import annotations

import streamlit as st

from core.analyses.path_lengths import NETWORKS, longest_path, sequential_steps
from core.figures.stream import distances
from core.models.cards import read_card

from ...explorer.model_card import draw_shape
from ...shell.charts import chart, look
from ...shell.locale import plain, t
from ...shell.state import Chosen

_FAMILIES = ("mirante-encoder-pt", "mirante-decoder-pt", "mirante-translator")
_WORD_COUNTS = (2, 4, 8, 16, 32, 64, 128, 256)
_KERNEL = 3


def show_families(chosen: Chosen) -> None:
    """Draw the three families, then the path lengths."""
    descriptions = {
        "mirante-encoder-pt": t("**Encoder**: every word looks both ways; it guesses hidden words."),
        "mirante-decoder-pt": t(
            "**Decoder**: each word looks at itself and at those before it; it writes the next one."
        ),
        "mirante-translator": t("**Encoder–decoder**: one reads, the other writes and looks across."),
    }
    for column, name in zip(st.columns([1, 1, 2], vertical_alignment="bottom"), _FAMILIES, strict=True):
        with column:
            st.markdown(descriptions[name])
            draw_shape(read_card(name), key=f"family_{name}", brief=True)
            st.caption(plain(name) + (" · " + t("in use") if name == chosen.model else ""))
    _show_path_lengths()


def _show_path_lengths() -> None:
    """Draw the path lengths, counted on the graph of each network, and the steps of Vaswani et al. 2017, table 1."""
    names = {
        "recurrent": t("recurrent (RNN)"),
        "convolution": t("causal convolution, kernel {k}", k=_KERNEL),
        "dilated": t("dilated causal convolution, kernel {k}", k=_KERNEL),
        "attention": t("self-attention"),
    }
    st.markdown(
        t(
            "**How far is the first word from the last?** Left: steps of the shortest way between them. "
            "Right: steps within one layer that have to wait for each other."
        )
    )
    left, right = st.columns(2)
    paths = [
        (names[network], tone, [longest_path(network, n, _KERNEL) for n in _WORD_COUNTS])
        for tone, network in enumerate(NETWORKS)
    ]
    steps = [
        (names[network], tone, [sequential_steps(network, n) for n in _WORD_COUNTS])
        for tone, network in enumerate(NETWORKS)
        if network != "dilated"
    ]
    with left:
        chart(
            distances(_WORD_COUNTS, paths, look=look(), x_title=t("words"), y_title=t("steps of the way")), key="paths"
        )
    with right:
        chart(
            distances(_WORD_COUNTS, steps, look=look(), x_title=t("words"), y_title=t("steps one after another")),
            key="steps",
        )
    n = _WORD_COUNTS[-1]
    st.caption(
        t(
            "With {n} words a recurrent network takes {rnn} steps from the first to the last, a causal "
            "convolution of kernel {k} {cnn} layers ({dilated} when dilated), self-attention 1. Its price: n × "
            "n weights.",
            n=n,
            rnn=longest_path("recurrent", n),
            k=_KERNEL,
            cnn=longest_path("convolution", n, _KERNEL),
            dilated=longest_path("dilated", n, _KERNEL),
        )
    )
