"""The choices of the page "Vision", all of them in the link: layer, head (or rollout, or its null), and query position.

People count layers and heads from 1, here and in the link. A position travels by its name: ``patch=2,5``,
``patch=[REG1]``; the first one is the default.
"""

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

_LAYER, _PANEL, _PATCH = "vision_layer", "vision_head", "patch"
_ROLLOUT_PANELS = ("rollout", "even")
_LAYERS_IN_A_ROW = 12
"""Layers whose buttons fit beside each other."""


def pick_layer(picture_run: PictureRun, model: str) -> int:
    """The layer, from 0: of an untouched page the one whose head points best, else the last."""
    layers = picture_run.trace.layers()
    first = (pointing_head(model) or (layers - 1, 0))[0] + 1
    settle(_LAYER, range(1, layers + 1), min(first, layers))
    if layers <= _LAYERS_IN_A_ROW:
        layer = st.segmented_control(
            t("Layer"), range(1, layers + 1), key=_LAYER, persist_state="session", required=True
        )
    else:
        layer = st.selectbox(t("Layer"), range(1, layers + 1), key=_LAYER, persist_state="session", width=96)
    publish(_LAYER, str(layer), str(first))
    return layer - 1


def held_patch_choice(picture_run: PictureRun, layer: int, model: str) -> PatchChoice:
    """The head and the patch that the link holds, or their defaults."""
    heads, pieces = picture_run.trace.heads(), picture_run.trace.tokens.pieces
    first = (pointing_head(model) or (0, 0))[1]
    panel_name, patch = held(_PANEL), held(_PATCH)
    number = whole_number(panel_name, digits=4)
    if panel_name in _ROLLOUT_PANELS:
        panel = heads + _ROLLOUT_PANELS.index(panel_name)
    else:
        panel = number - 1 if number is not None and 1 <= number <= heads else min(first, heads - 1)
    return PatchChoice(layer, panel, pieces.index(patch) if patch in pieces else 0)


def whole_number(text: str, *, digits: int) -> int | None:
    """The whole number that a link writes with at most so many plain digits; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def hold_patch_choice(key: str, picture_run: PictureRun) -> None:
    """Callback of the component ``key``: what was chosen goes into the link."""
    selection = chosen_patch(key)
    if selection is None:
        return
    heads, pieces = picture_run.trace.heads(), picture_run.trace.tokens.pieces
    panel, query = int(selection["panel"]), int(selection["query"])
    if 0 <= panel < heads + len(_ROLLOUT_PANELS):
        hold(_PANEL, str(panel + 1) if panel < heads else _ROLLOUT_PANELS[panel - heads])
    hold(_PATCH, pieces[query] if 0 < query < len(pieces) else "")
