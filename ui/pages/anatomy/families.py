"""Encoder, decoder and encoder–decoder side by side, and how far apart two words are in networks of other kinds."""

from __future__ import annotations

import streamlit as st

from core.analyses.path_lengths import NETWORKS, longest_path, sequential_steps
from core.figures.stream import distances
from core.models.cards import read_card

from ...explorer.model_card import draw_shape
from ...shell.charts import chart, look
from ...shell.locale import plain, t
from ...shell.state import Chosen

FAMILIES = ("mirante-encoder-pt", "mirante-decoder-pt", "mirante-translator")
LENGTHS = (2, 4, 8, 16, 32, 64, 128, 256)
KERNEL = 3


def show_families(chosen: Chosen) -> None:
    """The drawings, then the paths."""
    said = {
        "mirante-encoder-pt": t("**Encoder**: every word looks both ways; it guesses hidden words."),
        "mirante-decoder-pt": t("**Decoder**: each word looks back only; it writes the next one."),
        "mirante-translator": t("**Encoder–decoder**: one reads, the other writes and looks across."),
    }
    for column, name in zip(st.columns([1, 1, 2], vertical_alignment="bottom"), FAMILIES, strict=True):
        with column:
            st.markdown(said[name])
            draw_shape(read_card(name), key=f"family_{name}", brief=True)
            st.caption(plain(name) + (" · " + t("in use") if name == chosen.model else ""))
    _paths()


def _paths() -> None:
    """Paths counted on the graph of each network; steps by the table of Vaswani et al. 2017."""
    names = {
        "recurrent": t("recurrent (RNN)"),
        "convolution": t("convolution, kernel {k}", k=KERNEL),
        "dilated": t("dilated convolution, kernel {k}", k=KERNEL),
        "attention": t("self-attention"),
    }
    st.markdown(
        t(
            "**How far is the first word from the last?** Left: steps of the shortest way between them. "
            "Right: steps within one layer that have to wait for each other."
        )
    )
    left, right = st.columns(2)
    paths = [(names[one], place, [longest_path(one, n, KERNEL) for n in LENGTHS]) for place, one in enumerate(NETWORKS)]
    steps = [
        (names[one], place, [sequential_steps(one, n) for n in LENGTHS])
        for place, one in enumerate(NETWORKS)
        if one != "dilated"
    ]
    with left:
        chart(distances(LENGTHS, paths, look=look(), x_title=t("words"), y_title=t("steps of the way")), key="paths")
    with right:
        chart(
            distances(LENGTHS, steps, look=look(), x_title=t("words"), y_title=t("steps one after another")),
            key="steps",
        )
    n = LENGTHS[-1]
    st.caption(
        t(
            "With {n} words a recurrent network takes {rnn} steps from the first to the last, a convolution "
            "of kernel {k} {cnn} layers ({dilated} when dilated), self-attention 1. Its price: n × n "
            "weights.",
            n=n,
            rnn=longest_path("recurrent", n),
            k=KERNEL,
            cnn=longest_path("convolution", n, KERNEL),
            dilated=longest_path("dilated", n, KERNEL),
        )
    )
