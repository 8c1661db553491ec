"""Positions: the table or the angles of the chosen model, how alike two places are, and the shuffled sentence.

Not here: how the table or the angles are read from a model, and how positions are switched off
(core/analyses/positions.py).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.positions import Positions, Shuffled, position_vectors, shuffled
from core.figures.stream import stripes
from core.tracing.trace import Trace

from ...serving import cache
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import percent, plain, t
from ...shell.numbers import fixed
from ...shell.state import Chosen, publish, settle
from ...shell.tables import share_bar, show_table

_PLACES = 64
"""Places of the table that are drawn."""
_WRITTEN_OUT = 60
"""Tokens of the new order that are written out."""
_SEED, _KINDS = "shuffle", "kinds"
_ONE_OF_EACH_KIND = ("mirante-translator", "mirante-film", "mirante-decoder-pt")
"""One bundled model of each kind of positions."""


def show_positions(chosen: Chosen, trace: Trace) -> None:
    """Draw the table of positions and its similarities, those of other kinds where asked for, and the experiment."""
    model = cache.language_model(chosen)
    encoding = work(
        chosen.key,
        lambda _: position_vectors(model, _PLACES),
        seconds=0.3,
        name="positions",
    )
    _say_kind(encoding)
    _draw(encoding, "own")
    if st.toggle(
        t("Beside it: sines, learned and rotary positions of bundled models"), key=_KINDS, bind="query-params"
    ):
        _draw_bundled(chosen)
    _experiment(chosen, trace)


def _say_kind(encoding: Positions) -> None:
    """Say how this model knows the order of words, and how alike neighbouring and far places are."""
    alike = encoding.similarity()
    near, far = float(np.diag(alike, 1).mean()), float(alike[0, -1])
    descriptions = {
        "sinusoidal": t(
            "This model **adds sines and cosines** of each place to the word vectors: fixed waves, one pair "
            "per frequency."
        ),
        "learned": t(
            "This model **adds a learned vector** for each place to the word vectors: a table trained like "
            "any other weight."
        ),
        "rotary": t(
            "This model **turns queries and keys** by an angle that grows with the place (rotary "
            "positions): nothing is added to the words. The stripes are the cosines of the angles."
        ),
    }
    st.markdown(
        descriptions[encoding.how]
        + " "
        + t(
            "Neighbouring places are {near} alike, places {n} apart {far}.",
            near=fixed(near),
            n=len(encoding.table) - 1,
            far=fixed(far),
        )
    )


def _draw(encoding: Positions, key: str) -> None:
    """Draw the table (place × dimension) and the cosines between its rows (place × place)."""
    left, right = st.columns(2)
    with left:
        st.markdown(t("**Stripes**: a row per place, a column per dimension"))
        chart(
            stripes(
                encoding.table,
                look=look(),
                x_title=t("dimension"),
                y_title=t("place"),
                hover=t("place") + " %{y}, " + t("dimension") + " %{x}: %{text}",
            ),
            key=f"stripes_{key}",
        )
    with right:
        st.markdown(t("**How alike two places are** (cosine)"))
        chart(
            stripes(
                encoding.similarity(),
                look=look(),
                x_title=t("place"),
                y_title=t("place"),
                hover="%{y} · %{x}: %{text}",
                square=True,
            ),
            key=f"products_{key}",
        )


def _draw_bundled(chosen: Chosen) -> None:
    """Draw one bundled model of each kind of positions, side by side."""
    names = {
        "sinusoidal": t("**Sines**, computed once"),
        "learned": t("**Learned**, a table of weights"),
        "rotary": t("**Rotary**, angles for queries and keys"),
    }
    for column, name in zip(st.columns(3), _ONE_OF_EACH_KIND, strict=True):
        encoding = work(
            (name, chosen.device, chosen.precision),
            lambda _, name=name: position_vectors(cache.language_model(replace(chosen, model=name)), _PLACES),
            seconds=0.3,
            name="positions",
        )
        with column:
            st.markdown(names[encoding.how] + f" · {plain(name)}")
            chart(
                stripes(
                    encoding.table,
                    look=look(),
                    x_title=t("dimension"),
                    y_title=t("place"),
                    hover="%{y}, %{x}: %{text}",
                ),
                key=f"stripes_{name}",
            )
            chart(
                stripes(
                    encoding.similarity(),
                    look=look(),
                    x_title=t("place"),
                    y_title=t("place"),
                    hover="%{y} · %{x}: %{text}",
                    square=True,
                ),
                key=f"products_{name}",
            )
    st.caption(
        t(
            "Above the tables (of rotary positions the cosines), below how alike two places are. Sines and "
            "angles depend on the distance alone: equal along every diagonal. A learned table need not."
        )
    )


def _experiment(chosen: Chosen, trace: Trace) -> None:
    """Run the words in another order, with positions and without, and draw how much of each vector stays."""
    st.markdown(
        t(
            "**The experiment**: the same tokens in another order, with positions and with positions "
            "switched off. How much of each token's last vector stays (cosine)?"
        )
    )
    settle(_SEED, range(1000), 0)
    seed = st.number_input(t("Order number"), 0, 999, key=_SEED, persist_state="session", width=140)
    publish(_SEED, str(seed), "0")
    model = cache.language_model(chosen)
    experiment = work((trace, int(seed)), lambda _: shuffled(model, trace, int(seed)), seconds=0.4, name="shuffle")
    pieces = [trace.tokens.pieces[position] for position in experiment.order]
    st.markdown(
        t("Read as: {text}", text=plain(" ".join(pieces[:_WRITTEN_OUT]) + (" …" if len(pieces) > _WRITTEN_OUT else "")))
    )
    rows = pd.DataFrame(
        {
            t("Token"): pieces,
            t("with positions"): np.round(experiment.cosine, 3),
            t("positions off"): np.round(experiment.cosine_without, 3),
        }
    )
    config = {name: share_bar() for name in rows.columns[1:]}
    _conclude(experiment, looks_back=model.kind == "decoder")
    show_table(rows, columns=config, title=t("How much of each token's vector stays when the order changes"))


def _conclude(experiment: Shuffled, *, looks_back: bool) -> None:
    """Say what stays, and what the rest is due to: the mask of a model that looks back only, or something else."""
    mean, off = percent(float(experiment.cosine.mean())), float(experiment.cosine_without.min())
    if off > 0.9999:
        st.markdown(
            t(
                "With positions {mean} stays on average. With positions off everything stays: without them "
                "this model reads a bag of words.",
                mean=mean,
            )
        )
    elif looks_back:
        st.markdown(
            t(
                "With positions {mean} stays on average. With positions off it still changes: each word "
                "sees only what stands before it, and so the mask alone tells some of the order.",
                mean=mean,
            )
        )
    else:
        st.markdown(
            t(
                "With positions {mean} stays on average. With positions off it still changes: something "
                "else in this model, such as a sliding window, tells the order.",
                mean=mean,
            )
        )
