"""Attention over a picture on a Streamlit page: mounts assets/components/patches and keeps Python and browser in step.

Inside: `patch_attention` (draw), `chosen_patch` (what the person last chose, inside a callback). Not inside: the packet
(core/vision/picture_packet.py), words (patches_texts.py), what the link holds (ui/pages/vision/link.py), anything drawn
(JavaScript)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.vision.picture_packet import pack_picture
from ui.components.patches_texts import patches_texts
from ui.components.registry import mount
from ui.components.selection import places_from_browser

if TYPE_CHECKING:
    from core.vision.captures import PictureRun
    from ui.components.patch_choice import PatchChoice


def patch_attention(
    captured: PictureRun,
    choice: PatchChoice,
    *,
    key: str,
    on_choose: Callable[[], None],
    question: str = "",
    cells: dict[str, Any] | None = None,
    target: Sequence[int] = (),
) -> None:
    """Draw one layer over its picture; ``choice`` is what the page asks for.

    Choosing a patch or a head and hovering cost nothing; a choice costs one message after 250 ms of quiet, and
    ``on_choose`` runs before the next rerun: read ``chosen_patch(key)`` in it. cells: {side, shares, truth} of the
    answer; target: patches of the thing looked for.
    """
    options = {"panel": choice.panel, "query": choice.query, "seen": (chosen_patch(key) or {}).get("seen", 0)}
    packet = pack_picture(
        captured,
        choice.layer,
        choice.query,
        question=question,
        texts=patches_texts(),
        options=options,
        cells=cells,
        target=target,
    )
    mount("patches")(key=key, data=packet, on_choice_change=on_choose)


def chosen_patch(key: str) -> dict[str, Any] | None:
    """{panel, query, seen} as the person last chose them in the component ``key``; None before the first choice."""
    return places_from_browser((st.session_state.get(key) or {}).get("choice"), ("panel", "query", "seen"))
