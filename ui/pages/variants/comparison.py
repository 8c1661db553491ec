"""All variants on the chosen head: the error of each beside that of evenly spread attention, and its cost by formula.

Not here: the pictures of the chosen variant (pictures.py, tiles.py), measured time and memory (growth.py).
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.bars import NullMarks, bars
from core.figures.theme import label
from core.variants import cost, results
from core.variants.results import Variant, VariantResult

from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import t
from ...shell.numbers import amount, exact as share, power, relative_error
from ...shell.tables import show_table
from .link import HeadSetup
from .names import variant_names

_SECONDS_PER_CELL = 1.1e-6
"""Measured: seconds that all variants together take per cell of the score matrix."""
_SECONDS_BESIDES = 0.3
"""Seconds that everything else takes."""


def compare_variants(setup: HeadSetup) -> dict[Variant, VariantResult] | None:
    """Every variant on this head; None while a long computation still waits for the visitor's agreement.

    Raises:
        MiranteError: what core.variants raises, or a full queue.
    """
    n, m = setup.head_inputs.size
    return work(
        (*setup.cache_key, setup.settings),
        lambda progress: results.compare_variants(
            setup.record, setup.head, setup.settings, causal=setup.causal, square=setup.square, progress=progress
        ),
        seconds=_SECONDS_BESIDES + _SECONDS_PER_CELL * n * m,
        name="variants",
    )


def show_comparison(setup: HeadSetup, results_by_variant: dict[Variant, VariantResult]) -> None:
    """Draw the bars of the errors, then the table of errors and costs."""
    known, null = variant_names(), results.even_error(setup.head_inputs)
    st.subheader(t("All variants, this head"), anchor=False)
    _say_nearest(results_by_variant, known, null)
    order = list(results_by_variant)
    hover = [f"{label(known[name])}: {relative_error(results_by_variant[name].error)}" for name in order]
    marks = [NullMarks(t("attention spread evenly"), [null] * len(order))]
    chart(
        bars(
            [results_by_variant[name].error for name in order],
            [known[name] for name in order],
            look=look(),
            hover=hover,
            marks=marks,
            percent=True,
            strong=[order.index(setup.variant)],
        ),
        key="variant_errors",
    )
    st.caption(
        t(
            "Error of the output: ‖O − O*‖ ÷ ‖O*‖ (Frobenius), O* the model's own attention on the same q, "
            "k, v. Nothing was trained for any of these: the model learned with its own attention."
        )
    )
    with st.expander(t("Table: errors, operations and bytes of each")):
        show_table(_table(setup, results_by_variant, known), title=t("Errors and costs of each variant"))
        st.caption(
            t(
                "Operations and bytes by formula for this head and this text: a multiplication with its "
                "addition counts 2, a cell of a softmax 6; bytes are what is written between q, k, v and "
                "the output (float32). On texts this short the approximations cost more than they save: see "
                "below."
            )
        )


def _say_nearest(results_by_variant: dict[Variant, VariantResult], known: dict[str, str], null: float) -> None:
    """Name the nearest of the inexact variants, and those that err more than evenly spread attention."""
    rough = {name: result.error for name, result in results_by_variant.items() if result.error >= 1e-5}
    if not rough:
        st.markdown(t("On this text every variant gives the model's own output."))
        return
    best, worse = min(rough, key=rough.get), [name for name, error in rough.items() if error > null]
    text = t(
        "Nearest of those that are not exact: **{name}** ({error}).",
        name=known[best],
        error=relative_error(rough[best]),
    )
    if worse:
        text += " " + t(
            "Further off than attention spread evenly over all tokens ({null}): {names}.",
            null=relative_error(null),
            names=", ".join(known[name] for name in worse),
        )
    st.markdown(text)


def _table(setup: HeadSetup, results_by_variant: dict[Variant, VariantResult], known: dict[str, str]) -> pd.DataFrame:
    rows = []
    for name, result in results_by_variant.items():
        spent = cost.variant_cost(name, setup.head_inputs, setup.settings)
        weights = (
            [t("no words") if name == "linformer" else "—"] * 2
            if result.most is None
            else [_weight(result.most), _weight(result.mean)]
        )
        cells = [
            "—" if result.cells is None else share(result.cells, 0),
            "—" if result.covered is None else share(result.covered, 0),
        ]
        note = " " + t("(implied)") if name == "performer" else ""
        rows.append(
            [
                known[name],
                relative_error(result.error),
                *(text + note for text in weights),
                *cells,
                amount(spent.operations, "FLOP"),
                amount(spent.bytes, "B"),
            ]
        )
    columns = [
        t("Variant"),
        t("error of the output"),
        t("largest difference of a weight"),
        t("mean difference"),
        t("open cells"),
        t("attention kept"),
        t("operations"),
        t("bytes written"),
    ]
    return pd.DataFrame(rows, columns=columns)


def _weight(value: float) -> str:
    return power(value) if value < 1e-4 else share(value, 1)
