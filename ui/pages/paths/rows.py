"""What the page "Paths" computes: every method's row for one place, beside its two nulls. Results stay in memory as
ui.serving.long_work keeps them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from core.analyses.contributions import contribution_seconds
from core.analyses.input_attribution import Maps, method_maps, method_row, uniform_maps
from core.analyses.methods import METHODS
from core.axes import Kind
from core.errors import MiranteError
from core.models.loading import LanguageModel
from core.progress import Progress
from core.tracing.rerun import rerun

from ...explorer.question import Place
from ...serving import cache
from ...serving.long_work import work
from ...shell.state import Chosen

Computed = TypeVar("Computed")
RowWithNulls = tuple[np.ndarray, np.ndarray | None, np.ndarray | None]
"""Rows over the inputs, (key,) each, sums 1: the model's, that of even attention, that of the random twin."""


@dataclass(frozen=True, eq=False)
class MapsWithNulls:
    """The maps of the model, of even attention and of the random twin; None where there is no such null."""

    model: Maps
    even: Maps | None
    twin: Maps | None

    def methods(self) -> list[str]:
        """The methods that this model has, in their order."""
        return [method for method in METHODS if method not in self.model.missing]

    def row(self, method: str, position: int, progress: Progress | None = None) -> RowWithNulls:
        """One method's rows; ``progress`` counts all three."""
        model = method_row(self.model, method, position, _part(progress, 0))
        even, twin = (
            None
            if null is None or method in null.missing
            else method_row(null, method, position, _part(progress, part))
            for part, null in enumerate((self.even, self.twin), 1)
        )
        return model, even, twin


def maps_with_nulls(chosen: Chosen, posed: Place, kind: Kind) -> MapsWithNulls | None:
    """Every method's maps and their nulls; None while a long computation was not agreed to.

    Raises:
        MiranteError: what core.analyses.input_attribution raises, or a full queue.
    """
    seconds = 3 * contribution_seconds(posed.model, posed.trace, kind, measures=4) if kind != "cross" else 1.0
    twin = _or_none(lambda: cache.null_model(chosen))
    return work(
        posed.key + (kind, "maps"),
        lambda progress: _compute(posed, kind, twin, progress),
        seconds=seconds,
        name="paths",
    )


def row_on_demand(posed: Place, maps: MapsWithNulls, method: str, position: int) -> RowWithNulls | None:
    """The row of a method that computes one only when it is looked at; None while that was not agreed to."""
    row_seconds = METHODS[method].row_seconds
    return work(
        posed.key + (maps.model.kind, position, method),
        lambda progress: maps.row(method, position, progress),
        seconds=0.0 if row_seconds is None else 3 * row_seconds(maps.model.layers[method]),
        name=method,
    )


def _compute(posed: Place, kind: Kind, twin: LanguageModel | None, progress: Progress) -> MapsWithNulls:
    model_maps = method_maps(posed.model, posed.trace, kind, posed.question)
    progress(1, 3)
    even_maps = _or_none(lambda: uniform_maps(posed.model, posed.trace, kind, posed.question))
    progress(2, 3)
    twin_maps = (
        None if twin is None else _or_none(lambda: method_maps(twin, rerun(twin, posed.trace), kind, posed.question))
    )
    progress(3, 3)
    return MapsWithNulls(model_maps, even_maps, twin_maps)


def _part(progress: Progress | None, part: int) -> Progress | None:
    """The progress of one of the three rows within that of all."""
    return None if progress is None else lambda done, total: progress(part * total + done, 3 * total)


def _or_none(compute: Callable[[], Computed]) -> Computed | None:
    """A null that a model does not have is not shown."""
    try:
        return compute()
    except MiranteError:
        return None
