"""One feed-forward block: the neurons that write most at a word, and the answer when some of them are silent.

Not here: their activations (core/analyses/feed_forward.py), the choice of silent neurons in the link (link.py).
"""

from __future__ import annotations

import streamlit as st

from core.analyses.feed_forward import FeedForward, feed_forward, without
from core.axes import Kind
from core.figures.bars import bars
from core.figures.theme import label
from core.models.loading import LanguageModel
from core.predictions.top import top
from core.tracing.trace import Trace

from ...explorer.edited_sentence import behind_mask
from ...explorer.token_pickers import pick_token
from ...serving import cache
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.frame import beside_title, picture_beside_words
from ...shell.locale import plain, short_percent, t, tn
from ...shell.numbers import fixed
from ...shell.state import Chosen, publish, settle
from .forward_pass import first_word
from .link import FFN_LAYER, held_neurons, hold_neurons

_STRONGEST = 10


def show_neurons(chosen: Chosen, trace: Trace, kind: Kind) -> None:
    """Let the visitor choose block and word, draw the neurons and their switches, and show how the answer changes."""
    model, tokens = cache.language_model(chosen), trace.sides(kind)[0]
    layers = range(1, trace.layers(kind) + 1)
    with beside_title():
        settle(FFN_LAYER, layers, layers[-1])
        layer = st.selectbox(t("Layer"), layers, key=FFN_LAYER, persist_state="session", width=96) - 1
        publish(FFN_LAYER, str(layer + 1), str(layers[-1]))
        position = pick_token(tokens, t("Word"), default=first_word(tokens))
    word, plain_trace = tokens.pieces[position], trace
    trace, position = behind_mask(chosen, trace, position)
    if trace is not plain_trace:
        st.caption(
            t(
                "**{word}** is hidden behind the mask here: with the word in sight there is nothing to guess.",
                word=plain(word),
            )
        )
        tokens = trace.tokens
    block = work((trace, kind, layer), lambda _: feed_forward(model, trace, layer, kind), seconds=0.2, name="ffn")
    silent = [neuron for neuron in held_neurons(layer) if neuron < block.activations.shape[1]]
    picture, words = picture_beside_words()
    with picture:
        _bars(block, position, silent)
    with words:
        _say_block(block, position, tokens.pieces[position])
    options = list(dict.fromkeys([*block.strongest(position, _STRONGEST), *silent]))
    st.session_state["ffn_silent"] = silent
    st.pills(
        t("Switch neurons off (everywhere in the text)"),
        options,
        selection_mode="multi",
        key="ffn_silent",
        format_func=lambda neuron: str(neuron),
        on_change=lambda: hold_neurons(layer, list(st.session_state["ffn_silent"])),
    )
    if trace.logits is None and kind != "encoder":
        st.caption(
            t(
                "“{name}” was saved without a prediction head: its last vectors are all it gives.",
                name=plain(model.name),
            )
        )
    elif kind != "encoder":
        _answers(model, trace, kind, layer, position, silent)
    else:
        st.caption(t("This stack predicts no words itself; what its neurons change is seen in the decoder."))


def _say_block(block: FeedForward, position: int, word: str) -> None:
    """Say how many neurons there are, and how many write much at one position."""
    strength = block.strength()[position]
    active = int((strength > 0.1 * strength.max()).sum())
    st.markdown(
        t(
            "At **{word}** the block has {n} neurons; the strongest writes a vector of size {size}, and "
            "{active} write at least a tenth of it.",
            word=plain(word),
            n=len(strength),
            size=fixed(float(strength.max())),
            active=active,
        )
    )


def _bars(block: FeedForward, position: int, silent: list[int]) -> None:
    """Draw how much the strongest neurons of the block write at one position, the silent ones marked."""
    strength = block.strength()[position]
    best = block.strongest(position, _STRONGEST)
    hover = [
        (
            f"{label(str(neuron))}: a = {fixed(float(block.activations[position, neuron]))}, "
            f"‖a·w‖ = {fixed(float(strength[neuron]))}"
        )
        for neuron in best
    ]
    chart(
        bars(
            strength[best],
            [f"{neuron}" + (" ×" if neuron in silent else "") for neuron in best],
            look=look(),
            hover=hover,
            strong=[i for i, neuron in enumerate(best) if neuron in silent],
            title=t("size of what it writes"),
        ),
        key="ffn_bars",
    )


def _answers(model: LanguageModel, trace: Trace, kind: Kind, layer: int, position: int, silent: list[int]) -> None:
    """The five likeliest pieces at the word, with all neurons and without the silent ones."""
    before = top(model.tokenizer, trace, position, 5)
    left, right = st.columns(2)
    with left:
        st.markdown(t("**With all neurons** the model expects here"))
        st.markdown(
            "\n".join(f"- {plain(prediction.piece)} {short_percent(prediction.probability)}" for prediction in before)
        )
    with right:
        if not silent:
            st.caption(t("Switch a neuron off to see the answer without it."))
            return
        edited = work(
            (trace, kind, layer, tuple(sorted(silent))),
            lambda _: without(model, trace, layer, silent, kind),
            seconds=0.2,
            name="ffn_without",
        )
        n = len(silent)
        st.markdown(tn("**Without {n} neuron** it expects", "**Without {n} neurons** it expects", n))
        st.markdown(
            "\n".join(
                f"- {plain(prediction.piece)} {short_percent(prediction.probability)}"
                for prediction in top(model.tokenizer, edited, position, 5)
            )
        )
