"""Watching one forward from the projections of one attention call to the sum into the residual stream (see layer.py).

A torch function mode: of this thread alone, open for one forward; nothing stays on the shared model. Its state follows
the open tape: before the wanted call it notes linear maps, after it the first one whose weight IS that of W_O, then
what becomes of that output, then whether a norm of the sum, or the sum itself, is what the stream goes on with
(post-norm or pre-norm)."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from ..attention.record import Record, wide
from ..attention.tape import current
from ..axes import Kind

_NORMS = {F.layer_norm, torch.layer_norm}
_SUMS = {torch.add, Tensor.add, Tensor.add_, Tensor.__add__, Tensor.__radd__, Tensor.__iadd__}
_REMEMBERED = 64  # tensors of the stream's size before the call: the residual was made within the layer, or one before


@dataclass(frozen=True, eq=False)
class Linear:
    """One linear map as it ran: the weight and bias it used, input (position, in) and output (position, out)."""

    weight: Tensor
    bias: Tensor | None
    input: Tensor
    output: Tensor


@dataclass(frozen=True, eq=False)
class Sum:
    """The residual sum, each (position, model): before + added (+ beside, what ran in parallel) = after.

    ``added`` is W_O's output, or what a norm or a factor made of it (``changed``).
    """

    before: Tensor
    added: Tensor
    beside: Tensor | None
    after: Tensor
    changed: bool


@dataclass(frozen=True, eq=False)
class Norm:
    """A LayerNorm that the stream goes through after the sum.

    output = (sum − mean) / sqrt(var + eps) · weight + bias, (position, model).
    """

    weight: Tensor | None
    bias: Tensor | None
    eps: float
    output: Tensor


@dataclass(eq=False)
class _Trail:
    """What became of W_O's output: the tensors that carry it, and what was added to them on the way."""

    output: Linear
    carriers: list[Tensor]
    beside: Tensor | None = None
    changed: bool = False

    def carries(self, tensor: Tensor) -> bool:
        return any(_same_storage(tensor, carrier) for carrier in self.carriers)

    def is_as_large(self, value: object) -> bool:
        return isinstance(value, Tensor) and value.numel() == self.output.output.numel()


@dataclass(eq=False)
class LayerWatch(TorchFunctionMode):
    """The function mode; its state follows the tape: before the wanted call, at it, after it, done."""

    kind_of: Mapping[nn.Module, Kind]
    kind: Kind
    layer: int
    weight: Tensor | None
    width: int  # of the residual stream
    linears: list[Linear] = field(default_factory=list)
    output: Linear | None = None
    residual: Sum | None = None
    norm: Norm | None = None
    record: Record | None = None
    module: nn.Module | None = None

    def __post_init__(self) -> None:
        super().__init__()
        self._earlier: deque[Tensor] = deque(maxlen=_REMEMBERED)
        self._calls = 0
        self._trail: _Trail | None = None
        self._sum: Tensor | None = None
        self._normed: tuple[Tensor, Norm] | None = None
        self._done = False

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if self._done:
            return func(*args, **kwargs)
        if self._sum is not None:
            return self._follow_sum(self._sum, func, args, kwargs)
        if self.record is None:
            self._follow_tape()
        if self._trail is not None:
            return self._follow_output(self._trail, func, args, kwargs)
        result = func(*args, **kwargs)
        linear = _linear(func, args, kwargs, result)
        if self.record is None:
            self._note(linear, result)
        elif linear is not None and linear.weight is self.weight:
            self.output = replace(linear, output=result.clone())  # a later step may write in place
            self._trail = _Trail(self.output, [result])
        return result

    def require_call(self) -> tuple[Record, nn.Module]:
        """(record, module) of the wanted call; a RuntimeError where the forward never made it."""
        if self.record is None or self.module is None:
            raise RuntimeError(f"the forward made no {self.kind} call of layer {self.layer}")
        return self.record, self.module

    def _follow_tape(self) -> None:
        """Projections belong to the call that comes next; the wanted call ends this part."""
        tape = current()
        if tape is None or len(tape.calls) == self._calls:
            return
        calls = tape.calls
        self._calls = len(calls)
        if (
            self.kind_of[calls[-1].module] == self.kind
            and tape.number(self.kind, sum(self.kind_of[call.module] == self.kind for call in calls) - 1) == self.layer
        ):
            self.record, self.module = calls[-1].record, calls[-1].module
            self._done = self.weight is None
        else:
            self.linears.clear()

    def _note(self, linear: Linear | None, result: object) -> None:
        """Remember a linear map, and a tensor that may be the residual stream, made before the wanted call."""
        if linear is not None:
            self.linears.append(linear)
        if isinstance(result, Tensor) and result.ndim >= 2 and result.shape[-1] == self.width:
            self._earlier.append(result)

    def _follow_output(self, trail: _Trail, func, args: tuple, kwargs: dict):
        """One operation after W_O: the residual sum, something on the way to it, or nothing to do with it."""
        tensors = [value for value in (*args, *kwargs.values()) if isinstance(value, Tensor)]
        carriers = [tensor for tensor in tensors if trail.carries(tensor)]
        others = [tensor for tensor in tensors if not trail.carries(tensor) and trail.is_as_large(tensor)]
        if not carriers:
            return func(*args, **kwargs)
        carried, added = flat(carriers[0]), flat(others[0]) if others else None
        result = func(*args, **kwargs)
        same_object = any(result is tensor for tensor in carriers) and func not in _SUMS  # a dropout in eval
        if not trail.is_as_large(result) or same_object:
            return result
        if func is F.linear or (others and func not in _SUMS) or "alpha" in kwargs:
            self._done = True  # it went on through other weights: no residual sum that we could name
        elif added is not None and any(_same_storage(others[0], tensor) for tensor in self._earlier):
            self._finish(trail, added, carried, result)
        else:
            _go_on(trail, result, added, carriers)
        return result

    def _finish(self, trail: _Trail, before: Tensor, carried: Tensor, result: Tensor) -> None:
        """The sum is accepted only if it adds up."""
        after, written = flat(result), flat(trail.output.output)
        added = written
        if trail.changed:
            added = carried if trail.beside is None else carried - trail.beside
        near = 1e-2 if result.dtype == torch.bfloat16 else 1e-3  # bfloat16 keeps eight bits
        if torch.allclose(before + carried, after, rtol=near, atol=near * max(1.0, float(after.abs().max()))):
            changed = trail.changed and not torch.equal(added, written)  # a factor of 1 changes nothing
            self.residual = Sum(before, added, trail.beside, after, changed)
            self._sum = result
        else:
            self._done = True

    def _follow_sum(self, total: Tensor, func, args: tuple, kwargs: dict):
        """One operation after the sum: the next addition takes either the sum itself or a norm of it."""
        if func in _SUMS:
            terms = [value for value in args if isinstance(value, Tensor)]
            if self._normed is not None and any(_same_storage(term, self._normed[0]) for term in terms):
                self.norm, self._done = self._normed[1], True
            elif any(_same_storage(term, total) for term in terms):
                self._done = True
        result = func(*args, **kwargs)
        if func in _NORMS and _same_storage(args[0], total):
            named = dict(zip(("input", "normalized_shape", "weight", "bias", "eps"), args)) | kwargs
            self._normed = result, Norm(named.get("weight"), named.get("bias"), named.get("eps", 1e-5), flat(result))
        return result


def _go_on(trail: _Trail, result: Tensor, added: Tensor | None, carriers: list[Tensor]) -> None:
    """``result`` carries W_O's output from here on; what was added to it on the way is noted apart."""
    if added is not None:
        trail.beside = added if trail.beside is None else trail.beside + added
    elif not any(_same_storage(result, tensor) for tensor in carriers):
        trail.changed = True
    trail.carriers.append(result)


def _linear(func, args: tuple, kwargs: dict, result: Any) -> Linear | None:
    """The call as a linear map of a parameter: F.linear, or the addmm of Conv1D."""
    if func is F.linear:
        arguments = dict(zip(("input", "weight", "bias"), args)) | kwargs
        return Linear(arguments["weight"], arguments.get("bias"), arguments["input"], result)
    if func is torch.addmm and len(args) == 3:
        return Linear(args[2], args[0], args[1], result)
    return None


def _same_storage(a: Tensor, b: Tensor) -> bool:
    """The same numbers in memory, whatever their shape; both tensors are alive, so an address is no coincidence."""
    return a is b or (a.numel() == b.numel() and a.data_ptr() == b.data_ptr())


def flat(tensor: Tensor) -> Tensor:
    """A copy on the CPU, (1, position, width) or (position, width) → (position, width), in float32 or float64."""
    return tensor.detach().reshape(-1, tensor.shape[-1]).to(device="cpu", dtype=wide(tensor), copy=True)
