"""All variants on the head of the moment: the error of each against the null, and what each costs by formula."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.bars import NullMarks, bars
from core.figures.theme import label
from core.variants import cost, results
from core.variants.results import Result, Variant

from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import t
from ...shell.numbers import amount, exact as share, power, relative_error
from .link import Place
from .names import names

CELL, ENOUGH = 1.1e-6, 0.3  # seconds per cell of all variants together, measured; and of whatever else


def compared(place: Place) -> dict[Variant, Result] | None:
    """Every variant on this head; None while a long computation was not agreed to.

    Raises:
        MiranteError: what core.variants raises, or a full queue.
    """
    n, m = place.one.size
    return work(
        (*place.key, place.settings),
        lambda progress: results.results(
            place.record, place.head, place.settings, causal=place.causal, square=place.square, progress=progress
        ),
        seconds=ENOUGH + CELL * n * m,
        name="variants",
    )


def show_compared(place: Place, found: dict[Variant, Result]) -> None:
    """Bars of the errors, then the table."""
    known, null = names(), results.null(place.one)
    st.subheader(t("All variants, this head"), anchor=False)
    _say(found, known, null)
    order = list(found)
    hover = [f"{label(known[name])}: {relative_error(found[name].error)}" for name in order]
    marks = [NullMarks(t("attention spread evenly"), [null] * len(order))]
    chart(
        bars(
            [found[name].error for name in order],
            [known[name] for name in order],
            look=look(),
            hover=hover,
            marks=marks,
            percent=True,
            strong=[order.index(place.name)],
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
        st.dataframe(_table(place, found, known), hide_index=True, alt=t("Errors and costs of each variant"))
        st.caption(
            t(
                "Operations and bytes by formula for this head and this text: a multiplication with its "
                "addition counts 2, a cell of a softmax 6; bytes are what is written between q, k, v and "
                "the output (float32). On texts this short the approximations cost more than they save: see "
                "below."
            )
        )


def _say(found: dict[Variant, Result], known: dict[str, str], null: float) -> None:
    """Who is nearest among those that are not exact, and how many err more than looking evenly."""
    rough = {name: one.error for name, one in found.items() if one.error >= 1e-5}
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


def _table(place: Place, found: dict[Variant, Result], known: dict[str, str]) -> pd.DataFrame:
    rows = []
    for name, one in found.items():
        spent = cost.of(name, place.one, place.settings)
        weights = (
            [t("no words") if name == "linformer" else "—"] * 2
            if one.most is None
            else [_weight(one.most), _weight(one.mean)]
        )
        cells = ["—" if one.cells is None else share(one.cells, 0), "—" if one.kept is None else share(one.kept, 0)]
        note = " " + t("(implied)") if name == "performer" else ""
        rows.append(
            [
                known[name],
                relative_error(one.error),
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
