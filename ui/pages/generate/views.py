"""The views of the text so far: the text, the candidates for the next token, the newest token's row in any head."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures.bars import NullMarks, bars
from core.figures.theme import label
from core.predictions.generation import Sampling, reshaped
from core.text.vocabulary import visible, vocabulary
from core.tracing.trace import Trace
from core.views.view import View

from ...components.attention import attention_explorer
from ...components.selection import Selection
from ...explorer.exports import offer
from ...explorer.head_pickers import follow_head
from ...explorer.view_options import budget_names
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.locale import percent, plain, short_percent, t, tn
from ...shell.numbers import thousands
from .draft import Draft, take

_CANDIDATES = 8
"""Next tokens that are offered."""
_TAIL = 280
"""Characters of a long beginning that are written out."""
_EXPLORER = "writing"


def show_text(draft: Draft, trace: Trace) -> None:
    """Write the beginning (of a long one its end), then in bold the tokens written after it."""
    cut = next((span[0] for span in trace.tokens.spans[len(draft.start) :] if span is not None), len(trace.text))
    before, after = _tail(visible(trace.text[:cut]).rstrip()), visible(trace.text[cut:]).strip()
    st.markdown(f"#### {plain(before)} **:primary[{plain(after)}]**" if after else f"#### {plain(before)} …")


def _tail(text: str) -> str:
    """The last words of a long text; the bar on top has all of it."""
    end = text[-_TAIL:]
    return text if end == text else "… " + (end.partition(" ")[2] or end)


def say_state(draft: Draft) -> None:
    """Say how many tokens were written, and whether the model wrote its end."""
    n = len(draft.new)
    state = (
        t(
            "The model wrote its end after {n} tokens: the text is finished. Take one back and choose another, or "
            "raise the temperature in the options and begin again.",
            n=n,
        )
        if draft.ended
        else tn("{n} token written.", "{n} tokens written.", n)
        if n
        else t("Nothing is written yet.")
    )
    st.caption(state)


def pick_candidate(draft: Draft, trace: Trace, sampling: Sampling) -> None:
    """Offer the most probable next tokens as buttons, each with its probability; a click writes it."""
    if draft.full:
        return
    best, names = _best(draft.model, trace)
    shares = reshaped(trace.logits[-1], sampling if sampling.temperature else Sampling(1.0))
    title = (
        t(
            "Next token: drawn from {n} of {all}. Or choose it yourself",
            n=int((shares > 0).sum()),
            all=thousands(len(shares)),
        )
        if sampling.temperature
        else t("Next token: the most probable is taken. Or choose it yourself")
    )
    st.pills(
        title,
        best,
        key="write_take",
        format_func=lambda token: f"{plain(names[token])} {short_percent(float(shares[token]))}",
        on_change=_take,
        args=(draft,),
    )


def show_next_tokens(draft: Draft, trace: Trace, sampling: Sampling) -> None:
    """Draw the same as bars; where tokens are drawn by chance, the model's own probabilities stand beside."""
    if draft.full:
        return
    best, names = _best(draft.model, trace)
    probabilities = reshaped(trace.logits[-1], Sampling(1.0))
    shares = reshaped(trace.logits[-1], sampling) if sampling.temperature else probabilities
    marks = [NullMarks(t("before temperature, top-k and top-p"), probabilities[best])] if sampling.temperature else []
    hover = [
        f"{label(name)}: {percent(probabilities[i])} → {percent(shares[i])}"
        if marks
        else f"{label(name)}: {percent(probabilities[i])}"
        for name, i in zip(names.values(), best, strict=True)
    ]
    st.markdown(t("**What comes next**, most probable first"))
    chart(
        bars(shares[best], list(names.values()), look=look(), hover=hover, marks=marks, percent=True),
        key="write_candidates",
    )


def view_of(trace: Trace) -> View:
    """The view of the explorer over all tokens, as pieces."""
    return cache.view(trace, "self", words=False, specials=True, renormalise=False)


def show_row(trace: Trace, layer: int, head: int) -> None:
    """Draw the explorer over all tokens, with the newest one held."""
    view = view_of(trace)
    newest = len(view.query) - 1
    attention_explorer(
        view,
        Selection(layer, head, query=newest),
        key=_EXPLORER,
        on_select=lambda: follow_head(_EXPLORER),
        offer=offer(trace, view),
        names=budget_names(trace, view),
    )
    ahead = np.triu(trace.attention(layer, head), 1)
    cells = len(view.query) * newest // 2
    if cells and not ahead.any():
        st.caption(
            tn(
                "Above the diagonal lies what comes later: {n} cell, exactly 0.",
                "Above the diagonal lies what comes later: {n} cells, every one exactly 0.",
                cells,
            )
        )


def _best(model, trace: Trace) -> tuple[list[int], dict[int, str]]:
    """The most probable ids after the last token, and their labels, none twice."""
    best = np.argsort(-trace.logits[-1], kind="stable")[:_CANDIDATES].tolist()
    labels = [entry.label for entry in vocabulary(model.tokenizer).entries(best)]
    return best, {
        id_: label if labels.count(label) == 1 else f"{label} ({id_})" for id_, label in zip(best, labels, strict=True)
    }


def _take(draft: Draft) -> None:
    """Callback: the chosen candidate is written."""
    token = st.session_state.get("write_take")
    st.session_state["write_take"] = None
    if token is not None:
        take(draft, token)
