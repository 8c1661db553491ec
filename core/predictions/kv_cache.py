"""The cache of keys and values: its bytes by formula, with any sharing of heads, and the time that it saves, measured.

    bytes = 2 · layers · positions · key/value heads · head width · bytes per number

(Shazeer 2019 for one key/value head, MQA; Ainslie et al. 2023 for groups, GQA.) A sliding window keeps fewer positions
than this formula counts.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..tracing.trace import Trace
from .generation import check_writes, next_logits


@dataclass(frozen=True)
class CacheShape:
    """What one position leaves in the cache.

    heads: query heads. groups: heads of keys and values (layer after layer the same). size: bytes per number.
    """

    layers: int
    heads: int
    groups: int
    width: int
    size: int

    def bytes(self, positions: int, groups: int | None = None) -> int:
        """Bytes of the cache at ``positions``, as the model shares its heads, or with another number of ``groups``."""
        return 2 * self.layers * positions * (self.groups if groups is None else groups) * self.width * self.size

    @property
    def sharing(self) -> str:
        """MHA (a key and a value of its own for each head), MQA (one for all), or GQA."""
        return "MHA" if self.groups == self.heads else "MQA" if self.groups == 1 else "GQA"


@dataclass(frozen=True, eq=False)
class Timed:
    """Median seconds of one new token after ``positions`` tokens, with the cache and without it.

    held: bytes that the cache then held.
    """

    positions: int
    cached: float
    uncached: float
    held: int


@named_step(Message("the look at its cache"))
def cache_shape(lm: LanguageModel, trace: Trace) -> CacheShape:
    """The cache's shape as the captured run had it.

    Raises:
        UnsupportedModel: a model whose keys are not seen.
    """
    vectors = trace.record(0, trace.kinds[-1] if trace.target is None else "decoder").require_vectors()
    layers = trace.layers("decoder" if trace.target is not None else None)
    return CacheShape(layers, vectors.heads, len(vectors.key), vectors.key.shape[-1], torch.finfo(lm.dtype).bits // 8)


@named_step(Message("the timing of its cache"))
def time_cache(lm: LanguageModel, ids: Sequence[int], runs: int = 5) -> Timed:
    """What a reader waits for one new token after ``ids`` on this machine: ``runs`` times with the cache and without.

    Raises:
        UnsupportedModel: as core.predictions.generation.continue_text.
    """
    check_writes(lm)
    text, cached, uncached = list(ids), [], []
    for _ in range(runs):
        _, cache = next_logits(lm, text[:-1], None, cached=True) if len(text) > 1 else (None, None)
        before = time.perf_counter()
        _, cache = next_logits(lm, text, cache, cached=True)
        if cache is None:
            raise UnsupportedModel("“{name}” keeps no keys and values from one token to the next.", name=lm.name)
        between = time.perf_counter()
        next_logits(lm, text, None, cached=False)
        cached.append(between - before)
        uncached.append(time.perf_counter() - between)
    return Timed(len(text), statistics.median(cached), statistics.median(uncached), held_bytes(cache))


def held_bytes(cache: Any) -> int:
    """Bytes of the key and value tensors that a library cache holds."""
    return sum(part.numel() * part.element_size() for layer in cache.layers for part in (layer.keys, layer.values))
