"""The second adapter: families whose attention never reaches the seam (Bloom, GPT-Neo, DeBERTa-v2, XLNet …)."""

from __future__ import annotations

from transformers import PreTrainedModel
from transformers.utils import ModelOutput

from .axes import Kind
from .record import Record

_FIELDS: dict[str, Kind] = {"encoder_attentions": "encoder", "decoder_attentions": "decoder", "cross_attentions": "cross", "attentions": "self"}


def run(model: PreTrainedModel, inputs: dict, **options) -> tuple[ModelOutput, dict[Kind, tuple[Record, ...]]]:
    """Forward with ``output_attentions``; records by kind hold the model's own maps (head, query, key)."""
    output = model(**inputs, output_attentions=True, return_dict=True, **options)
    records: dict[Kind, tuple[Record, ...]] = {}
    for field, kind in _FIELDS.items():
        maps = getattr(output, field, None) or ()
        if maps:
            reason = f"{model.config.model_type} computes its attention outside the common interface."
            records[kind] = tuple(Record(None, None, None, weights=m[0].detach().float().cpu(), missing=reason) for m in maps)
    return output, records
