"""Which layers of a hybrid make attention calls, and what the others are.

A layer keeps its number in the model (from 0 in the code, from 1 for people): names, links, exports and edits mean the
same layer. Read off one forward, not off the configuration: some models share one attention module among several layers
(Zamba), and every family writes its plan in its own way. Not here: what is shown in the place of a layer without
attention (NoAttention in core/attention/record.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import nn

from ..attention.tape import Call, current
from .mixing import FEED_FORWARD, MIXERS, part_name


def calling_layers(model: nn.Module, layers: Sequence[nn.Module], run: Callable[[], list[Call]]) -> tuple[int, ...]:
    """The layer, from 0, that makes each attention call of ``run``, in the order of the calls; -1 before the first.

    ``run`` opens its own tape. The model is not shared yet: the layers are listened to while it runs.
    """
    begun: list[tuple[int, int]] = [(-1, 0)]  # (layer, calls before it)

    def hook_of(number: int) -> Callable[..., None]:
        def hook(*given: object) -> None:
            tape = current()
            begun.append((number, 0 if tape is None else len(tape.calls)))

        return hook

    handles = [layer.register_forward_pre_hook(hook_of(number)) for number, layer in enumerate(layers)]
    try:
        calls = run()
    finally:
        for handle in handles:
            handle.remove()
    return tuple(next(number for number, before in reversed(begun) if before <= call) for call in range(len(calls)))


def layer_name(layer: nn.Module) -> str:
    """What a layer without attention is: by the first of its modules that mixes tokens in a way that has a name here, a
    msgid; a feed-forward layer where none does.
    """
    names = (part_name(module) for module in layer.modules())
    return next((name for name in names if name in MIXERS), FEED_FORWARD)
