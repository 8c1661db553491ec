"""FlashAttention on a page: tiles that walk over the score matrix, the running maximum and sum, the bytes moved; next,
back, play.

While it plays, a fragment runs itself again at a fixed pace, and only the fragment. The step is in the link. Not here:
the algorithm (core/variants/tiles.py)."""

from __future__ import annotations

import time

import pandas as pd
import streamlit as st

from core.figures.theme import label
from core.figures.walk import walk as draw
from core.variants import exact, results, tiles
from core.variants.tiles import State, Walk

from ...explorer.token_pickers import WINDOW
from ...shell.charts import chart, look
from ...shell.frame import telling
from ...shell.locale import t, tn
from ...shell.numbers import amount, exact as share, fixed, power
from ...shell.state import publish, settle
from .link import Place
from .names import about
from .pictures import labels

TILE, PLAYING, MOVED = "tile", "_tiles_play", "_tiles_moved"
PACE = 1.2  # seconds a tile stays
FORGOTTEN = 20 * PACE
MACHINE = (8192, 128)  # positions and tile of the comparison with a machine's own sizes


def show_walk(place: Place) -> None:
    """The walk, then what it comes to."""
    if _playing() and time.monotonic() - st.session_state.get(MOVED, 0.0) > FORGOTTEN:
        st.session_state[PLAYING] = False
    plan = Walk(place.one.size, place.side, place.side, place.causal)
    st.fragment(_frame, run_every=PACE if _playing() else None)(place, plan)
    _result(place, plan)
    st.caption(about("flash"))


def _frame(place: Place, plan: Walk) -> None:
    """One tile; its own rerun while it plays."""
    with telling():
        _show(place, plan)


def _show(place: Place, plan: Walk) -> None:
    last = len(plan.tiles())
    if _playing():
        _advance(last)
    done = _controls(last)
    state = tiles.run(place.one, plan, done)
    _say(place, state, last)
    left, right = st.columns([3, 2])
    with left:
        _matrix(place, state)
    with right:
        _rows(place, state)


def _controls(last: int) -> int:
    """Back, next, play, and the slider; returns how many tiles were walked."""
    settle(TILE, range(last + 1), min(last, last // 2 + 1))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        held = st.session_state[TILE]
        st.button(t("Previous tile"), key="tile_back", on_click=_go, args=(-1, last), disabled=held == 0)
        st.button(t("Next tile"), key="tile_next", on_click=_go, args=(1, last), disabled=held == last, type="primary")
        if st.button(t("Stop") if _playing() else t("Play"), key="tile_play", on_click=_toggle, args=(last,)):
            st.rerun()  # the page once, so that the fragment gets or loses its pace
        done = st.select_slider(t("Tiles walked"), range(last + 1), key=TILE, persist_state="session", width=320)
    if not _playing():
        publish(TILE, str(done), str(min(last, last // 2 + 1)))
    return done


def _say(place: Place, state: State, last: int) -> None:
    """Which tile, and the counter of bytes."""
    dims = place.one.key.shape[1], place.one.value.shape[1]
    moved, whole, plain = (
        tiles.moved(state.walk, dims, state.done),
        tiles.moved(state.walk, dims),
        tiles.plain_moved(place.one.size, dims),
    )
    st.markdown(
        t(
            "Tile **{n} of {last}**. Moved so far: **{moved}** of {whole}. The plain algorithm, which "
            "writes the whole matrix and reads it again, moves {plain}.",
            n=state.done,
            last=last,
            moved=amount(moved, "B"),
            whole=amount(whole, "B"),
            plain=amount(plain, "B"),
        )
    )


def _matrix(place: Place, state: State) -> None:
    """What was walked over, by the running m and s of this moment."""
    shares = tiles.shares(place.one, state).numpy()
    shown = [range(min(WINDOW, size)) for size in place.one.size]
    queries, keys = labels(place, *shown)
    part = shares[: len(queries), : len(keys)]
    hover = [
        [
            f"{label(query)} → {label(key)} = {'' if part[i, j] != part[i, j] else share(float(part[i, j]))}"
            for j, key in enumerate(keys)
        ]
        for i, query in enumerate(queries)
    ]
    now = None if state.last is None else (state.last.rows, state.last.columns)
    if now is not None and (now[0].stop > len(queries) or now[1].stop > len(keys)):
        now = None
    chart(
        draw(part, queries, keys, look=look(), tile=(state.walk.rows, state.walk.columns), now=now, hover=hover),
        key="tile_matrix",
    )
    if len(queries) < place.one.size[0] or len(keys) < place.one.size[1]:
        st.caption(t("Drawn: the first {n} tokens of each side.", n=WINDOW))


def _rows(place: Place, state: State) -> None:
    """The running maximum and sum of the rows that this tile touches."""
    if state.last is None:
        st.markdown(t("Nothing was read yet: every m is −∞ and every s is 0. Press “Next tile”."))
        return
    last, pieces = state.last, place.sides[0].pieces
    rows = [
        [
            pieces[i],
            fixed(float(last.max_before[row])),
            fixed(float(last.max_after[row])),
            fixed(float(last.factor[row]), 3),
            fixed(float(last.sum_before[row])),
            fixed(float(last.sum_after[row])),
        ]
        for row, i in enumerate(range(last.rows.start, last.rows.stop))
    ]
    st.markdown(
        t(
            "**The rows of this tile**: m the largest score so far, s the sum of e^(score − m) so far; m′ "
            "and s′ after this tile."
        )
    )
    columns = [t("Row"), "m", "m′", "e^(m−m′)", "s", "s′"]
    st.dataframe(
        pd.DataFrame(rows, columns=columns), hide_index=True, alt=t("Running maximum and sum of each row of the tile")
    )
    first, raised = (
        int((last.sum_before == 0).sum()),
        int(((last.max_after > last.max_before) & (last.sum_before > 0)).sum()),
    )
    said = (
        [
            tn(
                "In {n} row this is the first tile: nothing had been gathered.",
                "In {n} rows this is the first tile: nothing had been gathered.",
                first,
            )
        ]
        if first
        else []
    )
    if first < len(rows):
        said.append(
            t(
                "In {n} of {all} rows this tile raised m: what they had gathered was multiplied by e^(m−m′).",
                n=raised,
                all=len(rows) - first,
            )
        )
    st.caption(
        " ".join(
            [
                *said,
                t(
                    "The colours are the shares by the m and s of now; they fade as s grows. The algorithm "
                    "itself forgets them: it keeps m, s and one output per row."
                ),
            ]
        )
    )


def _result(place: Place, plan: Walk) -> None:
    """At the end: equal to softmax; and what the tiles are worth at a machine's sizes."""
    state, own = tiles.run(place.one, plan), exact.own(place.one)
    weights = float((tiles.shares(place.one, state).nan_to_num(0.0) - own).abs().max())
    output = results.relative(state.output, own @ place.one.value)
    st.markdown(
        t(
            "After the last tile, the largest difference from softmax in a weight is **{weight}**, and the "
            "output is {output} away (float32): the same, up to rounding.",
            weight=power(weights),
            output=power(output),
        )
    )
    dims, (n, side) = (place.one.key.shape[1], place.one.value.shape[1]), MACHINE
    if tiles.moved(plan, dims) > tiles.plain_moved(place.one.size, dims):
        st.caption(
            t(
                "Tiles as small as these move more than the plain algorithm, because K and V are read again "
                "for every row of tiles."
            )
        )
    large = amount(tiles.moved(Walk((n, n), side, side), dims), "B"), amount(tiles.plain_moved((n, n), dims), "B")
    st.caption(
        t(
            "With tiles of {side} × {side} and {n} tokens, the same head would move {tiles} instead of "
            "{plain}; and nothing of size n × n is ever held.",
            side=side,
            n=f"{n:,}".replace(",", "." if look().decimal == "," else ","),
            tiles=large[0],
            plain=large[1],
        )
    )


def _playing() -> bool:
    return bool(st.session_state.get(PLAYING))


def _go(step: int, last: int) -> None:
    """Callback: one tile on or back."""
    st.session_state[TILE] = min(max(0, st.session_state[TILE] + step), last)


def _toggle(last: int) -> None:
    """Callback: play or stop; from the end, from the beginning."""
    st.session_state[PLAYING] = not _playing()
    st.session_state[MOVED] = time.monotonic()
    if _playing() and st.session_state.get(TILE) == last:
        st.session_state[TILE] = 0


def _advance(last: int) -> None:
    """One tile on when the present one was seen long enough; at the end it stops."""
    now = time.monotonic()
    if now - st.session_state.get(MOVED, 0.0) < 0.8 * PACE:
        return
    st.session_state[TILE] = min(st.session_state.get(TILE, 0) + 1, last)
    st.session_state[MOVED] = now
    if st.session_state[TILE] == last:
        st.session_state[PLAYING] = False
        st.rerun()
