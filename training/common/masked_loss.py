"""The loss of a masked language model, of the encoder and of the film."""

from __future__ import annotations

import torch
from torch import nn

from training.common import batches, masked_model


def masked_loss(model: nn.Module, batch: batches.Batch, device: torch.device) -> torch.Tensor:
    """Mean cross-entropy in nats over the masked positions; only their rows go through the output layer."""
    labels = batch.labels.to(device)
    attention = None if batch.attention is None else batch.attention.to(device)
    hidden = masked_model.states(model, batch.ids.to(device), attention)
    asked = labels != batches.IGNORED
    return nn.functional.cross_entropy(masked_model.scores(model, hidden[asked]).float(), labels[asked])
