"""Time and memory as the text grows: measured live where somebody asks for it, else as recorded with the project; never
mixed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

import pandas as pd
import streamlit as st

from core.assets import ROOT
from core.figures.loglog import Power, loglog
from core.figures.theme import label
from core.variants import growth
from core.variants.growth import STEPS, WHOLE, Curve, Point

from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import plain, t
from ...shell.numbers import amount, fixed, seconds, without_zero_decimals
from ...shell.state import publish, settle
from .names import curve_names

MEASURE = "growth"
Measure = Literal["seconds", "bytes", "operations"]
RECORDED = ROOT / "benchmarks" / "results" / "variants.json"
SECOND_TICKS = (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10)
BYTE_TICKS = (1e4, 1e5, 1e6, 1e7, 1e8, 1e9)
OPERATION_TICKS = (1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11)


@dataclass(frozen=True)
class Recorded:
    """The curves that `python -m benchmarks variants` wrote, and on what."""

    curves: tuple[Curve, ...]
    processor: str
    date: str


def show_growth() -> None:
    """The curves, the exponents, the steps of writing."""
    st.subheader(t("As the text grows"), anchor=False)
    measure = _pick_measure()
    curves_here = st.container()
    own = work(
        ("now",),
        lambda progress: (growth.measure(progress=progress), datetime.now().strftime("%Y-%m-%d %H:%M")),
        seconds=growth.seconds(),
        name="growth",
    )
    kept = recorded()
    if own is not None:
        st.caption(
            t(
                "Measured on this machine at {when}: one head of {dim} dimensions, one thread, processor time.",
                when=own[1],
                dim=growth.DIM,
            )
        )
    elif kept is not None:
        st.caption(
            t(
                "The curves were recorded with the project on {date} ({processor}): one head of {dim} "
                "dimensions, one thread, processor time. The button measures the same here; it needs up to "
                "{memory} for a moment.",
                date=kept.date,
                processor=plain(kept.processor),
                dim=growth.DIM,
                memory=amount(8 * growth.LENGTHS[-1] ** 2, "B"),
            )
        )
    curves = own[0] if own is not None else kept.curves if kept is not None else ()
    if curves:
        with curves_here:
            _show({curve.name: curve for curve in curves}, measure)


@cache
def recorded() -> Recorded | None:
    """What is kept with the project; None where it was not shipped."""
    if not RECORDED.exists():
        return None
    found = json.loads(RECORDED.read_text(encoding="utf-8"))
    curves = tuple(
        Curve(row["name"], tuple(Point(**point) for point in row["points"])) for row in found["rows"]["curves"]
    )
    return Recorded(curves, found["machine"]["processor"], found["machine"]["date"])


def _pick_measure() -> Measure:
    titles = {"seconds": t("time"), "bytes": t("memory"), "operations": t("operations, by formula")}
    settle(MEASURE, tuple(titles), "seconds")
    measure = st.segmented_control(
        t("Measured"),
        tuple(titles),
        key=MEASURE,
        persist_state="session",
        format_func=titles.get,
        required=True,
        label_visibility="collapsed",
    )
    publish(MEASURE, measure, "seconds")
    return measure


def _show(curves: dict[str, Curve], measure: Measure) -> None:
    """Takeaway, chart and table of whole texts; then one step of writing."""
    whole = [curves[name] for name in WHOLE]
    _say(curves)
    chart(_figure(whole, measure), key="growth_curves")
    with st.expander(t("Table: exponents, time and memory of each")):
        st.dataframe(
            _table(list(curves.values())), hide_index=True, alt=t("Exponents, time and memory of each variant")
        )
        st.caption(_settings())
    st.markdown(t("**One step of writing: 8 heads read all keys and values before them**"))
    steps = [curves[name] for name in STEPS]
    if measure == "seconds":
        chart(_figure(steps, measure, height=380), key="growth_steps")
    far = {name: curves[name].points[-1] for name in STEPS}
    st.markdown(
        t(
            "After {n} tokens a step takes **{mha}** with keys and values of its own for each head, {gqa} "
            "with two for all, **{mqa}** with one: it reads {ratio} times less. On a whole text sharing "
            "saves no work.",
            n=_count(far["step_mha"].n),
            mha=seconds(far["step_mha"].seconds),
            gqa=seconds(far["step_gqa"].seconds),
            mqa=seconds(far["step_mqa"].seconds),
            ratio=growth.HEADS,
        )
    )


def _say(curves: dict[str, Curve]) -> None:
    """The exponents that matter, and the longest text."""
    last = {name: curve.points[-1] for name, curve in curves.items()}
    text = t(
        "Doubling the text multiplies the time of full attention by about **{full}**, of the window by "
        "**{window}**. At {n} tokens, by the plain formula, {plain} and {much}; under the window, {quick} "
        "and {little}.",
        full=fixed(2 ** curves["fused"].exponent("seconds"), 1),
        window=fixed(2 ** curves["window"].exponent("seconds"), 1),
        n=_count(last["plain"].n),
        plain=seconds(last["plain"].seconds),
        much=amount(last["plain"].bytes, "B"),
        quick=seconds(last["window"].seconds),
        little=amount(last["window"].bytes, "B"),
    )
    st.markdown(
        text
        + " "
        + t(
            "The fused kernel is exact and holds only {fused}: less memory needs no approximation; less "
            "time, on long texts, does.",
            fused=amount(last["fused"].bytes, "B"),
        )
    )


def _figure(curves: Sequence[Curve], measure: Measure, *, height: int = 540):
    """Curves with guides of slope 1 and 2."""
    known = curve_names()
    write = {
        "seconds": seconds,
        "bytes": lambda value: amount(value, "B"),
        "operations": lambda value: amount(value, "FLOP"),
    }[measure]
    ticks = {"seconds": SECOND_TICKS, "bytes": BYTE_TICKS, "operations": OPERATION_TICKS}[measure]
    title = {"seconds": t("time"), "bytes": t("memory held at most"), "operations": t("operations")}[measure]
    drawn = [
        _power(curve, f"{known[curve.name]} · n^{fixed(curve.exponent(measure))}", measure, known[curve.name], write)
        for curve in curves
    ]
    return loglog(
        drawn,
        look=look(),
        x_title=t("tokens n"),
        y_title=title,
        y_ticks=[(value, without_zero_decimals(write(value))) for value in ticks],
        height=height,
    )


def _power(curve: Curve, name: str, measure: Measure, short: str, write) -> Power:
    values = [getattr(point, measure) for point in curve.points]
    hover = [
        f"{label(short)}, n = {_count(point.n)}: {write(value)}"
        for point, value in zip(curve.points, values, strict=True)
    ]
    return Power(name, [point.n for point in curve.points], values, hover)


def _table(curves: Sequence[Curve]) -> pd.DataFrame:
    known = curve_names()
    rows = []
    for curve in curves:
        last = curve.points[-1]
        exponents = [fixed(curve.exponent(of)) for of in ("seconds", "bytes", "operations")]
        rows.append(
            [
                known[curve.name],
                *exponents,
                seconds(last.seconds),
                amount(last.bytes, "B"),
                amount(last.operations, "FLOP"),
            ]
        )
    n = _count(growth.LENGTHS[-1])
    columns = [
        t("Variant"),
        t("exponent of time"),
        t("exponent of memory"),
        t("exponent by formula"),
        t("time at {n}", n=n),
        t("memory at {n}", n=n),
        t("operations at {n}", n=n),
    ]
    return pd.DataFrame(rows, columns=columns)


def _settings() -> str:
    """What was measured, in one sentence."""
    held = growth.SETTINGS
    return t(
        "Exponents: slope of log against log from {least} tokens on. Window {window} on each side in blocks "
        "of {block}; {globals} global token; {random} random blocks; Linformer k = {columns}; Performer m = "
        "{features}; our tiles {tile} × {tile}, in Python. "
        "Memory: tensors alive at once beyond q, k, v. The plain formula grows faster than n² in time where "
        "its matrices leave the processor's caches.",
        least=_count(growth.FROM),
        window=held["window"],
        block=held["block"],
        globals=held["globals"],
        random=held["random"],
        columns=held["columns"],
        features=held["features"],
        tile=held["tile"],
    )


def _count(n: int) -> str:
    return f"{n:,}".replace(",", "." if look().decimal == "," else ",")
