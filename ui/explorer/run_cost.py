"""What one more run of a text takes, roughly: for the question whether a visitor wants to wait.

Measured on one core with mirante-encoder-pt: 0.011 s for 14 tokens, 0.048 s for 202, 0.113 s for 332.
"""

from __future__ import annotations

from core.models.loading import LanguageModel
from core.tracing.trace import Trace

_PRODUCTS_PER_SECOND = 5e10
_SECONDS_PER_CELL = 1.8e-8  # of a map of one head: written, and read again


def run_seconds(model: LanguageModel, trace: Trace) -> float:
    """Seconds of one edited run: the products of the weights, and the maps of every head, which grow as the square."""
    tokens = len(trace.tokens) + len(trace.target or ())
    heads = sum(trace.layers(kind) * trace.heads(kind) for kind in trace.kinds)
    return 0.004 + model.parameters * (tokens + 30) / _PRODUCTS_PER_SECOND + _SECONDS_PER_CELL * heads * tokens**2
