"""The second adapter: families whose attention never reaches the seam (Bloom, GPT-Neo, DeBERTa-v2, XLNet …).

They run in eager mode with ``output_attentions``. The maps are the model's own output, never recomputed here: ALiBi,
relative positions and disentangled scores are in them. Queries, keys and values are read from the products of the same
forward (products.py) for the families in ``KNOWN``; for others the maps stand alone and the vectors are refused.

Nothing is left on the shared model, and nothing is shared between threads. ``REFUSED`` names families whose output
looks like a map of tokens and is none; probe.py finds by itself those whose shapes or sums give them away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from torch import Tensor
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.utils import ModelOutput

from ..axes import Kind
from ..errors import Message, UnsupportedModel
from .eager_products import Vectors, Watch, vectors
from .record import Record

_FIELDS: dict[str, Kind] = {
    "encoder_attentions": "encoder",
    "decoder_attentions": "decoder",
    "cross_attentions": "cross",
    "attentions": "self",
}


def _root(config: PreTrainedConfig, width: int) -> float:
    return width**-0.5


def _deberta(config: PreTrainedConfig, width: int) -> float:
    """He 2021, eq. 4: 1/√(3d) with both position terms, in general 1/√(d·(1 + number of terms))."""
    return (width * (1 + len(config.pos_att_type or ()))) ** -0.5


@dataclass(frozen=True)
class Known:
    """How a family makes its scores: scaling·q·k, and what it adds (``term``, empty when it is q·k and the mask alone).

    ``folded``: the side that was multiplied by the scaling before the product; we divide it out again.
    """

    term: str = ""
    scaling: Callable[[PreTrainedConfig, int], float] = _root
    folded: Literal["query", "key"] | None = None


# Each entry is held by tests/core/attention/test_eager.py and test_parity.py: vectors against projections, q·k against
# the map.
KNOWN: dict[str, Known] = {
    "bloom": Known("ALiBi"),
    "codegen": Known(),
    "deberta": Known("content-to-position and position-to-content scores", _deberta, "query"),
    "deberta-v2": Known("content-to-position and position-to-content scores", _deberta, "key"),
    "falcon": Known("ALiBi in some checkpoints"),
    "flaubert": Known(folded="query"),
    "fsmt": Known(folded="query"),
    "gpt_neo": Known(scaling=lambda config, width: 1.0),
    "gptj": Known(),
    "megatron-bert": Known(),
    "mpnet": Known("a relative position bias"),
    "mpt": Known("ALiBi"),
    "openai-gpt": Known(),
    "rembert": Known(),
    "roformer": Known(),
    "xglm": Known(folded="query"),
    "xlnet": Known("relative position scores; the query includes the learned content bias r_w"),
}

# Output that could pass for a map of tokens. Sources: the modeling files of transformers 5.23.
REFUSED: dict[str, str] = {
    "big_bird": "its block-sparse attention looks at random blocks, and short sentences switch it to another mechanism",
    "bigbird_pegasus": (
        "its block-sparse attention looks at random blocks, and short sentences switch it to another mechanism"
    ),
    "convbert": "half of its heads are convolutions and give no map",
    "diffllama": "each head subtracts one attention map from another, and the result is not a distribution",
    "falcon_h1": "each layer also mixes tokens by a state-space model, which no map shows",
    "funnel": "it pools the sentence between layers, so rows and columns stop being tokens",
    "led": "its columns are a sliding window, not the tokens of the sentence",
    "longformer": "its columns are a sliding window, not the tokens of the sentence",
    "longt5": "its encoder looks at blocks, not at the tokens of the sentence",
    "mra": "its attention is an approximation by blocks",
    "nystromformer": "its cells are mixtures of landmarks, not weights from token to token",
    "prophetnet": "it reports scores before softmax, and its decoder predicts several streams at once",
    "reformer": "it groups tokens by hashing, and each run would show another map",
    "squeezebert": "it reports scores before softmax",
    "yoso": "its attention is sampled, not computed",
}


_REFUSAL = "Mirante cannot show the attention of {type} truthfully: {reason}."


def refuse(config: PreTrainedConfig) -> None:
    """Raise UnsupportedModel for a family of ``REFUSED`` (BigBird is accepted with full attention)."""
    reason = REFUSED.get(config.model_type)
    if reason and getattr(config, "attention_type", None) != "original_full":
        raise UnsupportedModel(_REFUSAL, type=config.model_type, reason=Message(reason))


def run_eager(model: PreTrainedModel, inputs: dict, **options) -> tuple[ModelOutput, dict[Kind, tuple[Record, ...]]]:
    """One forward of one sentence; records by kind hold the model's own maps and, where known, its vectors.

    Raises:
        UnsupportedModel: a family of ``REFUSED``, or attentions that are not (1, head, query, key).
    """
    refuse(model.config)
    with Watch() as watch:
        output = model(**inputs, output_attentions=True, return_dict=True, **options)
    maps = [(kind, layer) for kind, layers in reported(output).items() for layer in layers]
    weights = [_map(model, layer) for _, layer in maps]
    known = KNOWN.get(model.config.model_type)
    found = vectors(watch.products, weights) if known else [None] * len(weights)
    records: dict[Kind, tuple[Record, ...]] = {}
    for (kind, _), attention, three in zip(maps, weights, found, strict=True):
        records[kind] = (*records.get(kind, ()), _record(model.config, attention, three, known))
    return output, records


def reported(output: ModelOutput) -> dict[Kind, tuple[Tensor, ...]]:
    """The maps in an output, (1, head, query, key) per layer, by kind; read by name, and empty ones left out."""
    found = {kind: getattr(output, field, None) for field, kind in _FIELDS.items()}
    return {kind: tuple(layers) for kind, layers in found.items() if layers and any(m is not None for m in layers)}


def _map(model: PreTrainedModel, layer: Tensor | None) -> Tensor:
    if layer is None or layer.ndim != 4 or layer.shape[0] != 1:
        shape = None if layer is None else tuple(layer.shape)
        reason = Message(
            "what it reports as attention has the shape {shape}, not (1, heads, positions, positions)", shape=shape
        )
        raise UnsupportedModel(_REFUSAL, type=model.config.model_type, reason=reason)
    return layer[0].detach()


def _record(config: PreTrainedConfig, attention: Tensor, three: Vectors | None, known: Known | None) -> Record:
    """weights (H, Q, K) float32 on the CPU, with q, k, v (H or G, position, D) where the family is known."""
    weights = _plain(attention)
    own = Message("{type} computes its attention in its own way.", type=config.model_type)
    if known is None or three is None:
        return Record(None, None, None, weights=weights, missing=own)
    scaling = known.scaling(config, three.query.shape[-1])
    query, key = three.query, three.key
    if known.folded == "query":
        query = query / scaling
    elif known.folded == "key":
        key = key / scaling
    added = (
        Message("{type} adds to q·k: {term}.", type=config.model_type, term=Message(known.term)) if known.term else own
    )
    return Record(_plain(query), _plain(key), _plain(three.value), scaling=scaling, weights=weights, missing=added)


def _plain(tensor: Tensor) -> Tensor:
    return tensor.detach().float().cpu().contiguous()
