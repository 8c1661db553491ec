"""What is chosen on the page "Variants", all of it in the link: the head, the variant, and the variant's own
numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from core.attention.record import AnyRecord
from core.axes import Kind
from core.text.tokens import Tokens
from core.tracing.trace import Trace
from core.variants import inputs
from core.variants.inputs import Inputs
from core.variants.linformer import PROJECTIONS
from core.variants.results import SQUARE, VARIANTS, Settings, Variant
from core.variants.sharing import options as group_options

from ...explorer.head_pickers import pick_head, say_beyond
from ...explorer.view_options import pick_kind
from ...explorer.word_names import word_names
from ...serving import cache
from ...shell.locale import t
from ...shell.state import Chosen, publish, settle
from .names import names

NAME, WIDTH, TOKENS, RANDOM, COLUMNS, HOW, FEATURES, GROUPS, DRAW, SIDE = (
    "variant",
    "width",
    "globals",
    "lots",
    "columns",
    "fold",
    "features",
    "groups",
    "draw",
    "tile_side",
)
KEPT = "_variant_globals"
NONE, GLOBALS = "none", 8
"""No global token, in the link; most of them."""
USES: dict[Variant, tuple[str, ...]] = {
    "full": (),
    "causal": (),
    "flash": (SIDE,),
    "window": (WIDTH,),
    "longformer": (WIDTH, TOKENS),
    "bigbird": (WIDTH, TOKENS, RANDOM, DRAW),
    "linformer": (COLUMNS, HOW, DRAW),
    "performer": (FEATURES, DRAW),
    "sharing": (GROUPS,),
}
COUNTS = (8, 16, 32, 64, 128, 256, 512, 1024)
"""Numbers of features."""
SIDES, MOST = (2, 4, 8, 16, 32, 64, 128, 256), 256
"""Sides of a tile of FlashAttention; most tiles of a walk."""


@dataclass(frozen=True, eq=False)
class Place:
    """One head of a trace and what it is put under. causal: its model looks back only there. side: of FlashAttention's
    tiles.
    """

    trace: Trace
    kind: Kind
    layer: int
    head: int
    causal: bool
    name: Variant
    settings: Settings
    side: int

    @property
    def record(self) -> AnyRecord:
        return self.trace.record(self.layer, self.kind)

    @cached_property
    def one(self) -> Inputs:
        return inputs.of(self.record, self.head, causal=self.causal)

    @property
    def square(self) -> bool:
        return self.kind != "cross"

    @property
    def sides(self) -> tuple[Tokens, Tokens]:
        return self.trace.sides(self.kind)

    @property
    def key(self) -> tuple:
        """What results are kept under."""
        return self.trace, self.kind, self.layer, self.head


def pick_place(chosen: Chosen, trace: Trace) -> Place:
    """Head, variant and settings.

    Raises:
        UnsupportedModel: the model's vectors are not to be had.
    """
    above = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = pick_kind(trace)
        view = cache.view(trace, kind, words=False, specials=True, renormalise=False)
        layer, head = pick_head(view, first=cache.first_head(trace, kind))
        record = trace.record(layer, kind)
        record.require_vectors()
        with above:
            name = _pick_name(square=kind != "cross")
        settings, side = (
            _pick_settings(name, record, trace.sides(kind)[1]),
            _pick_side(record.size, shown=name == "flash"),
        )
    say_beyond(view)
    causal = cache.language_model(chosen).layout.looks_back(kind)
    return Place(trace, kind, layer, head, causal, name, settings, side)


def pick_number(
    key: str, title: str, options: Sequence[int], default: int, *, shown: bool, note: str | None = None
) -> int:
    """One of some numbers, chosen where it is shown; else what is held, so that the table of all variants can use
    it.
    """
    settle(key, options, default)
    if shown and len(options) > 1:
        st.selectbox(title, options, key=key, persist_state="session", help=note, width=104)
    value = st.session_state[key]
    publish(key, str(value), str(default))
    return value


def _pick_name(*, square: bool) -> Variant:
    known = names()
    options = tuple(name for name in VARIANTS if square or name not in SQUARE)
    first = "bigbird" if square else "flash"
    settle(NAME, options, first)
    name = st.pills(
        t("Variant"),
        options,
        key=NAME,
        persist_state="session",
        format_func=known.get,
        required=True,
        label_visibility="collapsed",
    )
    publish(NAME, name, first)
    if not square:
        st.caption(
            t(
                "Cross-attention joins two texts: there is no distance between them, so windows, and what "
                "is built on them, are not defined."
            )
        )
    return name


def _pick_settings(name: Variant, record: AnyRecord, side: Tokens) -> Settings:
    """The numbers of every variant; the chosen one's are shown."""
    n = record.size[1]
    uses = USES[name]
    window = pick_number(
        WIDTH,
        t("Window w"),
        range(0, min(16, n - 1) + 1),
        min(2, n - 1),
        shown=WIDTH in uses,
        note=t("Tokens seen on each side."),
    )
    tokens = _pick_tokens(side, shown=TOKENS in uses)
    random = pick_number(
        RANDOM,
        t("By lot"),
        range(0, min(8, n) + 1),
        min(2, n),
        shown=RANDOM in uses,
        note=t("Tokens that each token sees because they were drawn."),
    )
    columns = pick_number(COLUMNS, t("Columns k"), range(1, min(n, 128) + 1), min(8, n), shown=COLUMNS in uses)
    how = _pick_how(shown=HOW in uses)
    features = pick_number(FEATURES, t("Features m"), COUNTS, 64, shown=FEATURES in uses)
    groups = pick_number(
        GROUPS,
        t("Groups"),
        group_options(record.heads),
        1,
        shown=GROUPS in uses,
        note=t(
            "Sets of keys and values in this layer. 1: all heads share one (MQA). As many as heads: each has its own."
        ),
    )
    draw = pick_number(
        DRAW,
        t("Draw"),
        range(1, 13),
        1,
        shown=DRAW in uses and not (name == "linformer" and how == "mean"),
        note=t("Another number draws again."),
    )
    return Settings(window, tokens, random, columns, how, features, groups, draw - 1)


def _pick_tokens(side: Tokens, *, shown: bool) -> tuple[int, ...]:
    """Positions of the global tokens, at most `GLOBALS`; the first where none were named that are there. In the link
    counted from 1.
    """
    known, labels = word_names(side.pieces, range(len(side.pieces)))
    by_place = {str(place + 1): name for name, place in known.items()}
    held = st.session_state.get(KEPT, st.query_params.get(TOKENS, "1"))
    found = [by_place[one] for one in dict.fromkeys(held.split(",")) if one in by_place][:GLOBALS]
    if not found and held != NONE:
        found = [by_place["1"]]
    if shown:
        st.session_state["variant_globals"] = found
        st.multiselect(
            t("Global tokens"),
            list(known),
            key="variant_globals",
            format_func=labels.get,
            on_change=_hold_tokens,
            args=(known,),
            placeholder=t("none"),
            max_selections=GLOBALS,
            width=224,
        )
    places = tuple(sorted(known[name] for name in found))
    publish(TOKENS, ",".join(str(place + 1) for place in places) or NONE, "1")
    return places


def _pick_side(size: tuple[int, int], *, shown: bool) -> int:
    """Rows and columns of a tile: at most `MOST` tiles, and 4 where that is enough."""
    n, m = size
    fitting = [side for side in SIDES if -(-n // side) * -(-m // side) <= MOST]
    return pick_number(
        SIDE,
        t("Tile side"),
        fitting,
        next((one for one in fitting if one >= 4), fitting[-1]),
        shown=shown,
        note=t("Rows and columns of a tile."),
    )


def _hold_tokens(known: dict[str, int]) -> None:
    """Callback: the chosen tokens, as the link writes them."""
    st.session_state[KEPT] = ",".join(str(known[name] + 1) for name in st.session_state["variant_globals"]) or NONE


def _pick_how(*, shown: bool) -> str:
    settle(HOW, PROJECTIONS, PROJECTIONS[0])
    if shown:
        titles = {"random": t("random"), "mean": t("mean of neighbours")}
        st.segmented_control(
            t("Columns are"), PROJECTIONS, key=HOW, persist_state="session", format_func=titles.get, required=True
        )
    publish(HOW, st.session_state[HOW], PROJECTIONS[0])
    return st.session_state[HOW]
