"""Ablating heads: each alone as a map, any of them together, and whether those that look are those that matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.ablation import ablations, compared, disagreement, looks, mean_outputs
from core.attention.edits import Ablation
from core.axes import Kind, head_name
from core.figures.effects import looks_and_effects
from core.figures.grid import grid
from core.text.tokens import Tokens
from core.tracing.rerun import rerun

from ...explorer.question import Posed, number
from ...explorer.word_names import nearest, word_names
from ...serving import cache
from ...serving.long_work import work
from ...shell.charts import CONFIG, chart, look
from ...shell.locale import percent, plain, t
from ...shell.state import Chosen, publish, settle
from ...sidebar.pickers import examples
from .expected import show_expected
from .link import REPLACED, Head, head_names, held_heads, hold_heads, pick_acts

_MEAN_SENTENCES = 12  # sentences over which a head's mean is taken
_PRODUCTS_PER_SECOND = 5e10  # products a second of one core


def show_ablations(chosen: Chosen, posed: Posed) -> None:
    """The map, the heads that are taken out together, the chart of looks and effects."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = pick_acts(posed.trace)
        instead = _pick_instead()
    means = _means(chosen, posed, kind) if instead == "mean" else None
    if instead == "mean" and means is None:
        return
    layers, heads = posed.trace.layers(kind), posed.trace.heads(kind)
    changes_and_kl = work(
        (*posed.key, kind, instead),
        lambda progress: ablations(posed.model, posed.trace, posed.question, kind, means=means, progress=progress),
        seconds=run_seconds(posed) * layers * heads,
        name="ablate",
    )
    if changes_and_kl is None:
        return
    changes, kl = changes_and_kl
    _say(changes, kl, posed)
    picked = _map(changes, kl, held_heads(layers, heads))
    _together(posed, kind, picked, means, changes)
    _chart(posed, kind, changes, picked)
    _table(changes, kl, posed, kind)


def run_seconds(posed: Posed) -> float:
    """What one edited run takes, roughly."""
    return (
        0.004
        + posed.model.parameters * (len(posed.trace.tokens) + len(posed.trace.target or ()) + 30) / _PRODUCTS_PER_SECOND
    )


def _pick_instead() -> str:
    names = {"zero": t("zero"), "mean": t("its mean over other sentences")}
    settle(REPLACED, tuple(names), "zero")
    instead = st.segmented_control(
        t("A head's output becomes"),
        tuple(names),
        key=REPLACED,
        persist_state="session",
        format_func=names.get,
        required=True,
        help=t("Zero also removes what a head always says; its mean removes only what it says about this sentence."),
    )
    publish(REPLACED, instead, "zero")
    return instead


def _means(chosen: Chosen, posed: Posed, kind: Kind) -> np.ndarray | None:
    """Mean output of every head over the example sentences of the language of the model."""
    texts = [example["text"] for example in examples("en" if posed.model.kind == "encoder-decoder" else "pt")][
        :_MEAN_SENTENCES
    ]
    traces = [cache.trace(chosen, text) for text in texts]
    return work(
        (chosen.model, chosen.device, chosen.precision, kind),
        lambda progress: mean_outputs(traces, kind),
        seconds=0.5,
        name="means",
    )


def _say(changes: np.ndarray, kl: np.ndarray, posed: Posed) -> None:
    """The head whose loss costs the answer most, and how many do nothing."""
    layer, head = np.unravel_index(int(changes.argmin()), changes.shape)
    quiet = int((np.abs(changes) < 0.05).sum())
    if changes.min() >= 0:
        st.markdown(
            t(
                "No head alone, taken out, moves the score against the answer. {quiet} of {all} heads move "
                "it by less than 0.05 nats.",
                quiet=quiet,
                all=changes.size,
            )
        )
        return
    st.markdown(
        t(
            "Taken out alone, head **{head}** moves the score most against the answer: **{change}** nats "
            "(KL {kl}). {quiet} of {all} heads move it by less than 0.05.",
            head=head_name(int(layer), int(head), t("L")),
            change=number(float(changes[layer, head])),
            kl=number(float(kl[layer, head])).lstrip("+"),
            quiet=quiet,
            all=changes.size,
        )
    )


def _map(changes: np.ndarray, kl: np.ndarray, held: list[str]) -> list[Head]:
    """The map; a click takes a head out, or puts it back. Returns the heads that are out."""
    layers, heads = changes.shape
    hover = [
        [
            f"{t('L')}{i + 1}·{j + 1}: {number(float(changes[i, j]))} nats, KL {number(float(kl[i, j])).lstrip('+')}"
            for j in range(heads)
        ]
        for i in range(layers)
    ]
    figure = grid(
        changes,
        [f"{t('L')}{i + 1}" for i in range(layers)],
        [str(j + 1) for j in range(heads)],
        look=look(),
        hover=hover,
        signed=True,
        below=t("Head"),
        click=True,
    )
    known = head_names(layers, heads)
    for name in held:
        i, j = known[name]
        figure.add_shape(
            type="rect",
            x0=j - 0.46,
            x1=j + 0.46,
            y0=i - 0.46,
            y1=i + 0.46,
            line={"width": 3, "color": figure.layout.font.color},
        )
    count = st.session_state.get("_ablate_clicks", 0)
    st.plotly_chart(
        figure,
        key=f"ablate_map_{count}",
        theme=None,
        config=CONFIG,
        on_select=lambda: _click(f"ablate_map_{count}", layers, heads),
        selection_mode="points",
    )
    st.caption(
        t("Orange: without it the answer gains; blue: it loses. Click a head to take it out, and again to put it back.")
    )
    st.session_state["ablated"] = held
    names = {name: head_name(*layer_head, t("L")) for name, layer_head in known.items()}
    layer_numbers = [f"{layer + 1}" for layer in range(layers)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            t("Heads out"),
            list(known),
            key="ablated",
            format_func=names.get,
            on_change=lambda: hold_heads(st.session_state["ablated"]),
            placeholder=t("none"),
        )
        st.selectbox(
            t("A whole layer"),
            layer_numbers,
            index=None,
            key="ablate_layer",
            placeholder=t("choose"),
            on_change=_layer,
            args=(held, heads),
            format_func=lambda layer_number: f"{t('L')}{layer_number}",
            width=140,
        )
    return [known[name] for name in held]


def _click(key: str, layers: int, heads: int) -> None:
    """Callback: the clicked head goes out, or comes back.

    The next map has another key, so that the same head can be clicked again.
    """
    points = st.session_state[key]["selection"]["points"]
    if points:
        layer, head = points[0]["customdata"]
        name, held = f"{layer + 1}.{head + 1}", held_heads(layers, heads)
        hold_heads([other for other in held if other != name] if name in held else [*held, name])
        st.session_state["_ablate_clicks"] = st.session_state.get("_ablate_clicks", 0) + 1


def _layer(held: list[str], heads: int) -> None:
    """Callback: every head of a layer goes out."""
    if layer := st.session_state.get("ablate_layer"):
        hold_heads(list(dict.fromkeys([*held, *(f"{layer}.{head + 1}" for head in range(heads))])))
        st.session_state["ablate_layer"] = None


def _together(posed: Posed, kind: Kind, picked: list[Head], means: np.ndarray | None, changes: np.ndarray) -> None:
    """The chosen heads out at once: what the model says then."""
    if not picked:
        return
    edits = tuple(Ablation(layer, head, kind, None if means is None else means[layer, head]) for layer, head in picked)
    edited = work(
        (*posed.key, kind, "together", tuple(picked), means is None),
        lambda progress: rerun(posed.model, posed.trace, edits),
        seconds=run_seconds(posed),
        name="together",
    )
    if edited is None:
        return
    comparison = compared(posed.trace, edited, posed.question)
    names = ", ".join(head_name(*layer_head, t("L")) for layer_head in picked)
    text = t(
        "Without **{heads}**: {change} nats, so a score of **{score}** (KL {kl}).",
        heads=names,
        change=number(comparison.change),
        score=number(comparison.score),
        kl=number(comparison.kl).lstrip("+"),
    )
    if len(picked) > 1:
        text += " " + t(
            "One by one their changes add up to {sum}: the difference is what they do for, or instead of, each other.",
            sum=number(float(sum(changes[layer_head] for layer_head in picked))),
        )
    st.markdown(text)
    show_expected(posed, edited)


def _chart(posed: Posed, kind: Kind, changes: np.ndarray, picked: list[Head]) -> None:
    """Attention and effect of every head on one chart."""
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
    weights = looks(posed.trace, query, [i for i, word_index in enumerate(side.word_of) if word_index == word], kind)
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
    most_looking, most_moving = (
        np.unravel_index(int(values.argmax()), values.shape) for values in (weights, np.abs(changes))
    )
    names = [head_name(int(layer_head[0]), int(layer_head[1]), t("L")) for layer_head in (most_looking, most_moving)]
    text = t(
        "**{looked}** looks at “{word}” most ({share}), and its loss moves the score by {own}; **{moved}** "
        "moves it most ({most}), and looks there with {other}.",
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
            "Over all heads, looking and mattering go together with a rank correlation of {rho}.", rho=number(agree)
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


def _table(changes: np.ndarray, kl: np.ndarray, posed: Posed, kind: Kind) -> None:
    """Every head as a row, the largest effect first; the same from the command line."""
    order = np.argsort(-np.abs(changes), axis=None)
    title = t("Table: every head's effect")
    with st.expander(title):
        rows = [
            (head_name(int(i), int(j), t("L")), round(float(changes[i, j]), 4), round(float(kl[i, j]), 4))
            for i, j in (np.unravel_index(int(flat_index), changes.shape) for flat_index in order)
        ]
        st.dataframe(pd.DataFrame(rows, columns=[t("Head"), t("change, nats"), "KL"]), hide_index=True, alt=title)
