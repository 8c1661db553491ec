"""What is chosen on the page "Causes", all of it in the link: the kind of change, and the heads."""

from __future__ import annotations

import streamlit as st

from core.axes import Kind, head_name
from core.tracing.trace import Trace

from ...shell.locale import t
from ...shell.state import publish, settle

CHANGE, HEADS, KIND, REPLACED, WHERE, WITHOUT = "change", "off", "acts", "instead", "in", "without"
ARRIVED, KEPT = "arrived", "_heads_out"
ALL = "all"
CHANGES = ("heads", "words", "patch", "parts")
Head = tuple[int, int]


def pick_change() -> str:
    """Which of the four experiments; whoever comes from a weight gets the one that takes its head out, whatever was
    chosen here before.
    """
    if (arrived := st.query_params.pop(ARRIVED, None)) in CHANGES:
        for name in (KIND, KEPT):
            st.session_state.pop(name, None)
        st.session_state[CHANGE] = arrived
    names = {
        "heads": t("Ablate heads"),
        "words": t("Cut words off"),
        "patch": t("Patch from another sentence"),
        "parts": t("Parts of the answer"),
    }
    settle(CHANGE, CHANGES, CHANGES[0])
    change = st.segmented_control(
        t("Experiment"),
        CHANGES,
        key=CHANGE,
        persist_state="session",
        format_func=names.get,
        required=True,
        label_visibility="collapsed",
    )
    publish(CHANGE, change, CHANGES[0])
    return change


def pick_acts(trace: Trace, *, cross: bool = True) -> Kind:
    """The attention that is changed, where a model has more than one."""
    kinds = tuple(kind for kind in trace.kinds if cross or kind != "cross")
    if len(kinds) == 1:
        return kinds[0]
    first = "cross" if "cross" in kinds else "decoder"
    settle(KIND, kinds, first)
    names = {"encoder": t("Encoder"), "decoder": t("Decoder"), "cross": t("Cross")}
    kind = st.segmented_control(
        t("Attention"), kinds, key=KIND, persist_state="session", format_func=names.get, required=True
    )
    publish(KIND, kind, first)
    return kind


def pick_where(layers: int, heads: int) -> tuple[int | None, int | None]:
    """(layer, head) in which edges are cut; (None, None): in all of them."""
    known = head_names(layers, heads)
    held = st.query_params.get(WHERE, "")
    st.session_state["cut_where"] = held if held in known else ALL
    names = {ALL: t("in every head"), **{name: head_name(*place, t("L")) for name, place in known.items()}}
    picked = st.selectbox(
        t("Edges cut"), list(names), key="cut_where", format_func=names.get, on_change=_write_where, width=180
    )
    return known.get(picked, (None, None))


def _write_where() -> None:
    """Callback: the choice goes into the link."""
    if st.session_state["cut_where"] == ALL:
        st.query_params.pop(WHERE, None)
    else:
        st.query_params[WHERE] = st.session_state["cut_where"]


def head_names(layers: int, heads: int) -> dict[str, Head]:
    """``4.7`` as the link writes it, counted from 1 → (layer, head) from 0."""
    return {f"{layer + 1}.{head + 1}": (layer, head) for layer in range(layers) for head in range(heads)}


def held_heads(layers: int, heads: int) -> list[str]:
    """The heads that are out: what the session says, else the link; only those that this model has.

    The session is the truth: a browser that has not seen a new link yet sends the old one back with its next click.
    """
    known = head_names(layers, heads)
    held = st.session_state.get(KEPT)
    names = st.query_params.get(HEADS, "").split(",") if held is None else held
    found = [name for name in dict.fromkeys(names) if name in known]
    hold_heads(found)
    return found


def hold_heads(names: list[str]) -> None:
    """Keep the chosen heads, and say so in the link."""
    st.session_state[KEPT] = names
    if not names:
        st.query_params.pop(HEADS, None)
    elif st.query_params.get(HEADS) != ",".join(names):
        st.query_params[HEADS] = ",".join(names)
