"""The blocks of a model and the residual stream between them: where a layer begins and ends, and what flows past it."""

from __future__ import annotations

from torch import Tensor, nn

from ..axes import Kind
from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from ..models.loading import LanguageModel
from .rerun import module_io
from .trace import Trace


@named_step(Message("the look at what its layers pass on"))
def states(lm: LanguageModel, trace: Trace, kind: Kind | None = None) -> list[Tensor]:
    """The residual stream before the first block of a stack and after each, (position, model) each, by one more run.

    Raises:
        UnsupportedModel: its blocks are not known.
    """
    paths = blocks(lm, trace.checked_kind(kind))
    io = module_io(lm, trace, paths)
    plain = [io[path][side] for path, side in [(paths[0], 0), *((path, 1) for path in paths)] if path in io]
    if len(plain) <= len(paths) or any(state.shape[:-1].numel() != plain[0].shape[-2] for state in plain):
        raise _unknown(lm)  # several streams side by side (Gemma 3n)
    return [state.reshape(-1, state.shape[-1]).float().cpu() for state in plain]


def blocks(lm: LanguageModel, kind: Kind) -> list[str]:
    """Paths of the blocks of a stack, in order: the modules of one ModuleList with one attention call of the kind each
    (none in the layers of a hybrid that have no attention).

    Raises:
        UnsupportedModel: layers that share one module (ALBERT), or that are not such neighbours.
    """
    attention = {id(module) for module, module_kind in lm.layout.kind_of.items() if module_kind == kind}
    for path, module in lm.model.named_modules():
        if isinstance(module, nn.ModuleList) and len(module) == lm.layout.counts.get(kind, 0):
            counts = [sum(id(part) in attention for part in block.modules()) for block in module]
            attending = lm.layout.attending(kind)
            if counts and all(count == (layer in attending) for layer, count in enumerate(counts)):
                return [f"{path}.{index}" for index in range(len(module))]
    raise _unknown(lm)


def _unknown(lm: LanguageModel) -> UnsupportedModel:
    return UnsupportedModel(
        "Where the layers of “{name}” begin and end is not known, so nothing between them can be exchanged.",
        name=lm.name,
    )
