"""Step 2: the jug-and-glass pair in every head: its two readings, its candidates, its difference.

The numbers come from core (candidates, difference); here they are only asked for and put into words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.analyses.candidates import best_head, candidate_weights, turning, won, word_index
from core.axes import head_name
from core.errors import UnsupportedModel
from core.figures.candidates import candidate_maps
from core.tracing.trace import Trace
from core.views.difference import difference

from ...components.attention import attention_explorer
from ...components.selection import Selection
from ...explorer.head_pickers import follow_head, pick_head
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.frame import beside_title
from ...shell.locale import plain, t
from ...shell.state import Chosen
from .mask_choices import show_predictions

SENTENCE_FRAME = "Ela derramou água da jarra para o copo até que ficasse {}."
ADJECTIVES = ("cheio", "vazia")
_CANDIDATES = ("Ela", "água", "jarra", "copo")
_GOLD = ("copo", "jarra")


@dataclass(frozen=True, eq=False)
class ReadPair:
    """Both sentences, read: traces, and per sentence the weights (layer, head, candidate) from the adjective."""

    traces: tuple[Trace, Trace]
    weights: tuple[np.ndarray, np.ndarray]


def show_heads(chosen: Chosen) -> None:
    """Both sentences side by side in one head; all heads and the difference behind a toggle."""
    pair = read_pair(chosen)
    view_a, view_b = (cache.view(trace, "self", words=True, specials=True, renormalise=False) for trace in pair.traces)
    with beside_title():
        layer, head = pick_head(view_a, first=first_turning_head(pair))
    for column, view, word, key in zip(st.columns(2), (view_a, view_b), ADJECTIVES, ("jug_a", "jug_b"), strict=True):
        with column:
            attention_explorer(
                view,
                Selection(layer, head, query=view.query.labels.index(word)),
                mode="matrix",
                key=key,
                on_select=lambda key=key: follow_head(key),
            )
    _say_counts(pair, _read_untrained(chosen))
    if st.toggle(t("The adjective in every head"), key="jug_all"):
        _show_candidates(pair)
    if st.toggle(t("The difference of the two sentences"), key="jug_signed"):
        _show_difference(pair, layer, head)
    if st.toggle(t("What the model writes in the place of the adjective"), key="jug_written"):
        show_predictions(chosen, SENTENCE_FRAME.format(ADJECTIVES[0]), ADJECTIVES)


def read_pair(chosen: Chosen) -> ReadPair:
    """The two sentences through the chosen model.

    Raises:
        UnsupportedModel: an encoder–decoder, whose encoder, decoder and cross maps this screen does not compare yet.
    """
    traces = tuple(cache.trace(chosen, SENTENCE_FRAME.format(word)) for word in ADJECTIVES)
    if traces[0].kinds != ("self",):
        raise UnsupportedModel(
            "This screen compares models of one stack (encoder or decoder), and “{name}” has an encoder and a decoder. "
            "Choose another model, or see this one in Explore.",
            name=chosen.model,
        )
    weights = tuple(_weights(trace, word) for trace, word in zip(traces, ADJECTIVES, strict=True))
    return ReadPair(traces, weights)


def first_turning_head(pair: ReadPair) -> tuple[int, int]:
    """The head that turns most from ``copo`` to ``jarra`` when the adjective changes: the one to show, not a proof."""
    return best_head(turning(*pair.weights, *map(_CANDIDATES.index, _GOLD)))


def _read_untrained(chosen: Chosen) -> ReadPair:
    """The two sentences through the model's random twin: what its architecture shows before it has learned anything."""
    traces = tuple(cache.null_trace(chosen, SENTENCE_FRAME.format(word)) for word in ADJECTIVES)
    return ReadPair(traces, tuple(_weights(trace, word) for trace, word in zip(traces, ADJECTIVES, strict=True)))


def _say_counts(pair: ReadPair, null: ReadPair) -> None:
    """The takeaway: in how many heads the right noun gets most, beside what luck and the random twin give."""
    glass, jug = _wins(pair)
    n, heads = len(_CANDIDATES), glass.size
    both = [head_name(i, j, t("L")) for i, j in zip(*np.nonzero(glass & jug), strict=True)]
    st.markdown(
        t(
            "Of {heads} heads, look most at the right noun: from *cheio*, **{glass}** (by luck, about "
            "{luck}); from *vazia*, **{jug}** (about {luck}); "
            "from both, **{both}** (about {luck_both}){names}. Luck: a blind choice among {candidates}.",
            heads=heads,
            glass=int(glass.sum()),
            jug=int(jug.sum()),
            both=len(both),
            luck=round(heads / n),
            luck_both=round(heads / n**2),
            names=": " + ", ".join(both) if 0 < len(both) <= 5 else "",
            candidates=", ".join(_CANDIDATES),
        )
    )
    glass, jug = _wins(null)
    st.caption(
        t(
            "The random twin of this model (the same architecture, never trained): {glass}, {jug}, and "
            "{both} from both.",
            glass=int(glass.sum()),
            jug=int(jug.sum()),
            both=int((glass & jug).sum()),
        )
    )


def _show_candidates(pair: ReadPair) -> None:
    """Eight small layer × head maps on one scale: two adjectives × four candidates."""
    figure = candidate_maps(
        pair.weights,
        ADJECTIVES,
        _CANDIDATES,
        gold=[_CANDIDATES.index(gold) for gold in _GOLD],
        look=look(),
        layer=t("layer"),
        head=t("head"),
        prefix=t("L"),
        gold_note=t("right"),
    )
    chart(figure, key="jug_candidates")
    st.caption(
        t(
            "Each cell is a head; its colour, the share of the adjective's row that falls on the candidate. "
            "One scale for all eight maps."
        )
    )


def _show_difference(pair: ReadPair, layer: int, head: int) -> None:
    """The signed map A − B of the chosen head, on a scale shared by all heads."""
    signed = difference(*pair.traces)
    row = signed.query.labels.index(" / ".join(ADJECTIVES))
    attention_explorer(
        signed,
        Selection(layer, head, query=row),
        mode="matrix",
        ramp="difference",
        vmax=max(signed.largest(), 0.01),
        key="jug_difference",
        height=440,
        on_select=lambda: follow_head("jug_difference"),
    )
    if signed.only_a or signed.only_b:
        st.caption(
            t("Without a partner, and left out: {words}.", words=plain(" · ".join((*signed.only_a, *signed.only_b))))
        )
    st.caption(
        t(
            "A: “{a}”. B: “{b}”. Orange: A looks more. Blue: B looks more. The same scale for all heads.",
            a=SENTENCE_FRAME.format(ADJECTIVES[0]),
            b=SENTENCE_FRAME.format(ADJECTIVES[1]),
        )
    )


def _wins(pair: ReadPair) -> tuple[np.ndarray, np.ndarray]:
    """Per sentence (layer, head): the right noun gets most."""
    return tuple(won(w, _CANDIDATES.index(gold)) for w, gold in zip(pair.weights, _GOLD, strict=True))


def _weights(trace: Trace, word: str) -> np.ndarray:
    candidates = [word_index(trace.tokens, candidate) for candidate in _CANDIDATES]
    return candidate_weights(trace, word_index(trace.tokens, word), candidates)
