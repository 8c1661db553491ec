"""The residual stream of one token as a river (a Sankey diagram): what each block adds, by size."""

from __future__ import annotations

import numpy as np

from core.analyses.stages import Stage, composition
from core.axes import Kind
from core.figures.stream import river
from core.figures.theme import label
from core.tracing.trace import Trace

from ...explorer.token_pickers import pick_token
from ...shell.charts import chart, look
from ...shell.frame import beside_title, picture_beside_words
from ...shell.locale import percent, plain, t
from ...shell.numbers import fixed
from .forward_pass import first_word
from .link import stage_name

_TONES = {"embedding": 7, "attention": 4, "cross": 2, "feed_forward": 1, "rest": 5}


def show_river(trace: Trace, kind: Kind, stages: tuple[Stage, ...]) -> None:
    """Draw the river of one token, and name its largest parts."""
    tokens = trace.sides(kind)[0]
    with beside_title():
        position = pick_token(tokens, t("Word"), default=first_word(tokens))
    shares = composition(stages, position)
    names = [stage_name(stages, index) for index in range(len(stages))]
    largest = np.argsort(-shares)[:3]
    listed = " · ".join(f"**{plain(names[i])}** {percent(float(shares[i]))}" for i in largest)
    picture, words = picture_beside_words()
    words.markdown(
        t(
            "What the last vector of **{word}** is made of, by size: {listed}.",
            word=plain(tokens.pieces[position]),
            listed=listed,
        )
    )
    hover = [
        (
            f"{label(name)}: {percent(float(share))} · ‖+‖ = {fixed(float(np.linalg.norm(stage.added[position])))} "
            f"· ‖x‖ = {fixed(float(stage.norms()[position]))}"
        )
        for name, share, stage in zip(names, shares, stages, strict=True)
    ]
    so_far = np.cumsum(shares)
    after = [t("after {stage}", stage=name) for name in names]
    flow = [
        f"{label(name)}: {percent(float(share))} · ‖x‖ = {fixed(float(stage.norms()[position]))}"
        for name, share, stage in zip(after[:-1], so_far, stages, strict=False)
    ]
    with picture:
        chart(
            river(
                shares.tolist(),
                names,
                [_TONES[stage.part] for stage in stages],
                hover,
                flow,
                look=look(),
                end=t("last vector"),
            ),
            key="river",
        )
    words.caption(
        t(
            "Every sum is split by the sizes of its two sides. Sizes do not add up as vectors do, and parts "
            "may cancel each other: this is a picture of sizes, not of causes. On hover: the size of what "
            "is added, and of the stream after it."
        )
    )
