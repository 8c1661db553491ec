"""What a decoder keeps while it writes: the shelf of keys and values, what its sharing saves, and what a step costs
with the cache and without.
"""

from __future__ import annotations

import streamlit as st

from core.figures.bars import bars
from core.figures.shelf import shelf, step_times
from core.figures.theme import label
from core.figures.wiring import wiring
from core.predictions.kv_cache import CacheShape, Timed, cache_shape, time_cache
from core.tracing.trace import Trace

from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import t, tn
from ...shell.numbers import amount
from ...shell.state import Chosen
from .draft import Draft

MEASURE = "write_measured"
LENGTHS = (16, 32, 64, 128, 256, 512, 1024)


def show_cache(found: Draft, trace: Trace, chosen: Chosen, layer: int, head: int) -> None:
    """The shelf, then the wires beside the bytes of each way of sharing, then the times on demand."""
    kept = cache_shape(found.model, trace)
    n = len(found.ids)
    st.markdown(
        t(
            "**The cache**: keys and values of {n} tokens in {layers} layers, {bytes} so far. The next "
            "token adds {more}.",
            n=n,
            layers=kept.layers,
            bytes=amount(kept.bytes(n), "B"),
            more=amount(kept.bytes(1), "B"),
        )
    )
    one = 2 * kept.groups * kept.width * kept.size
    hover = label(
        t(
            "{groups} keys and {groups} values of {width} numbers, {bytes}",
            groups=kept.groups,
            width=kept.width,
            bytes=amount(one, "B"),
        )
    )
    chart(
        shelf([f"{t('L')}{i + 1}" for i in range(kept.layers)], trace.tokens.pieces, look=look(), hover=hover),
        key="write_shelf",
    )
    left, right = st.columns(2)
    with left:
        _wires(kept, layer, head)
    with right:
        _sharing(kept, n)
    if st.toggle(t("Measure a step with and without the cache"), key=MEASURE, bind="query-params"):
        _times(found, chosen)


def _wires(kept: CacheShape, layer: int, head: int) -> None:
    said = {
        "MHA": t("**MHA**: every head has a key and a value of its own."),
        "GQA": tn(
            "**GQA**: {n} head of keys and values for {heads} heads that look.",
            "**GQA**: {n} heads of keys and values for {heads} heads that look.",
            kept.groups,
            heads=kept.heads,
        ),
        "MQA": t("**MQA**: one head of keys and values for all {heads} heads that look.", heads=kept.heads),
    }
    st.markdown(said[kept.sharing])
    names = [str(i + 1) for i in range(kept.heads)]
    chart(
        wiring(
            kept.heads, kept.groups, chosen=head, look=look(), names=names, above=t("query heads"), below=t("shared")
        ),
        key="write_wires",
    )


def _sharing(kept: CacheShape, n: int) -> None:
    """The same tokens, if every head, a group or all heads had one key and value."""
    ways = {"MHA": kept.heads, kept.sharing: kept.groups, "MQA": 1}
    names = [f"{name} · {groups}" for name, groups in ways.items()]
    values = [kept.bytes(n, groups) / 1000 for groups in ways.values()]
    st.markdown(
        tn(
            "Bytes of {n} token, by how many heads keep keys and values (computed for this model)",
            "Bytes of {n} tokens, by how many heads keep keys and values (computed for this model)",
            n,
        )
    )
    hover = [
        f"{label(name)}: {amount(kept.bytes(n, groups), 'B')}"
        for name, groups in zip(names, ways.values(), strict=True)
    ]
    chart(
        bars(values, names, look=look(), hover=hover, strong=[list(ways).index(kept.sharing)], title="kB"),
        key="write_sharing",
    )


def _times(found: Draft, chosen: Chosen) -> None:
    """Medians on this machine, of the present text repeated up to each length."""
    limit = found.model.max_positions or LENGTHS[-1]
    lengths = [n for n in LENGTHS if n < limit] or [1]
    text = found.ids * (lengths[-1] // len(found.ids) + 1)

    def timed(progress) -> list[Timed]:
        made = []
        for place, n in enumerate(lengths):
            made.append(time_cache(found.model, text[:n]))
            progress(place + 1, len(lengths))
        return made

    seconds = 2e-10 * found.model.parameters * sum(lengths) * 11 + 0.3 * len(lengths)
    times = work(
        (found.model.name, chosen.device, chosen.precision, found.of, tuple(lengths)),
        timed,
        seconds=seconds,
        name="write_times",
    )
    if times is None:
        return
    last = times[-1]
    st.markdown(
        t(
            "After {n} tokens a new one takes {cached} with the cache and {uncached} without it, as "
            "measured on this machine (median of 5).",
            n=last.positions,
            cached=_ms(last.cached),
            uncached=_ms(last.uncached),
        )
    )
    series = [(t("with the cache"), [one.cached for one in times]), (t("without it"), [one.uncached for one in times])]
    chart(
        step_times(lengths, series, look=look(), x_title=t("tokens before the new one"), y_title="ms"),
        key="write_curve",
    )


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms".replace(".", look().decimal)
