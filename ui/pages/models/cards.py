"""The bundled models on a page: what each is for, its shape, its training, what was measured, its card.

The numbers come from core.models.cards, which reads what training/ wrote. Not inside: the film of a head being born
(ui.pages.models.film), loading a model (ui.serving.cache).
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.architecture import architecture
from core.figures.curves import loss_curve
from core.models.cards import Card, Measure, read_card
from core.models.catalog import kind_of
from core.models.checkpoints import steps

from ...shell.charts import chart, look
from ...shell.locale import language, plain, t
from ...shell.state import MODEL, SENTENCE, Chosen, publish, settle
from ...sidebar.pickers import bundled_models, examples_for

CARD = "card"


def pick_card(chosen: Chosen) -> Card:
    """The card of one bundled model: the one in use first, if it is bundled."""
    names = bundled_models()
    settle(CARD, names, chosen.model if chosen.model in names else names[0])
    name = st.segmented_control(t("Bundled model"), names, key=CARD, persist_state="session", required=True)
    publish(CARD, name, "")
    return read_card(name)


def show_purpose(card: Card) -> None:
    """What the model does, the pages that it serves, and the way to use it."""
    texts = {
        "encoder": t(
            "Reads the whole sentence at once and guesses hidden words. Its words look both ways. For "
            "**Home**, **Explore**, **Jug and glass**, **Bench** and **My sentences**."
        ),
        "decoder": t(
            "Reads from left to right and says which word comes next. A word looks only back. For **Home**, "
            "**Explore**, **Jug and glass** (without the mask), **Bench** and **My sentences**."
        ),
        "encoder-decoder": t(
            "Reads an English sentence with its encoder and writes the translation with its decoder; "
            "between them, cross-attention. For **Explore** and **My sentences**; the sentence begins with "
            ">>fra<< or >>por<<."
        ),
    }
    entry = card.entry
    film = t(
        "A very small encoder, kept at many steps of its training: below, its heads are born. It serves "
        "every page, and knows little."
    )
    st.markdown(film if steps(entry.name) else texts[entry.kind])
    facts = [
        t("{n} million parameters", n=_decimal(entry.parameters / 1e6, 1)),
        t("{mb} MB", mb=_decimal(entry.bytes / 1e6, 1)),
        t("{n} entries in the vocabulary", n=_thousands(entry.vocabulary)),
        t("weights under {licence}", licence=card.licence.upper()),
    ]
    st.caption(plain(" · ".join(facts)))
    if st.session_state.get(MODEL) == entry.name:
        st.caption(t("This is the model in use."))
    else:
        st.button(t("Use this model"), type="primary", on_click=_use, args=(entry.name,))


def draw_shape(card: Card, *, key: str = "architecture", brief: bool = False) -> None:
    """The drawing of the architecture; brief: short words, for narrow columns."""
    words = {
        "encoder": t("encoder"),
        "decoder": t("decoder"),
        "embedding": t("word vectors, {width} numbers each", width=card.shape.width),
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


def show_shape(card: Card) -> None:
    """The drawing of the architecture, and how to read it."""
    draw_shape(card)
    parts = [t("From below: each square is a head, in the colour it has everywhere; L1, L2 … are the layers.")]
    if any(stack.cross for stack in card.shape.stacks):
        parts.append(t("Diamonds are heads of the cross-attention."))
    if any(stack.key_heads < stack.heads for stack in card.shape.stacks):
        parts.append(t("Circles are keys and values that the heads wired to them share (grouped-query attention)."))
    st.caption(" ".join(parts))


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
    st.dataframe(
        frame, hide_index=True, alt=label, height=min(38 * (len(frame) + 1), 460), column_config=_config(names)
    )


def show_card(card: Card) -> None:
    """The whole card as it stands beside the weights."""
    with st.expander(t("The whole card: data, licences, recipe, limits")):
        st.markdown(card.text[language()])


def _use(name: str) -> None:
    """Callback: the shared picker takes this model, and a translator a sentence that it can translate."""
    st.session_state[MODEL] = name
    if kind_of(name) == "encoder-decoder" and not st.session_state.get(SENTENCE, "").startswith(">>"):
        st.session_state[SENTENCE] = examples_for(name)[0]["text"]


def _output(card: Card) -> str:
    size = _thousands(card.shape.vocabulary)
    if card.entry.kind == "encoder":
        return t("guess of a hidden word among {vocabulary}", vocabulary=size)
    return t("guess of the next word among {vocabulary}", vocabulary=size)


def _row(measure: Measure) -> tuple:
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
    return _decimal(value, 3 if abs(value) <= 1 else 1)


def _decimal(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if language() == "pt" else text


def _thousands(value: int) -> str:
    return f"{value:,}".replace(",", "." if language() == "pt" else ",")
