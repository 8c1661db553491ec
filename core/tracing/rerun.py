"""Reading a trace's text again: with edits (`again`), or with an ear at some modules (`listen`), without a hook on the
shared model.

The modules on the way to those that are listened to are copied shallowly (their weights and all other modules stay
shared), and the hooks lie on the copies, which end with the run: two sessions cannot mix. Not here: what surrounds one
attention call (around.py)."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import torch
from torch import Tensor, nn

from ..attention.edits import Edit
from ..models.loading import LanguageModel
from ..models.locks import turn
from . import captures
from .trace import Trace

SomeModule = TypeVar("SomeModule", bound=nn.Module)


def inputs_of(lm: LanguageModel, trace: Trace) -> dict[str, Tensor]:
    """What the forward of a trace was given, each (1, position)."""
    inputs = {"input_ids": torch.tensor([trace.tokens.ids], device=lm.device)}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    if trace.target is not None:
        inputs["decoder_input_ids"] = torch.tensor([trace.target.ids], device=lm.device)
    return inputs


def rerun(lm: LanguageModel, trace: Trace, edits: Sequence[Edit] = ()) -> Trace:
    """The very tokens of a trace through ``lm`` (its model, or its random twin) once more, with ``edits`` instead of
    the trace's own.

    Raises:
        MiranteError: as core.capture for edits; hidden states are not kept.
    """
    output, records = captures.forward(lm, inputs_of(lm, trace), edits)
    logits = None if trace.logits is None else output.logits[0].float().cpu().numpy()
    return replace(
        trace, records=records, logits=logits, hidden=None, edits=tuple(edits), provenance=captures.provenance(lm)
    )


def module_io(lm: LanguageModel, trace: Trace, paths: Iterable[str]) -> dict[str, tuple[Tensor, Tensor]]:
    """(first input, first output) of the modules at ``paths`` in one more forward; without those that were not called
    or gave no tensor.
    """
    model, ears = shallow_branch(lm.model, paths)
    heard: dict[str, tuple[Tensor, Tensor]] = {}
    for path, module in ears.items():
        module.register_forward_hook(_note(heard, path), with_kwargs=True)
    with turn(lm.model):
        captures.forward(replace(lm, model=model), inputs_of(lm, trace), trace.edits)
    return heard


def shallow_branch(model: SomeModule, paths: Iterable[str]) -> tuple[SomeModule, dict[str, nn.Module]]:
    """A model that shares everything with ``model`` except the modules on the ways to ``paths``; and its modules at
    ``paths``.
    """
    root = _shallow(model)
    copies: set[int] = set()
    ends: dict[str, nn.Module] = {}
    for path in paths:
        at: nn.Module = root
        for name in path.split("."):
            child = at.get_submodule(name)
            if id(child) not in copies:
                child = _shallow(child)
                copies.add(id(child))
                at._modules[name] = child
            at = child
        ends[path] = at
    return root, ends


def _shallow(module: SomeModule) -> SomeModule:
    """A copy with its own table of children and its own hooks. It never installs the library's own hooks for outputs,
    which would lie on the shared children and count every layer twice."""
    own = copy.copy(module)
    own._modules = dict(module._modules)
    for name in (
        "_forward_hooks",
        "_forward_hooks_with_kwargs",
        "_forward_hooks_always_called",
        "_forward_pre_hooks",
        "_forward_pre_hooks_with_kwargs",
    ):
        setattr(own, name, OrderedDict(getattr(module, name)))
    vars(own)["_output_capturing_hooks_installed"] = True
    return own


def _note(heard: dict, path: str):
    def hook(_module, args: tuple, given: dict, output) -> None:
        first = next((one for one in (*args, *given.values()) if isinstance(one, Tensor)), None)
        made = output if isinstance(output, Tensor) else output[0] if len(output) else None
        if first is not None and isinstance(made, Tensor):
            heard[path] = (first.detach().clone(), made.detach().clone())

    return hook
