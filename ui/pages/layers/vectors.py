"""Queries and keys of one head: both clouds in one plane, and the keys at which the chosen query looks.

Not here: the projection onto the plane (core/analyses/query_key_plane.py).
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.analyses.query_key_plane import Plane, query_key_plane, rotates, together
from core.analyses.score import first_place
from core.axes import Kind, head_name
from core.figures.vectors import MAX_NAMED_KEYS, vector_plane
from core.models.loading import LanguageModel
from core.text.tokens import Tokens
from core.tracing.trace import Trace

from ...explorer.explain import explain
from ...explorer.head_pickers import pick_head
from ...explorer.token_pickers import pick_token
from ...explorer.view_options import pick_kind
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.frame import beside_title, picture_beside_words
from ...shell.locale import percent, plain, t
from ...shell.numbers import exact
from ...shell.state import Chosen
from ...shell.tables import show_table

_KEYS_JOINED = 5
"""Keys that lines join to the chosen query, at most."""
_LEAST_WEIGHT = 0.01
"""Smaller attention weights get no line."""


def show_vectors(chosen: Chosen, trace: Trace) -> None:
    """Let the visitor choose head and query, and draw the plane of its queries and keys."""
    model = cache.language_model(chosen)
    with beside_title():
        kind = pick_kind(trace)
        view = cache.view(trace, kind, words=False, specials=True, renormalise=False)
        layer, head = pick_head(view, first=cache.first_head(trace, kind))
        query_side, key_side = trace.sides(kind)
        query = pick_token(
            query_side,
            t("Query"),
            default=first_place(query_side, model.tokenizer.mask_token_id, writes=kind in ("decoder", "cross")),
        )
    record = trace.record(layer, kind)
    record.require_vectors()
    placed = query_key_plane(*together(trace.query(layer, head, kind), trace.key(layer, head, kind)))
    weights = trace.attention(layer, head, kind)[query]
    looks = [
        (int(key), float(weights[key]))
        for key in (-weights).argsort(kind="stable")[:_KEYS_JOINED]
        if weights[key] >= _LEAST_WEIGHT
    ]
    name = head_name(layer, head, t("L"))
    figure = vector_plane(
        placed.queries,
        placed.keys,
        query_side.pieces,
        key_side.pieces,
        chosen=query,
        looks=looks,
        look=look(),
        axes=tuple(
            t("component {n}: {share} of the variance", n=n + 1, share=percent(float(placed.variance[n])))
            for n in range(2)
        ),
        roles=(t("query (looks)"), t("key (is looked at)")),
    )
    picture, words = picture_beside_words()
    with picture:
        chart(figure, key="vectors")
    with words:
        _say_looks(name, query_side.pieces[query], [(key_side.pieces[key], weight) for key, weight in looks], placed)
        _say_changes(model, trace, layer, kind, len(query_side), len(key_side))
    _table(placed, query_side, key_side, query, weights)


def explain_vectors() -> None:
    """Explain the plane in four parts."""
    explain(
        t(
            "Each token twice: as the query with which it looks (filled) and as the key by which it is "
            "found (ring), both flattened to one plane. Lines go from the chosen query to the keys it looks "
            "at most."
        ),
        t(
            "Choose another query, then another head: in some heads queries and keys of the same place lie "
            "together, in others the keys of one kind of word."
        ),
        t(
            "A query gives more weight to the keys that point the same way and are long. Heads that look at a "
            "neighbour were seen to lay out the positions as a curve in BERT and others (Yeh et al. 2023); here it is "
            "not measured."
        ),
        t(
            "Near is not looked at: attention follows the angle and the length of all dimensions, and the "
            "plane has two. Only the lines and their weights are the model's attention."
        ),
    )


def _say_looks(name: str, query: str, looks: list[tuple[str, float]], placed: Plane) -> None:
    """Say at which keys the query looks, and how much of the variance the plane keeps."""
    most_attended = " · ".join(f"“{plain(key)}” ({percent(weight)})" for key, weight in looks[:3]) or t(
        "at no token more than 1%"
    )
    undrawn = 1 - sum(weight for _, weight in looks)
    st.markdown(
        t(
            "Head {name}: **“{query}” looks at {found}**. The lines drawn carry {drawn} of its attention.",
            name=name,
            query=plain(query),
            found=most_attended,
            drawn=percent(1 - undrawn),
        )
        + " "
        + t("The plane keeps {share} of the variance of both clouds.", share=percent(float(placed.variance.sum())))
    )


def _say_changes(model: LanguageModel, trace: Trace, layer: int, kind: Kind, queries: int, keys: int) -> None:
    """Say what was done to the vectors, and what of the attention they do not show."""
    record = trace.record(layer, kind)
    notes = [
        t(
            "{n} queries and {m} keys. The keys were shifted by one constant vector, and queries and keys "
            "scaled against each other, so that the clouds lie together (AttentionViz, Yeh et al. 2023): "
            "neither changes the attention.",
            n=queries,
            m=keys,
        )
        if record.softcap is None
        else t(
            "{n} queries and {m} keys. The keys were shifted by one constant vector, and queries and keys "
            "scaled against each other, so that the clouds lie together (AttentionViz, Yeh et al. 2023). "
            "This model caps its scores, so the shift would change its attention a little; the weights "
            "shown are the model's own.",
            n=queries,
            m=keys,
        )
    ]
    if rotates(model):
        notes.append(
            t(
                "This model turns queries and keys by their position before they meet (rotary positions): "
                "place in the sentence is mixed into what you see."
            )
        )
    if record.bias is not None and bool(record.bias.any()):
        notes.append(t("This model also adds a position bias to the scores, which no vector shows."))
    if keys > MAX_NAMED_KEYS:
        notes.append(
            t("With {n} keys only the chosen query and the keys it looks at are named; hover the others.", n=keys)
        )
    st.caption(" ".join(notes))


def _table(placed: Plane, query_side: Tokens, key_side: Tokens, query: int, weights) -> None:
    """Draw the table of where every key lies, and how much the chosen query looks at it."""
    title = t("Table: the keys, where they lie, and the attention of the chosen query")
    with st.expander(title):
        frame = pd.DataFrame(
            [
                {
                    t("Key"): f"{i + 1} · {piece}",
                    t("Attention"): exact(float(weights[i])),
                    t("component {n}", n=1): round(float(placed.keys[i, 0]), 3),
                    t("component {n}", n=2): round(float(placed.keys[i, 1]), 3),
                }
                for i, piece in enumerate(key_side.pieces)
            ]
        )
        show_table(frame, title=title)
