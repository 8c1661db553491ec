"""The one vocabulary of axes: names, letters and the checks that use them.

==========  ======  ==========================================================
axis        einsum  meaning
==========  ======  ==========================================================
layer       L       transformer block, counted from 0
head        H       query head, counted from 0 (grouped key heads are expanded)
query       Q       position that looks: always the row
key         K       position that is looked at: always the column
dim         D       width of one head
model       M       width of the residual stream
vocab       V       vocabulary entry
==========  ======  ==========================================================

There is no batch axis anywhere past capture. People count layers and heads from 1; the code counts from 0, and what a
person writes on a command line or in an address goes through ``from_one``."""

from __future__ import annotations

from typing import Literal, get_args

from .errors import BadInput, Message

Kind = Literal["self", "encoder", "decoder", "cross"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LayerHead = tuple[int, int]
"""(layer, head) of one head, both counted from 0."""


def checked_index(index: int, size: int, axis: str) -> int:
    """``index`` as an int in 0 … size−1.

    Raises:
        BadInput: outside that range (negative indices are refused: they hide mistakes).
    """
    if isinstance(index, bool) or int(index) != index or not 0 <= index < size:
        raise BadInput(
            "There is no {axis} {index}: this model has {size}, numbered 0 to {last}.",
            axis=Message(axis),
            index=index,
            size=size,
            last=size - 1,
        )
    return int(index)


def head_name(layer: int, head: int, prefix: str = "C") -> str:
    """Name that people read, counted from 1: ``C4·7`` (pt, camada) or ``L4·7`` (en, layer)."""
    return f"{prefix}{layer + 1}·{head + 1}"


def from_one(layer: int, head: int, layers: int, heads: int) -> tuple[int, int]:
    """(layer, head) from 0 of a head that a person named, counted from 1.

    Raises:
        BadInput: there is no such head.
    """
    if not (1 <= layer <= layers and 1 <= head <= heads):
        raise BadInput(
            "There is no layer {layer}, head {head}: this model has {layers} layers of {heads} heads, counted from 1.",
            layer=layer,
            head=head,
            layers=layers,
            heads=heads,
        )
    return layer - 1, head - 1
