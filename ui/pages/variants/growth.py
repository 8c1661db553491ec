"""Time and memory as the text grows.

They are measured on this machine when somebody asks for it, else read from the recording that ships with the project;
the two are never mixed in one chart. Not here: the measurement itself (core/variants/growth.py).
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
from core.variants.growth import FULL_TEXT, STEP_GROUPS, GrowthCurve, Point

from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import plain, t
from ...shell.numbers import amount, fixed, seconds, thousands, without_zero_decimals
from ...shell.state import publish, settle
from ...shell.tables import show_table
from .names import curve_names

_MEASURE = "growth"
Measure = Literal["seconds", "bytes", "operations"]
RECORDED = ROOT / "benchmarks" / "results" / "variants.json"
SECOND_TICKS = (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10)
BYTE_TICKS = (1e4, 1e5, 1e6, 1e7, 1e8, 1e9)
OPERATION_TICKS = (1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11)


@dataclass(frozen=True)
class Recording:
    """The curves that `python -m benchmarks variants` wrote, with the processor and the date of the run."""

    curves: tuple[GrowthCurve, ...]
    processor: str
    date: str


def show_growth() -> None:
    """Draw the curves, their exponents, and the cost of one step of writing."""
    st.subheader(t("As the text grows"), anchor=False)
    measure = _pick_measure()
    curves_here = st.container()
    measured_now = work(
        ("now",),
        lambda progress: (growth.measure_growth(progress=progress), datetime.now().strftime("%Y-%m-%d %H:%M")),
        seconds=growth.measuring_seconds(),
        name="growth",
    )
    recording = read_recording()
    if measured_now is not None:
        st.caption(
            t(
                "Measured on this machine at {when}: one head of {dim} dimensions, one thread, processor time.",
                when=measured_now[1],
                dim=growth.DIM,
            )
        )
    elif recording is not None:
        st.caption(
            t(
                "The curves were recorded with the project on {date} ({processor}): one head of {dim} "
                "dimensions, one thread, processor time. The button measures the same here; it needs up to "
                "{memory} for a moment.",
                date=recording.date,
                processor=plain(recording.processor),
                dim=growth.DIM,
                memory=amount(8 * growth.LENGTHS[-1] ** 2, "B"),
            )
        )
    curves = measured_now[0] if measured_now is not None else recording.curves if recording is not None else ()
    if curves:
        with curves_here:
            _show_curves({curve.name: curve for curve in curves}, measure)


@cache
def read_recording() -> Recording | None:
    """The recording that ships with the project; None where it was not shipped."""
    if not RECORDED.exists():
        return None
    file_content = json.loads(RECORDED.read_text(encoding="utf-8"))
    curves = tuple(
        GrowthCurve(row["name"], tuple(Point(**point) for point in row["points"]))
        for row in file_content["rows"]["curves"]
    )
    return Recording(curves, file_content["machine"]["processor"], file_content["machine"]["date"])


def _pick_measure() -> Measure:
    titles = {"seconds": t("time"), "bytes": t("memory"), "operations": t("operations, by formula")}
    settle(_MEASURE, tuple(titles), "seconds")
    measure = st.segmented_control(
        t("Measured"),
        tuple(titles),
        key=_MEASURE,
        persist_state="session",
        format_func=titles.get,
        required=True,
        label_visibility="collapsed",
    )
    publish(_MEASURE, measure, "seconds")
    return measure


def _show_curves(curves: dict[str, GrowthCurve], measure: Measure) -> None:
    """Draw whole texts (the takeaway, the chart, the table), then one step of writing."""
    whole_text_curves = [curves[name] for name in FULL_TEXT]
    _say_exponents(curves)
    chart(_figure(whole_text_curves, measure), key="growth_curves")
    with st.expander(t("Table: exponents, time and memory of each")):
        show_table(_table(list(curves.values())), title=t("Exponents, time and memory of each variant"))
        st.caption(_settings())
    st.markdown(t("**One step of writing: 8 heads read all keys and values before them**"))
    steps = [curves[name] for name in STEP_GROUPS]
    if measure == "seconds":
        chart(_figure(steps, measure, height=380), key="growth_steps")
    longest = {name: curves[name].points[-1] for name in STEP_GROUPS}
    st.markdown(
        t(
            "After {n} tokens a step takes **{mha}** with keys and values of its own for each head, {gqa} "
            "with two for all, **{mqa}** with one: it reads {ratio} times less. On a whole text sharing "
            "saves no work.",
            n=thousands(longest["step_mha"].n),
            mha=seconds(longest["step_mha"].seconds),
            gqa=seconds(longest["step_gqa"].seconds),
            mqa=seconds(longest["step_mqa"].seconds),
            ratio=growth.HEADS,
        )
    )


def _say_exponents(curves: dict[str, GrowthCurve]) -> None:
    """Say how time grows when the text doubles, and what the longest text takes."""
    last = {name: curve.points[-1] for name, curve in curves.items()}
    text = t(
        "Doubling the text multiplies the time of full attention by about **{full}**, of the window by "
        "**{window}**. At {n} tokens, by the plain formula, {plain} and {much}; under the window, {quick} "
        "and {little}.",
        full=fixed(2 ** curves["fused"].exponent("seconds"), 1),
        window=fixed(2 ** curves["window"].exponent("seconds"), 1),
        n=thousands(last["plain"].n),
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


def _figure(curves: Sequence[GrowthCurve], measure: Measure, *, height: int = 540):
    """The curves on logarithmic axes, with guides of slope 1 and 2."""
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


def _power(curve: GrowthCurve, name: str, measure: Measure, short: str, write) -> Power:
    values = [getattr(point, measure) for point in curve.points]
    hover = [
        f"{label(short)}, n = {thousands(point.n)}: {write(value)}"
        for point, value in zip(curve.points, values, strict=True)
    ]
    return Power(name, [point.n for point in curve.points], values, hover)


def _table(curves: Sequence[GrowthCurve]) -> pd.DataFrame:
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
    n = thousands(growth.LENGTHS[-1])
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
    """The settings of the measurement, in one sentence."""
    settings = growth.SETTINGS
    return t(
        "Exponents: slope of log against log from {least} tokens on. Window {window} on each side in blocks "
        "of {block}; {globals} global token; {random} random blocks; Linformer k = {columns}; Performer m = "
        "{features}; our tiles {tile} × {tile}, in Python. "
        "Memory: tensors alive at once beyond q, k, v. The plain formula grows faster than n² in time where "
        "its matrices leave the processor's caches.",
        least=thousands(growth.FROM),
        window=settings["window"],
        block=settings["block"],
        globals=settings["globals"],
        random=settings["random"],
        columns=settings["columns"],
        features=settings["features"],
        tile=settings["tile"],
    )
