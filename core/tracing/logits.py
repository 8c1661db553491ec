"""Logits as probabilities: the softmax and its logarithm over the last axis, in float64, as every analysis uses them.

Inside: `softmax`, `log_softmax`. Not inside: which logits (`Trace.require_logits`), and what is drawn from them
(core/predictions/generation.py).
"""

from __future__ import annotations

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """(…, vocab) logits → (…, vocab) float64 probabilities, 0 … 1, that sum to 1 over the last axis."""
    weights = np.exp(_shifted(logits))
    return weights / weights.sum(axis=-1, keepdims=True)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """(…, vocab) logits → (…, vocab) float64 log probabilities, nats."""
    shifted = _shifted(logits)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _shifted(logits: np.ndarray) -> np.ndarray:
    """Less the largest, so that no exponential overflows."""
    return logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
