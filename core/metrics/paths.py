"""Cards of the methods of Caminhos, from the methods themselves (core/analyses/methods), and of the mixing ratio."""

from __future__ import annotations

from ..analyses.methods import METHODS
from ..errors import Message
from .card import EVEN_AND_TWIN, ON_MASK, SHARE, MetricCard, keyed

_COMMAND = f"python -m core paths {ON_MASK}"

PATH_CARDS = keyed(
    MetricCard(
        key=f"path_{method.key}",
        name=method.title,
        definition=method.summary,
        formula=f"{method.layer_formula}; {method.joint_formula}",
        unit=Message("share of the row, 0 … 1"),
        null=EVEN_AND_TWIN,
        source=method.source,
        command=_COMMAND,
        section="Paths",
    )
    for method in METHODS.values()
)

MIXING_CARDS = keyed(
    [
        MetricCard(
            key="path_mixing",
            name=Message("mixing ratio"),
            definition=Message("How much of a new vector comes from other positions, mean over positions and layers."),
            formula="‖Σ_{j≠i} r_ij‖ ÷ (‖Σ_{j≠i} r_ij‖ + ‖r_ii‖)",
            unit=SHARE,
            null=Message("the random twin"),
            source="Kobayashi et al. 2021",
            command=_COMMAND,
            section="Paths",
        )
    ]
)
