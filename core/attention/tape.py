"""The tape: where attention calls are written while somebody captures.

The tape is a ``ContextVar`` opened by a ``with`` block. A model shared by many sessions carries
no hook and no state: without an open tape in *this* context, an attention call writes nothing, and
two threads can never see each other's calls (0 mix-ups of 120, against 60 with a hook into a shared dict).
Edits (edits.py) lie on the same tape and end with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from torch import Tensor, nn

from ..axes import Kind
from .edits import Edit
from .record import Record


@dataclass(frozen=True, eq=False)
class Call:
    """One attention call: the module that made it, what it used and, on request, what came out.

    output (query, head, dim) float32: the library's own result, kept only on a checking tape.
    """

    module: nn.Module
    record: Record
    output: Tensor | None = None

    def require_output(self) -> Tensor:
        """The library's result of a call on a checking tape; on any other tape a RuntimeError."""
        if self.output is None:
            raise RuntimeError("the tape was not opened with checking=True")
        return self.output


@dataclass(eq=False)
class Tape:
    """Calls in the order in which the model made them."""

    checking: bool = False
    edits: Sequence[Edit] = ()
    kind_of: Mapping[nn.Module, Kind] = field(default_factory=dict)
    numbers: Mapping[Kind, Sequence[int]] = field(default_factory=dict)  # of models whose layers do not all attend
    many: bool = False  # sequences of one length at a time: their heads follow each other in a record (batches.py)
    calls: list[Call] = field(default_factory=list)

    def edits_of(self, module: nn.Module) -> list[Edit]:
        """The edits that act on the next call, which ``module`` makes."""
        if not self.edits:
            return []
        kind = self.kind_of[module]
        layer = self.number(kind, sum(self.kind_of[call.module] == kind for call in self.calls))
        return [edit for edit in self.edits if edit.acts(kind, layer)]

    def number(self, kind: Kind, calls: int) -> int:
        """The layer that makes a call of a kind after ``calls`` others of that kind; calls beyond the last stay its."""
        numbers = self.numbers.get(kind)
        return calls if not numbers else numbers[min(calls, len(numbers) - 1)]


_TAPE: ContextVar[Tape | None] = ContextVar("mirante_tape", default=None)


def current() -> Tape | None:
    """The open tape of this context, or None."""
    return _TAPE.get()


@contextmanager
def recording(
    *,
    checking: bool = False,
    edits: Sequence[Edit] = (),
    kind_of: Mapping[nn.Module, Kind] | None = None,
    numbers: Mapping[Kind, Sequence[int]] | None = None,
    many: bool = False,
) -> Iterator[Tape]:
    """Open a tape for the ``with`` block.

    checking: calls keep the library's output for comparison. edits: need the modules' kinds, ``kind_of``, and the
    layers' ``numbers`` where not all have attention. many: several sequences of one length at a time.
    """
    tape = Tape(checking, tuple(edits), kind_of or {}, numbers or {}, many)
    token = _TAPE.set(tape)
    try:
        yield tape
    finally:
        _TAPE.reset(token)
