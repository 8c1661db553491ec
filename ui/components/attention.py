"""The attention explorer on a Streamlit page: mounts assets/components/attention and keeps Python and browser in step.

Inside: `attention_explorer` (draw and return what is chosen), `chosen` (the same inside a callback), the registration of
the component per runtime. Not inside: the packet (core/wire.py), words (texts.py), anything drawn (JavaScript).
Why the files are served from a folder, and not sent inline: docs/decisions/0001-component-assets.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from core.wire import Overview, overview, pack
from ui.components.texts import explorer_texts

if TYPE_CHECKING:
    from core.view import View

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "components"
PACKAGE, COMPONENT = "mirante", "attention"

_renderers: WeakKeyDictionary[Any, Callable] = WeakKeyDictionary()
_overviews: WeakKeyDictionary[Any, Overview] = WeakKeyDictionary()


@dataclass(frozen=True)
class Selection:
    """What is chosen, counted from 0: a head, and the row (query) or column (key) of the view that is held, if any."""

    layer: int
    head: int
    query: int | None = None
    key: int | None = None
    direction: Literal["query", "key"] = "query"


def attention_explorer(
    view: View, *, layer: int, head: int, key: str, on_select: Callable[[], None] | None = None,
    mode: Literal["explore", "matrix"] = "explore", locked: int | None = None,
    ramp: Literal["attention", "difference"] = "attention", vmax: float = 1.0,
    hidden_names: str = "", profile: dict[str, float] | None = None, height: int | None = None, start: tuple[int, int] = (0, 0),
) -> Selection:
    """Draw ``view`` and return what is chosen in it; hovering costs nothing, a choice one message after 250 ms of quiet.

    ``layer``, ``head``, ``locked`` (a row of the view): what the page asks for. A value that the page changes wins; one that
    stays as it was leaves the person's choice alone. ``on_select`` runs before the next rerun: read ``chosen(key)`` in it.
    ``mode="matrix"``: the picture and its sentence only. ``ramp="difference"``: values −vmax … vmax.
    ``hidden_names``: what to call hidden tokens ("[CLS]/[SEP]"). ``profile``: ready numbers for "this head in words".
    ``start``: first (query, key) of the window of a sentence beyond 512 positions.
    """
    asked = Selection(layer, head, query=locked)
    current, seen, known = _current(key, asked)
    current = replace(current, layer=min(current.layer, view.layers - 1), head=min(current.head, view.heads - 1))
    packet = pack(
        view, layer=current.layer, head=current.head, texts=explorer_texts(ramp, view.rows), known=known, start=start,
        heads=_overview(view) if mode == "explore" and len(view.query) and len(view.key) else None,
        options={
            "mode": mode, "ramp": ramp, "vmax": vmax, "hidden_names": hidden_names, "profile": profile, "height": height,
            "asked": asdict(asked), "selection": asdict(current), "seen": seen,
        },
    )
    _renderer()(key=key, data=packet, on_selection_change=on_select or _nothing)
    return current


def chosen(key: str) -> Selection | None:
    """What the person last chose in the explorer ``key``; None before the first choice."""
    state = _state(key)
    return Selection(*(state[name] for name in ("layer", "head", "query", "key", "direction"))) if state else None


def _nothing() -> None:
    """A component state needs a callback to exist."""


def _state(key: str) -> dict[str, Any] | None:
    return (st.session_state.get(key) or {}).get("selection")


def _current(key: str, asked: Selection) -> tuple[Selection, int, str | None]:
    """(what is chosen, number of the last choice received, overview the browser holds). Only fields the page changed overrule the person."""
    memory = f"{key}:asked"
    before = st.session_state.get(memory, asked)
    st.session_state[memory] = asked
    person, state = chosen(key), _state(key)
    if person is None or state is None:
        return asked, 0, None
    changed = {name: getattr(asked, name) for name in ("layer", "head") if getattr(asked, name) != getattr(before, name)}
    if asked.query != before.query and asked.query != person.query:
        changed |= {"query": asked.query, "key": None, "direction": "query"}
    return replace(person, **changed), int(state["seen"]), state.get("overview")


def _overview(view: View) -> Overview:
    """Made once per view object: reruns with the same view do not pack it again."""
    if view not in _overviews:
        _overviews[view] = overview(view)
    return _overviews[view]


def _renderer() -> Callable:
    """The mounting command on the active runtime (a test makes a new runtime for every app)."""
    manager = get_bidi_component_manager()
    if manager not in _renderers:
        manifest = ComponentManifest(PACKAGE, "1", [ComponentConfig(COMPONENT, asset_dir=COMPONENT)])
        manager.register_from_manifest(manifest, package_root=ASSETS)
        _renderers[manager] = st.components.v2.component(
            f"{PACKAGE}.{COMPONENT}", html='<div class="reserve"></div>', js="main.js", css="attention.css"
        )
    return _renderers[manager]
