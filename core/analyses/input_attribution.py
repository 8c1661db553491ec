"""From which inputs does what stands at a position come? Every method of methods/ on one run.

Each is a row over the inputs that sums to 1. All but the gradient know nothing of what the model answers.
Cross-attention has no stream of the same text: there only the methods that say so are defined. Each is to be seen
beside `uniform_maps`: the same method where every head looks evenly through the same mask. Not here: what a method
computes (methods/, one file each; docs/maths.md shows them in one table), a causal test of any of them
(studies/faithfulness.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..attention.edits import Uniform
from ..axes import Kind, checked_index
from ..boundary import named_step
from ..errors import BadInput, Message, MiranteError, TooLong
from ..models.loading import LanguageModel
from ..progress import Progress
from ..tracing.memory import limit_bytes
from ..tracing.rerun import rerun
from ..tracing.trace import Trace
from .contributions import Contributions
from .methods import METHODS, Evidence
from .rollout import with_residual
from .score import LogitDifference

CROSS: tuple[str, ...] = tuple(key for key, method in METHODS.items() if method.cross)
_ARRAYS = 2 * len(METHODS)  # of every layer, held at once: the maps, their products, what they are made of


@dataclass(frozen=True, eq=False)
class Maps:
    """layers: method → (layer, query, key), what a layer passes on. joint: method → (query, key) after all layers,
    where that is one product. missing: method → why this model does not have it. mixing: as
    contributions.Contributions."""

    kind: Kind
    layers: Mapping[str, np.ndarray]
    joint: Mapping[str, np.ndarray]
    missing: Mapping[str, Message]
    mixing: Mapping[str, np.ndarray]


@named_step(Message("the paths from the inputs"))
def method_maps(
    lm: LanguageModel, trace: Trace, kind: Kind | None = None, question: LogitDifference | None = None
) -> Maps:
    """Every method's maps of one trace. Costs a forward per layer for the norms and a backward for the gradient.

    question: the number whose gradient is asked for; without one the gradient is left out.

    Raises:
        BadInput: no such kind. TooLong: the maps would not fit into the memory.
    """
    kind = trace.checked_kind(kind)
    _check_memory(lm, trace, kind)
    evidence = Evidence(lm, trace, kind, question)
    layers: dict[str, np.ndarray] = {}
    joint: dict[str, np.ndarray] = {}
    missing: dict[str, Message] = {}
    for key, method in METHODS.items():
        try:
            if kind == "cross" and not method.cross:
                raise BadInput("Cross-attention joins two texts, so nothing is passed on within one.")
            if method.through_layers:
                lm.layout.mixing.require_none()
            layers[key], product = method.maps(evidence)
        except MiranteError as refusal:
            missing[key] = Message(refusal.template, **refusal.fields)
            continue
        if product is not None:
            joint[key] = product
    return Maps(kind, layers, joint, missing, _mixing(evidence))


@named_step(Message("the run with even attention"))
def uniform_maps(
    lm: LanguageModel, trace: Trace, kind: Kind | None = None, question: LogitDifference | None = None
) -> Maps:
    """The same methods on a run of the same text in which every head of every layer looks evenly at what its mask
    leaves open.

    Raises:
        UnsupportedModel: its attention cannot be edited.
    """
    return method_maps(lm, rerun(lm, trace, (Uniform(),)), kind, question)


def method_row(maps: Maps, method: str, position: int, progress: Progress | None = None) -> np.ndarray:
    """What each input gave to a position by one method, (key,) float64, sums to 1 (to 0 where a gradient gathered
    nothing).

    Raises:
        BadInput: no such position, or a method that this model does not have: with the reason.
    """
    if method in maps.missing:
        raise BadInput(maps.missing[method].template, **maps.missing[method].fields)
    position = checked_index(position, maps.layers[method].shape[1], "position")
    on_demand = METHODS[method].row
    if on_demand is not None:
        return on_demand(maps.layers[method], position, progress)
    shares = maps.joint[method][position].astype(np.float64)
    return shares / shares.sum() if shares.sum() > 0 else shares


def _mixing(evidence: Evidence) -> dict[str, np.ndarray]:
    """The mixing ratios by weights alone and by size, (layer, query) each; none between two texts."""
    if evidence.kind == "cross":
        return {}
    weights = {"weights": evidence.attention, "weights_residual": with_residual(evidence.attention)}
    return {name: _from_others(maps) for name, maps in weights.items()} | _mixing_by_size(evidence)


def _mixing_by_size(evidence: Evidence) -> dict[str, np.ndarray]:
    try:
        contributions: Contributions = evidence.contributions()
    except MiranteError:
        return {}
    return {str(measure): ratios for measure, ratios in contributions.mixing.items()}


def _check_memory(lm: LanguageModel, trace: Trace, kind: Kind) -> None:
    """Raise TooLong, with the estimate, before maps of every method and layer are made."""
    queries, keys = trace.record(0, kind).size
    need = 8 * _ARRAYS * trace.layers(kind) * queries * keys
    if need > limit_bytes():
        raise TooLong(
            "The maps of all methods for {n} tokens with “{name}” need about {need} MB of memory, and the "
            "limit is {limit} MB. Shorten the text, or split it into sentences.",
            n=keys,
            name=lm.name,
            need=need // 1_000_000,
            limit=limit_bytes() // 1_000_000,
        )


def _from_others(maps: np.ndarray) -> np.ndarray:
    """(layer, query, key) → (layer, query): the part of a row's weight that lies on other positions."""
    diagonal = np.diagonal(maps, axis1=1, axis2=2)
    return 1 - diagonal / maps.sum(-1)
