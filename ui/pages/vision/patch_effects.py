"""What becomes of the answer when [CLS] may not look at some patches, beside the same with other patches.

Not here: the runs themselves (core/vision/causes.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.axes import head_name
from core.figures.bars import NullMarks, bars
from core.figures.theme import label

from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.locale import percent, plain, t
from ...shell.numbers import exact
from .model import run_seconds

if TYPE_CHECKING:
    from core.vision.captures import PictureRun
    from core.vision.causes import PatchEffects
    from core.vision.models import VisionModel

    from ...components.patch_choice import PatchChoice
    from .picture import ChosenPicture


def show_patch_effects(
    vision: VisionModel, picture_run: PictureRun, picture: ChosenPicture, choice: PatchChoice, target: list[int]
) -> None:
    """Cut the circle (or the patches most looked at) from what [CLS] may look at, and draw what the answer becomes."""
    if picture_run.probabilities is None or not vision.prefix:
        return
    from core.vision.causes import most_looked_at, patch_effects

    head = choice.panel if choice.panel < picture_run.trace.heads() else None
    patches = target or most_looked_at(picture_run, choice.layer, head)
    answer = None if picture.scene is None or vision.cells is None else picture.scene.cell
    st.subheader(t("What happens when it may not look there?"), anchor=False)
    key = (vision.name, vision.revision, str(vision.device), picture.key, choice.layer, head)
    effects = work(
        key,
        lambda progress: patch_effects(
            vision, picture.pixels, picture_run, choice.layer, head, patches, answer, progress=progress
        ),
        seconds=24 * run_seconds(vision),
        name="stakes",
    )
    if effects is not None:
        _draw_patch_effects(
            vision, effects, head_name(choice.layer, head or 0, t("L")), choice.layer, on_circle=bool(target)
        )


def _draw_patch_effects(vision: VisionModel, effects: PatchEffects, head: str, layer: int, *, on_circle: bool) -> None:
    """Say and draw the probability of the answer after each cut; on_circle: the circle was cut."""
    from core.vision.causes import RANDOM_DRAWS

    cut_patches = (
        t("the circle")
        if on_circle
        else t("what this head looks at most")
        if "head" in effects.cut
        else t("what the rollout looks at most")
    )
    names = {
        "head": t("without head {head}", head=head),
        "one": t("{head} may not look there", head=head),
        "layer": t("no head of layer {layer} may", layer=layer + 1),
        "all": t("no head of any layer may"),
        "nobody": t("no position may look there"),
    }
    cuts = list(effects.cut)
    st.markdown(
        t(
            "The model gives **{answer}** {plain}. When [CLS] may not look at {there} in any layer: "
            "**{all}**; when no other position may either: **{nobody}**.",
            answer=plain(_answer(vision, effects.answer)),
            plain=percent(effects.plain),
            there=cut_patches,
            all=percent(effects.cut["all"]),
            nobody=percent(effects.cut["nobody"]),
        )
    )
    marks = (
        [NullMarks(t("as many other patches instead"), [effects.null.get(name, np.nan) for name in cuts])]
        if effects.null
        else []
    )
    hover = [
        f"{label(names[name])}: {exact(effects.cut[name])}"
        + (f"<br>{label(marks[0].name)}: {exact(effects.null[name])}" if name in effects.null else "")
        for name in cuts
    ]
    chart(
        bars(
            [effects.cut[name] for name in cuts],
            [names[name] for name in cuts],
            look=look(),
            hover=hover,
            marks=marks,
            percent=True,
        ).update_xaxes(range=[0, 1.02]),
        key="vision_stakes",
    )
    st.caption(
        t(
            "Each bar: the probability of that answer in a run that was changed. The marks: as many other "
            "patches cut instead, mean of {n} draws. Heads can stand in for each other: a bar that stays "
            "long does not prove that nothing was lost.",
            n=RANDOM_DRAWS,
        )
    )


def _answer(vision: VisionModel, answer: int) -> str:
    """An answer as people read it: a cell by row and column, else its name."""
    if vision.cells is None:
        return vision.labels[answer]
    return t("cell in row {row}, column {column}", row=answer // vision.cells + 1, column=answer % vision.cells + 1)
