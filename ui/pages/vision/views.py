"""What the page "Vision" says beside the picture: its limits, the answers by name, and the card of the model.

Not here: the answer after cutting patches (patch_effects.py), the study of many pictures (pointing.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.figures.bars import bars
from core.figures.theme import label
from core.models.cards import read_card
from core.vision.shipped import visions

from ...explorer.model_card import show_card, show_curve, show_measures
from ...shell.charts import chart, look
from ...shell.locale import percent, plain, t
from ...shell.numbers import exact

if TYPE_CHECKING:
    from core.vision.captures import PictureRun
    from core.vision.models import VisionModel

    from .picture import ChosenPicture

_LABELS = 5
"""Answers by name that are drawn."""


def say_limits(vision: VisionModel, picture: ChosenPicture) -> None:
    """Say what an answer about a person's own picture is worth, and what had to be assumed of the model."""
    if picture.scene is None and vision.cells is not None:
        st.warning(
            t(
                "This model knows only drawn shapes and one question. It was never shown a photograph: look "
                "at where it looks, and do not believe its answer."
            )
        )
    if vision.assumed:
        st.caption(
            t(
                "This model does not say how pictures are prepared for it; its own size and colours from −1 "
                "to 1 were assumed."
            )
        )


def say_grids(vision: VisionModel, picture_run: PictureRun) -> None:
    """Say how patches are counted, and that the answer's cells are another grid."""
    rows, columns = picture_run.grid
    text = t("Patches are counted (row, column) from the top left, {rows} × {columns}.", rows=rows, columns=columns)
    if vision.cells is not None:
        text += " " + t(
            "The answer is one of {n} × {n} larger cells, each of {wide} × {wide} patches.",
            n=vision.cells,
            wide=rows // vision.cells,
        )
    st.caption(text)


def cells_of(vision: VisionModel, picture_run: PictureRun, picture: ChosenPicture) -> dict[str, Any] | None:
    """The answer as the component draws it, where answers are cells."""
    if vision.cells is None:
        return None
    return {
        "side": vision.cells,
        "shares": picture_run.probabilities.round(5).tolist(),
        "truth": None if picture.scene is None else picture.scene.cell,
    }


def target_of(vision: VisionModel, picture: ChosenPicture) -> list[int]:
    """Patches (from 0) that the red circle covers; none in a person's own picture."""
    from core.vision.pointing import covered

    return [] if picture.scene is None else np.flatnonzero(covered(vision, picture.scene)).tolist()


def show_labels(vision: VisionModel, picture_run: PictureRun) -> None:
    """Draw the likeliest answers of a classifier whose answers are names; say where a model has no classifier."""
    if not vision.labels:
        st.caption(
            t(
                "This model has no classifier: it describes pictures and answers nothing. Its attention is "
                "real all the same."
            )
        )
    elif vision.cells is None:
        best = np.argsort(-picture_run.probabilities)[:_LABELS]
        names = [vision.labels[i] for i in best]
        st.markdown(
            t(
                "The model answers **{label}**: {percent}.",
                label=plain(names[0]),
                percent=percent(float(picture_run.probabilities[best[0]])),
            )
        )
        hover = [
            f"{label(name)}: {exact(float(picture_run.probabilities[i]))}" for name, i in zip(names, best, strict=True)
        ]
        chart(bars(picture_run.probabilities[best], names, look=look(), hover=hover, percent=True), key="vision_labels")


def show_about(name: str) -> None:
    """Draw training, measures and card of a bundled model."""
    if name in visions():
        with st.expander(t("This model: how it was trained, what was measured")):
            card = read_card(name)
            show_measures(card)
            show_curve(card)
            st.caption(
                t(
                    "Tokens are patches and [CLS]. During the first half of the training the loss holds a "
                    "second question, about the patches."
                )
            )
            show_card(card)
