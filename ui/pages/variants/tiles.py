"""FlashAttention tile by tile: the tiles on the score matrix, the running maximum and sum, the bytes moved.

The visitor goes back, on, or plays. While it plays, a fragment runs itself again at a fixed pace, and only the
fragment. The number of tiles walked is in the link. Not here: the algorithm (core/variants/tiles.py).
"""

from __future__ import annotations

import time

import pandas as pd
import streamlit as st

from core.figures.theme import label
from core.figures.walk import walk as draw
from core.variants import exact, results, tiles
from core.variants.tiles import State, Touched, Walk

from ...explorer.token_pickers import WINDOW
from ...serving.forward_slots import fragment
from ...shell.charts import chart, look
from ...shell.frame import telling
from ...shell.locale import t, tn
from ...shell.numbers import amount, exact as share, fixed, power, thousands
from ...shell.state import publish, settle
from ...shell.tables import show_table
from .link import HeadSetup
from .maps import pieces_of
from .names import about_variant

_TILE, _TILES_PLAYING, _LAST_STEP = "tile", "_tiles_play", "_tiles_moved"
_PACE = 1.2
"""Seconds that a tile stays while it plays."""
_FORGOTTEN = 20 * _PACE
"""Seconds after the last step at which the play counts as left behind, and stops."""
_LARGE = (8192, 128)
"""Positions, and side of a tile, of the comparison at the sizes that real machines use."""


def show_tiles(setup: HeadSetup) -> None:
    """Draw the walk over the tiles, then compare its end with softmax."""
    if _playing() and time.monotonic() - st.session_state.get(_LAST_STEP, 0.0) > _FORGOTTEN:
        st.session_state[_TILES_PLAYING] = False
    plan = Walk(setup.head_inputs.size, setup.tile_side, setup.tile_side, setup.causal)
    fragment(_frame, run_every=_PACE if _playing() else None)(setup, plan)
    _say_result(setup, plan)
    st.caption(about_variant("flash"))


def _frame(setup: HeadSetup, plan: Walk) -> None:
    """The fragment of one tile, which runs again by itself while it plays."""
    with telling():
        _show(setup, plan)


def _show(setup: HeadSetup, plan: Walk) -> None:
    last = len(plan.tiles())
    if _playing():
        _advance(last)
    done = _controls(last)
    state = tiles.walk_tiles(setup.head_inputs, plan, done)
    _say_moved(setup, state, last)
    left, right = st.columns([3, 2])
    with left:
        _matrix(setup, state)
    with right:
        _rows(setup, state)


def _controls(last: int) -> int:
    """Draw the buttons back, next and play, and the slider; returns how many tiles were walked."""
    settle(_TILE, range(last + 1), min(last, last // 2 + 1))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        held = st.session_state[_TILE]
        st.button(t("Previous tile"), key="tile_back", on_click=_go, args=(-1, last), disabled=held == 0)
        st.button(t("Next tile"), key="tile_next", on_click=_go, args=(1, last), disabled=held == last, type="primary")
        if st.button(t("Stop") if _playing() else t("Play"), key="tile_play", on_click=_toggle, args=(last,)):
            st.rerun()  # the page once, so that the fragment gets or loses its pace
        done = st.select_slider(t("Tiles walked"), range(last + 1), key=_TILE, persist_state="session", width=320)
    if not _playing():
        publish(_TILE, str(done), str(min(last, last // 2 + 1)))
    return done


def _say_moved(setup: HeadSetup, state: State, last: int) -> None:
    """Say which tile this is, and how many bytes were moved so far, in all, and by the plain algorithm."""
    dims = setup.head_inputs.key.shape[1], setup.head_inputs.value.shape[1]
    moved_so_far, moved_in_all, moved_plainly = (
        tiles.bytes_moved(state.walk, dims, state.done),
        tiles.bytes_moved(state.walk, dims),
        tiles.plain_bytes_moved(setup.head_inputs.size, dims),
    )
    st.markdown(
        t(
            "Tile **{n} of {last}**. Moved so far: **{moved}** of {whole}. The plain algorithm, which "
            "writes the whole matrix and reads it again, moves {plain}.",
            n=state.done,
            last=last,
            moved=amount(moved_so_far, "B"),
            whole=amount(moved_in_all, "B"),
            plain=amount(moved_plainly, "B"),
        )
    )


def _matrix(setup: HeadSetup, state: State) -> None:
    """Draw the weights of the cells walked over, by the running maximum m and sum s of this tile."""
    shares = tiles.tile_weights(setup.head_inputs, state).numpy()
    drawn_ranges = [range(min(WINDOW, size)) for size in setup.head_inputs.size]
    queries, keys = pieces_of(setup, *drawn_ranges)
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
    if len(queries) < setup.head_inputs.size[0] or len(keys) < setup.head_inputs.size[1]:
        st.caption(t("Drawn: the first {n} tokens of each side.", n=WINDOW))


def _rows(setup: HeadSetup, state: State) -> None:
    """Draw the running maximum and sum of the rows that this tile touches."""
    if state.last is None:
        st.markdown(t("Nothing was read yet: every m is −∞ and every s is 0. Press “Next tile”."))
        return
    last, pieces = state.last, setup.sides[0].pieces
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
    show_table(pd.DataFrame(rows, columns=columns), title=t("Running maximum and sum of each row of the tile"))
    _say_rescaled(last)


def _say_rescaled(last: Touched) -> None:
    """Say in how many rows this tile is the first, and in how many it raised the running maximum."""
    first, raised = (
        int((last.sum_before == 0).sum()),
        int(((last.max_after > last.max_before) & (last.sum_before > 0)).sum()),
    )
    rows = len(last.sum_before)
    sentences = (
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
    if first < rows:
        sentences.append(
            t(
                "In {n} of {all} rows this tile raised m: what they had gathered was multiplied by e^(m−m′).",
                n=raised,
                all=rows - first,
            )
        )
    st.caption(
        " ".join(
            [
                *sentences,
                t(
                    "The colours are the shares by the m and s of now; they fade as s grows. The algorithm "
                    "itself forgets them: it keeps m, s and one output per row."
                ),
            ]
        )
    )


def _say_result(setup: HeadSetup, plan: Walk) -> None:
    """Say how near the end of the walk is to softmax, and what tiles save at the sizes that real machines use."""
    state, own_weights = tiles.walk_tiles(setup.head_inputs, plan), exact.model_weights(setup.head_inputs)
    weight_gap = float((tiles.tile_weights(setup.head_inputs, state).nan_to_num(0.0) - own_weights).abs().max())
    output_error = results.relative_error(state.output, own_weights @ setup.head_inputs.value)
    st.markdown(
        t(
            "After the last tile, the largest difference from softmax in a weight is **{weight}**, and the "
            "output is {output} away (float32): the same, up to rounding.",
            weight=power(weight_gap),
            output=power(output_error),
        )
    )
    dims, (n, side) = (setup.head_inputs.key.shape[1], setup.head_inputs.value.shape[1]), _LARGE
    if tiles.bytes_moved(plan, dims) > tiles.plain_bytes_moved(setup.head_inputs.size, dims):
        st.caption(
            t(
                "Tiles as small as these move more than the plain algorithm, because K and V are read again "
                "for every row of tiles."
            )
        )
    large = (
        amount(tiles.bytes_moved(Walk((n, n), side, side), dims), "B"),
        amount(tiles.plain_bytes_moved((n, n), dims), "B"),
    )
    st.caption(
        t(
            "With tiles of {side} × {side} and {n} tokens, the same head would move {tiles} instead of "
            "{plain}; and nothing of size n × n is ever held.",
            side=side,
            n=thousands(n),
            tiles=large[0],
            plain=large[1],
        )
    )


def _playing() -> bool:
    return bool(st.session_state.get(_TILES_PLAYING))


def _go(step: int, last: int) -> None:
    """Callback: go ``step`` tiles on or back, no further than either end."""
    st.session_state[_TILE] = min(max(0, st.session_state[_TILE] + step), last)


def _toggle(last: int) -> None:
    """Callback: play or stop; from the last tile, play starts at the first again."""
    st.session_state[_TILES_PLAYING] = not _playing()
    st.session_state[_LAST_STEP] = time.monotonic()
    if _playing() and st.session_state.get(_TILE) == last:
        st.session_state[_TILE] = 0


def _advance(last: int) -> None:
    """Go one tile on when the present one has stood long enough; stop at the end."""
    now = time.monotonic()
    if now - st.session_state.get(_LAST_STEP, 0.0) < 0.8 * _PACE:
        return
    st.session_state[_TILE] = min(st.session_state.get(_TILE, 0) + 1, last)
    st.session_state[_LAST_STEP] = now
    if st.session_state[_TILE] == last:
        st.session_state[_TILES_PLAYING] = False
        st.rerun()
