"""Where [CLS] points over many drawn pictures, in the trained model and in its random twin.

Not here: how pointing is measured (core/vision/pointing.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.axes import head_name
from core.figures.grid import grid
from core.figures.theme import label
from core.vision.scenes import MAX_OTHERS, MIN_OTHERS, Clutter, draw

from ...serving.long_work import Progress, work
from ...shell.charts import chart, look
from ...shell.locale import percent, t
from ...shell.numbers import exact
from ...shell.state import Chosen
from .model import run_seconds, vision_model, vision_twin

if TYPE_CHECKING:
    from core.intervals import Estimate
    from core.vision.pointing import Pointing


STUDIED_PICTURES = 120
"""Pictures of the study."""
_FIRST_STUDIED = 900_000
"""Number of its first picture; visitors can draw these too, and they are as good as any."""


def show_pointing(chosen: Chosen, name: str, clutter: Clutter) -> None:
    """Over many drawn pictures: say and draw in which head [CLS] points at the circle, beside its nulls.

    The head is chosen on one half of the pictures and reported on the other.
    """
    vision = vision_model(name, chosen)
    st.subheader(t("Does a head point at the circle in other pictures too?"), anchor=False)
    if not vision.prefix:
        st.caption(t("This model has no [CLS] position: no row gathers an answer, so nothing points."))
        return
    both = work(
        (vision.name, vision.revision, str(vision.device), clutter),
        lambda progress: _points(chosen, name, clutter, progress),
        seconds=2 * STUDIED_PICTURES * run_seconds(vision),
        name="pointing",
    )
    if both is not None:
        trained, untrained = both
        _say_pointing(trained, untrained)
        _draw_pointing(trained, untrained)


def _points(chosen: Chosen, name: str, clutter: Clutter, progress: Progress) -> tuple[Pointing, Pointing]:
    """How the heads of the model, and those of its random twin, point in the same pictures."""
    from core.vision.pointing import points

    scenes = [
        draw(_FIRST_STUDIED + i, distractors=MIN_OTHERS + i % (MAX_OTHERS - MIN_OTHERS + 1), clutter=clutter)
        for i in range(STUDIED_PICTURES)
    ]
    trained = points(vision_model(name, chosen), scenes, progress=lambda done, total: progress(done, 2 * total))
    return trained, points(
        vision_twin(name, chosen), scenes, progress=lambda done, total: progress(total + done, 2 * total)
    )


def _say_pointing(trained: Pointing, untrained: Pointing) -> None:
    """Say how much of its attention the best head lays on the circle, and how often the model answers right."""
    layer, head = trained.best
    st.markdown(
        t(
            "Chosen on {half} drawn pictures, head **{head}** has {own} of the attention of [CLS] on the "
            "circle in {n} others. Spread evenly it would be {even}; the best head of the random twin has "
            "{twin}.",
            half=len(trained.even) - trained.null.n,
            head=head_name(layer, head, t("L")),
            own=_estimate(trained.of(layer, head)),
            n=trained.null.n,
            even=percent(trained.null.value),
            twin=_estimate(untrained.of(*untrained.best)),
        )
    )
    if trained.accuracy is not None:
        st.markdown(
            t(
                "On all {n} the model answers {right} right, the random twin {twin}; by chance 6% would be.",
                n=trained.accuracy.n,
                right=_estimate(trained.accuracy),
                twin=percent(untrained.accuracy.value),
            )
        )


def _draw_pointing(trained: Pointing, untrained: Pointing) -> None:
    """Draw layer × head, the mean of all pictures."""
    means, null = trained.heads.mean(0), untrained.heads.mean(0)
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
            frame=trained.best,
            below=t("Head"),
            beside=t("Layer"),
        ),
        key="vision_pointing",
    )
    st.caption(
        t(
            "Each cell: the share of a head's attention from [CLS] that falls on the patches of which the "
            "circle covers at least an eighth; 100% is the strongest colour. The frame marks the chosen head."
        )
    )


def _estimate(estimate: Estimate) -> str:
    return t(
        "{value} ({low} – {high})",
        value=percent(estimate.value),
        low=percent(estimate.low),
        high=percent(estimate.high),
    )
