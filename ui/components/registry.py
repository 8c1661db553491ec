"""How a component of ours is made known to Streamlit, once per runtime: served from a folder, never sent inline.

Why: docs/decisions/0001-component-assets.md. Every component is served with ``assets/components`` as its root, so that
all of them may import what they share (``../shared/dom.js``) by a relative path, in the browser as in Node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from core.assets import ASSETS

PACKAGE, ROOT = "mirante", "components"

RESERVED = {"attention": "36rem", "patches": "34rem", "steps": "34rem", "menu": "2.5rem", "sentence": "2.5rem"}
"""Height that a component has before its style and its first picture are there: nothing below jumps. Before the
component itself is there, assets/frame.css says it."""
_mounts: WeakKeyDictionary[Any, dict[str, Callable]] = WeakKeyDictionary()


def mount(component: str) -> Callable:
    """The mounting command of ``assets/components/<component>`` (main.js, <component>.css) on the active runtime.

    A test makes a new runtime for every app; at import time there may be none at all.
    """
    manager = get_bidi_component_manager()
    known = _mounts.setdefault(manager, {})
    if component not in known:
        manifest = ComponentManifest(PACKAGE, "1", [ComponentConfig(component, asset_dir=ROOT)])
        manager.register_from_manifest(manifest, package_root=ASSETS)
        known[component] = st.components.v2.component(
            f"{PACKAGE}.{component}",
            html=f'<div class="reserve" style="min-height: {RESERVED.get(component, "2rem")}"></div>',
            js=f"{component}/main.js",
            css=f"{component}/{component}.css",
        )
    return known[component]
