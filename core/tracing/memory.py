"""How much memory a capture needs, stated before it runs.

An upper estimate from the shapes: what the tape keeps (queries, keys, values), the logits, one layer's working set,
and, for models outside the seam, every map. The limit is ``MIRANTE_MEMORY_MB`` (default 2048 MB a request).
"""

from __future__ import annotations

import os

from ..attention.families import size_of
from ..errors import TooLong
from ..models.loading import LanguageModel

FLOAT_BYTES = 4  # bytes


def limit_bytes() -> int:
    """Most bytes that one capture may need."""
    return int(os.environ.get("MIRANTE_MEMORY_MB", "2048")) * 1_000_000


def estimate_bytes(lm: LanguageModel, n: int) -> int:
    """Bytes for a text of ``n`` tokens on each side."""
    config = lm.model.config.get_text_config()
    layers, heads = sum(lm.layout.counts.values()), max(lm.layout.heads.values())
    width = size_of(config, "width") or 0
    vocabulary = (size_of(config, "vocabulary") or 0) if lm.has_head else 0
    stored = 3 * layers * n * max(width, lm.layout.width) + n * vocabulary + lm.layout.biased * heads * n * n
    inner = size_of(config, "inner") or 4 * width
    # activations, logits once more, one head and its mask
    working = n * (inner + 4 * width) + n * vocabulary + 3 * n * n
    if lm.layout.adapter == "outside":
        stored += layers * heads * n * n
        working += 2 * heads * n * n
    return FLOAT_BYTES * (stored + working)


def check_memory(lm: LanguageModel, n: int) -> None:
    """Raise TooLong, with the estimate and the limit, when ``n`` tokens would need more than the limit."""
    need, limit = estimate_bytes(lm, n), limit_bytes()
    if need > limit:
        raise TooLong(
            "The text makes {n} tokens; showing them with “{name}” needs about {need} MB of memory, and the "
            "limit is {limit} MB. "
            "Shorten the text, or split it into sentences.",
            n=n,
            name=lm.name,
            need=need // 1_000_000,
            limit=limit // 1_000_000,
        )
