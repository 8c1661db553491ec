"""The second adapter: families whose attention never reaches the seam (Bloom, GPT-Neo, DeBERTa-v2, XLNet …).

They run in eager mode with ``output_attentions``. The maps are the model's own output, never recomputed here: ALiBi,
relative positions and disentangled scores are in them. Queries, keys and values are read from the products of the same
forward (eager_products.py) for the families in `families.KNOWN`; for others the maps stand alone and the vectors are
refused.

Nothing is left on the shared model, and nothing is shared between threads. Which families are known or refused is said
in families.py; core/models/verify.py finds by itself those whose shapes or sums give them away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from torch import Tensor
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.utils.generic import ModelOutput

from ..axes import Kind
from ..errors import Message, UnsupportedModel
from .eager_products import Watch, vectors_of
from .families import KNOWN, Known, refusal_of
from .record import EagerRecord, Vectors
from .reported_forms import form_of

_FIELDS: dict[str, Kind] = {
    "encoder_attentions": "encoder",
    "decoder_attentions": "decoder",
    "cross_attentions": "cross",
    "attentions": "self",
}


_REFUSAL = "Mirante cannot show the attention of {type} truthfully: {reason}."


def refuse(config: PreTrainedConfig) -> None:
    """Raise UnsupportedModel for a family whose output could pass for a map of tokens and is none."""
    reason = refusal_of(config)
    if reason is not None:
        raise UnsupportedModel(_REFUSAL, type=config.model_type, reason=reason)


def run_eager(
    model: PreTrainedModel, inputs: dict, **options
) -> tuple[ModelOutput, dict[Kind, tuple[EagerRecord, ...]]]:
    """One forward of one sentence; records by kind hold the model's own maps and, where known, its vectors.

    Raises:
        UnsupportedModel: a refused family, or attentions that are not (1, head, query, key).
    """
    refuse(model.config)
    with Watch() as watch:
        output = model(**inputs, output_attentions=True, return_dict=True, **options)
    maps = [(kind, layer) for kind, layers in in_tokens(model.config, output, inputs).items() for layer in layers]
    elsewhere = {kind: form.elsewhere for kind, _ in maps if (form := form_of(model.config, kind)) is not None}
    weights = [_map(model, layer) for _, layer in maps]
    known = KNOWN.get(model.config.model_type)
    vectors: Sequence[Vectors | None] = vectors_of(watch.products, weights) if known else [None] * len(weights)
    records: dict[Kind, tuple[EagerRecord, ...]] = {}
    for (kind, _), attention, three in zip(maps, weights, vectors, strict=True):
        record = replace(_record(model.config, attention, three, known), elsewhere=elsewhere.get(kind, ""))
        records[kind] = (*records.get(kind, ()), record)
    return output, records


def reported(output: ModelOutput) -> dict[Kind, tuple[Tensor, ...]]:
    """The maps in an output as the family reports them, by kind; read by name, and empty ones left out."""
    by_kind = {kind: getattr(output, field, None) for field, kind in _FIELDS.items()}
    return {kind: tuple(layers) for kind, layers in by_kind.items() if layers and any(m is not None for m in layers)}


def in_tokens(config: PreTrainedConfig, output: ModelOutput, inputs: dict) -> dict[Kind, tuple[Tensor, ...]]:
    """The maps in an output as maps of tokens, whatever form the family reports them in (reported_forms.py)."""
    n = inputs["input_ids"].shape[1] if "input_ids" in inputs else 0  # a picture's form knows its patches
    return {
        kind: tuple(layers if (form := form_of(config, kind)) is None else (form.tokens(m, n) for m in layers))
        for kind, layers in reported(output).items()
    }


def _map(model: PreTrainedModel, layer: Tensor | None) -> Tensor:
    if layer is None or layer.ndim != 4 or layer.shape[0] != 1:
        shape = None if layer is None else tuple(layer.shape)
        reason = Message(
            "what it reports as attention has the shape {shape}, not (1, heads, positions, positions)", shape=shape
        )
        raise UnsupportedModel(_REFUSAL, type=model.config.model_type, reason=reason)
    return layer[0].detach()


def _record(config: PreTrainedConfig, attention: Tensor, three: Vectors | None, known: Known | None) -> EagerRecord:
    """weights (H, Q, K) float32 on the CPU, with q, k, v (H or G, position, D) where the family is known."""
    weights = _plain(attention)
    own_way = Message("{type} computes its attention in its own way.", type=config.model_type)
    if known is None or three is None:
        return EagerRecord(weights, missing=own_way)
    scaling = known.scaling(config, three.query.shape[-1])
    query, key = three.query, three.key
    if known.folded == "query":
        query = query / scaling
    elif known.folded == "key":
        key = key / scaling
    missing = own_way
    if known.term:
        missing = Message("{type} adds to q·k: {term}.", type=config.model_type, term=Message(known.term))
    return EagerRecord(weights, Vectors(_plain(query), _plain(key), _plain(three.value), scaling), missing)


def _plain(tensor: Tensor) -> Tensor:
    return tensor.detach().float().cpu().contiguous()
