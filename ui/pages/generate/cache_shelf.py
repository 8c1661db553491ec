"""What a decoder keeps while it writes: the keys and values of every token, drawn as a shelf.

Beside it: what sharing them between heads saves, and what a step costs with the cache and without. Not here: the sizes
and the measurement (core/predictions/kv_cache.py).
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
from ...shell.numbers import amount, decimal, fixed
from ...shell.state import Chosen
from .draft import Draft

_MEASURE = "measured"
_LENGTHS = (16, 32, 64, 128, 256, 512, 1024)


def show_cache(draft: Draft, trace: Trace, chosen: Chosen, head: int) -> None:
    """Draw the shelf, the wiring of heads beside the bytes of each way of sharing, and the times on demand."""
    shape = cache_shape(draft.model, trace)
    n = len(draft.ids)
    st.markdown(
        t(
            "**The cache** (KV cache): keys and values of what was read do not change, so they are kept and not "
            "computed again. Those of {n} tokens in {layers} layers take {bytes}; the next token adds {more}.",
            n=n,
            layers=shape.layers,
            bytes=amount(shape.bytes(n), "B"),
            more=amount(shape.bytes(1), "B"),
        )
    )
    group_bytes = 2 * shape.groups * shape.width * shape.size
    hover = label(
        t(
            "{groups} keys and {groups} values of {width} numbers, {bytes}",
            groups=shape.groups,
            width=shape.width,
            bytes=amount(group_bytes, "B"),
        )
    )
    chart(
        shelf([f"{t('L')}{i + 1}" for i in range(shape.layers)], trace.tokens.pieces, look=look(), hover=hover),
        key="write_shelf",
    )
    left, right = st.columns(2)
    with left:
        _wires(shape, head)
    with right:
        _sharing(shape, n)
    if st.toggle(t("Measure a step with and without the cache"), key=_MEASURE, bind="query-params"):
        _times(draft, chosen)


def _wires(shape: CacheShape, head: int) -> None:
    """Draw which query heads share a key and a value, and say how this sharing is called."""
    descriptions = {
        "MHA": t("**MHA**: every head has a key and a value of its own."),
        "GQA": tn(
            "**GQA**: {n} head of keys and values for {heads} heads that look.",
            "**GQA**: {n} heads of keys and values for {heads} heads that look.",
            shape.groups,
            heads=shape.heads,
        ),
        "MQA": t("**MQA**: one head of keys and values for all {heads} heads that look.", heads=shape.heads),
    }
    st.markdown(descriptions[shape.sharing])
    names = [str(i + 1) for i in range(shape.heads)]
    chart(
        wiring(
            shape.heads, shape.groups, chosen=head, look=look(), names=names, above=t("query heads"), below=t("shared")
        ),
        key="write_wires",
    )


def _sharing(shape: CacheShape, n: int) -> None:
    """Draw the bytes of the same tokens if every head, a group, or all heads together had one key and value."""
    ways = {"MHA": shape.heads, shape.sharing: shape.groups, "MQA": 1}
    names = [f"{name} · {groups}" for name, groups in ways.items()]
    values = [shape.bytes(n, groups) / 1000 for groups in ways.values()]
    st.markdown(
        tn(
            "Bytes of {n} token, by how many heads keep keys and values (computed for this model)",
            "Bytes of {n} tokens, by how many heads keep keys and values (computed for this model)",
            n,
        )
    )
    if shape.groups < shape.heads:
        st.markdown(
            t(
                "**{times} times less** than if each of the {heads} heads kept its own: {kept} instead of {all}.",
                times=decimal(shape.heads / shape.groups, 0 if shape.heads % shape.groups == 0 else 1),
                heads=shape.heads,
                kept=amount(shape.bytes(n), "B"),
                all=amount(shape.bytes(n, shape.heads), "B"),
            )
        )
    sizes = [amount(shape.bytes(n, groups), "B") for groups in ways.values()]
    hover = [f"{label(name)}: {size}" for name, size in zip(names, sizes, strict=True)]
    strong = [list(ways).index(shape.sharing)]
    chart(
        bars(values, names, look=look(), hover=hover, strong=strong, title="kB", texts=sizes),
        key="write_sharing",
    )


def _times(draft: Draft, chosen: Chosen) -> None:
    """Measure a step here (medians), after the present text repeated up to each length, and draw the times."""
    limit = draft.model.max_positions or _LENGTHS[-1]
    lengths = [n for n in _LENGTHS if n < limit] or [1]
    text = draft.ids * (lengths[-1] // len(draft.ids) + 1)

    def timed(progress) -> list[Timed]:
        timings = []
        for done, n in enumerate(lengths):
            timings.append(time_cache(draft.model, text[:n]))
            progress(done + 1, len(lengths))
        return timings

    seconds = 2e-10 * draft.model.parameters * sum(lengths) * 11 + 0.3 * len(lengths)
    times = work(
        (draft.model.name, chosen.device, chosen.precision, draft.of, tuple(lengths)),
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
    series = [
        (t("with the cache"), [timing.cached for timing in times]),
        (t("without it"), [timing.uncached for timing in times]),
    ]
    chart(
        step_times(lengths, series, look=look(), x_title=t("tokens before the new one"), y_title="ms"),
        key="write_curve",
    )


def _ms(seconds: float) -> str:
    return fixed(1000 * seconds, 1) + " ms"
