"""Log probabilities of whole sequences under a causal model, and perplexities with their intervals.

Used by evaluate.py for the decoder and, over the same sequences, for the n-gram baseline.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from training.common.numbers import Number
from training.decoder.tokenizer import POSITIONS, pieces

TOKENS = 2048  # of one forward


def rows_of(tokenizer: PreTrainedTokenizerFast, texts: Sequence[str], limit: int = POSITIONS) -> list[list[int]]:
    """<s> text </s> of each text; of a longer one the first `limit` ids."""
    found = pieces(tokenizer, texts)
    return [[tokenizer.bos_token_id, *ids, tokenizer.eos_token_id][:limit] for ids in found]


def log_probabilities(model: LlamaForCausalLM, rows: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """For each sequence the natural log of P(id | what stands before it) of every id but the first: (length − 1,)."""
    found: list[np.ndarray] = [np.empty(0)] * len(rows)
    for group in _groups(rows):
        width = max(len(rows[index]) for index in group)
        ids = torch.tensor([[*rows[index], *[0] * (width - len(rows[index]))] for index in group], device=model.device)
        with torch.inference_mode():
            logits = model(input_ids=ids[:, :-1], use_cache=False).logits.float()
        right = logits.gather(-1, ids[:, 1:, None])[..., 0] - logits.logsumexp(-1)
        for index, row in zip(group, right.cpu().double().numpy(), strict=True):
            found[index] = row[: len(rows[index]) - 1]
    return found


def perplexity(losses: Sequence[float], units: Sequence[int], seed: int = 0, draws: int = 1000) -> Number:
    """exp(sum of losses in nats / sum of units), the interval from a bootstrap over the sentences; n counts
    sentences.
    """
    losses, units = np.asarray(losses), np.asarray(units)
    picked = np.random.default_rng(seed).integers(0, len(losses), (draws, len(losses)))
    low, high = np.exp(np.quantile(losses[picked].sum(1) / units[picked].sum(1), (0.025, 0.975)))
    return {
        "value": round(math.exp(losses.sum() / units.sum()), 2),
        "n": len(losses),
        "low": round(float(low), 2),
        "high": round(float(high), 2),
        "units": int(units.sum()),
    }


def perplexity_ratio(
    losses: Sequence[float], others: Sequence[float], units: Sequence[int], seed: int = 0, draws: int = 1000
) -> Number:
    """Perplexity over that of another reader of the same sentences, below 1 better; the interval from a bootstrap over
    the sentences, each drawn with what both made of it; n counts sentences.
    """
    lost, units = np.asarray(losses) - np.asarray(others), np.asarray(units)
    picked = np.random.default_rng(seed).integers(0, len(lost), (draws, len(lost)))
    low, high = np.exp(np.quantile(lost[picked].sum(1) / units[picked].sum(1), (0.025, 0.975)))
    return {
        "value": round(math.exp(lost.sum() / units.sum()), 4),
        "n": len(lost),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
    }


def _groups(rows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Indices of sequences of near length, about TOKENS together."""
    group: list[int] = []
    for index in sorted(range(len(rows)), key=lambda index: len(rows[index])):
        if group and (len(group) + 1) * len(rows[index]) > TOKENS:
            yield group
            group = []
        group.append(index)
    if group:
        yield group
