"""The pictures of one variant: what may be looked at and what is; for Linformer and Performer, what stands in the place
of a map.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.figures.grid import grid
from core.figures.loglog import Power, loglog
from core.figures.pattern import pattern as draw_pattern
from core.figures.theme import label
from core.figures.wiring import wiring
from core.variants import cost, exact, linformer, patterns, results
from core.variants.results import PATTERNED, Result

from ...explorer.token_pickers import WINDOW, window
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import plain, t
from ...shell.numbers import ROUNDING, amount, exact as share, fixed, relative_error
from .link import COUNTS, Place
from .names import about

DRAWS = 12  # of Performer, per number of features
CELL, ROOM, LEGEND = 20, 160, 52  # pixels: of a row; of words and legend; of the legend alone
TOP = 3  # words named of a column's mixture


def show_variant(place: Place, found: Result) -> None:
    """The takeaway, the pictures, what it is."""
    _say(place, found)
    rows, columns = _shown(place)
    {"linformer": _linformer, "performer": _performer, "sharing": _sharing}.get(place.name, _patterned)(
        place, found, rows, columns
    )
    st.caption(about(place.name) + " " + t("Rows look, columns are looked at."))
    _departures(place)


def side_by_side(left: go.Figure, right: go.Figure, titles: tuple[str, str], key: str) -> None:
    """Two figures of one height under their titles; one below the other on a phone."""
    height = max(figure.layout.yaxis.range[0] for figure in (left, right)) * CELL * look().size + ROOM
    for column, figure, title, name in zip(st.columns(2), (left, right), titles, ("left", "right"), strict=True):
        with column:
            st.markdown(f"**{title}**")
            chart(
                figure.update_layout(height=height, margin_b=LEGEND * look().size, xaxis_title=None, yaxis_title=None),
                key=f"{key}_{name}",
            )


def labels(place: Place, rows: range, columns: range) -> tuple[list[str], list[str]]:
    """The pieces of the rows and of the columns that are shown."""
    query, key = place.sides
    return [query.pieces[i] for i in rows], [key.pieces[j] for j in columns]


def _shown(place: Place) -> tuple[range, range]:
    """Rows and columns that are drawn: all, or a part of a long text."""
    query, key = place.sides
    columns = window(key, 0)
    return (columns if place.square else range(min(WINDOW, len(query.pieces)))), columns


def _say(place: Place, found: Result) -> None:
    """What this variant does to this head, from the numbers."""
    n, heads = place.one.size[1], place.record.heads
    d, e = place.one.key.shape[1], place.one.value.shape[1]
    first = {
        "linformer": lambda: t(
            "Linformer folds {n} tokens into **{k} columns**: its weights belong to mixtures, **not to words**.",
            n=n,
            k=min(place.settings.columns, n),
        ),
        "performer": lambda: t(
            "Performer estimates this head with **{m} random features**; its map is implied, and never computed by it.",
            m=place.settings.features,
        ),
        "sharing": lambda: t(
            "Heads that ask: {heads}; sets of keys and values: **{groups}**. Those of this layer take "
            "**{after}** instead of {before}.",
            heads=heads,
            groups=place.settings.groups,
            after=amount(cost.cache(n, d, e, place.settings.groups), "B"),
            before=amount(cost.cache(n, d, e, len(place.record.require_vectors().key)), "B"),
        ),
    }.get(place.name)
    if first is not None:
        text = first()
    elif found.kept is not None:
        text = t(
            "Of the cells that this model may use, **{cells}** stay open; on them lies **{kept}** of this "
            "head's attention.",
            cells=share(found.cells, 0),
            kept=share(found.kept, 0),
        )
    else:
        text = t("Every token may look at every other one: {n} cells.", n=place.one.size[0] * n)
    st.markdown(f"{text} {_error(place, found)}")


def _error(place: Place, found: Result) -> str:
    """How far its output is from the model's own, beside the null."""
    if found.error < ROUNDING:
        return t("Its output **is the model's own**, up to rounding ({error}).", error=relative_error(found.error))
    return t(
        "Its output is **{error}** away from the model's own; attention spread evenly would be {null} away.",
        error=relative_error(found.error),
        null=relative_error(results.null(place.one)),
    )


def _patterned(place: Place, found: Result, rows: range, columns: range) -> None:
    """The pattern in its colours, and the weights that follow."""
    n = place.one.size[0]
    if place.name in PATTERNED:
        reasons = patterns.reasons(results.pattern(place.name, n, place.settings, causal=place.causal))
        why = (t("window"), t("global"), t("by lot"))
    else:
        reasons, why = (
            np.ones(place.one.size, int) if place.name == "full" else np.tril(np.ones((n, n), int)),
            (t("open cell"),),
        )
    left = draw_pattern(
        reasons[np.ix_(rows, columns)], *labels(place, rows, columns), look=look(), names=why, shut=t("shut")
    )
    side_by_side(
        left,
        _map(place, found.weights.numpy(), rows, columns),
        (t("What may be looked at, and why"), t("The weights that follow")),
        "variant",
    )


def _map(place: Place, values: np.ndarray, rows: range, columns: range) -> go.Figure:
    """Weights over words, on 0 … 1."""
    queries, keys = labels(place, rows, columns)
    part = values[np.ix_(rows, columns)]
    hover = [
        [f"{label(query)} → {label(key)} = {share(float(part[i, j]))}" for j, key in enumerate(keys)]
        for i, query in enumerate(queries)
    ]
    return grid(part, queries, keys, look=look(), hover=hover, reach=1.0)


def _linformer(place: Place, found: Result, rows: range, columns: range) -> None:
    """The n × k strip of weights over columns, and the mixtures that the columns are."""
    n = place.one.size[1]
    mix = linformer.projection(n, min(place.settings.columns, n), place.settings.how, seed=place.settings.draw).numpy()
    queries, keys = labels(place, rows, columns)
    shown = range(min(len(mix), WINDOW))
    names = [t("column {n}", n=c + 1) for c in shown]
    mixed = [_mixture(mix[c], place.sides[1].pieces) for c in shown]
    strip = found.mixed.numpy()[np.ix_(rows, shown)]
    hover = [
        [f"{label(query)} → {label(names[c])} = {share(float(strip[i, c]))}<br>{mixed[c]}" for c in shown]
        for i, query in enumerate(queries)
    ]
    left = grid(strip, queries, names, look=look(), hover=hover, reach=1.0)
    part = mix[np.ix_(shown, columns)]
    hover = [
        [f"{label(names[c])} = … {fixed(float(part[c, j]))} × {label(key)}" for j, key in enumerate(keys)]
        for c in shown
    ]
    side_by_side(
        left,
        grid(part, names, keys, look=look(), hover=hover, signed=True),
        (t("Weights over columns"), t("What each column is mixed from (E)")),
        "linformer",
    )
    if place.causal:
        st.caption(
            t(
                "This model looks back only. Linformer has no such form: its columns mix what comes later "
                "into what is seen, and part of its error here is that."
            )
        )


def _mixture(row: np.ndarray, pieces: Sequence[str]) -> str:
    """The words that a column holds most of, escaped for a figure."""
    best = np.argsort(-np.abs(row), kind="stable")[:TOP]
    return " ".join(
        f"{'+' if row[i] >= 0 else '−'} {fixed(abs(float(row[i])))} {label(pieces[i])}" for i in best if row[i]
    ) + (" …" if (row != 0).sum() > TOP else "")


def _performer(place: Place, found: Result, rows: range, columns: range) -> None:
    """The true map beside the one that the features imply, and the error against their number."""
    true, implied = exact.own(place.one).numpy(), found.weights.numpy()
    side_by_side(
        _map(place, true, rows, columns),
        _map(place, implied, rows, columns),
        (t("This head's own attention"), t("What {m} features imply", m=place.settings.features)),
        "performer",
    )
    n, d = place.one.size[0], place.one.key.shape[1]
    errors = work(
        (*place.key, "falling"),
        lambda progress: results.falling(place.one, COUNTS, DRAWS, progress=progress).numpy(),
        seconds=DRAWS * sum(COUNTS) * (n * d * 6e-10 + d * 6e-8) + 0.3,
        name="performer",
    )
    if errors is None:
        return
    st.markdown(t("**The error against the number of features**"))
    means, even = errors.mean(1), results.null(place.one)
    hover = [
        t(
            "m = {m}: {mean} ({n} draws: {low} – {high})",
            m=m,
            mean=relative_error(float(mean)),
            n=DRAWS,
            low=relative_error(float(row.min())),
            high=relative_error(float(row.max())),
        )
        for m, mean, row in zip(COUNTS, means, errors, strict=True)
    ]
    root = [float(means[0]) * (COUNTS[0] / m) ** 0.5 for m in COUNTS]
    ticks = [
        (value, f"{100 * value:g}".replace(".", look().decimal) + look().percent)
        for value in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
    ]
    curves = [
        Power(t("Performer, mean of {n} draws", n=DRAWS), COUNTS, means.tolist(), hover),
        Power(t("falling as 1/√m"), COUNTS, root, quiet="dot"),
        Power(t("attention spread evenly"), (COUNTS[0], COUNTS[-1]), (even, even), quiet="dash"),
    ]
    chart(
        loglog(
            curves,
            look=look(),
            x_title=t("random features m"),
            y_title=t("error of the output"),
            y_ticks=ticks,
            height=340,
        ),
        key="performer_fall",
    )
    slope = cost.exponent(COUNTS, means.tolist())
    st.caption(
        t(
            "Measured slope: {slope}; the theory's is {theory}, where the vectors are short. The variance "
            "grows as exp(‖q + k‖²): heads with long vectors have to wait for very many features.",
            slope=fixed(slope),
            theory=fixed(-0.5, 1),
        )
    )


def _sharing(place: Place, found: Result, rows: range, columns: range) -> None:
    """The wires, then the head's own map beside the one with shared keys."""
    heads, groups = place.record.heads, place.settings.groups
    chart(
        wiring(
            heads,
            groups,
            chosen=place.head,
            look=look(),
            names=[str(head + 1) for head in range(heads)],
            above=t("query heads"),
            below=t("shared"),
        ),
        key="sharing_wires",
    )
    side_by_side(
        _map(place, exact.own(place.one).numpy(), rows, columns),
        _map(place, found.weights.numpy(), rows, columns),
        (t("This head's own attention"), t("With its group's mean keys")),
        "sharing",
    )


def _departures(place: Place) -> None:
    """What of the model's own attention no variant has here: position biases, caps, sinks, windows of its own."""
    gap = float(np.abs(exact.own(place.one).numpy() - place.trace.attention(place.layer, place.head, place.kind)).max())
    if gap > 1e-4:
        st.caption(
            t(
                "This model adds something to q·k (a position bias, a cap, a sink, a window of its own) "
                "that is left out in all variants here: “own” is softmax(q·k·scale) alone, and differs from "
                "the map in {page} by up to {gap}.",
                page=plain(t("Explore")),
                gap=share(gap),
            )
        )
