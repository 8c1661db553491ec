"""Running a trace's text once more: with edits (`rerun`), or noting what enters and leaves some modules (`module_io`).

No hook lies on the shared model. The modules on the way to those that are noted are copied shallowly (`shallow_branch`:
their weights and all other modules stay shared), and the hooks lie on the copies, which end with the run, so that two
sessions cannot mix. Not here: what surrounds one attention call (layer.py)."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from ..attention.edits import Edit
from ..boundary import named_step
from ..errors import Message
from ..models.loading import LanguageModel
from ..models.locks import turn
from . import captures
from .trace import Trace

Model = TypeVar("Model", bound=nn.Module)


def inputs_of(lm: LanguageModel, trace: Trace) -> dict[str, Tensor]:
    """What the forward of a trace was given, each (1, position)."""
    inputs = {"input_ids": torch.tensor([trace.tokens.ids], device=lm.device)}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    if trace.target is not None:
        inputs["decoder_input_ids"] = torch.tensor([trace.target.ids], device=lm.device)
    return inputs


@named_step(Message("a run with something changed"))
def rerun(lm: LanguageModel, trace: Trace, edits: Sequence[Edit] = ()) -> Trace:
    """The very tokens of a trace through ``lm`` once more, with ``edits`` instead of the trace's own.

    lm: the trace's model, or the untrained model of the same architecture.

    Raises:
        MiranteError: as core.capture for edits; hidden states are not kept.
    """
    output, records = captures.forward(lm, inputs_of(lm, trace), edits)
    logits = None if trace.logits is None else output.logits[0].float().cpu().numpy()
    return replace(
        trace, records=records, logits=logits, hidden=None, edits=tuple(edits), provenance=captures.provenance(lm)
    )


@named_step(Message("the look at what its layers pass on"))
def module_io(lm: LanguageModel, trace: Trace, paths: Iterable[str]) -> dict[str, tuple[Tensor, Tensor]]:
    """(first input, first output) of the modules at ``paths`` in one more forward.

    Those that were not called, or gave no tensor, are left out.
    """
    model, modules = shallow_branch(lm.model, paths)
    io: dict[str, tuple[Tensor, Tensor]] = {}
    for path, module in modules.items():
        module.register_forward_hook(_note(io, path), with_kwargs=True)
    with turn(lm.model):
        captures.forward(replace(lm, model=model), inputs_of(lm, trace), trace.edits)
    return io


def shallow_branch(model: Model, paths: Iterable[str]) -> tuple[Model, dict[str, nn.Module]]:
    """(branch, its modules at ``paths``): a model that shares with ``model`` all but the modules on the ways there."""
    root, copied, ends = _shallow(model), set[int](), {}
    for path in paths:
        module: nn.Module = root
        for name in path.split("."):
            child = module.get_submodule(name)
            if id(child) not in copied:
                child = _shallow(child)
                copied.add(id(child))
                module._modules[name] = child
            module = child
        ends[path] = module
    return root, ends


def _shallow(module: Model) -> Model:
    """A copy with its own table of children and its own hooks.

    It never installs the library's own hooks for outputs, which would lie on the shared children and count every layer
    twice.
    """
    shallow = copy.copy(module)
    shallow._modules = dict(module._modules)
    for name in (
        "_forward_hooks",
        "_forward_hooks_with_kwargs",
        "_forward_hooks_always_called",
        "_forward_pre_hooks",
        "_forward_pre_hooks_with_kwargs",
    ):
        setattr(shallow, name, OrderedDict(getattr(module, name)))
    shallow.__dict__["_output_capturing_hooks_installed"] = True
    return shallow


def _note(io: dict[str, tuple[Tensor, Tensor]], path: str) -> Callable[..., None]:
    """A forward hook that notes a module's first input and first output under ``path``."""

    def hook(_module: nn.Module, args: tuple, named: dict, output: Any) -> None:
        entered = next((value for value in (*args, *named.values()) if isinstance(value, Tensor)), None)
        left = output if isinstance(output, Tensor) else output[0] if len(output) else None
        if entered is not None and isinstance(left, Tensor):
            io[path] = (entered.detach().clone(), left.detach().clone())

    return hook
