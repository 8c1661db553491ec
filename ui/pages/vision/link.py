"""Where one looks on the page "Vision": layer, head (or rollout, or its null) and the position that looks; all of it in
the link.

People count layers and heads from 1, here and in the link. A position travels by its name: ``patch=2,5``,
``patch=[REG1]``; the first one is the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.vision.shipped import pointing_head

from ...components.patch_choice import PatchChoice
from ...components.patches import chosen_patch
from ...shell.locale import t
from ...shell.state import held, hold, publish, settle

if TYPE_CHECKING:
    from core.vision.captures import PictureRun

LAYER, HEAD, PATCH = "vision_layer", "vision_head", "patch"
THROUGH = ("rollout", "even")
BUTTONS = 12  # layers that fit beside each other


def pick_layer(seen: PictureRun, model: str) -> int:
    """The layer, from 0: of an untouched page the one whose head points best, else the last."""
    layers = seen.trace.layers()
    first = (pointing_head(model) or (layers - 1, 0))[0] + 1
    settle(LAYER, range(1, layers + 1), min(first, layers))
    if layers <= BUTTONS:
        layer = st.segmented_control(
            t("Layer"), range(1, layers + 1), key=LAYER, persist_state="session", required=True
        )
    else:
        layer = st.selectbox(t("Layer"), range(1, layers + 1), key=LAYER, persist_state="session", width=96)
    publish(LAYER, str(layer), str(first))
    return layer - 1


def held_place(seen: PictureRun, layer: int, model: str) -> PatchChoice:
    """What the link holds of head and patch; the rest by default."""
    heads, pieces = seen.trace.heads(), seen.trace.tokens.pieces
    first = (pointing_head(model) or (0, 0))[1]
    asked, patch = held(HEAD), held(PATCH)
    number = counted(asked, digits=4)
    if asked in THROUGH:
        panel = heads + THROUGH.index(asked)
    else:
        panel = number - 1 if number is not None and 1 <= number <= heads else min(first, heads - 1)
    return PatchChoice(layer, panel, pieces.index(patch) if patch in pieces else 0)


def counted(text: str, *, digits: int) -> int | None:
    """The whole number that a link writes with at most so many plain digits; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def follow(key: str, seen: PictureRun) -> None:
    """Callback of the component ``key``: what was chosen goes into the link."""
    found = chosen_patch(key)
    if found is None:
        return
    heads, pieces = seen.trace.heads(), seen.trace.tokens.pieces
    panel, query = int(found["panel"]), int(found["query"])
    if 0 <= panel < heads + len(THROUGH):
        hold(HEAD, str(panel + 1) if panel < heads else THROUGH[panel - heads])
    hold(PATCH, pieces[query] if 0 < query < len(pieces) else "")
