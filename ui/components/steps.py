"""The steps of one head on a Streamlit page: mounts assets/components/steps and keeps Python and browser in step.

Inside: `head_steps` (draw), `chosen_step` (what the person last chose, inside a callback). Not inside: the packet
(core/views/steps_packet.py), words (steps_texts.py), what the link holds (ui/pages/step_by_step/link.py), anything
drawn (JavaScript)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.views.steps_packet import pack_steps
from ui.components.registry import mount
from ui.components.selection import places_from_browser
from ui.components.steps_texts import missing_texts, steps_texts

if TYPE_CHECKING:
    from core.analyses.steps import Steps
    from core.text.tokens import Tokens


def head_steps(
    steps: Steps,
    query: Tokens,
    key_side: Tokens,
    *,
    heads: int,
    step: int,
    key_place: int,
    key: str,
    on_choose: Callable[[], None],
) -> None:
    """Draw ``steps``.

    ``step`` (1 … 10) and ``key_place`` (the token that is looked at) are what the page asks for.

    Walking, hovering and the sliders cost nothing; a choice costs one message after 250 ms of quiet, and ``on_choose``
    runs before the next rerun: read ``chosen_step(key)`` in it.
    """
    options = {"step": step, "query": steps.query, "key": key_place, "seen": (chosen_step(key) or {}).get("seen", 0)}
    packet = pack_steps(
        steps, query, key_side, heads=heads, texts=steps_texts(), missing=missing_texts(steps), options=options
    )
    mount("steps")(key=key, data=packet, on_choice_change=on_choose)


def chosen_step(key: str) -> dict[str, Any] | None:
    """{step, query, key, seen} as the person last chose them in the component ``key``; None before the first choice."""
    return places_from_browser((st.session_state.get(key) or {}).get("choice"), ("step", "query", "key", "seen"))
