"""Whether the heads that look at a word are those that matter: attention and effect of every head on one chart."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.analyses.ablation import disagreement, weights_on
from core.analyses.head_sets import farthest
from core.axes import Kind, LayerHead, head_name
from core.figures.effects import looks_and_effects
from core.rank_correlation import correlation_by_luck
from core.text.tokens import Tokens

from ...explorer.question import Posed, number
from ...explorer.word_names import nearest, word_names
from ...shell.charts import chart, look
from ...shell.locale import percent, plain, t


def show_looks_and_effects(posed: Posed, kind: Kind, changes: np.ndarray, picked: list[LayerHead]) -> None:
    """The chart for one word, and what it says of the two heads that are largest on either axis."""
    side, query = posed.trace.sides(kind)[1], posed.question.position
    if kind == "encoder":
        st.caption(
            t(
                "The place that answers is in the decoder, so what the encoder's heads look at has no row "
                "of its own here."
            )
        )
        return
    st.subheader(t("Do the heads that look there matter there?"), anchor=False)
    word = _pick_word(posed, kind, side, query)
    weights = weights_on(
        posed.trace, query, [i for i, word_index in enumerate(side.word_of) if word_index == word], kind
    )
    chart(
        looks_and_effects(
            weights,
            changes,
            chosen=picked,
            look=look(),
            prefix=t("L"),
            x_title=t("looks at “{word}”", word=side.words[word]),
            y_title=t("change of the score, nats"),
        ),
        key="ablate_chart",
    )
    agree = disagreement(weights, changes)
    most_looking, most_moving = farthest(weights), farthest(changes)
    names = [head_name(*layer_head, t("L")) for layer_head in (most_looking, most_moving)]
    text = t(
        "Of {n} heads **{looked}** looks at “{word}” most ({share}), and its loss moves the score by {own}; "
        "**{moved}** moves it most ({most}), and looks there with {other}.",
        n=int((~np.isnan(changes)).sum()),
        looked=names[0],
        word=plain(side.words[word]),
        share=percent(float(weights[most_looking])),
        own=number(float(changes[most_looking])),
        moved=names[1],
        most=number(float(changes[most_moving])),
        other=percent(float(weights[most_moving])),
    )
    if agree is not None:
        text += " " + t(
            "Over all {n} heads, looking and mattering go together with a rank correlation of {rho} (without any "
            "connection, 95 in 100 such correlations lie within ±{luck}).",
            n=int((~np.isnan(changes)).sum()),
            rho=number(agree),
            luck=number(correlation_by_luck(int((~np.isnan(changes)).sum()))).lstrip("+"),
        )
    st.markdown(text)


def _pick_word(posed: Posed, kind: Kind, side: Tokens, query: int) -> int:
    """The word whose looks are drawn: at first the one most looked at, special tokens and the place itself left out."""
    row = np.mean([record.rows([query])[:, 0].mean(0).numpy() for record in posed.trace.records[kind]], axis=0)
    words = [
        word
        for word in range(len(side.words))
        if any(
            word_index == word and not side.special[i] and (i != query or kind == "cross")
            for i, word_index in enumerate(side.word_of)
        )
        and any(map(str.isalnum, side.words[word]))
    ] or list(range(len(side.words)))
    best = max(words, key=lambda word: sum(row[i] for i, word_index in enumerate(side.word_of) if word_index == word))
    names, labels = word_names(side.words, words)
    st.session_state["seen_word"] = nearest(st.query_params.get("seen", ""), names) or next(
        name for name, word in names.items() if word == best
    )
    picked = st.selectbox(
        t("Word looked at"),
        list(names),
        key="seen_word",
        format_func=labels.get,
        width=180,
        on_change=lambda: st.query_params.update(seen=st.session_state["seen_word"]),
    )
    return names[picked]
