"""Two locks: one model is loaded or built at a time, and some families run one sentence at a time.

Loading: while a model is built, transformers 5.23 exchanges functions of its own classes and of torch for the whole
process (``no_tie_weights``, ``guard_torch_init_functions``, the default dtype) and puts back what it met. Two loads at
once put back each other's stand-ins, and every later model lacks its head until the server starts again.

Turns: families whose forward rewrites a buffer of the shared model. Rotary embeddings of the types ``dynamic`` and
``longrope`` copy the frequencies for the current length into a buffer and read it back (transformers 5.23,
modeling_rope_utils.py): beside a thread with another length, they would rotate by the wrong angles. All other models
run in parallel.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from threading import Lock, RLock
from weakref import WeakKeyDictionary

from torch import nn

from ..attention.families import turns_by_length

LOADING = RLock()
"""Held by whatever loads or builds a model, from the configuration to the test forward; a load inside a load waits for
nobody. Never held while a file is fetched from the hub, nor while one waits for a place in the forward queue.
"""
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
