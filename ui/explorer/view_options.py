"""What of a trace is shown: words or pieces, special tokens or not, rescaled rows, which attention.

The choices are bound to the link. Hiding never loses mass in silence: the explorer says how much is not shown.
"""

from __future__ import annotations

import streamlit as st

from core.axes import Kind
from core.tracing.trace import Trace
from core.views.view import Rows, View, Weight

from ..serving import cache
from ..shell.locale import t
from ..shell.state import publish, settle

UNIT, SPECIALS, RESCALE, KIND, ROWS, WEIGHT, FIRST = "unit", "specials", "rescale", "kind", "rows", "weight", "first"
WORDS, PIECES = "words", "pieces"
READ, WRITTEN = "read", "written"
ATTENTION, VALUE_NORM = "attention", "value_norm"


def pick_view(trace: Trace) -> View:
    """The view that the widgets of this row ask for."""
    kind = pick_kind(trace)
    settle(UNIT, (WORDS, PIECES), WORDS)
    names = {WORDS: t("Words"), PIECES: t("Pieces")}
    unit = st.segmented_control(
        t("Shown as"),
        (WORDS, PIECES),
        key=UNIT,
        persist_state="session",
        format_func=names.get,
        required=True,
        help=t(
            "A word of several pieces: what it receives is added up, what it gives is averaged. Rows still "
            "add up to 100%."
        ),
    )
    publish(UNIT, unit, WORDS)
    with st.popover(t("Options")):
        rows = _pick_rows(trace, kind)
        specials = st.toggle(
            t("Show special tokens"),
            value=True,
            key=SPECIALS,
            bind="query-params",
            help=t("Tokens that the model adds, such as [CLS] and [SEP]. What falls on them is always stated."),
        )
        first = st.toggle(
            t("Show the first word"),
            value=True,
            key=FIRST,
            bind="query-params",
            help=t(
                "Where much of a left-to-right model's attention rests, whatever the word. What falls on it "
                "is always stated."
            ),
        )
        rescale = st.toggle(
            t("Rescale rows to 100% when they are hidden"),
            value=False,
            key=RESCALE,
            bind="query-params",
            disabled=specials and first,
        )
        weight = _pick_weight(trace, kind)
    return cache.view(
        trace, kind, words=unit == WORDS, specials=specials, renormalise=rescale, rows=rows, weight=weight, first=first
    )


def budget_names(trace: Trace, view: View) -> tuple[str, str]:
    """What the budget calls the special tokens that are shown, and what is hidden, of the side that is looked at:
    (``[CLS]/[SEP]``, ``Ela``).
    """
    tokens = trace.sides(view.kind)[1]
    labels = tokens.words if view.words else tokens.pieces
    gone = sorted(set(range(len(labels))) - set(view.key.positions))
    special_labels = (label for label, special in zip(view.key.labels, view.key.special, strict=True) if special)
    return "/".join(dict.fromkeys(special_labels)), "/".join(dict.fromkeys(labels[position] for position in gone))


def pick_kind(trace: Trace) -> Kind:
    """Encoder, decoder or cross-attention, where the model has more than one."""
    if len(trace.kinds) == 1:
        return trace.kinds[0]
    settle(KIND, trace.kinds, "cross")
    names = {"encoder": t("Encoder"), "decoder": t("Decoder"), "cross": t("Cross")}
    kind = st.segmented_control(
        t("Attention"), trace.kinds, key=KIND, persist_state="session", format_func=names.get, required=True
    )
    publish(KIND, kind, "cross")
    return kind


def _pick_rows(trace: Trace, kind: str) -> Rows:
    """What names a row of cross-attention: the word it writes, which is what it looks for, or the word it has just
    read.
    """
    if kind != "cross" or len(trace.target) < 2:
        return READ
    settle(ROWS, (WRITTEN, READ), WRITTEN)
    names = {WRITTEN: t("Word it writes"), READ: t("Word just read")}
    rows = st.segmented_control(
        t("A row is"),
        (WRITTEN, READ),
        key=ROWS,
        persist_state="session",
        format_func=names.get,
        required=True,
        help=t(
            "A row of the decoder reads one word and writes the next. To see where a translation comes "
            "from, name the row by the word it writes."
        ),
    )
    publish(ROWS, rows, WRITTEN)
    return rows


def _pick_weight(trace: Trace, kind: str) -> Weight:
    """The weights as they are, or times the size of what they fetch."""
    if trace.record(0, kind).vectors is None:
        return ATTENTION
    settle(WEIGHT, (ATTENTION, VALUE_NORM), ATTENTION)
    names = {ATTENTION: t("Attention"), VALUE_NORM: t("× value norm")}
    weight = st.segmented_control(
        t("Weight"),
        (ATTENTION, VALUE_NORM),
        key=WEIGHT,
        persist_state="session",
        format_func=names.get,
        required=True,
        help=t(
            "A large weight on a small vector brings little. Times the norm of the value vector, as a share "
            "of the row: what the row takes from each word, by size."
        ),
    )
    publish(WEIGHT, weight, ATTENTION)
    return weight


def say_weight(view: View) -> None:
    """One line where the shares are not the attention itself."""
    if view.weight == VALUE_NORM:
        st.caption(
            t("Shown: attention × norm of the value vector, as shares of each row. It is not the attention itself.")
        )
