"""Turns: families whose forward rewrites a buffer of the shared model run one sentence at a time.

Rotary embeddings of the types ``dynamic`` and ``longrope`` copy the frequencies for the current length into a buffer
and read it back (transformers 5.23, modeling_rope_utils.py): beside a thread with another length, they would rotate by
the wrong angles. All other models run in parallel."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from weakref import WeakKeyDictionary

from torch import nn

from ..attention.families import turns_by_length

_LOCKS: WeakKeyDictionary[nn.Module, Lock | None] = WeakKeyDictionary()
_GUARD = Lock()


def turn(model: nn.Module) -> AbstractContextManager:
    """To be held around one forward (or one generation) of ``model``; free for models that keep nothing."""
    with _GUARD:
        if model not in _LOCKS:
            _LOCKS[model] = Lock() if _rewrites(model) else None
        lock = _LOCKS[model]
    return nullcontext() if lock is None else lock


def _rewrites(model: nn.Module) -> bool:
    """Whether a module of the model scales its rotary frequencies by length, in a buffer of its own."""
    return any(turns_by_length(module) for module in model.modules())
