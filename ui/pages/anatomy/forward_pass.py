"""The forward pass as one picture: stages from the embeddings up to the answer, a column per token.

Beside it stands what happens at the chosen stage. Not here: the stages themselves (core/analyses/stages.py).
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

from ...explorer.edited_sentence import behind_mask
from ...explorer.run_cost import run_seconds
from ...explorer.token_pickers import pick_token, window
from ...explorer.word_names import word_name
from ...serving import cache
from ...serving.long_work import work
from ...shell.charts import chart, config, look
from ...shell.frame import beside_title, picture_beside_words
from ...shell.locale import percent, plain, short_percent, t
from ...shell.numbers import fixed, thousands
from ...shell.state import Chosen
from .link import STAGE, pick_stage, stage_name


def forward_stages(chosen: Chosen, trace: Trace, kind: Kind) -> tuple[Stage, ...] | None:
    """The stages of the forward pass; None while a long one still waits for the visitor's agreement."""
    model = cache.language_model(chosen)
    seconds = run_seconds(model, trace) * (1 + 3 * trace.layers(kind))
    return work(
        (trace, kind), lambda progress: anatomy(model, trace, kind, progress=progress), seconds=seconds, name="anatomy"
    )


def show_forward_pass(chosen: Chosen, trace: Trace, kind: Kind, stages: tuple[Stage, ...]) -> None:
    """Draw the picture on the left; on the right say what the chosen stage does, with its norm."""
    tokens = trace.sides(kind)[0]
    with beside_title():
        position = pick_token(tokens, t("Word"), default=first_word(tokens))
    left, right = picture_beside_words()
    with right:
        current = pick_stage(stages)
    with left:
        _draw(stages, tokens, position, current)
    with right:
        if current == len(stages):
            _show_answer(chosen, trace, kind, position)
        else:
            _say_stage(stages, current, tokens, position, trace, kind)


def _draw(stages: tuple[Stage, ...], tokens: Tokens, position: int, current: int) -> None:
    """Draw the norms of the stream, the last stage on top since numbers flow upwards; a click goes to the stage."""
    drawn_positions = window(tokens, position)
    order = list(range(len(stages)))[::-1]
    norms = np.array([stages[index].norms()[list(drawn_positions)] for index in order])
    # norms grow with depth: each stage has a scale of its own, and the number is on hover
    scaled = norms / norms.max(axis=1, keepdims=True)
    names = [stage_name(stages, index) for index in order]
    hover = [
        [
            f"{label(name)} · {label(word_name(tokens.pieces, i))}: ‖x‖ = {fixed(float(value))}"
            for i, value in zip(drawn_positions, row, strict=True)
        ]
        for name, row in zip(names, norms, strict=True)
    ]
    figure = grid(
        scaled,
        names,
        [tokens.pieces[i] for i in drawn_positions],
        look=look(),
        hover=hover,
        reach=1.0,
        row=order.index(current) if current < len(stages) else None,
        frame=(order.index(current), list(drawn_positions).index(position))
        if current < len(stages) and position in drawn_positions
        else None,
        click=True,
        scale=False,
    )
    count = st.session_state.get("_walk_clicks", 0)
    st.plotly_chart(
        figure,
        key=f"walk_{count}",
        theme=None,
        config=config(),
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
    """Callback: choose the stage of the clicked row; the next picture has another key, so that it takes a click too."""
    points = st.session_state[key]["selection"]["points"]
    if points:
        st.session_state[STAGE] = order[points[0]["customdata"][0]]
        st.session_state["_walk_clicks"] = st.session_state.get("_walk_clicks", 0) + 1


def _say_stage(
    stages: tuple[Stage, ...], current: int, tokens: Tokens, position: int, trace: Trace, kind: Kind
) -> None:
    """Say what this stage adds to the vector of one token, then what the norm does to it."""
    stage = stages[current]
    word = plain(word_name(tokens.pieces, position))
    st.markdown(f"#### {plain(stage_name(stages, current))}")
    if stage.part == "embedding":
        st.markdown(
            t(
                "**{word}** enters as a vector of {n} numbers of its own, of size {size}. Nothing has "
                "looked at anything yet.",
                word=word,
                n=stage.after.shape[1],
                size=fixed(float(stage.norms()[position])),
            )
        )
        return
    added, before = float(np.linalg.norm(stage.added[position])), float(np.linalg.norm(stage.before[position]))
    st.latex(_formula(stage))
    st.markdown(
        t(
            "To the vector of **{word}**, of size {before}, a vector of size {added} is added: {share} of "
            "the two sizes.",
            word=word,
            before=fixed(before),
            added=fixed(added),
            share=percent(float(stage.shares()[position])),
        )
    )
    if stage.part in ("attention", "cross"):
        st.markdown(_mean_attention(trace, "cross" if stage.part == "cross" else kind, stage.layer, position))
    _show_norm(stage, position)


def _formula(stage: Stage) -> str:
    """What the stage does to the stream x, in LaTeX: norm before or after the part, or two parts in parallel."""
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
    # a first layer may read the embeddings as they are
    without_norm = stage.input is not None and np.allclose(stage.entered, stage.input)
    return rf"x \leftarrow x + {part}(x)" if without_norm else rf"x \leftarrow x + {part}(\text{{norm}}(x))"


def _mean_attention(trace: Trace, kind: Kind, layer: int, position: int) -> str:
    """Say where the heads of this layer look from this token, as a mean over heads."""
    row = np.mean([trace.attention(layer, head, kind)[position] for head in range(trace.heads(kind))], axis=0)
    keys = trace.sides(kind)[1]
    best = np.argsort(-row, kind="stable")[:3]
    listed = " · ".join(f"**{plain(word_name(keys.pieces, int(i)))}** {percent(float(row[i]))}" for i in best)
    return t("Its {heads} heads look, on average, mostly at {listed}.", heads=trace.heads(kind), listed=listed)


def _show_norm(stage: Stage, position: int) -> None:
    """Draw one vector before and after the norm of this stage.

    The norm is applied to the sum (post-norm) or to what the part reads (pre-norm).
    """
    pair = (stage.total, stage.after) if stage.normed else (stage.entered, stage.input)
    if pair[1] is None:
        st.caption(t("What this part reads was not seen, so its normalisation is not shown."))
        return
    if np.allclose(pair[0], pair[1]):
        st.caption(t("This part reads the vectors as they are: no normalisation stands before it."))
        return
    before, after = pair[0][position], pair[1][position]
    st.markdown(
        t(
            "The normalisation takes the {n} numbers of this vector from mean {mean} and spread {spread} to "
            "mean {mean_after} and spread {spread_after}.",
            n=len(before),
            mean=fixed(float(before.mean())),
            spread=fixed(float(before.std())),
            mean_after=fixed(float(after.mean())),
            spread_after=fixed(float(after.std())),
        )
    )
    chart(
        before_after(
            [(t("before the normalisation"), before), (t("after it"), after)],
            look=look(),
            x_title=t("value"),
            y_title=t("numbers of the vector"),
        ),
        key="walk_norm",
    )


def _show_answer(chosen: Chosen, trace: Trace, kind: Kind, position: int) -> None:
    """Say what the prediction head makes of the last vector; a masked model is asked with the word hidden as well."""
    model = cache.language_model(chosen)
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
    st.markdown(
        t(
            "From the last vector of this token the prediction head makes a probability for each of {n} tokens:",
            n=thousands(trace.logits.shape[1]),
        )
    )
    _list_answers(model, trace, position)
    hidden, mask = behind_mask(chosen, trace, position)
    if hidden is not trace:
        st.markdown(
            t(
                "It has **{word}** in sight there, so this is hardly a guess. With the word hidden behind the mask it "
                "expects:",
                word=plain(trace.tokens.words[trace.tokens.word_of[position]]),
            )
        )
        _list_answers(model, hidden, mask)


def _list_answers(model: LanguageModel, trace: Trace, position: int) -> None:
    """The five likeliest pieces at a position."""
    st.markdown(
        "\n".join(
            f"- **{plain(prediction.piece)}** {short_percent(prediction.probability)}"
            for prediction in top(model.tokenizer, trace, position, 5)
        )
    )


def first_word(tokens: Tokens) -> int:
    """The position that an untouched page shows.

    It is a typed control token such as the mask, else the last piece of the last written word.
    """
    masked = list(tokens.typed_control)
    written = [
        i
        for i, special in enumerate(tokens.special)
        if not special and any(map(str.isalnum, tokens.words[tokens.word_of[i]]))
    ]
    return (masked or written[::-1] or [len(tokens) - 1])[0]
