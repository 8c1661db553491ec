"""What the page "Paths" computes: every method's row for one place, beside its two nulls. Kept as ui.serving.long_work
keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.analyses import contributions as core_contributions
from core.analyses.input_attribution import METHODS, Maps, Method, method_maps, method_row, uniform_maps
from core.axes import Kind
from core.errors import MiranteError
from core.tracing.rerun import rerun

from ...explorer.question import Posed
from ...serving import cache
from ...serving.long_work import work
from ...shell.state import Chosen

FLOW_SECONDS = 4e-8  # of one maximum flow, per edge and key; measured on 12 layers of 40 tokens


@dataclass(frozen=True, eq=False)
class Rows:
    """own, even, twin: what the model's, the even attention's and the random twin's maps say; twin None where there is
    none.
    """

    own: Maps
    even: Maps | None
    twin: Maps | None

    def methods(self) -> list[Method]:
        """The methods that this model has, in their order."""
        return [method for method in METHODS if method not in self.own.missing]

    def row(self, method: Method, position: int) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
        """(model, even, twin) rows over the inputs, each sums to 1."""
        return method_row(self.own, method, position), *(
            None if one is None or method in one.missing else method_row(one, method, position)
            for one in (self.even, self.twin)
        )


def rows(chosen: Chosen, posed: Posed, kind: Kind) -> Rows | None:
    """Every method's maps and their nulls; None while a long computation was not agreed to.

    Raises:
        MiranteError: what core.analyses.input_attribution raises, or a full queue.
    """
    model = posed.model
    seconds = 3 * core_contributions.seconds(model, posed.trace, kind, measures=4) if kind != "cross" else 1.0
    twin = _twin(chosen)
    return work(
        posed.key + (kind, "maps"), lambda progress: _make(posed, kind, twin, progress), seconds=seconds, name="paths"
    )


def flow_row(
    posed: Posed, found: Rows, position: int
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None] | None:
    """The row of the flow, which is computed on demand."""
    layers, n, _ = found.own.layers["raw"].shape
    seconds = 3 * FLOW_SECONDS * layers * n**3
    return work(
        posed.key + (found.own.kind, position, "flow"),
        lambda progress: _flow(found, position, progress),
        seconds=seconds,
        name="flow",
    )


def _make(posed: Posed, kind: Kind, twin, progress) -> Rows:
    own = method_maps(posed.model, posed.trace, kind, posed.question)
    progress(1, 3)
    even = _or_none(lambda: uniform_maps(posed.model, posed.trace, kind, posed.question))
    progress(2, 3)
    other = (
        None if twin is None else _or_none(lambda: method_maps(twin, rerun(twin, posed.trace), kind, posed.question))
    )
    progress(3, 3)
    return Rows(own, even, other)


def _flow(found: Rows, position: int, progress) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    parts = []
    for place, one in enumerate((found.own, found.even, found.twin)):
        parts.append(
            None
            if one is None
            else method_row(one, "flow", position, lambda done, of, place=place: progress(place * of + done, 3 * of))
        )
    return tuple(parts)


def _twin(chosen: Chosen):
    return _or_none(lambda: cache.null_model(chosen))


def _or_none(make):
    """A null that a model does not have is not shown."""
    try:
        return make()
    except MiranteError:
        return None
