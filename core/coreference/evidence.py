"""The ladder of evidence: five answers to "does this word use that noun?".

From where the word looks to what breaks without the noun:

    attention   weight from the deciding position to the noun
    norm        size of what is fetched there, ‖Σ_h A·v·W_O^h‖ (Kobayashi et al. 2020)
    gradient    A·∂margin/∂A: the weight's part in the margin, to first order (Chefer et al. 2021, signed)
    knockout    fall of the margin when the edge is cut (Geva et al. 2023)
    patch       fall of the margin when the noun's value vectors come from the sentence with the nouns exchanged

The first two say where a model looks and how much it fetches, the last three what it does with it. All five read one
run of one text, at one position, so that they can be compared. Over all heads: mean of layers and heads (attention),
mean over layers of the layer's own sum (norm), sum (gradient), all edges at once (knockout, patch). Not here: intervals
over many items (conditions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ..analyses.gradients import gradient_times_attention
from ..attention.edits import Values
from ..axes import LayerHead
from ..boundary import named_step
from ..errors import Message, MiranteError
from ..models.loading import LanguageModel
from ..tracing.captures import capture
from ..tracing.output_matrix import fetched, output_matrix
from ..tracing.trace import Trace
from .articles import swapped
from .items import Item
from .probes import Probe, token_positions
from .scores import reader
from .stakes import ItemLogitDifference, fall, item_logit_difference, looked_at, margin

RungName = Literal["attention", "norm", "gradient", "knockout", "patch"]
RUNGS: tuple[RungName, ...] = get_args(RungName)


@dataclass(frozen=True)
class Rung:
    """One measure of evidence.

    values: one per candidate, signed in the last three rungs; None where ``refusal`` says why there are none.
    points_to: the candidate that is used most by this rung (ItemLogitDifference.use).
    """

    name: RungName
    values: tuple[float, ...] | None
    refusal: Message | None = None
    points_to: int | None = None


@dataclass(frozen=True)
class Ladder:
    """The rungs of one item under one probe.

    margin: nats between the true word and its rival, before anything was cut.
    """

    difference: ItemLogitDifference
    margin: float
    rungs: tuple[Rung, ...]


@named_step(Message("the ladder of evidence"))
def ladder(
    lm: LanguageModel, item: Item, probe: Probe, rival: str, one_head: LayerHead | None = None
) -> Ladder | Message:
    """Climb the ladder for one item, over every head or for ``one_head``; a Message where no two words compete.

    Raises:
        MiranteError: what core.capture raises.
    """
    read_trace = reader(lm, kept_traces=4)
    difference = item_logit_difference(lm, item, probe, rival, read_trace)
    if isinstance(difference, Message):
        return difference
    trace = read_trace(difference.text)
    clean = margin(trace, difference)
    measures: dict[RungName, Callable[[], Sequence[float] | np.ndarray | Message]] = {
        "attention": lambda: _attention(trace, difference, one_head),
        "norm": lambda: _norm(lm, trace, difference, one_head),
        "gradient": lambda: _gradient(lm, trace, difference, one_head),
        "knockout": lambda: [
            fall(lm, difference, candidate, clean, one_head) for candidate in range(len(difference.keys))
        ],
        "patch": lambda: _patch(lm, item, trace, difference, clean, one_head),
    }
    return Ladder(difference, clean, tuple(_rung(name, measures[name], difference) for name in RUNGS))


def _rung(
    name: RungName, measure: Callable[[], Sequence[float] | np.ndarray | Message], difference: ItemLogitDifference
) -> Rung:
    """A rung that this model or item does not have says why."""
    try:
        values = measure()
    except MiranteError as error:
        return Rung(name, None, Message(error.template, **error.fields))
    if isinstance(values, Message):
        return Rung(name, None, values)
    return Rung(name, tuple(float(value) for value in values), points_to=int(difference.use(values).argmax()))


def _attention(
    trace: Trace, difference: ItemLogitDifference, one_head: LayerHead | None
) -> Sequence[float] | np.ndarray:
    """Weight from the deciding position to each candidate, 0 … 1."""
    if one_head is None:
        return looked_at(trace, difference)
    layer, head = one_head
    row = trace.record(layer).rows([difference.query])[head, 0].numpy()
    return [row[list(keys)].sum() for keys in difference.keys]


def _norm(lm: LanguageModel, trace: Trace, difference: ItemLogitDifference, one_head: LayerHead | None) -> list[float]:
    """Length of what is fetched from each candidate into the residual stream."""
    layers = range(trace.layers()) if one_head is None else (one_head[0],)
    heads = slice(None) if one_head is None else slice(one_head[1], one_head[1] + 1)
    sizes = np.zeros(len(difference.keys))
    for layer in layers:
        matrix = output_matrix(lm, layer)
        for index, keys in enumerate(difference.keys):
            fetched_by_heads = fetched(trace.record(layer), matrix, difference.query, list(keys))[heads]
            sizes[index] += np.linalg.norm(fetched_by_heads.sum(0))
    return list(sizes / len(layers))


def _gradient(
    lm: LanguageModel, trace: Trace, difference: ItemLogitDifference, one_head: LayerHead | None
) -> list[float]:
    """Each candidate's first-order part in the margin, nats, signed."""
    products = gradient_times_attention(
        lm,
        trace,
        difference.query,
        lambda logits: logits[difference.query, difference.plus] - logits[difference.query, difference.minus],
    )
    row = products.sum((0, 1)) if one_head is None else products[one_head]  # (key,)
    return [row[list(keys)].sum() for keys in difference.keys]


def _patch(
    lm: LanguageModel,
    item: Item,
    trace: Trace,
    difference: ItemLogitDifference,
    clean: float,
    one_head: LayerHead | None,
) -> list[float] | Message:
    """Fall of the margin, nats, with each noun's value vectors from the sentence with the nouns exchanged."""
    if len(item.candidates) != 2:
        return Message("Exchanging nouns needs two of them, and there are {n}.", n=len(item.candidates))
    text, spans = swapped(difference.text, item.candidates)
    sister = capture(lm, text)
    keys = tuple(tuple(token_positions(sister.tokens, span)) for span in spans)
    if keys != difference.keys or len(sister.tokens) != len(trace.tokens):
        return Message("The two nouns make different numbers of tokens, so one cannot take the other's place.")
    return [
        clean - margin(capture(lm, difference.text, edits=_patches(sister, positions, one_head)), difference)
        for positions in keys
    ]


def _patches(sister: Trace, keys: Sequence[int], one_head: LayerHead | None) -> list[Values]:
    """One edit per layer: the value vectors of ``keys`` as the sister sentence has them."""
    layers = range(sister.layers()) if one_head is None else (one_head[0],)
    return [
        Values(
            layer=layer,
            head=None if one_head is None else one_head[1],
            kind="self",
            keys=tuple(keys),
            vectors=np.stack([sister.value(layer, head)[list(keys)] for head in range(sister.heads())]),
        )
        for layer in layers
    ]
