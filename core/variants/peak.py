"""How much memory a piece of torch code holds at once: the tensors alive between its operations, counted while it runs.

Every operation of this thread passes a torch dispatch mode; the storage of each new tensor is added when it appears and
taken away when it dies, so views and in-place results count once. What an operation needs inside itself and gives back
before it returns is not seen (a few hundred kB for the library's fused attention). Works beside other threads, which a
look at the process's memory does not."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class _Peak(TorchDispatchMode):
    """Live and largest bytes of the storages made inside. Those that were there before are held, so that no new one
    takes their address.
    """

    def __init__(self) -> None:
        super().__init__()
        self.live, self.most = 0, 0
        self._known: dict[int, torch.UntypedStorage] = {}
        self._alive: dict[int, weakref.ref] = {}

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        for value in tree_leaves((args, kwargs)):
            if isinstance(value, Tensor) and (storage := value.untyped_storage())._cdata not in self._alive:
                self._known[storage._cdata] = storage
        result = func(*args, **(kwargs or {}))
        for value in tree_leaves(result):
            if isinstance(value, Tensor):
                self._add(value.untyped_storage())
        return result

    def _add(self, storage: torch.UntypedStorage) -> None:
        name, size = storage._cdata, storage.nbytes()
        if name in self._alive or name in self._known:
            return
        self._alive[name] = weakref.ref(storage, lambda _: self._gone(name, size))
        self.live += size
        self.most = max(self.most, self.live)

    def _gone(self, name: int, size: int) -> None:
        self.live -= size
        self._alive.pop(name, None)


def peak_bytes(run: Callable[[], object]) -> int:
    """Most bytes held at once by tensors that ``run`` makes, its result included, its inputs not."""
    with _Peak() as counted:
        result = run()
    del result
    return counted.most
