"""What BERT and ModernBERT call by different names: the states of a masked model, and the scores of some of them.

Only the rows that are asked go through the output layer, which is the larger half of the work of a small model.
"""

from __future__ import annotations

import torch
from transformers import PreTrainedModel


def states(model: PreTrainedModel, ids: torch.Tensor, attention: torch.Tensor | None) -> torch.Tensor:
    """ids, attention (sentence, position) → last hidden states (sentence, position, width)."""
    return model.base_model(input_ids=ids, attention_mask=attention).last_hidden_state


def scores(model: PreTrainedModel, rows: torch.Tensor) -> torch.Tensor:
    """Rows of states (row, width) → logits (row, vocab)."""
    return model.cls(rows) if hasattr(model, "cls") else model.decoder(model.head(rows))
