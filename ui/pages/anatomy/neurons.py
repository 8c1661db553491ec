"""One feed-forward block: the neurons that write most at a word, and the answer when some of them are silent."""

from __future__ import annotations

import streamlit as st

from core.analyses.feed_forward import FeedForward, feed_forward, without
from core.axes import Kind
from core.figures.bars import bars
from core.figures.theme import label
from core.models.loading import LanguageModel
from core.predictions.top import top
from core.tracing.trace import Trace

from ...explorer.token_pickers import pick_token
from ...serving import cache
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import plain, short_percent, t, tn
from ...shell.state import Chosen, publish, settle
from .link import LAYER, silence, silent
from .walk import first_word, number

SHOWN = 10


def show_neurons(chosen: Chosen, trace: Trace, kind: Kind) -> None:
    """The block and the word, the bars, the switches, what follows."""
    model, tokens = cache.language_model(chosen), trace.sides(kind)[0]
    layers = range(1, trace.layers(kind) + 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        settle(LAYER, layers, layers[-1])
        layer = st.selectbox(t("Layer"), layers, key=LAYER, persist_state="session", width=96) - 1
        publish(LAYER, str(layer + 1), str(layers[-1]))
        place = pick_token(tokens, t("Word"), default=first_word(tokens))
    found = work((trace, kind, layer), lambda _: feed_forward(model, trace, layer, kind), seconds=0.2, name="ffn")
    out = [one for one in silent(layer) if one < found.activations.shape[1]]
    _bars(found, place, out, tokens.pieces[place])
    options = list(dict.fromkeys([*found.strongest(place, SHOWN), *out]))
    st.session_state["ffn_silent"] = out
    st.pills(
        t("Switch neurons off (everywhere in the text)"),
        options,
        selection_mode="multi",
        key="ffn_silent",
        format_func=lambda one: str(one),
        on_change=lambda: silence(layer, list(st.session_state["ffn_silent"])),
    )
    if trace.logits is None and kind != "encoder":
        st.caption(
            t(
                "“{name}” was saved without a prediction head: its last vectors are all it gives.",
                name=plain(model.name),
            )
        )
    elif kind != "encoder":
        _answers(model, trace, kind, layer, place, out)
    else:
        st.caption(t("This stack predicts no words itself; what its neurons change is seen in the decoder."))


def _bars(found: FeedForward, place: int, out: list[int], word: str) -> None:
    strength = found.strength()[place]
    best = found.strongest(place, SHOWN)
    active = int((strength > 0.1 * strength.max()).sum())
    st.markdown(
        t(
            "At **{word}** the block has {n} neurons; the strongest writes a vector of size {size}, and "
            "{active} write at least a tenth of it.",
            word=plain(word),
            n=len(strength),
            size=number(float(strength.max())),
            active=active,
        )
    )
    hover = [
        f"{label(str(one))}: a = {number(float(found.activations[place, one]))}, ‖a·w‖ = {number(float(strength[one]))}"
        for one in best
    ]
    chart(
        bars(
            strength[best],
            [f"{one}" + (" ×" if one in out else "") for one in best],
            look=look(),
            hover=hover,
            strong=[i for i, one in enumerate(best) if one in out],
            title=t("size of what it writes"),
        ),
        key="ffn_bars",
    )


def _answers(model: LanguageModel, trace: Trace, kind: Kind, layer: int, place: int, out: list[int]) -> None:
    """The five likeliest pieces at the word, before and after."""
    before = top(model.tokenizer, trace, place, 5)
    left, right = st.columns(2)
    with left:
        st.markdown(t("**With all neurons** the model expects here"))
        st.markdown("\n".join(f"- {plain(one.piece)} {short_percent(one.probability)}" for one in before))
    with right:
        if not out:
            st.caption(t("Switch a neuron off to see the answer without it."))
            return
        edited = work(
            (trace, kind, layer, tuple(sorted(out))),
            lambda _: without(model, trace, layer, out, kind),
            seconds=0.2,
            name="ffn_without",
        )
        n = len(out)
        st.markdown(tn("**Without {n} neuron** it expects", "**Without {n} neurons** it expects", n))
        st.markdown(
            "\n".join(
                f"- {plain(one.piece)} {short_percent(one.probability)}"
                for one in top(model.tokenizer, edited, place, 5)
            )
        )
