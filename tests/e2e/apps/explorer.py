"""A page with nothing but the attention explorer over known random maps. Query parameters choose the case.

?n=12 &layers=4 &heads=6 &case=plain|hostile|cross|one|empty &mode=explore|matrix &picture=matrix|lines|arcs|heads|map
&ramp=attention|difference"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from core.views.difference import Difference  # noqa: E402
from core.views.view import Side, View  # noqa: E402
from ui.components.attention import Offer, attention_explorer, chosen_selection  # noqa: E402
from ui.components.choices import PICTURES  # noqa: E402
from ui.components.selection import Selection  # noqa: E402

SENTENCE = "Ela derramou água da jarra para o copo até que ficasse cheio .".split()
HOSTILE = [
    "<s>",
    "</s>",
    "<a href=x>",
    "<img src=x onerror=alert(1)>",
    "&lt;",
    "👨‍👩‍👧",
    "שלום",
    "zero\u200bwidth",
    "{query}",
    "**b**",
    "'\"`",
    "ação",
]


def side(labels: list[str]) -> Side:
    special = tuple(label in ("[CLS]", "[SEP]") for label in labels)
    return Side(tuple(labels), special, (False,) * len(labels), tuple(range(len(labels))))


def softmax_maps(layers: int, heads: int, rows: int, columns: int, seed: int = 7) -> np.ndarray:
    """Maps that look like a trained model's: some diagonal, some on the first token, some diffuse."""
    rng = np.random.default_rng(seed)
    q, k = np.arange(rows)[:, None], np.arange(columns)[None]
    sharp = rng.uniform(0.3, 3, (layers, heads, 1, 1))
    near = -np.abs(k - q - rng.integers(-2, 3, (layers, heads, 1, 1))) * rng.uniform(0, 1.5, (layers, heads, 1, 1))
    scores = (
        rng.normal(size=(layers, heads, rows, columns)) * sharp
        + near
        + (k == columns - 1) * rng.uniform(0, 4, (layers, heads, 1, 1))
    )
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return (weights / weights.sum(-1, keepdims=True)).astype(np.float32)


@st.cache_resource
def known_view(case: str, n: int, layers: int, heads: int, ramp: str) -> View:
    labels = ["[CLS]", *(SENTENCE * (n // len(SENTENCE) + 1))[: max(n - 2, 0)], "[SEP]"]
    if case == "hostile":
        labels = HOSTILE
    if case == "one":
        labels = ["oi"]
    if case == "empty":
        labels = []
    other = ["The", "cup", "was", "full", "."] if case == "cross" else labels
    maps = (
        softmax_maps(layers, heads, len(other), len(labels)) if labels else np.zeros((layers, heads, 0, 0), np.float32)
    )
    if ramp == "difference":
        maps = maps - softmax_maps(layers, heads, len(other), len(labels), seed=8)
    kind = Difference if ramp == "difference" else View
    return kind(
        query=side(other),
        key=side(labels),
        layers=layers,
        heads=heads,
        kind="cross" if case == "cross" else "self",
        renormalised=False,
        _full=lambda layer, head: maps[layer, head],
    )


def main() -> None:
    st.set_page_config(layout="wide")
    ask = st.query_params.get
    n, layers, heads = int(ask("n", 14)), int(ask("layers", 4)), int(ask("heads", 6))
    ramp = ask("ramp", "attention")
    view = known_view(ask("case", "plain"), n, layers, heads, ramp)
    layer = st.sidebar.number_input("layer", 0, layers - 1, key="layer")
    head = st.sidebar.number_input("head", 0, heads - 1, key="head")

    def follow() -> None:
        selection = chosen_selection("explorer")
        st.session_state.layer, st.session_state.head = selection.layer, selection.head

    locked = int(ask("locked")) if ask("locked") else None
    selection = attention_explorer(
        view,
        Selection(layer, head, query=locked, picture=ask("picture", "matrix")),
        key="explorer",
        mode=ask("mode", "explore"),
        ramp=ramp,
        vmax=0.5 if ramp == "difference" else 1.0,
        on_select=follow if ask("follow") else None,
        offer=Offer(pictures=PICTURES, files=True, record={"model": "known maps"}, note="known maps"),
    )
    st.text(f"python: {selection.layer} {selection.head} {selection.query} {selection.key} {selection.direction}")


if __name__ == "__main__":
    main()
