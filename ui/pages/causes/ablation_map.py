"""The map of the effect of every head, on which heads are taken out, and the pickers below it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.axes import LayerHead, head_name
from core.figures.grid import grid

from ...explorer.head_notation import head_notation
from ...explorer.question import number
from ...shell.charts import config, look
from ...shell.locale import t
from .link import head_names, held_heads, hold_heads


def pick_heads_out(changes: np.ndarray, kl: np.ndarray, held: list[str]) -> list[LayerHead]:
    """The map and the pickers; a click takes a head out, or puts it back. Returns the heads that are out.

    changes, kl: (layer, head), nats, of each head taken out alone; held: the heads that are out now, by name.
    """
    layers, heads = changes.shape
    known = head_names(layers, heads)
    count = st.session_state.get("_ablate_clicks", 0)
    st.plotly_chart(
        _figure(changes, kl, [known[name] for name in held]),
        key=f"ablate_map_{count}",
        theme=None,
        config=config(),
        on_select=lambda: _click(f"ablate_map_{count}", layers, heads),
        selection_mode="points",
    )
    st.caption(
        t("Orange: without it the answer gains; blue: it loses. Click a head to take it out, and again to put it back.")
        + " "
        + head_notation()
    )
    _pickers(known, held, layers, heads)
    return [known[name] for name in held]


def _figure(changes: np.ndarray, kl: np.ndarray, out: list[LayerHead]) -> go.Figure:
    """The signed map of the changes, (layer, head), with a frame around the heads that are out."""
    layers, heads = changes.shape
    hover = [
        [
            f"{t('L')}{i + 1}·{j + 1}: {number(float(changes[i, j]))} nats, KL {number(float(kl[i, j])).lstrip('+')}"
            for j in range(heads)
        ]
        for i in range(layers)
    ]
    figure = grid(
        changes,
        [f"{t('L')}{i + 1}" for i in range(layers)],
        [str(j + 1) for j in range(heads)],
        look=look(),
        hover=hover,
        signed=True,
        below=t("Head"),
        click=True,
    )
    line = {"width": 3, "color": figure.layout.font.color}
    boxes = [{"x0": j - 0.46, "x1": j + 0.46, "y0": i - 0.46, "y1": i + 0.46} for i, j in out]
    figure.update_layout(shapes=[*figure.layout.shapes, *({"type": "rect", **box, "line": line} for box in boxes)])
    return figure


def _pickers(known: dict[str, LayerHead], held: list[str], layers: int, heads: int) -> None:
    """The list of heads that are out, and a whole layer at once."""
    st.session_state["ablated"] = held
    names = {name: head_name(*layer_head, t("L")) for name, layer_head in known.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            t("Heads out"),
            list(known),
            key="ablated",
            format_func=names.get,
            on_change=lambda: hold_heads(st.session_state["ablated"]),
            placeholder=t("none"),
        )
        st.selectbox(
            t("A whole layer"),
            [f"{layer + 1}" for layer in range(layers)],
            index=None,
            key="ablate_layer",
            placeholder=t("choose"),
            on_change=_layer,
            args=(held, heads),
            format_func=lambda layer_number: f"{t('L')}{layer_number}",
            width=140,
        )


def _click(key: str, layers: int, heads: int) -> None:
    """Callback: the clicked head goes out, or comes back.

    The next map has another key, so that the same head can be clicked again.
    """
    points = st.session_state[key]["selection"]["points"]
    if points:
        layer, head = points[0]["customdata"]
        name, held = f"{layer + 1}.{head + 1}", held_heads(layers, heads)
        hold_heads([other for other in held if other != name] if name in held else [*held, name])
        st.session_state["_ablate_clicks"] = st.session_state.get("_ablate_clicks", 0) + 1


def _layer(held: list[str], heads: int) -> None:
    """Callback: every head of a layer goes out."""
    if layer := st.session_state.get("ablate_layer"):
        hold_heads(list(dict.fromkeys([*held, *(f"{layer}.{head + 1}" for head in range(heads))])))
        st.session_state["ablate_layer"] = None
