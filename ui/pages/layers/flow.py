"""The information flow of the page "Layers": what reaches one position through the layers, and how much is drawn.

Not here: the flow itself (core/analyses/information_flow.py), its contributions (results.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.information_flow import Edge, Flow, information_flow, strongest
from core.analyses.score import first_place
from core.figures.flow import flow_graph
from core.text.tokens import Tokens
from core.tracing.trace import Trace

from ...explorer.explain import explain
from ...explorer.token_pickers import WINDOW, pick_stack, pick_token
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.frame import beside_title, picture_beside_words
from ...shell.locale import percent, plain, t, tn
from ...shell.numbers import exact
from ...shell.state import Chosen, publish, settle
from ...shell.tables import show_table
from .results import contributions

_LEAST, _DEPTH = "least", "depth"
_FEW_LAYERS = 6
"""Layers that a narrow screen shows without squeezing them."""
_LEASTS = ("1", "2", "3", "4", "5", "7", "10", "15", "20", "30")


def show_flow(chosen: Chosen, trace: Trace) -> None:
    """Let the visitor choose the position, and draw what flows into it."""
    model = cache.language_model(chosen)
    with beside_title():
        kind = pick_stack(trace)
        tokens = trace.sides(kind)[0]
        target = pick_token(
            tokens,
            t("Where it arrives"),
            default=first_place(
                tokens, model.tokenizer.mask_token_id, writes=kind == "decoder" or model.kind == "decoder"
            ),
        )
        least = _pick_least(len(tokens))
    contribution_shares = contributions(chosen, trace, kind)
    if contribution_shares is None:
        return
    shares = contribution_shares.shares["residual"]
    first = _pick_first(len(shares))
    flow = information_flow(shares, target, least, first=first)
    if len(flow.tokens) > WINDOW:
        flow = information_flow(shares, target, least, within=strongest(flow, WINDOW), first=first)
    picture, words = picture_beside_words()
    with picture:
        _graph(flow, tokens, len(shares))
    with words:
        _say_drawn(flow, shares, tokens)
        _say_limits(kind, model.kind)
    _table(flow, tokens)


def explain_flow() -> None:
    """Explain the information flow in four parts."""
    explain(
        t(
            "From right to left: the position you chose after the last layer, what it was made of in that "
            "layer, what that was made of, down to the words as they entered. The thicker a line, the "
            "larger its share."
        ),
        t(
            "Choose another word, then lower the least share: more and thinner lines appear, and the number "
            "above says how much they carry. Hover a line for its share."
        ),
        t(
            "Grey is what a position keeps: what was there before the layer, and what it fetches from itself. "
            "In colour, what comes from other positions. Maps of attention alone overstate how much is mixed "
            "(shown for BERT and RoBERTa: Kobayashi et al. 2021)."
        ),
        t(
            "A large contribution is not a cause: later layers may ignore it. What a position works out by "
            "itself (the feed-forward block) is not drawn, nor which direction a vector points."
        ),
    )


def _pick_least(n: int) -> float:
    """The smallest share of a line, 0 … 1.

    At first twice what each of ``n`` positions would give if all gave the same, or 10% in a short sentence.
    """
    first = next(least for least in _LEASTS if int(least) / 100 >= min(0.1, 2 / n))
    settle(_LEAST, _LEASTS, first)
    least = st.select_slider(
        t("Least share drawn"),
        _LEASTS,
        key=_LEAST,
        persist_state="session",
        format_func=lambda share: t("{n}%", n=share),
        width=260,
    )
    publish(_LEAST, least, first)
    return int(least) / 100


def _pick_first(layers: int) -> int:
    """The level at which the graph begins: all layers, or the last few of a deep model, for a narrow screen."""
    if layers <= _FEW_LAYERS:
        return 0
    settle(_DEPTH, ("all", "last"), "all")
    names = {"all": t("all {n}", n=layers), "last": t("the last {n}", n=_FEW_LAYERS)}
    depth = st.segmented_control(
        t("Layers shown"), ("all", "last"), key=_DEPTH, persist_state="session", format_func=names.get, required=True
    )
    publish(_DEPTH, depth, "all")
    return layers - _FEW_LAYERS if depth == "last" else 0


def _say_drawn(flow: Flow, shares: np.ndarray, tokens: Tokens) -> None:
    """Say how much is drawn, the strongest line between two positions, and what equal shares would give."""
    arrival, visible = plain(tokens.pieces[flow.target]), int((shares[-1, flow.target] > 0).sum())
    lines = [
        tn(
            "**Into “{token}”**: the {n} line drawn carries {drawn} of what enters the positions on its "
            "way; {hidden} comes through thinner ones.",
            "**Into “{token}”**: the {n} lines drawn carry {drawn} of what enters the positions on their "
            "way; {hidden} comes through thinner ones.",
            len(flow.edges),
            token=arrival,
            drawn=percent(flow.drawn),
            hidden=percent(1 - flow.drawn),
        )
    ]
    best = max((edge for edge in flow.edges if not edge.to_itself), key=lambda edge: edge.share, default=None)
    if best is None:
        lines.append(t("No other position gives that much: lower the least share to see who gives at all."))
    else:
        lines.append(
            t(
                "The strongest of {n} from another position: layer {layer}, “{query}” takes {share} from “{key}”.",
                n=sum(not edge.to_itself for edge in flow.edges),
                layer=best.layer + 1,
                query=plain(tokens.pieces[best.query]),
                key=plain(tokens.pieces[best.key]),
                share=percent(best.share),
            )
        )
    lines.append(
        t(
            "If all gave the same, each of the {n} positions in sight would give {share}.",
            n=visible,
            share=exact(1 / visible, 1),
        )
    )
    st.markdown(" ".join(lines))


def _graph(flow: Flow, tokens: Tokens, layers: int) -> None:
    """Draw the flow; its rows are the tokens of a short sentence, else those that are reached."""
    drawn_tokens = list(range(len(tokens))) if len(tokens) <= WINDOW else flow.tokens
    levels = [t("input"), *(f"{t('L')}{layer + 1}" for layer in range(layers))][flow.first :]
    chart(
        flow_graph(
            flow,
            drawn_tokens,
            tokens.pieces,
            levels,
            look=look(),
            prefix=t("L"),
            keeps=t("keeps, or fetches from itself"),
            brings=t("fetched by attention"),
        ),
        key="flow",
    )
    if len(tokens) > WINDOW:
        st.caption(
            t(
                "Shown: the {n} positions through which most passes, of {all}. What comes through others "
                "counts as not drawn.",
                n=len(drawn_tokens),
                all=len(tokens),
            )
        )


def _say_limits(kind: str, model_kind: str) -> None:
    """Say exactly what a line is."""
    st.caption(
        t(
            "A line is ‖Σ heads of attention × value × output matrix‖, for a position's own line plus the "
            "residual stream before it, as a share of all that enters there in that layer (Kobayashi et al. "
            "2021, norm + residual). The bias of the output matrix, normalisations after the sum and the "
            "feed-forward block are not in it."
        )
    )
    if model_kind == "encoder-decoder" and kind == "decoder":
        st.caption(
            t(
                "Between the layers drawn here the decoder also reads the source text by cross-attention, "
                "which is not drawn: see Explore."
            )
        )


def _table(flow: Flow, tokens: Tokens) -> None:
    """Draw the lines as a table, the largest of the last layer first."""
    edges = sorted(flow.edges, key=lambda edge: (-edge.layer, edge.query, -edge.share))
    title = t("Table: every line drawn")
    with st.expander(title):
        show_table(pd.DataFrame([_row(edge, tokens) for edge in edges]), title=title)


def _row(edge: Edge, tokens: Tokens) -> dict[str, object]:
    return {
        t("Layer"): edge.layer + 1,
        t("Position"): f"{edge.query + 1} · {tokens.pieces[edge.query]}",
        t("Takes from"): f"{edge.key + 1} · {tokens.pieces[edge.key]}",
        t("Share"): exact(edge.share),
        t("By"): t("keeps, or fetches from itself") if edge.to_itself else t("fetched by attention"),
    }
