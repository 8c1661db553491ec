"""The pictures of one variant: the cells that it leaves open, and the weights that follow.

Linformer has no map of words and Performer computes none: their pictures show what stands in its place. Not here:
FlashAttention (tiles.py), the comparison of all variants (comparison.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.figures.grid import grid
from core.figures.loglog import Power, loglog
from core.figures.pattern import pattern as draw_pattern
from core.figures.theme import label
from core.figures.wiring import wiring
from core.variants import cost, exact, linformer, patterns, results
from core.variants.results import PATTERNED, VariantResult

from ...explorer.token_pickers import WINDOW
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import plain, t
from ...shell.numbers import ROUNDING, amount, exact as share, fixed, relative_error
from .link import FEATURE_COUNTS, HeadSetup
from .maps import drawn_ranges, pieces_of, side_by_side, weight_map
from .names import about_variant

_DRAWS = 12
"""Draws of Performer's features for each number of them."""
_WORDS_NAMED = 3
"""Words that are named of the mixture in a column."""


def show_variant(setup: HeadSetup, result: VariantResult) -> None:
    """Say what the variant does to this head, draw its pictures, and say what the variant is."""
    rows, columns = drawn_ranges(setup)
    {"linformer": _linformer, "performer": _performer, "sharing": _sharing}.get(setup.variant, _patterned)(
        setup, result, rows, columns
    )
    _say_effect(setup, result)
    st.caption(about_variant(setup.variant) + " " + t("Rows look, columns are looked at."))
    _say_left_out(setup)


def _say_effect(setup: HeadSetup, result: VariantResult) -> None:
    """Say what this variant does to this head, from the numbers."""
    n, heads = setup.head_inputs.size[1], setup.record.heads
    d, e = setup.head_inputs.key.shape[1], setup.head_inputs.value.shape[1]
    first = {
        "linformer": lambda: t(
            "Linformer folds {n} tokens into **{k} columns**: its weights belong to mixtures, **not to words**.",
            n=n,
            k=min(setup.settings.columns, n),
        ),
        "performer": lambda: t(
            "Performer estimates this head with **{m} random features**; its map is implied, and never computed by it.",
            m=setup.settings.features,
        ),
        "sharing": lambda: t(
            "Heads that ask: {heads}; sets of keys and values: **{groups}**. Those of this layer take "
            "**{after}** instead of {before}.",
            heads=heads,
            groups=setup.settings.groups,
            after=amount(cost.cache(n, d, e, setup.settings.groups), "B"),
            before=amount(cost.cache(n, d, e, len(setup.record.require_vectors().key)), "B"),
        ),
    }.get(setup.variant)
    if first is not None:
        text = first()
    elif result.covered is not None:
        text = t(
            "Of the cells that this model may use, **{cells}** stay open; on them lies **{kept}** of this "
            "head's attention.",
            cells=share(result.cells, 0),
            kept=share(result.covered, 0),
        )
    else:
        text = t("Every token may look at every other one: {n} cells.", n=setup.head_inputs.size[0] * n)
    st.markdown(f"{text} {_error(setup, result)}")


def _error(setup: HeadSetup, result: VariantResult) -> str:
    """How far the output is from the model's own, beside the output of evenly spread attention."""
    if result.error < ROUNDING:
        return t("Its output **is the model's own**, up to rounding ({error}).", error=relative_error(result.error))
    return t(
        "Its output is **{error}** away from the model's own; attention spread evenly would be {null} away.",
        error=relative_error(result.error),
        null=relative_error(results.even_error(setup.head_inputs)),
    )


def _patterned(setup: HeadSetup, result: VariantResult, rows: range, columns: range) -> None:
    """Draw the open cells, coloured by the reason why they are open, and the weights that follow."""
    n = setup.head_inputs.size[0]
    if setup.variant in PATTERNED:
        reasons = patterns.reasons(results.pattern_of(setup.variant, n, setup.settings, causal=setup.causal))
        why = (t("window"), t("global"), t("by lot"))
    else:
        reasons, why = (
            np.ones(setup.head_inputs.size, int) if setup.variant == "full" else np.tril(np.ones((n, n), int)),
            (t("open cell"),),
        )
    drawn = np.ix_(rows, columns)
    lost = (t("attention that is lost"), exact.model_weights(setup.head_inputs).numpy()[drawn])
    left = draw_pattern(
        reasons[drawn],
        *pieces_of(setup, rows, columns),
        look=look(),
        names=why,
        shut=t("shut"),
        lost=lost if setup.variant in PATTERNED else None,
    )
    side_by_side(
        left,
        weight_map(setup, result.weights.numpy(), rows, columns),
        (t("What may be looked at, and why"), t("The weights that follow")),
        "variant",
    )


def _linformer(setup: HeadSetup, result: VariantResult, rows: range, columns: range) -> None:
    """Draw the n × k strip of weights over columns, and the mixtures of words that the columns are."""
    n = setup.head_inputs.size[1]
    mix = linformer.projection(n, min(setup.settings.columns, n), setup.settings.how, seed=setup.settings.draw).numpy()
    queries, keys = pieces_of(setup, rows, columns)
    drawn_columns = range(min(len(mix), WINDOW))
    names = [t("column {n}", n=c + 1) for c in drawn_columns]
    mixed = [_mixture(mix[c], setup.sides[1].pieces) for c in drawn_columns]
    strip = result.mixed.numpy()[np.ix_(rows, drawn_columns)]
    hover = [
        [f"{label(query)} → {label(names[c])} = {share(float(strip[i, c]))}<br>{mixed[c]}" for c in drawn_columns]
        for i, query in enumerate(queries)
    ]
    left = grid(strip, queries, names, look=look(), hover=hover, reach=1.0)
    part = mix[np.ix_(drawn_columns, columns)]
    hover = [
        [f"{label(names[c])} = … {fixed(float(part[c, j]))} × {label(key)}" for j, key in enumerate(keys)]
        for c in drawn_columns
    ]
    side_by_side(
        left,
        grid(part, names, keys, look=look(), hover=hover, signed=True),
        (t("Weights over columns"), t("What each column is mixed from (E)")),
        "linformer",
    )
    if setup.causal:
        st.caption(
            t(
                "In this model a word looks only at itself and at those before it. Linformer has no such form: "
                "its columns mix what comes later into what is seen, and part of its error here is that."
            )
        )


def _mixture(row: np.ndarray, pieces: Sequence[str]) -> str:
    """The words that a column holds most of, escaped for a figure."""
    best = np.argsort(-np.abs(row), kind="stable")[:_WORDS_NAMED]
    return " ".join(
        f"{'+' if row[i] >= 0 else '−'} {fixed(abs(float(row[i])))} {label(pieces[i])}" for i in best if row[i]
    ) + (" …" if (row != 0).sum() > _WORDS_NAMED else "")


def _performer(setup: HeadSetup, result: VariantResult, rows: range, columns: range) -> None:
    """Draw the true map beside the one that the features imply, then the error against their number."""
    true, implied = exact.model_weights(setup.head_inputs).numpy(), result.weights.numpy()
    side_by_side(
        weight_map(setup, true, rows, columns),
        weight_map(setup, implied, rows, columns),
        (t("This head's own attention"), t("What {m} features imply", m=setup.settings.features)),
        "performer",
    )
    n, d = setup.head_inputs.size[0], setup.head_inputs.key.shape[1]
    errors = work(
        (*setup.cache_key, "falling"),
        lambda progress: results.performer_errors(setup.head_inputs, FEATURE_COUNTS, _DRAWS, progress=progress).numpy(),
        seconds=_DRAWS * sum(FEATURE_COUNTS) * (n * d * 6e-10 + d * 6e-8) + 0.3,
        name="performer",
    )
    if errors is not None:
        _feature_curve(errors, results.even_error(setup.head_inputs))


def _feature_curve(errors: np.ndarray, even: float) -> None:
    """Draw ``errors`` (number of features, draw) against the number of features, and say their slope.

    even: the error of evenly spread attention.
    """
    st.markdown(t("**The error against the number of features**"))
    means = errors.mean(1)
    hover = [
        t(
            "m = {m}: {mean} ({n} draws: {low} – {high})",
            m=m,
            mean=relative_error(float(mean)),
            n=_DRAWS,
            low=relative_error(float(row.min())),
            high=relative_error(float(row.max())),
        )
        for m, mean, row in zip(FEATURE_COUNTS, means, errors, strict=True)
    ]
    root = [float(means[0]) * (FEATURE_COUNTS[0] / m) ** 0.5 for m in FEATURE_COUNTS]
    ticks = [
        (value, look().share(value, 1 if value < 0.01 else 0))
        for value in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
    ]
    curves = [
        Power(t("Performer, mean of {n} draws", n=_DRAWS), FEATURE_COUNTS, means.tolist(), hover),
        Power(t("falling as 1/√m"), FEATURE_COUNTS, root, quiet="dot"),
        Power(t("attention spread evenly"), (FEATURE_COUNTS[0], FEATURE_COUNTS[-1]), (even, even), quiet="dash"),
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
    slope = cost.exponent(FEATURE_COUNTS, means.tolist())
    st.caption(
        t(
            "Measured slope: {slope}; the theory's is {theory}, where the vectors are short. The variance "
            "grows as exp(‖q + k‖²): heads with long vectors have to wait for very many features.",
            slope=fixed(slope),
            theory=fixed(-0.5, 1),
        )
    )


def _sharing(setup: HeadSetup, result: VariantResult, rows: range, columns: range) -> None:
    """Draw which heads share keys and values, then the head's own map beside the one with its group's mean keys."""
    heads, groups = setup.record.heads, setup.settings.groups
    chart(
        wiring(
            heads,
            groups,
            chosen=setup.head,
            look=look(),
            names=[str(head + 1) for head in range(heads)],
            above=t("query heads"),
            below=t("shared"),
        ),
        key="sharing_wires",
    )
    side_by_side(
        weight_map(setup, exact.model_weights(setup.head_inputs).numpy(), rows, columns),
        weight_map(setup, result.weights.numpy(), rows, columns),
        (t("This head's own attention"), t("With its group's mean keys")),
        "sharing",
    )


def _say_left_out(setup: HeadSetup) -> None:
    """Say what no variant has here of the model's own attention: position biases, caps, sinks, windows of its own."""
    gap = float(
        np.abs(
            exact.model_weights(setup.head_inputs).numpy() - setup.trace.attention(setup.layer, setup.head, setup.kind)
        ).max()
    )
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
