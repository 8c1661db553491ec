"""The loss of the translator, and what is watched of it while it learns."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from transformers import MarianMTModel, PreTrainedTokenizerFast

from training.common import train
from training.translator import pairs
from training.translator.batches import IGNORED, Batch, batches, encode

from .model import PROBED


def word_loss(model: MarianMTModel, found: Batch, device: torch.device) -> torch.Tensor:
    """Mean cross-entropy in nats; only positions that hold a word go through the output layer."""
    attention = None if found.attention is None else found.attention.to(device)
    hidden = model.model(
        input_ids=found.source.to(device),
        attention_mask=attention,
        decoder_input_ids=found.given.to(device),
        use_cache=False,
    ).last_hidden_state
    labels = found.labels.to(device)
    asked = labels != IGNORED
    logits = model.lm_head(hidden[asked])  # final_logits_bias is a buffer of zeros
    return nn.functional.cross_entropy(logits.float(), labels[asked])


def probe(found: Sequence[pairs.Pair], made: PreTrainedTokenizerFast) -> train.Probe:
    """Cross-entropy in nats per target token on the first dev pairs of each language."""
    chosen = {
        language: [pair for pair in found if pair.language == language and pairs.length(pair) <= pairs.LONGEST][:PROBED]
        for language in pairs.FILES
    }
    ready = {
        f"dev_{language}": list(batches([(ids,) for ids in encode(made, some)], 0))
        for language, some in chosen.items()
        if some
    }
    return lambda model: {name: mean_loss(model, parts) for name, parts in ready.items()}


def mean_loss(model: MarianMTModel, parts: Sequence[Batch]) -> float:
    """Nats per target token over some batches, each token counted once."""
    device = next(model.parameters()).device
    counts = [int((part.labels != IGNORED).sum()) for part in parts]
    losses = [float(word_loss(model, part, device)) for part in parts]
    return sum(loss * count for loss, count in zip(losses, counts, strict=True)) / sum(counts)
