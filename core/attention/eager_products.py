"""Queries, keys and values of models outside the seam, read from the matrix products of their own forward.

While a ``Watch`` is open, every batched product of *this thread* is kept (a torch function mode: thread-local, opened
and closed around one forward, so nothing stays on the shared model). For each map that the model returns::

    value product    A · V     its left side equals the map, bit for bit  → V
    score product    Q · Kᵀ    the first product since the previous map whose result has the map's shape  → Q, K

These are the very operands of the score, after any rotation of positions. Which families this is right for, and how
they scale, is in families.py; a map is never computed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from .record import Vectors

_BINARY = {torch.matmul, torch.bmm, Tensor.matmul, Tensor.bmm, Tensor.__matmul__}
_ADDED = {torch.baddbmm, Tensor.baddbmm}  # (term, left, right)


@dataclass(frozen=True, eq=False)
class Product:
    """left (B, R, C) · right (B, C, S) → (B, R, S); either B may be 1 (one key head shared by all)."""

    left: Tensor
    right: Tensor

    @property
    def shape(self) -> tuple[int, int, int]:
        return max(self.left.shape[0], self.right.shape[0]), self.left.shape[1], self.right.shape[2]


class Watch(TorchFunctionMode):
    """Keeps the batched products made by this thread inside the ``with`` block, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.products: list[Product] = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        product = _product(func, args, kwargs)
        if product is not None:
            self.products.append(product)
        return result


def vectors_of(products: Sequence[Product], maps: Sequence[Tensor]) -> list[Vectors | None]:
    """For each map (H, Q, K), the vectors it was made from; None where the products do not show them."""
    free = list(range(len(products)))
    ends = {index: position for index, position in enumerate(_value_product(products, m, free) for m in maps)}
    used = sorted(position for position in ends.values() if position is not None)
    vectors: list[Vectors | None] = []
    for index, attention in enumerate(maps):
        end = ends[index]
        if end is None:
            vectors.append(None)
            continue
        start = max((position + 1 for position in used if position < end), default=0)
        score = next((p for p in products[start:end] if p.shape == tuple(attention.shape)), None)
        vectors.append(None if score is None else Vectors(score.left, score.right.transpose(1, 2), products[end].right))
    return vectors


def _value_product(products: Sequence[Product], attention: Tensor, free: list[int]) -> int | None:
    """Position of the first unused product whose left side is this very map; it is taken out of ``free``."""
    for position in free:
        left = products[position].left
        if left.shape == attention.shape and torch.equal(left, attention):
            free.remove(position)
            return position
    return None


def _product(func, args: tuple, kwargs: dict) -> Product | None:
    """The call as a batched product, or None when it is something else (a projection, a lookup …)."""
    if func is torch.einsum:
        return _einsum(args) if len(args) == 3 and "..." not in args[0] else None
    if func in _BINARY:
        operands = [*args, *kwargs.values()][:2]
    elif func in _ADDED:
        operands = [*args[1:], *(kwargs[name] for name in ("batch1", "batch2") if name in kwargs)][:2]
    else:
        return None
    left, right = operands
    if left.ndim < 3 or right.ndim < 3:
        return None  # a weight matrix
    return Product(_flat(left), _flat(right))


def _einsum(args: tuple) -> Product | None:
    """``ibnd,jbnd->bnij`` and the like, brought to (batch, row, shared) · (batch, shared, column)."""
    equation, left, right = args
    sides, _, result = equation.replace(" ", "").partition("->")
    a, _, b = sides.partition(",")
    batch = [x for x in a if x in b and x in result]
    shared = [x for x in a if x in b and x not in result]
    row, column = [x for x in a if x not in b], [x for x in b if x not in a]
    if [len(shared), len(row), len(column)] != [1, 1, 1] or not batch:
        return None
    left = left.permute([a.index(x) for x in (*batch, *row, *shared)])
    right = right.permute([b.index(x) for x in (*batch, *shared, *column)])
    return Product(_flat(left), _flat(right))


def _flat(tensor: Tensor) -> Tensor:
    """(…, R, C) → (B, R, C)"""
    return tensor.detach().reshape(-1, *tensor.shape[-2:])
