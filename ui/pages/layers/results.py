"""What the page "Layers" computes from a trace, cached by ui/serving/long_work.py.

Not here: models and traces (ui/serving/cache.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.axes import Kind
from core.tracing.trace import Trace

from ...serving import cache
from ...serving.long_work import work
from ...shell.state import Chosen

if TYPE_CHECKING:
    from core.analyses.contributions import Contributions
    from core.analyses.logit_lens import Lens


def lens(chosen: Chosen, trace: Trace) -> Lens | None:
    """The trace through the model's own head, layer by layer; None while a long run waits for the visitor's agreement.

    Raises:
        MiranteError: what core.analyses.logit_lens raises, or a full queue.
    """
    from core.analyses import logit_lens as core_lens

    model = cache.language_model(chosen)
    return work(
        (chosen.device, chosen.precision, trace),
        lambda progress: core_lens.lens(model, trace, progress),
        seconds=core_lens.lens_seconds(model, trace),
        name="layers_lens",
    )


def contributions(chosen: Chosen, trace: Trace, kind: Kind) -> Contributions | None:
    """What each position gives to each other in every layer; None while a long run waits for the visitor's agreement.

    Raises:
        MiranteError: what core.analyses.contributions raises, or a full queue.
    """
    from core.analyses import contributions as core_contributions

    model = cache.language_model(chosen)
    key = (chosen.device, chosen.precision, trace, kind)
    return work(
        key,
        lambda progress: core_contributions.contributions(model, trace, kind, progress=progress),
        seconds=core_contributions.contribution_seconds(model, trace, kind),
        name="layers_flow",
    )
