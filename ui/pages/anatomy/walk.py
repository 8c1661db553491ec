"""The forward pass as one picture: stages from the embeddings up to the answer, a column per token, and what happens at
the stage one stands at.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.analyses.stages import Stage, anatomy
from core.axes import Kind
from core.figures.grid import grid
from core.figures.stream import before_after
from core.figures.theme import label
from core.models.loading import LanguageModel
from core.predictions.top import top
from core.text.tokens import Tokens
from core.tracing.trace import Trace

from ...explorer.token_pickers import pick_token, window
from ...explorer.word_names import word_name
from ...serving import cache
from ...serving.long_work import work
from ...shell.charts import CONFIG, chart, look
from ...shell.locale import percent, plain, short_percent, t
from ...shell.state import Chosen
from .link import STAGE, pick_stage, stage_name


def passed(chosen: Chosen, trace: Trace, kind: Kind) -> tuple[Stage, ...] | None:
    """The stages of the forward pass; None while a long one was not asked for."""
    model = cache.language_model(chosen)
    run = 0.01 + model.parameters * (len(trace.tokens) + len(trace.target or ()) + 30) / 5e10
    seconds = run * (1 + 3 * trace.layers(kind))
    return work(
        (trace, kind), lambda progress: anatomy(model, trace, kind, progress=progress), seconds=seconds, name="anatomy"
    )


def show_walk(chosen: Chosen, trace: Trace, kind: Kind, stages: tuple[Stage, ...]) -> None:
    """The picture on the left, the stage in words and its norm on the right."""
    tokens = trace.sides(kind)[0]
    place = pick_token(tokens, t("Word"), default=first_word(tokens))
    at = pick_stage(stages)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _draw(stages, tokens, place, at)
    with right:
        if at == len(stages):
            _answer(cache.language_model(chosen), trace, kind, place)
        else:
            _say(stages, at, tokens, place, trace, kind)


def _draw(stages: tuple[Stage, ...], tokens: Tokens, place: int, at: int) -> None:
    """Norms of the stream, the last stage on top as the numbers flow upwards; a click goes to the stage."""
    shown = window(tokens, place)
    order = list(range(len(stages)))[::-1]
    norms = np.array([stages[stage].norms()[list(shown)] for stage in order])
    scaled = norms / norms.max(
        axis=1, keepdims=True
    )  # norms grow with depth: each stage has its own scale, the number is on hover
    names = [stage_name(stages, stage) for stage in order]
    hover = [
        [
            f"{label(name)} · {label(word_name(tokens.pieces, i))}: ‖x‖ = {number(float(value))}"
            for i, value in zip(shown, row, strict=True)
        ]
        for name, row in zip(names, norms, strict=True)
    ]
    figure = grid(
        scaled,
        names,
        [tokens.pieces[i] for i in shown],
        look=look(),
        hover=hover,
        reach=1.0,
        row=order.index(at) if at < len(stages) else None,
        frame=(order.index(at), list(shown).index(place)) if at < len(stages) and place in shown else None,
        click=True,
    )
    count = st.session_state.get("_walk_clicks", 0)
    st.plotly_chart(
        figure,
        key=f"walk_{count}",
        theme=None,
        config=CONFIG,
        on_select=lambda: _click(f"walk_{count}", order),
        selection_mode="points",
    )
    st.caption(
        t(
            "From below upwards: the size of every token's vector in the stream after each stage (each row "
            "on its own scale; the numbers on hover). Click a row to go there."
        )
    )


def _click(key: str, order: list[int]) -> None:
    """Callback: the clicked row is the stage; the next picture has another key, so that it can be clicked again."""
    points = st.session_state[key]["selection"]["points"]
    if points:
        st.session_state[STAGE] = order[points[0]["customdata"][0]]
        st.session_state["_walk_clicks"] = st.session_state.get("_walk_clicks", 0) + 1


def _say(stages: tuple[Stage, ...], at: int, tokens: Tokens, place: int, trace: Trace, kind: Kind) -> None:
    """What is added at this stage, for one token; then what the norm does."""
    stage = stages[at]
    word = plain(word_name(tokens.pieces, place))
    st.markdown(f"#### {plain(stage_name(stages, at))}")
    if stage.part == "embedding":
        st.markdown(
            t(
                "**{word}** enters as a vector of {n} numbers of its own, of size {size}. Nothing has "
                "looked at anything yet.",
                word=word,
                n=stage.after.shape[1],
                size=number(float(stage.norms()[place])),
            )
        )
        return
    added, before = float(np.linalg.norm(stage.added[place])), float(np.linalg.norm(stage.before[place]))
    st.latex(_formula(stage))
    st.markdown(
        t(
            "To the vector of **{word}**, of size {before}, a vector of size {added} is added: {share} of "
            "the two sizes.",
            word=word,
            before=number(before),
            added=number(added),
            share=percent(float(stage.shares()[place])),
        )
    )
    if stage.part in ("attention", "cross"):
        st.markdown(_looks(trace, "cross" if stage.part == "cross" else kind, stage.layer, place))
    _norm(stage, place)


def _formula(stage: Stage) -> str:
    part = {
        "attention": r"\text{Attention}",
        "cross": r"\text{CrossAttention}",
        "feed_forward": r"\text{FFN}",
        "rest": r"\text{Block}",
    }[stage.part]
    if stage.parallel:
        return r"x \leftarrow x + \text{Attention}(\text{norm}(x)) + \text{FFN}(\text{norm}(x))"
    if stage.normed:
        return rf"x \leftarrow \text{{norm}}(x + {part}(x))"
    plain_read = stage.read is not None and np.allclose(
        stage.before, stage.read
    )  # a first layer may read the embeddings as they are
    return rf"x \leftarrow x + {part}(x)" if plain_read else rf"x \leftarrow x + {part}(\text{{norm}}(x))"


def _looks(trace: Trace, kind: Kind, layer: int, place: int) -> str:
    """Where the heads of this layer look from this token, as a mean over heads."""
    row = np.mean([trace.attention(layer, head, kind)[place] for head in range(trace.heads(kind))], axis=0)
    keys = trace.sides(kind)[1]
    best = np.argsort(-row, kind="stable")[:3]
    listed = " · ".join(f"**{plain(word_name(keys.pieces, int(i)))}** {percent(float(row[i]))}" for i in best)
    return t("Its {heads} heads look, on average, mostly at {listed}.", heads=trace.heads(kind), listed=listed)


def _norm(stage: Stage, place: int) -> None:
    """One vector before and after the norm of this stage: of the sum (post-norm), or of what the part reads
    (pre-norm).
    """
    pair = (
        (stage.total, stage.after) if stage.normed else (stage.before, stage.read) if stage.read is not None else None
    )
    if pair is None or np.allclose(*pair):
        return
    before, after = pair[0][place], pair[1][place]
    st.markdown(
        t(
            "The norm takes the {n} numbers of this vector from mean {mean} and spread {spread} to mean "
            "{mean_after} and spread {spread_after}.",
            n=len(before),
            mean=number(float(before.mean())),
            spread=number(float(before.std())),
            mean_after=number(float(after.mean())),
            spread_after=number(float(after.std())),
        )
    )
    chart(
        before_after(
            [(t("before the norm"), before), (t("after it"), after)],
            look=look(),
            x_title=t("value"),
            y_title=t("numbers of the vector"),
        ),
        key="walk_norm",
    )


def _answer(model: LanguageModel, trace: Trace, kind: Kind, place: int) -> None:
    """What the head makes of the last vector."""
    st.markdown(f"#### {t('answer')}")
    if trace.logits is None or kind == "encoder":
        st.markdown(
            t("These vectors are what the rest of the model reads: this stack predicts no words itself.")
            if kind == "encoder"
            else t(
                "“{name}” was saved without a prediction head: its last vectors are all it gives.",
                name=plain(model.name),
            )
        )
        return
    found = top(model.tokenizer, trace, place, 5)
    st.markdown(
        t(
            "From the last vector of this token the head makes a probability for each of {n} pieces:",
            n=trace.logits.shape[1],
        )
    )
    st.markdown("\n".join(f"- **{plain(one.piece)}** {short_percent(one.probability)}" for one in found))


def first_word(tokens: Tokens) -> int:
    """The position that an untouched page shows: a typed control token such as the mask, else the last piece of the
    last written word.
    """
    masked = list(tokens.typed_control)
    written = [
        i
        for i, special in enumerate(tokens.special)
        if not special and any(map(str.isalnum, tokens.words[tokens.word_of[i]]))
    ]
    return (masked or written[::-1] or [len(tokens) - 1])[0]


def number(value: float) -> str:
    """1,24 or −0.10."""
    return f"{value:.2f}".replace("-", "−").replace(".", look().decimal)
