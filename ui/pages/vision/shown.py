"""What the page "Vision" says and draws beside the picture: the question, answers by name, where [CLS] points over many
pictures, the card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.axes import head_name
from core.figures.bars import NullMarks, bars
from core.figures.grid import grid
from core.figures.theme import label
from core.models.cards import read_card
from core.vision.scenes import MAX_OTHERS, MIN_OTHERS, Clutter, draw
from core.vision.shipped import visions

from ...explorer.model_card import show_card, show_curve, show_measures
from ...serving.long_work import Progress, work
from ...shell.charts import chart, look
from ...shell.locale import percent, plain, t
from ...shell.numbers import exact
from ...shell.state import Chosen
from .model import vision_model, vision_twin

if TYPE_CHECKING:
    from core.intervals import Estimate
    from core.vision.captures import PictureRun
    from core.vision.causes import PatchEffects
    from core.vision.models import VisionModel
    from core.vision.pointing import Pointing

    from ...components.patch_choice import PatchChoice
    from .picture import Asked

STUDIED = 120  # pictures
LABELS = 5  # answers by name


def say_limits(vision: VisionModel, asked: Asked) -> None:
    """What an answer about a person's own picture is worth, and what had to be assumed."""
    if asked.scene is None and vision.cells is not None:
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


def cells_of(vision: VisionModel, seen: PictureRun, asked: Asked) -> dict[str, Any] | None:
    """The answer as the component draws it, where answers are cells."""
    if vision.cells is None:
        return None
    return {
        "side": vision.cells,
        "shares": seen.probabilities.round(5).tolist(),
        "truth": None if asked.scene is None else asked.scene.cell,
    }


def target_of(vision: VisionModel, asked: Asked) -> list[int]:
    """Patches (from 0) of the red circle; none in a person's own picture."""
    from core.vision.pointing import covered

    return [] if asked.scene is None else np.flatnonzero(covered(vision, asked.scene)).tolist()


def show_labels(vision: VisionModel, seen: PictureRun) -> None:
    """The likeliest answers of a classifier whose answers are names; that there are none of a model without a
    classifier.
    """
    if not vision.labels:
        st.caption(
            t(
                "This model has no classifier: it describes pictures and answers nothing. Its attention is "
                "real all the same."
            )
        )
    elif vision.cells is None:
        best = np.argsort(-seen.probabilities)[:LABELS]
        names = [vision.labels[i] for i in best]
        st.markdown(
            t(
                "The model answers **{label}**: {percent}.",
                label=plain(names[0]),
                percent=percent(float(seen.probabilities[best[0]])),
            )
        )
        hover = [f"{label(name)}: {exact(float(seen.probabilities[i]))}" for name, i in zip(names, best, strict=True)]
        chart(bars(seen.probabilities[best], names, look=look(), hover=hover, percent=True), key="vision_labels")


def show_stakes(vision: VisionModel, seen: PictureRun, asked: Asked, place: PatchChoice, target: list[int]) -> None:
    """The causal twin: the answer when [CLS] may not look there, beside the same with other patches."""
    if seen.probabilities is None or not vision.prefix:
        return
    from core.vision.causes import most_looked_at, patch_effects

    head = place.panel if place.panel < seen.trace.heads() else None
    patches = target or most_looked_at(seen, place.layer, head)
    answer = None if asked.scene is None or vision.cells is None else asked.scene.cell
    st.subheader(t("What happens when it may not look there?"), anchor=False)
    key = (vision.name, vision.revision, str(vision.device), asked.key, place.layer, head)
    found = work(
        key,
        lambda progress: patch_effects(
            vision, asked.pixels, seen, place.layer, head, patches, answer, progress=progress
        ),
        seconds=24 * _seconds(vision) / (2 * STUDIED),
        name="stakes",
    )
    if found is not None:
        _draw_stakes(vision, found, head_name(place.layer, head or 0, t("L")), place.layer, on_circle=bool(target))


def _draw_stakes(vision: VisionModel, found: PatchEffects, head: str, layer: int, *, on_circle: bool) -> None:
    from core.vision.causes import RANDOM_DRAWS

    there = (
        t("the circle")
        if on_circle
        else t("what this head looks at most")
        if "head" in found.cut
        else t("what the rollout looks at most")
    )
    names = {
        "head": t("without head {head}", head=head),
        "one": t("{head} may not look there", head=head),
        "layer": t("no head of layer {layer} may", layer=layer + 1),
        "all": t("no head of any layer may"),
        "nobody": t("no position may look there"),
    }
    shown = list(found.cut)
    st.markdown(
        t(
            "The model gives **{answer}** {plain}. When [CLS] may not look at {there} in any layer: "
            "**{all}**; when no other position may either: **{nobody}**.",
            answer=plain(_answer(vision, found.answer)),
            plain=percent(found.plain),
            there=there,
            all=percent(found.cut["all"]),
            nobody=percent(found.cut["nobody"]),
        )
    )
    marks = (
        [NullMarks(t("as many other patches instead"), [found.null.get(name, np.nan) for name in shown])]
        if found.null
        else []
    )
    hover = [
        f"{label(names[name])}: {exact(found.cut[name])}"
        + (f"<br>{label(marks[0].name)}: {exact(found.null[name])}" if name in found.null else "")
        for name in shown
    ]
    chart(
        bars(
            [found.cut[name] for name in shown],
            [names[name] for name in shown],
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
    return t("cell ({row}, {column})", row=answer // vision.cells + 1, column=answer % vision.cells + 1)


def show_pointing(chosen: Chosen, name: str, clutter: Clutter) -> None:
    """Over many drawn pictures: which head's [CLS] finds the circle, chosen on one half and reported on the other,
    beside its nulls.
    """
    vision = vision_model(name, chosen)
    st.subheader(t("Does a head point at the circle in other pictures too?"), anchor=False)
    if not vision.prefix:
        st.caption(t("This model has no [CLS] position: no row gathers an answer, so nothing points."))
        return
    found = work(
        (vision.name, vision.revision, str(vision.device), clutter),
        lambda progress: _points(chosen, name, clutter, progress),
        seconds=_seconds(vision),
        name="pointing",
    )
    if found is not None:
        own, other = found
        _say_pointing(own, other)
        _draw_pointing(own, other)


def show_about(name: str) -> None:
    """Training, measures and card of a bundled model."""
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


def _points(chosen: Chosen, name: str, clutter: Clutter, progress: Progress) -> tuple[Pointing, Pointing]:
    """Of the model and of its random twin, on the same pictures: numbers from 900,000 on, which can be asked for by
    hand too, and are as good as any.
    """
    from core.vision.pointing import points

    scenes = [
        draw(900_000 + i, distractors=MIN_OTHERS + i % (MAX_OTHERS - MIN_OTHERS + 1), clutter=clutter)
        for i in range(STUDIED)
    ]
    own = points(vision_model(name, chosen), scenes, progress=lambda done, total: progress(done, 2 * total))
    return own, points(
        vision_twin(name, chosen), scenes, progress=lambda done, total: progress(total + done, 2 * total)
    )


def _seconds(vision: VisionModel) -> float:
    """Two networks, every picture: about 30 G operations in a second, and 5 ms to draw and prepare each."""
    positions = (
        len(vision.prefix) + (_side(vision.model.config.image_size) // _side(vision.model.config.patch_size)) ** 2
    )
    return 2 * STUDIED * (2 * vision.parameters * positions / 30e9 + 0.005)


def _side(size: int | tuple[int, int]) -> int:
    return size if isinstance(size, int) else size[0]


def _say_pointing(own: Pointing, other: Pointing) -> None:
    layer, head = own.best
    st.markdown(
        t(
            "Chosen on {half} drawn pictures, head **{head}** has {own} of the attention of [CLS] on the "
            "circle in {n} others. Spread evenly it would be {even}; the best head of the random twin has "
            "{twin}.",
            half=len(own.even) - own.null.n,
            head=head_name(layer, head, t("L")),
            own=_estimate(own.of(layer, head)),
            n=own.null.n,
            even=percent(own.null.value),
            twin=_estimate(other.of(*other.best)),
        )
    )
    if own.accuracy is not None:
        st.markdown(
            t(
                "On all {n} the model answers {right} right, the random twin {twin}; by chance 6% would be.",
                n=own.accuracy.n,
                right=_estimate(own.accuracy),
                twin=percent(other.accuracy.value),
            )
        )


def _draw_pointing(own: Pointing, other: Pointing) -> None:
    """Layer × head, the mean of all pictures."""
    means, null = own.heads.mean(0), other.heads.mean(0)
    layers, heads = means.shape
    hover = [
        [
            (
                f"{head_name(i, j, t('L'))}: {exact(float(means[i, j]))}<br>{label(t('random twin'))}: "
                f"{exact(float(null[i, j]))}"
            )
            for j in range(heads)
        ]
        for i in range(layers)
    ]
    chart(
        grid(
            means,
            [f"{t('L')}{i + 1}" for i in range(layers)],
            [str(j + 1) for j in range(heads)],
            look=look(),
            hover=hover,
            reach=1.0,
            frame=own.best,
            below=t("Head"),
            beside=t("Layer"),
        ),
        key="vision_pointing",
    )
    st.caption(
        t(
            "Each cell: the share of a head's attention from [CLS] that falls on the patches of which the "
            "circle covers at least an eighth; 100% is the end of the colours. The frame marks the chosen "
            "head."
        )
    )


def _estimate(found: Estimate) -> str:
    return t("{value} ({low} – {high})", value=percent(found.value), low=percent(found.low), high=percent(found.high))
