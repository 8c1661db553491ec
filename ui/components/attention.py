"""The attention explorer on a Streamlit page: mounts assets/components/attention and keeps Python and browser in step.

Inside: `attention_explorer` (draw and return what is chosen), `chosen_selection` and `wish` (the same inside a
callback). Not inside: the registration (registry.py), `Selection` (selection.py), the packet
(core/views/attention_packet.py), words (texts.py), anything drawn (JavaScript).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

import streamlit as st

from core.views.attention_packet import Overview, overview, pack_attention
from ui.components.choices import DRAWN, Picture
from ui.components.registry import mount
from ui.components.selection import Selection, selection_from_browser
from ui.components.texts import explorer_texts
from ui.shell.modes import projector

if TYPE_CHECKING:
    from core.views.view import View

_overviews: WeakKeyDictionary[Any, Overview] = WeakKeyDictionary()


@dataclass(frozen=True)
class Offer:
    """What an explorer offers beyond the picture of one head.

    pictures: tabs between them. files: buttons that save the picture. head_names, head_colours ("more", "less"): what
    stands for the numbers of heads and their colours, layer after layer. change: sides whose words can be hidden or
    replaced, and the places that are hidden now.
    dependencies: (dependent, head, relation) of the sentence, where they are known, to stand beside the arcs.
    link: how a choice stands in the address of the page (ui/explorer/selection_link.py); with it the browser writes it
    there itself and has pickers of layer and head. waits: whether a choice of words may be told late as well, because
    nothing on the page follows from it.
    words: where the sentence stands; below the picture on a page that has its words above already.
    record, note: where the numbers come from, for saved pictures (JSON values, and one sentence).
    """

    pictures: tuple[Picture, ...] = ()
    files: bool = False
    head_names: tuple[str, ...] | None = None
    head_colours: tuple[str, ...] | None = None
    change: dict[str, Any] | None = None
    dependencies: tuple[tuple[int, int, str], ...] = ()
    link: dict[str, Any] | None = None
    waits: bool = False
    words: Literal["above", "below"] = "above"
    record: dict[str, Any] = field(default_factory=dict)
    note: str = ""


NOTHING = Offer()


def attention_explorer(
    view: View,
    requested: Selection,
    *,
    key: str,
    on_select: Callable[[], None] | None = None,
    on_wish: Callable[[], None] | None = None,
    mode: Literal["explore", "matrix"] = "explore",
    ramp: Literal["attention", "difference"] = "attention",
    vmax: float = 1.0,
    names: tuple[str, str] = ("", ""),
    height: int | None = None,
    start: tuple[int, int] = (0, 0),
    offer: Offer = NOTHING,
) -> Selection:
    """Draw ``view`` and return what is chosen in it.

    Hovering costs nothing; a choice one message, after 250 ms of quiet, or, where the browser holds all that it draws
    (``offer.link``), after 1.5 s or when the pointer leaves.

    ``requested``: what the page asks for. A value that the page changes wins; one that stays as it was leaves the
    person's choice alone. ``on_select`` runs before the next rerun: read ``chosen_selection(key)`` in it; ``on_wish``
    likewise, for what only Python can do: ``wish(key)``. ``mode="matrix"``: the picture and its sentence only.
    ``ramp="difference"``: values −vmax … vmax. ``names``: what the budget calls special tokens that are shown
    ("[CLS]/[SEP]") and tokens that are hidden. ``start``: first (query, key) of the window of a sentence beyond 512
    positions.
    """
    current, last_choice, known = _current(key, requested, view)
    current = _existing(current, view)
    packet = pack_attention(
        view,
        layer=current.layer,
        head=current.head,
        texts=explorer_texts(ramp, view),
        known=known,
        start=start,
        beside=current.heads,
        heads=_overview(view) if mode == "explore" and len(view.query) and len(view.key) else None,
        options={
            "mode": mode,
            "ramp": ramp,
            "vmax": vmax,
            "names": names,
            "height": height,
            "far": projector(),
            **asdict(offer),
            "wishes": on_wish is not None,
            "asked": asdict(requested),
            "selection": asdict(current),
            "seen": last_choice,
            "view": view_name(view),
        },
    )
    mount("attention")(
        key=key, data=packet, on_selection_change=on_select or _nothing, on_wish_change=on_wish or _nothing
    )
    return current


def chosen_selection(key: str, view: View | None = None) -> Selection | None:
    """What the person last chose in the explorer ``key``; None before the first choice.

    Rows and columns are those of the view in which it was chosen: with ``view``, words that were held in another one
    (words for pieces, another sentence) are let go instead of becoming others.
    """
    state = _state(key)
    if not state:
        return None
    selection = selection_from_browser(state)
    if selection is None or view is None or chosen_in(key, view):
        return selection
    return replace(selection, query=None, key=None, words=())


def chosen_in(key: str, view: View) -> bool:
    """Whether the last choice in the explorer ``key`` was made in this view.

    Only then do its rows and columns mean words of it.
    """
    return (_state(key) or {}).get("view") == view_name(view)


def view_name(view: View) -> str:
    """Digest of what rows and columns a view has: an index means a word only together with it."""
    sides = json.dumps([view.kind, view.query.labels, view.query.positions, view.key.labels, view.key.positions])
    return hashlib.blake2b(sides.encode("utf-8", "replace"), digest_size=6).hexdigest()


def wish(key: str) -> dict[str, Any]:
    """What the person asks of Python in the explorer ``key``: {"kind": "unit" | "specials" | "mask" | "replace", …}.

    Empty for nothing.
    """
    asked = (st.session_state.get(key) or {}).get("wish")
    return asked if isinstance(asked, dict) else {}


def _existing(selection: Selection, view: View) -> Selection:
    """``selection`` with layers and heads that the view has."""
    heads = tuple(
        (layer, head) for layer, head in selection.heads if layer in view.attending and 0 <= head < view.heads
    )
    return replace(
        selection, layer=view.nearest(selection.layer), head=min(selection.head, view.heads - 1), heads=heads
    )


def _nothing() -> None:
    """A component state needs a callback to exist."""


def _state(key: str) -> dict[str, Any] | None:
    """What the component last said; None before, and for what ours would not say."""
    state = (st.session_state.get(key) or {}).get("selection")
    known = isinstance(state, dict) and type(state.get("seen")) is int
    return state if known and selection_from_browser(state) is not None else None


def _current(key: str, requested: Selection, view: View) -> tuple[Selection, int, str | None]:
    """(what is chosen, number of the last choice received, overview the browser holds).

    Only fields that the page changed overrule the person.
    """
    memory = f"{key}:asked"
    before = st.session_state.get(memory, requested)
    st.session_state[memory] = requested
    person, state = chosen_selection(key), _state(key)
    if person is None or state is None:
        return requested, 0, None
    changed = {name: getattr(requested, name) for name in _OPTIONS if getattr(requested, name) != getattr(before, name)}
    if state.get("view") != view_name(view):
        changed |= {
            name: getattr(requested, name) for name in _WORDS
        }  # the person held words of another view: the link names them
    elif (_held(requested) != _held(before)) and _held(requested) != _held(person):
        changed |= {name: getattr(requested, name) for name in _WORDS}
    return replace(person, **changed), int(state["seen"]), state.get("overview")


_OPTIONS = ("layer", "head", "heads", *(choice.name for choice in DRAWN))
_WORDS = ("query", "key", "direction", "words")


def _held(selection: Selection) -> tuple:
    return tuple(getattr(selection, name) for name in _WORDS)


def _overview(view: View) -> Overview:
    """Made once per view object: reruns with the same view do not pack it again."""
    if view not in _overviews:
        _overviews[view] = overview(view)
    return _overviews[view]
