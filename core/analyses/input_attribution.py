"""From which inputs does what stands at a position come? Eight published answers, each a row over the inputs that sums
to 1.

==========  =================================================================
=====================================================
method      a layer                                                            through the layers
==========  =================================================================
=====================================================
raw         mean of the heads' weights                                         mean of the layers
rollout     raw + the identity, rows rescaled (Abnar & Zuidema 2020)           product
flow        the same                                                           maximum flow
norm        ‖Σ_h α·v·W_O‖ (Kobayashi et al. 2020)                              mean of the layers
residual
    with the stream's own part (Kobayashi et al. 2021)                 product (as GlobEnc, Modarressi et al. 2022)
normed      and through the norm that follows (idem)                           product
alti        by nearness (Ferrando et al. 2022)                                 product
gradient
    relu(A ⊙ ∂m/∂A), mean of heads (Chefer et al. 2021)                their rules; what was gathered, without the
    identity
==========  =================================================================
=====================================================

All but the last know nothing of what the model answers. Cross-attention has no stream of the same text: there only raw,
norm and gradient are defined. Each is to be seen beside
`uniform_maps`: the same method where every head looks evenly through the same mask. Not here: a causal test of any of
them (studies/faithfulness.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ..attention.edits import Uniform
from ..axes import Kind, checked_index
from ..errors import BadInput, Message, MiranteError, TooLong
from ..models.loading import LanguageModel
from ..tracing.memory import limit_bytes
from ..tracing.rerun import rerun
from ..tracing.trace import Trace
from . import contributions as _contributions
from .relevance import relevance
from .rollout import attention_flow, mean_heads, product, rollout, with_residual
from .score import LogitDifference

Method = Literal["raw", "rollout", "flow", "norm", "residual", "normed", "alti", "gradient"]
METHODS: tuple[Method, ...] = get_args(Method)
CROSS: tuple[Method, ...] = ("raw", "norm", "gradient")
ARRAYS = 16  # of every layer, held at once: the maps, their products, what they are made of
_MEASURES: dict[Method, _contributions.Measure] = {
    "norm": "fetched",
    "residual": "residual",
    "normed": "normed",
    "alti": "alti",
}


@dataclass(frozen=True, eq=False)
class Maps:
    """layers: method → (layer, query, key), what a layer passes on; rollout and flow share raw's. joint: method →
    (query, key) after all layers, where that is one product. missing: method → why this model does not have it. mixing:
    as contributions.Contributions."""

    kind: Kind
    layers: Mapping[Method, np.ndarray]
    joint: Mapping[Method, np.ndarray]
    missing: Mapping[Method, Message]
    mixing: Mapping[str, np.ndarray]


def method_maps(
    lm: LanguageModel, trace: Trace, kind: Kind | None = None, question: LogitDifference | None = None
) -> Maps:
    """Every method's maps of one trace. Costs a forward per layer for the norms and a backward for the gradient.

    question: the number whose gradient is asked for; without one the gradient is left out.
    """
    kind = trace.checked_kind(kind)
    _check_memory(lm, trace, kind)
    attention = mean_heads(trace, kind)
    layers: dict[Method, np.ndarray] = {"raw": attention}
    joint: dict[Method, np.ndarray] = {"raw": attention.mean(0)}
    missing: dict[Method, Message] = {}
    mixing: dict[str, np.ndarray] = {}
    if kind == "cross":
        missing |= dict.fromkeys(
            (m for m in METHODS if m not in CROSS),
            Message("Cross-attention joins two texts, so nothing is passed on within one."),
        )
    else:
        mixed = with_residual(attention)
        layers |= {"rollout": mixed, "flow": mixed}
        joint["rollout"] = rollout(attention)[-1]
        mixing = {"weights": _mixed(attention), "weights_residual": _mixed(mixed)}
    _norms(lm, trace, kind, layers, joint, missing, mixing)
    _gradient(lm, trace, kind, question, layers, joint, missing)
    return Maps(kind, layers, joint, missing, mixing)


def uniform_maps(
    lm: LanguageModel, trace: Trace, kind: Kind | None = None, question: LogitDifference | None = None
) -> Maps:
    """The same methods on a run of the same text in which every head of every layer looks evenly at what its mask
    leaves open.

    Raises:
        UnsupportedModel: its attention cannot be edited.
    """
    return method_maps(lm, rerun(lm, trace, (Uniform(),)), kind, question)


def method_row(
    found: Maps, method: Method, position: int, progress: Callable[[int, int], None] | None = None
) -> np.ndarray:
    """What each input gave to a position by one method, (key,) float64, sums to 1 (to 0 where a gradient gathered
    nothing).

    Raises:
        BadInput: no such position, or a method that this model does not have: with the reason.
    """
    if method in found.missing:
        raise BadInput(found.missing[method].template, **found.missing[method].fields)
    position = checked_index(position, found.layers["raw"].shape[1], "position")
    if method == "flow":
        return attention_flow(found.layers["raw"], position, progress)
    values = found.joint[method][position].astype(np.float64)
    return values / values.sum() if values.sum() > 0 else values


def _norms(lm: LanguageModel, trace: Trace, kind: Kind, layers: dict, joint: dict, missing: dict, mixing: dict) -> None:
    """The four measures by size, or why there are none."""
    methods = [method for method in _MEASURES if kind != "cross" or method in CROSS]
    try:
        found = _contributions.contributions(lm, trace, kind, measures=[_MEASURES[method] for method in methods])
    except MiranteError as error:
        missing |= dict.fromkeys(methods, Message(error.template, **error.fields))
        return
    for method in methods:
        layers[method] = found.shares[_MEASURES[method]]
        joint[method] = layers[method].mean(0) if method == "norm" else product(layers[method].astype(np.float64))[-1]
    mixing |= found.mixing


def _gradient(
    lm: LanguageModel,
    trace: Trace,
    kind: Kind,
    question: LogitDifference | None,
    layers: dict,
    joint: dict,
    missing: dict,
) -> None:
    try:
        if question is None:
            raise BadInput("Gradients belong to a number: choose a word that the model predicts.")
        found = relevance(lm, trace, question)
    except MiranteError as error:
        missing["gradient"] = Message(error.template, **error.fields)
        return
    layers["gradient"] = found.layers[kind]
    gathered = found.joint[kind]
    joint["gradient"] = gathered if kind == "cross" else gathered - np.eye(len(gathered))


def _check_memory(lm: LanguageModel, trace: Trace, kind: Kind) -> None:
    """Raise TooLong, with the estimate, before maps of every method and layer are made."""
    queries, keys = trace.record(0, kind).size
    need = 8 * ARRAYS * trace.layers(kind) * queries * keys
    if need > limit_bytes():
        raise TooLong(
            "The maps of all methods for {n} tokens with “{name}” need about {need} MB of memory, and the "
            "limit is {limit} MB. Shorten the text, or split it into sentences.",
            n=keys,
            name=lm.name,
            need=need // 1_000_000,
            limit=limit_bytes() // 1_000_000,
        )


def _mixed(maps: np.ndarray) -> np.ndarray:
    """(layer, query, key) → (layer, query): the part of a row's weight that lies on other positions."""
    own = np.diagonal(maps, axis1=1, axis2=2)
    return 1 - own / maps.sum(-1)
