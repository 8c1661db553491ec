"""The choices of the page "Variants", all of them in the link: the head, the variant, and the variant's own numbers."""

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
from core.variants.linformer import FOLDINGS
from core.variants.results import ONE_TEXT, VARIANTS, Settings, Variant
from core.variants.sharing import options as group_options

from ...explorer.head_pickers import pick_head, say_beyond
from ...explorer.view_options import pick_kind
from ...explorer.word_names import word_names
from ...serving import cache
from ...shell.frame import beside_title
from ...shell.history import follows_link
from ...shell.locale import t
from ...shell.state import Chosen, publish, settle
from .names import variant_names

_VARIANT, _WINDOW, _GLOBAL_TOKENS, _RANDOM_KEYS, _COLUMNS, _PROJECTION, _FEATURES, _GROUPS, _DRAW, _TILE_SIDE = (
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
_HELD_TOKENS = "_variant_globals"
_NO_TOKENS, _MOST_TOKENS = "none", 8
"""How the link writes that no token is global; the largest number of global tokens."""
_CHOICES_OF: dict[Variant, tuple[str, ...]] = {
    "full": (),
    "causal": (),
    "flash": (_TILE_SIDE,),
    "window": (_WINDOW,),
    "longformer": (_WINDOW, _GLOBAL_TOKENS),
    "bigbird": (_WINDOW, _GLOBAL_TOKENS, _RANDOM_KEYS, _DRAW),
    "linformer": (_COLUMNS, _PROJECTION, _DRAW),
    "performer": (_FEATURES, _DRAW),
    "sharing": (_GROUPS,),
}
FEATURE_COUNTS = (8, 16, 32, 64, 128, 256, 512, 1024)
"""Numbers of random features that Performer is offered with."""
_TILE_SIDES, _MOST_TILES = (2, 4, 8, 16, 32, 64, 128, 256), 256
"""Sides of a tile of FlashAttention; the largest number of tiles of a walk."""


@dataclass(frozen=True, eq=False)
class HeadSetup:
    """One head of a trace, the variant that it is put under, and the settings of all variants.

    causal: the model looks back only in this kind of attention. tile_side: rows and columns of FlashAttention's tiles.
    """

    trace: Trace
    kind: Kind
    layer: int
    head: int
    causal: bool
    variant: Variant
    settings: Settings
    tile_side: int

    @property
    def record(self) -> AnyRecord:
        return self.trace.record(self.layer, self.kind)

    @cached_property
    def head_inputs(self) -> Inputs:
        return inputs.head_inputs(self.record, self.head, causal=self.causal)

    @property
    def square(self) -> bool:
        return self.kind != "cross"

    @property
    def sides(self) -> tuple[Tokens, Tokens]:
        return self.trace.sides(self.kind)

    @property
    def cache_key(self) -> tuple:
        """The key under which results for this head are cached."""
        return self.trace, self.kind, self.layer, self.head


def pick_setup(chosen: Chosen, trace: Trace) -> HeadSetup:
    """Let the visitor choose head, variant and settings.

    Raises:
        UnsupportedModel: the queries, keys and values of this model cannot be captured.
    """
    with beside_title():
        above = st.container(horizontal=True)
        kind = pick_kind(trace)
        view = cache.view(trace, kind, words=False, specials=True, renormalise=False)
        layer, head = pick_head(view, first=cache.first_head(trace, kind))
        record = trace.record(layer, kind)
        record.require_vectors()
        with above:
            name = _pick_variant(square=kind != "cross")
        settings, side = (
            _pick_settings(name, record, trace.sides(kind)[1]),
            _pick_tile_side(record.size, visible=name == "flash"),
        )
    say_beyond(view)
    causal = cache.language_model(chosen).layout.looks_back(kind)
    return HeadSetup(trace, kind, layer, head, causal, name, settings, side)


def _pick_number(
    key: str, title: str, options: Sequence[int], default: int, *, visible: bool, note: str | None = None
) -> int:
    """One of some numbers: chosen where its picker is visible, else the one that the link or the session holds.

    The table of all variants needs the numbers of the variants that are not chosen too.
    """
    settle(key, options, default)
    if visible and len(options) > 1:
        st.selectbox(title, options, key=key, persist_state="session", help=note, width=104)
    value = st.session_state[key]
    publish(key, str(value), str(default))
    return value


def _pick_variant(*, square: bool) -> Variant:
    known = variant_names()
    options = tuple(name for name in VARIANTS if square or name not in ONE_TEXT)
    first = "bigbird" if square else "flash"
    settle(_VARIANT, options, first)
    name = st.pills(
        t("Variant"),
        options,
        key=_VARIANT,
        persist_state="session",
        format_func=known.get,
        required=True,
        label_visibility="collapsed",
    )
    publish(_VARIANT, name, first)
    if not square:
        st.caption(
            t(
                "Cross-attention joins two texts: there is no distance between them, so windows, and what "
                "is built on them, are not defined."
            )
        )
    return name


def _pick_settings(name: Variant, record: AnyRecord, keys: Tokens) -> Settings:
    """The numbers of every variant; only the pickers of the chosen one are visible."""
    n = record.size[1]
    uses = _CHOICES_OF[name]
    window = _pick_number(
        _WINDOW,
        t("Window w"),
        range(0, min(16, n - 1) + 1),
        min(2, n - 1),
        visible=_WINDOW in uses,
        note=t("Tokens seen on each side."),
    )
    tokens = _pick_tokens(keys, visible=_GLOBAL_TOKENS in uses)
    random = _pick_number(
        _RANDOM_KEYS,
        t("By lot"),
        range(0, min(8, n) + 1),
        min(2, n),
        visible=_RANDOM_KEYS in uses,
        note=t("Tokens that each token sees because they were drawn."),
    )
    columns = _pick_number(_COLUMNS, t("Columns k"), range(1, min(n, 128) + 1), min(8, n), visible=_COLUMNS in uses)
    how = _pick_projection(visible=_PROJECTION in uses)
    features = _pick_number(_FEATURES, t("Features m"), FEATURE_COUNTS, 64, visible=_FEATURES in uses)
    groups = _pick_number(
        _GROUPS,
        t("Groups"),
        group_options(record.heads),
        1,
        visible=_GROUPS in uses,
        note=t(
            "Sets of keys and values in this layer. 1: all heads share one (MQA). As many as heads: each has its own."
        ),
    )
    draw = _pick_number(
        _DRAW,
        t("Draw"),
        range(1, 13),
        1,
        visible=_DRAW in uses and not (name == "linformer" and how == "mean"),
        note=t("Another number draws again."),
    )
    return Settings(window, tokens, random, columns, how, features, groups, draw - 1)


def _pick_tokens(keys: Tokens, *, visible: bool) -> tuple[int, ...]:
    """Positions of the global tokens, at most `_MOST_TOKENS`; the link counts them from 1.

    The first token is the default, and is taken where the link names none that the text has.
    """
    known, labels = word_names(keys.pieces, range(len(keys.pieces)))
    name_of_number = {str(position + 1): name for name, position in known.items()}
    follows_link(_HELD_TOKENS)
    held = st.session_state.get(_HELD_TOKENS, st.query_params.get(_GLOBAL_TOKENS, "1"))
    token_names = [
        name_of_number[written_number]
        for written_number in dict.fromkeys(held.split(","))
        if written_number in name_of_number
    ][:_MOST_TOKENS]
    if not token_names and held != _NO_TOKENS:
        token_names = [name_of_number["1"]]
    if visible:
        st.session_state["variant_globals"] = token_names
        st.multiselect(
            t("Global tokens"),
            list(known),
            key="variant_globals",
            format_func=labels.get,
            on_change=_hold_tokens,
            args=(known,),
            placeholder=t("none"),
            max_selections=_MOST_TOKENS,
            width=224,
        )
    positions = tuple(sorted(known[name] for name in token_names))
    publish(_GLOBAL_TOKENS, ",".join(str(position + 1) for position in positions) or _NO_TOKENS, "1")
    return positions


def _pick_tile_side(size: tuple[int, int], *, visible: bool) -> int:
    """Rows and columns of a tile: at most `_MOST_TILES` tiles, and 4 where that is enough."""
    n, m = size
    fitting = [side for side in _TILE_SIDES if -(-n // side) * -(-m // side) <= _MOST_TILES]
    return _pick_number(
        _TILE_SIDE,
        t("Tile side"),
        fitting,
        next((side for side in fitting if side >= 4), fitting[-1]),
        visible=visible,
        note=t("Rows and columns of a tile."),
    )


def _hold_tokens(known: dict[str, int]) -> None:
    """Callback: the chosen tokens, as the link writes them."""
    st.session_state[_HELD_TOKENS] = (
        ",".join(str(known[name] + 1) for name in st.session_state["variant_globals"]) or _NO_TOKENS
    )


def _pick_projection(*, visible: bool) -> str:
    settle(_PROJECTION, FOLDINGS, FOLDINGS[0])
    if visible:
        titles = {"random": t("random"), "mean": t("mean of neighbours")}
        st.segmented_control(
            t("Columns are"),
            FOLDINGS,
            key=_PROJECTION,
            persist_state="session",
            format_func=titles.get,
            required=True,
        )
    publish(_PROJECTION, st.session_state[_PROJECTION], FOLDINGS[0])
    return st.session_state[_PROJECTION]
