"""What the page "Step by step" computes: every step of one head at one position, and where an untouched page begins.

The latest few of both are cached. Not here: the steps themselves (core/analyses/steps.py).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ...serving import cache
from ...serving.bounded_cache import Shelf
from ...serving.forward_slots import forward_slot
from ...shell.state import Chosen

if TYPE_CHECKING:
    from core.analyses.steps import Steps
    from core.axes import Kind
    from core.models.loading import LanguageModel
    from core.tracing.layer import LayerContext
    from core.tracing.trace import Trace

_MAX_STEPS = 16
_MAX_CONTEXTS = 8  # one layer of one trace each: a few MB at 512 tokens


def steps_of_head(chosen: Chosen, trace: Trace, kind: Kind, layer: int, head: int, query: int) -> Steps:
    """Every step of one head at one position; the layer's surroundings cost one more forward, once.

    Raises:
        MiranteError: UnsupportedModel for models whose steps are not seen, or a full queue.
    """
    from core.analyses.steps import attention_steps

    model = cache.language_model(chosen)
    key = (chosen.device, chosen.precision, trace, kind, layer)
    return _steps.get(
        (*key, head, query), lambda: attention_steps(model, trace, _layer_context(model, key), layer, head, query, kind)
    )


@lru_cache(maxsize=_MAX_STEPS)
def first_steps(trace: Trace, kind: Kind) -> tuple[int, int, int | None]:
    """(layer, head, query position) of an untouched page.

    In a model of one stack what Home draws, its word by its last piece; else the first head, and no position.
    """
    if kind != "self":
        return *cache.first_head(trace, kind), None
    layer, head, word = cache.first_look(trace)
    return layer, head, max(position for position, word_of in enumerate(trace.tokens.word_of) if word_of == word)


def _layer_context(model: LanguageModel, key: tuple) -> LayerContext:
    """What surrounds one layer's attention; ``key`` ends with trace, kind and layer."""
    from core.tracing.layer import layer_context

    trace, kind, layer = key[-3:]

    def run() -> LayerContext:
        with forward_slot():
            return layer_context(model, trace, layer, kind)

    return _contexts.get(key, run)


_steps: Shelf[Steps] = Shelf(_MAX_STEPS)
_contexts: Shelf[LayerContext] = Shelf(_MAX_CONTEXTS)
