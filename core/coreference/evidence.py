"""The ladder of evidence: five answers to "does this word use that noun?", from where it looks to what breaks without
it.

    attention   weight from the deciding position to the noun
    norm        size of what is fetched there, ‖Σ_h A·v·W_O^h‖ (Kobayashi et al. 2020)
    gradient    A·∂margin/∂A: the weight's part in the margin, to first order (Chefer et al. 2021, signed)
    knockout    fall of the margin when the edge is cut (Geva et al. 2023)
    patch       fall of the margin when the noun's value vectors come from the sentence with the nouns exchanged

The first two say where a model looks and how much it fetches, the last three what it does with it. All five read one
run of one text, at one position, so that they can be compared. Over all heads: mean of layers and heads (attention),
mean over layers of the layer's own sum (norm), sum (gradient), all edges at once (knockout, patch). Not here: intervals
over many items (bench.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ..analyses.gradients import gradient_times_attention
from ..attention.edits import Values
from ..errors import Message, MiranteError
from ..models.loading import LanguageModel
from ..tracing.captures import capture
from ..tracing.output_matrix import fetched, output_matrix
from ..tracing.trace import Trace
from .items import Item
from .probes import Probe, token_positions
from .scores import reader
from .stakes import ItemLogitDifference, LayerHead, fall, item_logit_difference, looked_at, margin
from .swap import swapped

RungName = Literal["attention", "norm", "gradient", "knockout", "patch"]
RUNGS: tuple[RungName, ...] = get_args(RungName)


@dataclass(frozen=True)
class Rung:
    """values: one per candidate, signed in the last three; None where ``refusal`` says why there are none. points_to:
    the candidate that is used most by this rung (stakes.Stake.use)."""

    name: RungName
    values: tuple[float, ...] | None
    refusal: Message | None = None
    points_to: int | None = None


@dataclass(frozen=True)
class Ladder:
    """The rungs of one item under one probe; margin: nats between the true word and its rival, before anything was
    cut.
    """

    difference: ItemLogitDifference
    margin: float
    rungs: tuple[Rung, ...]


def ladder(lm: LanguageModel, item: Item, probe: Probe, rival: str, place: LayerHead | None = None) -> Ladder | Message:
    """Climb it for one item, over every head or for the one at ``place`` (layer, head); a Message where nothing is at
    stake.

    Raises:
        MiranteError: what core.capture raises.
    """
    read = reader(lm, kept=4)
    at = item_logit_difference(lm, item, probe, rival, read)
    if isinstance(at, Message):
        return at
    trace = read(at.text)
    clean = margin(trace, at)
    makers: dict[RungName, Callable[[], Sequence[float] | Message]] = {
        "attention": lambda: _attention(trace, at, place),
        "norm": lambda: _norm(lm, trace, at, place),
        "gradient": lambda: _gradient(lm, trace, at, place),
        "knockout": lambda: [fall(lm, at, one, clean, place) for one in range(len(at.keys))],
        "patch": lambda: _patch(lm, item, trace, at, clean, place),
    }
    return Ladder(at, clean, tuple(_rung(name, makers[name], at) for name in RUNGS))


def _rung(name: RungName, make: Callable[[], Sequence[float] | Message], at: ItemLogitDifference) -> Rung:
    """A rung that this model or item does not have says why."""
    try:
        values = make()
    except MiranteError as error:
        return Rung(name, None, Message(error.template, **error.fields))
    if isinstance(values, Message):
        return Rung(name, None, values)
    return Rung(name, tuple(float(value) for value in values), points_to=int(at.use(values).argmax()))


def _attention(trace: Trace, at: ItemLogitDifference, place: LayerHead | None) -> Sequence[float]:
    if place is None:
        return looked_at(trace, at)
    row = trace.record(place[0]).rows([at.query])[place[1], 0].numpy()
    return [row[list(keys)].sum() for keys in at.keys]


def _norm(lm: LanguageModel, trace: Trace, at: ItemLogitDifference, place: LayerHead | None) -> list[float]:
    layers = range(trace.layers()) if place is None else (place[0],)
    heads = slice(None) if place is None else slice(place[1], place[1] + 1)
    sizes = np.zeros(len(at.keys))
    for layer in layers:
        matrix = output_matrix(lm, layer)
        for index, keys in enumerate(at.keys):
            sizes[index] += np.linalg.norm(fetched(trace.record(layer), matrix, at.query, list(keys))[heads].sum(0))
    return list(sizes / len(layers))


def _gradient(lm: LanguageModel, trace: Trace, at: ItemLogitDifference, place: LayerHead | None) -> list[float]:
    found = gradient_times_attention(
        lm, trace, at.query, lambda logits: logits[at.query, at.plus] - logits[at.query, at.minus]
    )
    kept = found.sum((0, 1)) if place is None else found[place]
    return [kept[list(keys)].sum() for keys in at.keys]


def _patch(
    lm: LanguageModel, item: Item, trace: Trace, at: ItemLogitDifference, clean: float, place: LayerHead | None
) -> list[float] | Message:
    """Values of each noun's place from the sentence with the nouns exchanged."""
    if len(item.candidates) != 2:
        return Message("Exchanging nouns needs two of them, and there are {n}.", n=len(item.candidates))
    text, spans = swapped(at.text, item.candidates)
    sister = capture(lm, text)
    keys = [tuple(token_positions(sister.tokens, span)) for span in spans]
    if tuple(keys) != at.keys or len(sister.tokens) != len(trace.tokens):
        return Message("The two nouns make different numbers of pieces, so one cannot take the other's place.")
    return [clean - margin(capture(lm, at.text, edits=_patches(sister, places, place)), at) for places in keys]


def _patches(sister: Trace, keys: Sequence[int], place: LayerHead | None) -> list[Values]:
    """One edit per layer: the value vectors of ``keys`` as the sister sentence has them."""
    layers = range(sister.layers()) if place is None else (place[0],)
    head = None if place is None else place[1]
    return [
        Values(
            layer=layer,
            head=head,
            kind="self",
            keys=tuple(keys),
            vectors=np.stack([sister.value(layer, one)[list(keys)] for one in range(sister.heads())]),
        )
        for layer in layers
    ]
