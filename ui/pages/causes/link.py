"""What is chosen on the page "Causes", all of it in the link: the kind of change, and the heads."""

from __future__ import annotations

import streamlit as st

from core.axes import Kind, LayerHead, head_name
from core.tracing.trace import Trace

from ...shell.history import follows_link
from ...shell.locale import t
from ...shell.named_choice import pick_named

_EXPERIMENT, HEADS_OUT, CHANGED_KIND, REPLACED, CUT_IN, WITHOUT = "change", "off", "acts", "instead", "in", "without"
ARRIVED, _HEADS_OUT = "arrived", "_heads_out"
_EVERY_HEAD = "all"
EXPERIMENTS = ("heads", "words", "patch", "parts")


def pick_experiment() -> str:
    """Which of the four experiments.

    Whoever comes from a weight gets the experiment that the link names, whatever was chosen here before.
    """
    if (arrived := st.query_params.pop(ARRIVED, None)) in EXPERIMENTS:
        for name in (CHANGED_KIND, _HEADS_OUT):
            st.session_state.pop(name, None)
        st.session_state[_EXPERIMENT] = arrived
    names = {
        "heads": t("Ablate heads"),
        "words": t("Cut words off"),
        "patch": t("Patch from another sentence"),
        "parts": t("Parts of the answer"),
    }
    return pick_named(t("Experiment"), names, key=_EXPERIMENT, default=EXPERIMENTS[0], hide_label=True)


def pick_acts(trace: Trace, *, cross: bool = True) -> Kind:
    """The attention that is changed, where a model has more than one."""
    kinds = tuple(kind for kind in trace.kinds if cross or kind != "cross")
    if len(kinds) == 1:
        return kinds[0]
    first: Kind = "cross" if "cross" in kinds else "decoder"
    names = {"encoder": t("Encoder"), "decoder": t("Decoder"), "cross": t("Cross")}
    return pick_named(t("Attention"), {kind: names[kind] for kind in kinds}, key=CHANGED_KIND, default=first)


def pick_where(layers: int, heads: int) -> tuple[int | None, int | None]:
    """(layer, head) in which edges are cut; (None, None): in all of them."""
    known = head_names(layers, heads)
    held = st.query_params.get(CUT_IN, "")
    st.session_state["cut_where"] = held if held in known else _EVERY_HEAD
    names = {
        _EVERY_HEAD: t("in every head"),
        **{name: head_name(*layer_head, t("L")) for name, layer_head in known.items()},
    }
    picked = st.selectbox(
        t("Edges cut"), list(names), key="cut_where", format_func=names.get, on_change=_write_where, width=180
    )
    return known.get(picked, (None, None))


def _write_where() -> None:
    """Callback: the choice goes into the link."""
    if st.session_state["cut_where"] == _EVERY_HEAD:
        st.query_params.pop(CUT_IN, None)
    else:
        st.query_params[CUT_IN] = st.session_state["cut_where"]


def head_names(layers: int, heads: int) -> dict[str, LayerHead]:
    """``4.7`` as the link writes it, counted from 1 → (layer, head) from 0."""
    return {f"{layer + 1}.{head + 1}": (layer, head) for layer in range(layers) for head in range(heads)}


def held_heads(layers: int, heads: int) -> list[str]:
    """The heads that are out: what the session says, else the link; only those that this model has.

    The session is the truth: a browser that has not seen a new link yet sends the old one back with its next click.
    """
    known = head_names(layers, heads)
    follows_link(_HEADS_OUT)
    held = st.session_state.get(_HEADS_OUT)
    names = st.query_params.get(HEADS_OUT, "").split(",") if held is None else held
    known_names = [name for name in dict.fromkeys(names) if name in known]
    hold_heads(known_names)
    return known_names


def hold_heads(names: list[str]) -> None:
    """Keep the chosen heads, and say so in the link."""
    st.session_state[_HEADS_OUT] = names
    if not names:
        st.query_params.pop(HEADS_OUT, None)
    elif st.query_params.get(HEADS_OUT) != ",".join(names):
        st.query_params[HEADS_OUT] = ",".join(names)
