"""Watching one forward from the projections of one attention call to the sum into the residual stream (see around.py).

A torch function mode: of this thread alone, open for one forward; nothing stays on the shared model. Its state follows
the open tape: before the wanted call it notes linear maps, after it the first one whose weight IS that of W_O, then
what becomes of that output, then whether a norm of the sum, or the sum itself, is what the stream goes on with
(post-norm or pre-norm)."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from ..attention.record import Record, wide
from ..attention.tape import current
from ..axes import Kind

_NORMS = {F.layer_norm, torch.layer_norm}
_SUMS = {torch.add, Tensor.add, Tensor.add_, Tensor.__add__, Tensor.__radd__, Tensor.__iadd__}
_KEPT = (
    64  # tensors of the stream's size remembered before the call: the residual was made within the layer, or one before
)


@dataclass(frozen=True, eq=False)
class Linear:
    """One linear map as it ran: weight and bias it used, read (position, in) and gave (position, out)."""

    weight: Tensor
    bias: Tensor | None
    read: Tensor
    gave: Tensor


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
    """A LayerNorm that the stream goes through after the sum: gave = (sum − mean) / sqrt(var + eps) · weight + bias,
    each (position, model).
    """

    weight: Tensor | None
    bias: Tensor | None
    eps: float
    gave: Tensor


@dataclass(eq=False)
class _Trail:
    """What became of W_O's output: the tensors that carry it, what was added to them on the way."""

    carriers: list[Tensor]
    beside: Tensor | None = None
    changed: bool = False

    def carries(self, tensor: Tensor) -> bool:
        return any(_same_storage(tensor, one) for one in self.carriers)


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
        self._earlier: deque[Tensor] = deque(maxlen=_KEPT)
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
            return self._follow_sum(func, args, kwargs)
        if self.record is None:
            self._follow_tape()
        if self._trail is not None:
            return self._follow_output(func, args, kwargs)
        result = func(*args, **kwargs)
        linear = _linear(func, args, kwargs, result)
        if self.record is None:
            self._note(linear, result)
        elif linear is not None and linear.weight is self.weight:
            self.output = Linear(
                linear.weight, linear.bias, linear.read, result.clone()
            )  # a later step may write in place
            self._trail = _Trail([result])
        return result

    def _follow_tape(self) -> None:
        """Projections belong to the call that comes next; the wanted call ends this part."""
        tape = current()
        if tape is None or len(tape.calls) == self._calls:
            return
        calls = tape.calls
        self._calls = len(calls)
        if (
            self.kind_of[calls[-1].module] == self.kind
            and sum(self.kind_of[c.module] == self.kind for c in calls) == self.layer + 1
        ):
            self.record, self.module = calls[-1].record, calls[-1].module
            self._done = self.weight is None
        else:
            self.linears.clear()

    def _note(self, linear: Linear | None, result: object) -> None:
        if linear is not None:
            self.linears.append(linear)
        if isinstance(result, Tensor) and result.ndim >= 2 and result.shape[-1] == self.width:
            self._earlier.append(result)

    def _follow_output(self, func, args: tuple, kwargs: dict):
        """One operation after W_O: the residual sum, something on the way to it, or nothing to do with it."""
        tensors = [one for one in (*args, *kwargs.values()) if isinstance(one, Tensor)]
        mine = [one for one in tensors if self._trail.carries(one)]
        others = [one for one in tensors if not self._trail.carries(one) and one.numel() == self.output.gave.numel()]
        if not mine:
            return func(*args, **kwargs)
        carried, other = flat(mine[0]), flat(others[0]) if others else None
        result = func(*args, **kwargs)
        same_object = any(result is one for one in mine) and func not in _SUMS  # a dropout in eval
        if not isinstance(result, Tensor) or result.numel() != self.output.gave.numel() or same_object:
            return result
        if func is F.linear or (others and func not in _SUMS) or "alpha" in kwargs:
            self._done = True  # it went on through other weights: no residual sum that we could name
        elif others and any(_same_storage(others[0], one) for one in self._earlier):
            self._finish(other, carried, result)
        else:
            self._go_on(func, result, other, mine)
        return result

    def _go_on(self, func, result: Tensor, other: Tensor | None, mine: list[Tensor]) -> None:
        if other is not None:
            self._trail.beside = other if self._trail.beside is None else self._trail.beside + other
        elif not any(_same_storage(result, one) for one in mine):
            self._trail.changed = True
        self._trail.carriers.append(result)

    def _finish(self, before: Tensor, carried: Tensor, result: Tensor) -> None:
        """The sum is accepted only if it adds up."""
        beside, after = self._trail.beside, flat(result)
        gave = flat(self.output.gave)
        added = gave if not self._trail.changed else carried if beside is None else carried - beside
        near = 1e-2 if result.dtype == torch.bfloat16 else 1e-3  # bfloat16 keeps eight bits
        if torch.allclose(before + carried, after, rtol=near, atol=near * max(1.0, float(after.abs().max()))):
            changed = self._trail.changed and not torch.equal(added, gave)  # a factor of 1 changes nothing
            self.residual = Sum(before, added, beside, after, changed)
            self._sum = result
        else:
            self._done = True

    def _follow_sum(self, func, args: tuple, kwargs: dict):
        """Operations after the sum: the next addition takes the sum itself, or a norm of it; which, tells what the
        stream goes on with.
        """
        if func in _SUMS:
            taken = [one for one in args if isinstance(one, Tensor)]
            if self._normed is not None and any(_same_storage(one, self._normed[0]) for one in taken):
                self.norm, self._done = self._normed[1], True
            elif any(_same_storage(one, self._sum) for one in taken):
                self._done = True
        result = func(*args, **kwargs)
        if func in _NORMS and _same_storage(args[0], self._sum):
            given = dict(zip(("input", "normalized_shape", "weight", "bias", "eps"), args)) | kwargs
            self._normed = result, Norm(given.get("weight"), given.get("bias"), given.get("eps", 1e-5), flat(result))
        return result


def _linear(func, args: tuple, kwargs: dict, result: object) -> Linear | None:
    """The call as a linear map of a parameter: F.linear, or the addmm of Conv1D."""
    if func is F.linear:
        given = dict(zip(("input", "weight", "bias"), args)) | kwargs
        return Linear(given["weight"], given.get("bias"), given["input"], result)
    if func is torch.addmm and len(args) == 3:
        return Linear(args[2], args[0], args[1], result)
    return None


def _same_storage(a: Tensor, b: Tensor) -> bool:
    """The same numbers in memory, whatever their shape; both tensors are alive, so an address is no coincidence."""
    return a is b or (a.numel() == b.numel() and a.data_ptr() == b.data_ptr())


def flat(tensor: Tensor) -> Tensor:
    """(1, position, width) or (position, width) → (position, width) on the CPU, a copy of its own; float32, or float64
    of a model that runs so.
    """
    return tensor.detach().reshape(-1, tensor.shape[-1]).to(device="cpu", dtype=wide(tensor), copy=True)
